"""Drafts: what is being typed is on the server, and two devices never overwrite each other silently."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reportsvc import clock
from reportsvc.db import database
from reportsvc.errors import Conflict, NotFound
from reportsvc.forms.answers import defaults
from reportsvc.forms.definition import Answers, Section
from reportsvc.forms.messages import N_
from reportsvc.models import Draft, FormVersion, Organization, Person, Project, Round, Slot, Version
from reportsvc.reports import forms, transitions
from reportsvc.reports.submissions import current_version

SPACE = uuid.UUID("7d0c1f0a-5d0f-4c3e-9a51-6d9c2f6a1b8e")
"""Namespace of the UUIDs that are made from a slot's state."""


ELSEWHERE = N_("This page was changed on another device in the meantime. Compare what is marked, then save again.")


class Changed(Conflict):
    """A section was changed elsewhere since it was opened; ``theirs`` is what stands there now."""

    def __init__(self, theirs: Answers) -> None:
        self.theirs = theirs
        super().__init__(ELSEWHERE)


@dataclass(frozen=True, slots=True)
class Opened:
    """A report as its organization sees it: the slot, the answers so far, and the form they are for."""

    slot: Slot
    form_version: FormVersion
    answers: Answers
    submission: str
    """UUID that makes submitting it twice harmless: the same answers to the same state of the slot have the same."""
    form_changed: bool
    """Whether the form has a newer version than the one that the draft was begun with."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What one page of a form sends to be kept."""

    section: Section
    answers: Answers
    base: str
    """:func:`mark` of the section as the page was opened with."""
    form_version: FormVersion
    """The form that the page showed, which may have a newer version by now."""
    page: str = ""
    """Id of the page, made when it was opened: what it saved itself, whose reply was lost, is no other device's."""


def due(organizations: Sequence[int]) -> list[Slot]:
    """All slots of these organizations, in rounds that have opened: what is to be done first, then the newest."""
    if not organizations:
        return []
    query = (
        Slot.select(Slot, Round, Project, Organization)
        .join_from(Slot, Round)
        .join_from(Slot, Project)
        .join_from(Slot, Organization)
        .where(Slot.organization.in_(tuple(organizations)), Round.opens <= clock.today())
        .order_by(Round.year.desc(), Round.quarter.desc(), Slot.id)
    )
    return sorted(query, key=lambda slot: (slot.state not in transitions.EDITABLE, slot.state != "returned"))


def find(organizations: Sequence[int], slot_id: int) -> Slot:
    """A slot of one of these organizations, in a round that has opened.

    :raises NotFound: if it is not there, or another organization's: nobody is told which.
    """
    found: Slot | None = Slot.get_or_none(Slot.id == slot_id)
    if found is None or found.organization_id not in organizations or found.round.opens > clock.today():
        raise NotFound("There is no such report.")
    return found


def opened(slot: Slot) -> Opened:
    """The slot with its draft; after a return the answers that were sent, and nothing before the first save."""
    newest: FormVersion = slot.round.form_version
    draft: Draft | None = Draft.get_or_none(Draft.slot == slot)
    if draft is not None:
        return Opened(slot, newest, draft.answers, draft.submission, draft.form_version_id != newest.id)
    sent = current_version(slot)
    answers = dict(sent.answers) if sent is not None else _defaults(slot, newest)
    # Nothing typed yet: the slot's own state stands for the answers.
    submission = str(uuid.uuid5(SPACE, f"slot {slot.id} after version {slot.current}"))
    return Opened(slot, newest, answers, submission, sent is not None and sent.form_version_id != newest.id)


def _defaults(slot: Slot, form_version: FormVersion) -> Answers:
    return defaults(forms.form_of(form_version), forms.surroundings(slot).supplied, clock.today())


def has_draft(slot: Slot) -> bool:
    """Whether something was typed that has not been sent."""
    return Draft.select().where(Draft.slot == slot).exists()


def part(section: Section, answers: Mapping[str, Any]) -> Answers:
    """The answers of one section, without empty ones."""
    names = {item.name for item in section.items}
    return {name: value for name, value in answers.items() if name in names and value}


def mark(section: Section, answers: Mapping[str, Any]) -> str:
    """A short digest of a section's answers: carried by its page, it shows whether they changed elsewhere."""
    text = json.dumps(part(section, answers), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def save(slot: Slot, person: Person, typed: Typed) -> Draft:
    """Put one section's answers into the draft, and begin it if there is none.

    :raises Changed: if the section is neither as it was opened nor as it is being saved.
    :raises Conflict: if the report can't be written to any more.
    """
    with database.atomic():
        now = transitions.locked(slot.id)
        if now.state not in transitions.EDITABLE:
            raise Conflict("This report has been submitted. It can be changed again only when it is returned.")
        before = opened(now)
        draft: Draft | None = Draft.get_or_none(Draft.slot == now)
        standing = mark(typed.section, before.answers)
        own = draft is not None and typed.page != "" and draft.writers.get(typed.section.name) == typed.page
        if standing not in {typed.base, mark(typed.section, typed.answers)} and not own:
            raise Changed(part(typed.section, before.answers))
        names = {item.name for item in typed.section.items}
        merged = {name: value for name, value in before.answers.items() if name not in names} | typed.answers
        return _store(before, draft, person, typed, merged)


def _store(before: Opened, draft: Draft | None, person: Person, typed: Typed, answers: Answers) -> Draft:
    now = clock.now()
    wrote = {typed.section.name: typed.page[:40]}
    if draft is None:
        if before.slot.state == "open":
            move = transitions.Move(action="start", person=person, revision=before.slot.revision)
            transitions.apply(before.slot, move)
        return Draft.create(
            slot=before.slot,
            person=person,
            form_version=typed.form_version,
            answers=answers,
            writers=wrote,
            submission=str(uuid.uuid4()),
            updated_at=now,
        )
    Draft.update(
        answers=answers,
        writers=draft.writers | wrote,
        person=person,
        form_version=typed.form_version,
        revision=Draft.revision + 1,
        updated_at=now,
        # Other answers are another submission: sent again after a lost reply, these must not be taken for the earlier.
        submission=draft.submission if answers == draft.answers else str(uuid.uuid4()),
    ).where(Draft.id == draft.id).execute()
    return Draft.get_by_id(draft.id)


def last_quarter(slot: Slot) -> Version | None:
    """The newest version of the same organization's report on the same project in an earlier quarter."""
    number = slot.round.year * 4 + slot.round.quarter
    found: Version | None = (
        Version.select(Version)
        .join(Slot, on=((Version.slot == Slot.id) & (Version.number == Slot.current)))
        .join(Round, on=(Slot.round == Round.id))
        .where(
            Slot.project == slot.project_id,
            Slot.organization == slot.organization_id,
            Round.campaign == slot.round.campaign_id,
            Round.year * 4 + Round.quarter < number,
        )
        .order_by((Round.year * 4 + Round.quarter).desc())
        .first()
    )
    return found


def versions(slot: Slot) -> list[Version]:
    """Everything that was ever submitted for a slot, newest first."""
    return list(Version.select().where(Version.slot == slot).order_by(Version.number.desc()))
