"""Forms in use: stored once, read once, and brought together with what the server knows of a report."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from reportsvc import clock, files
from reportsvc.db import database
from reportsvc.forms import importer
from reportsvc.forms.answers import Checked, check, quantities
from reportsvc.forms.definition import Choice, Form, from_json, to_json
from reportsvc.forms.languages import matching, translated
from reportsvc.forms.quantities import Quantity
from reportsvc.models import FormVersion, ProjectCounty, Region, Slot, Version

COUNTIES = "project_counties.csv"
"""The external list of a form that the server fills with the counties of the report's project."""


def publish(source: bytes, filename: str) -> FormVersion:
    """Read a spreadsheet and store it as the newest version of its form; the same bytes again give the same version.

    :raises FormError: naming sheet, row, column and reason of everything that can't be accepted.
    """
    form = importer.read(source, filename)
    sha256 = hashlib.sha256(source).hexdigest()
    with database.atomic():
        versions = FormVersion.select().where(FormVersion.form_id == form.form_id).order_by(FormVersion.number.desc())
        newest: FormVersion | None = versions.first()
        if newest is not None and newest.sha256 == sha256:
            return newest
        return FormVersion.create(
            form_id=form.form_id,
            number=newest.number + 1 if newest else 1,
            title=form.title,
            filename=filename,
            source=source,
            definition=to_json(form),
            sha256=sha256,
            created_at=clock.now(),
        )


def shown_version(slot: Slot, version_id: int | None) -> FormVersion:
    """The version of the slot's form that a page showed when it was opened; if that is unknown, the round's."""
    newest: FormVersion = slot.round.form_version
    if version_id is None or version_id == newest.id:
        return newest
    versions = FormVersion.select().where(FormVersion.form_id == newest.form_id)
    return next((one for one in versions if one.id == version_id), newest)


def form_of(version: FormVersion, language: str = "") -> Form:
    """The form of a stored version; read once, since a version never changes.

    :param language: one that its texts are to be in, if they are written in it.
    """
    form = _form(version.id, version.sha256)
    found = matching(form, language) if form.translations else ""
    return _spoken(version.id, version.sha256, found) if found else form


@lru_cache(maxsize=32)
def _spoken(version_id: int, sha256: str, language: str) -> Form:
    return translated(_form(version_id, sha256), language)


@lru_cache(maxsize=32)
def _form(version_id: int, sha256: str) -> Form:
    # The digest is part of the key, so that another database's version with the same id is not taken for this one.
    stored: FormVersion = FormVersion.get_by_id(version_id)
    assert stored.sha256 == sha256  # noqa: S101 - holds by the way it is called; says so to the reader
    return from_json(stored.definition)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the server supplies to a report's form: hidden answers, and the choices of its external lists."""

    supplied: Mapping[str, str]
    choices: Mapping[str, Sequence[Choice]]


def surroundings(slot: Slot) -> Surroundings:
    """What the form of this slot is filled with before anybody types."""
    return surroundings_of([slot])[slot.id]


def surroundings_of(slots: Sequence[Slot]) -> dict[int, Surroundings]:
    """The same for many slots by their ids, in one query besides their projects and organizations."""
    counties = (
        ProjectCounty.select(ProjectCounty, Region)
        .join(Region, on=(ProjectCounty.region == Region.code))
        .where(ProjectCounty.project.in_({slot.project_id for slot in slots}))
        .order_by(Region.code)
    )
    choices: dict[int, list[Choice]] = {}
    for place in counties:
        choices.setdefault(place.project_id, []).append(Choice(place.region.code, place.region.name))
    return {slot.id: _surroundings(slot, choices.get(slot.project_id, [])) for slot in slots}


def _surroundings(slot: Slot, counties: Sequence[Choice]) -> Surroundings:
    supplied = {
        "role": slot.role,
        "county_count": str(len(counties)),
        "project_name": slot.project.name,
        "organization_name": slot.organization.name,
    }
    return Surroundings(supplied, {COUNTIES: counties})


def checked(slot: Slot, form: Form, raw: Mapping[str, object]) -> Checked:
    """Answers as the form accepts them, and what is wrong with them; files among them are looked for."""
    around = surroundings(slot)
    answers, wrong = files.vetted(slot, form, raw)
    return check(form, answers, supplied=around.supplied, choices=around.choices, today=clock.today(), wrong=wrong)


def read_quantities(version: Version) -> Sequence[Quantity]:
    """What a version gives to be summed, by the form that it was filled in with."""
    return quantities(form_of(version.form_version), version.answers)
