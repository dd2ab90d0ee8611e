"""The versions of the forms as a publisher sees them: who published which, when, and which rounds ask it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from reportsvc.errors import NotFound
from reportsvc.forms import importer
from reportsvc.models import Campaign, FormProposal, FormVersion, Person, Round
from reportsvc.projects import campaigns


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of a form."""

    version: FormVersion
    """Without its source and its definition."""
    publisher: str
    """Who published it; empty where it came with the service."""
    rounds: tuple[Round, ...]
    files: tuple[str, ...]
    """Names of the CSV files that came with it."""


def listing(codes: Sequence[str]) -> list[list[Edition]]:
    """The forms that these regions' campaigns ask, and those that nobody asks; of each all versions, newest first."""
    asked: dict[int, list[Round]] = {}
    elsewhere = set()
    mine = {one.id for one in Campaign.select().where(campaigns.published_by(codes))}
    for owed in Round.select(Round, Campaign).join(Campaign).order_by(Round.year, Round.quarter):
        if owed.campaign_id in mine:
            asked.setdefault(owed.form_version_id, []).append(owed)
        else:
            elsewhere.add(owed.form_version_id)
    forms: dict[str, list[Edition]] = {}
    for version in FormVersion.select(*_LIGHT).order_by(FormVersion.form_id, FormVersion.number.desc()):
        publisher, files = _published(version)
        edition = Edition(version, publisher, tuple(asked.get(version.id, ())), files)
        forms.setdefault(version.form_id, []).append(edition)
    return [
        editions
        for editions in forms.values()
        if any(one.rounds for one in editions) or not any(one.version.id in elsewhere for one in editions)
    ]


_LIGHT = (
    *(FormVersion.id, FormVersion.form_id, FormVersion.number, FormVersion.title, FormVersion.filename),
    *(FormVersion.sha256, FormVersion.created_at),
)


def _published(version: FormVersion) -> tuple[str, tuple[str, ...]]:
    found = _proposal(version)
    if found is None or found.publisher is None:
        return "", ()
    return found.publisher.name, tuple(found.files)


def _proposal(version: FormVersion) -> FormProposal | None:
    """The proposal that became the version; later ones only brought it to more rounds."""
    query = FormProposal.select(FormProposal.id, FormProposal.files, Person).join(
        Person, on=(FormProposal.publisher == Person.id), attr="publisher"
    )
    then = FormProposal.published_at == version.created_at
    found: FormProposal | None = query.where(then, FormProposal.version == version.id).first()
    return found


def find(codes: Sequence[str], version_id: int) -> FormVersion:
    """A version that stands in :func:`listing`, with its source.

    :raises NotFound: if it does not.
    """
    if not any(one.version.id == version_id for editions in listing(codes) for one in editions):
        raise NotFound("There is no such form. It may have been discarded.")
    found: FormVersion = FormVersion.get_by_id(version_id)
    return found


def as_workbook(version: FormVersion | FormProposal) -> tuple[str, bytes]:
    """(file name, bytes) of a version or proposal as an Excel workbook: as it was uploaded if it was one."""
    stem = PurePath(version.filename).stem
    named = f"{stem}-v{version.number}.xlsx" if isinstance(version, FormVersion) else f"{stem}.xlsx"
    return named, importer.as_workbook(bytes(version.source), version.filename)


def list_file(version: FormVersion, name: str) -> bytes:
    """A CSV file that came with a version.

    :raises NotFound: if there is none of this name.
    """
    found = _proposal(version)
    if found is None or name not in found.files:
        raise NotFound("There is no such form. It may have been discarded.")
    return base64.b64decode(found.files[name])
