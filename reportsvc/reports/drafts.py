"""Drafts: what is being typed is on the server, and two devices never overwrite each other silently."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportsvc import clock
from reportsvc.db import database
from reportsvc.errors import Conflict, NotFound
from reportsvc.forms.answers import defaults
from reportsvc.forms.definition import Answers, Section
from reportsvc.forms.messages import N_
from reportsvc.models import Draft, FormVersion, Organization, Person, Project, Round, Slot, Version
from reportsvc.reports import doubts, forms, transitions
from reportsvc.reports.submissions import current_version

SPACE = uuid.UUID("7d0c1f0a-5d0f-4c3e-9a51-6d9c2f6a1b8e")
"""Namespace of the UUIDs that are made from a slot's state."""


ELSEWHERE = N_("This page was changed on another device in the meantime. Choose what is to stay, then save again.")


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
    drafted: bool = False
    """Whether anything was typed that has not been sent."""
    explanations: Mapping[str, str] = field(default_factory=dict)
    """What was typed about doubted values, by :attr:`~reportsvc.reports.doubts.Doubt.key`."""


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
        # Of a form only what names it: its definition weighs more than all the rest, and is read once for all.
        Slot.select(Slot, Round, Project, Organization, FormVersion.id, FormVersion.sha256)
        .join_from(Slot, Round)
        .join_from(Round, FormVersion)
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
    draft: Draft | None = Draft.get_or_none(Draft.slot == slot)
    return _opened(slot, draft, None if draft else current_version(slot))


def opened_all(slots: Sequence[Slot]) -> dict[int, Opened]:
    """The same by id for those of these slots that anything was typed or sent for, in two queries however many."""
    found: dict[int, Draft] = {one.slot_id: one for one in Draft.select().where(Draft.slot.in_(list(slots)))}
    rest = [slot.id for slot in slots if slot.id not in found]
    sent: dict[int, Version] = {
        one.slot_id: one
        for one in Version.select()
        .join(Slot, on=((Version.slot == Slot.id) & (Version.number == Slot.current)))
        .where(Version.slot.in_(rest))
    }
    return {
        slot.id: _opened(slot, found.get(slot.id), sent.get(slot.id))
        for slot in slots
        if slot.id in found or slot.id in sent
    }


def _opened(slot: Slot, draft: Draft | None, sent: Version | None) -> Opened:
    newest: FormVersion = slot.round.form_version
    if draft is not None:
        changed = draft.form_version_id != newest.id
        return Opened(
            slot, newest, draft.answers, draft.submission, changed, drafted=True, explanations=draft.explanations
        )
    answers = dict(sent.answers) if sent is not None else _defaults(slot, newest)
    # Nothing typed yet: the slot's own state stands for the answers.
    submission = str(uuid.uuid5(SPACE, f"slot {slot.id} after version {slot.current}"))
    said = {one.doubt.key: one.text for one in doubts.from_json(sent.explanations)} if sent is not None else {}
    changed = sent is not None and sent.form_version_id != newest.id
    return Opened(slot, newest, answers, submission, changed, explanations=said)


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
        return _store(before, draft, person, _Content(typed.form_version, merged, {typed.section.name: typed.page}))


@dataclass(frozen=True, slots=True)
class _Content:
    """What goes into a draft; ``writers`` are the pages that wrote a section just now."""

    form_version: FormVersion
    answers: Answers
    writers: dict[str, str]


def _store(before: Opened, draft: Draft | None, person: Person, content: _Content) -> Draft:
    now, answers = clock.now(), content.answers
    if before.slot.state == "open":  # there may be a draft: of a report that was not required for a while
        move = transitions.Move(action="start", person=person, revision=before.slot.revision)
        transitions.apply(before.slot, move)
    if draft is None:
        return Draft.create(
            slot=before.slot,
            person=person,
            form_version=content.form_version,
            answers=answers,
            writers=content.writers,
            submission=before.submission if answers == before.answers else str(uuid.uuid4()),
            updated_at=now,
            explanations=before.explanations,
        )
    Draft.update(
        answers=answers,
        writers=draft.writers | content.writers,
        person=person,
        form_version=content.form_version,
        revision=Draft.revision + 1,
        updated_at=now,
        # Other answers are another submission: sent again after a lost reply, these must not be taken for the earlier.
        submission=draft.submission if answers == draft.answers else str(uuid.uuid4()),
    ).where(Draft.id == draft.id).execute()
    return Draft.get_by_id(draft.id)


def explain(slot: Slot, person: Person, submission: str, typed: Mapping[str, str]) -> None:
    """Keep what was typed about doubted values; nothing happens once the report is sent.

    The answers stay as they are, and so does the UUID of their submission: it stands for what is reported, and what is
    said to it can be put better while the page of the check lies open elsewhere. Nothing is kept of a page that was
    sent in already and arrives again, lest it begin another draft.
    """
    with database.atomic():
        now = transitions.locked(slot.id)
        if now.state not in transitions.EDITABLE or Version.select().where(Version.submission == submission).exists():
            return
        before = opened(now)
        explanations = doubts.merged(before.explanations, typed)
        if explanations == before.explanations:
            return
        if not has_draft(now):
            _store(before, None, person, _Content(before.form_version, before.answers, {}))
        Draft.update(explanations=explanations, updated_at=clock.now()).where(Draft.slot == now).execute()


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
        # Where a project was merged into this one there may be two: the report's own row of reports comes first.
        .order_by((Round.year * 4 + Round.quarter).desc(), Slot.merged_from != slot.merged_from)
        .first()
    )
    return found


def versions(slot: Slot) -> list[Version]:
    """Everything that was ever submitted for a slot, newest first."""
    return list(Version.select().where(Version.slot == slot).order_by(Version.number.desc()))
