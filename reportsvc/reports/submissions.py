"""Submitting: answers become a version that never changes, exactly once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from reportsvc import clock, files, photos
from reportsvc.db import database
from reportsvc.difficulties import raising
from reportsvc.errors import Conflict
from reportsvc.models import Draft, FormVersion, Person, Round, Slot, Version
from reportsvc.projects import routes
from reportsvc.reports import transitions

NIL = "nil"
"""Source of a nil report that an organization sent in two taps."""
ON_BEHALF = "on behalf"
"""Source of a version that a reviewer entered for the organization."""


@dataclass(frozen=True, slots=True)
class Behalf:
    """Why a reviewer reports for an organization, and for which region they review."""

    reason: str
    region: str


@dataclass(frozen=True, slots=True)
class Submission:
    """What a phone sends: checked answers, and the UUID that its draft was given when it was opened."""

    uuid: str
    answers: Mapping[str, object]
    source: str = "phone"
    explanations: Mapping[str, object] = field(default_factory=dict)
    """What is said to values that look wrong, to be frozen with the answers."""
    behalf: Behalf | None = None
    """Where a reviewer enters what the organization told."""


def digest(answers: Mapping[str, object]) -> str:
    """SHA-256 of the answers as canonical JSON (sorted keys, no spaces, UTF-8), in hexadecimal."""
    text = json.dumps(answers, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def receipt_number(slot: Slot, number: int) -> str:
    """A number that a person can read out: quarter, slot, version."""
    owed: Round = slot.round
    return f"{owed.year}Q{owed.quarter}-{slot.id:06d}-{number}"


def submit(slot: Slot, form: FormVersion, person: Person, sent: Submission) -> Version:
    """Store a submission as the slot's newest version and put it in front of the first reviewers.

    The same submission sent again gives the same version, so a lost reply never makes two reports.

    :raises Conflict: if the UUID came before with other answers, or the slot can't be written to now.
    """
    sha256 = digest(sent.answers)
    earlier = Version.get_or_none(Version.submission == sent.uuid)
    if earlier is not None:
        if earlier.slot_id == slot.id and earlier.sha256 == sha256:
            return earlier
        raise Conflict("This report was already sent with other answers. Open it again to see both.")
    with database.atomic():
        number = slot.current + 1
        version = Version.create(
            slot=slot,
            number=number,
            form_version=form,
            answers=sent.answers,
            sha256=sha256,
            person=person,
            submission=sent.uuid,
            receipt=receipt_number(slot, number),
            source=ON_BEHALF if sent.behalf else sent.source,
            submitted_at=clock.now(),
            explanations=sent.explanations,
        )
        photos.freeze(version)
        files.freeze(version)
        raising.from_version(version)
        first = routes.steps(slot.round.campaign.route, slot.region.path)[0]
        transitions.apply(slot, _move(slot, person, version, sent, first.region))
        Draft.delete().where(Draft.slot == slot).execute()
    return version


def _move(slot: Slot, person: Person, version: Version, sent: Submission, first: str) -> transitions.Move:
    behalf, said_nothing = sent.behalf, sent.source == NIL
    action = "submit" if behalf is None else "nil_on_behalf" if said_nothing else "submit_on_behalf"
    return transitions.Move(
        action=action,
        person=person,
        revision=slot.revision,
        waiting_at=first,
        version=version,
        reason=behalf.reason if behalf else "",
        data={"region": behalf.region} if behalf else {},
    )


def current_version(slot: Slot) -> Version | None:
    """The newest version of a slot, or nothing before the first."""
    found: Version | None = Version.get_or_none(Version.slot == slot, Version.number == slot.current)
    return found
