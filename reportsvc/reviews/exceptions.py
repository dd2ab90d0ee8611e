"""What a reviewer decides beside the review: no report needed, more time, a report by telephone. Each says why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reportsvc import clock
from reportsvc.db import database
from reportsvc.errors import Conflict, Invalid, NotFound, ReportsvcError
from reportsvc.forms.answers.typed import clean
from reportsvc.models import Person, Region, Round, Slot, Version
from reportsvc.projects import regions
from reportsvc.projects.regions import Scope
from reportsvc.reports import behalf, nil, transitions
from reportsvc.reports.submissions import Behalf
from reportsvc.reviews.acting import QUICKER, REASON
from reportsvc.reviews.finding import find, in_scope


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decides, over which report as they saw it, and why."""

    scope: Scope
    slot: int
    person: Person
    revision: int
    reason: str


def excuse(decision: Decision) -> Slot:
    """Nothing needs to be reported for this slot.

    :raises Invalid: without a reason, or with one that is too long; so below.
    :raises NotFound: if the slot is out of scope; so below.
    :raises Conflict: if it has been sent, or somebody was quicker; so below.
    """
    return _apply(decision, "excuse")


def require(decision: Decision) -> Slot:
    """A report is needed after all."""
    return _apply(decision, "require")


def begin(decision: Decision) -> Slot:
    """Begin to enter what the organization tells by telephone, into the very pages that it would fill in."""
    return _apply(decision, behalf.BEGIN)


def extend(decision: Decision, until: date) -> Slot:
    """Give an organization more time; after that day the report is overdue again.

    :raises Invalid: if the day is past, or no later than it is due already.
    """
    slot = find(decision.scope, decision.slot)
    if until < clock.today() or until <= slot.due:
        raise Invalid("Choose a day that is later than the day on which it is due, and not past.")
    return _apply(decision, "extend", until)


def _apply(decision: Decision, action: str, due: date | None = None) -> Slot:
    find(decision.scope, decision.slot)
    reason = said(decision.reason)
    data: dict[str, object] = {"region": decision.scope.code}
    with database.atomic():
        slot = transitions.locked(decision.slot)
        if slot.revision != decision.revision:
            raise Conflict(QUICKER)
        if due is not None:
            data |= {"due": due.isoformat(), "was_due": slot.due.isoformat()}
        move = transitions.Move(
            action=action, person=decision.person, revision=decision.revision, reason=reason, due=due, data=data
        )
        return transitions.apply(slot, move)


def said(reason: str) -> str:
    """A reason as it is kept.

    :raises Invalid: if there is none, or it is too long.
    """
    text = clean(reason, multiline=True)
    if not text:
        raise Invalid("Say why; the organization and the other levels read it.")
    if len(text) > REASON:
        raise Invalid(
            "This text has %(length)s characters; at most %(limit)s are allowed.", length=len(text), limit=REASON
        )
    return text


def nil_for(decision: Decision) -> Version:
    """Send a nil report for an organization that said by telephone that it did nothing."""
    find(decision.scope, decision.slot)
    reason = said(decision.reason)
    with database.atomic():
        slot = transitions.locked(decision.slot)
        if slot.revision != decision.revision:
            raise Conflict(QUICKER)
        return nil.send(slot, decision.person, Behalf(reason, decision.scope.code))


def entered_by(person: int, codes: Sequence[str], slot_id: int) -> Slot:
    """A slot in one of these regions that this reviewer has begun to enter for its organization.

    :raises NotFound: if there is none such.
    """
    for code in codes:
        found: Slot | None = in_scope(regions.scope(code)).where(Slot.id == slot_id).first()
        if found is not None and found.round.opens <= clock.today() and behalf.begun(found, person) is not None:
            return found
    raise NotFound("There is no such report.")


@dataclass(frozen=True, slots=True)
class Extension:
    """More time for every organization of a place in one quarter."""

    scope: Scope
    place: str
    """Code of the region: the reviewer's own, or one below it."""
    round_id: int
    until: date
    reason: str


def extended_by(wanted: Extension) -> list[Slot]:
    """The reports that would get more time. Whose has been sent, or is due later already, is not among them.

    :raises Invalid: without a reason, or if the day is past.
    :raises NotFound: if the place is not in scope, or the quarter has not opened.
    """
    said(wanted.reason)
    if wanted.until < clock.today():
        raise Invalid("Choose a day that is later than the day on which it is due, and not past.")
    there: Region | None = Region.get_or_none(Region.code == wanted.place)
    owed: Round | None = Round.get_or_none(Round.id == wanted.round_id, Round.opens <= clock.today())
    if there is None or owed is None or not there.path.startswith(wanted.scope.path):
        raise NotFound("There is no such page.")
    return list(
        in_scope(regions.scope(wanted.place)).where(
            Slot.round == owed, Slot.state.in_(transitions.EDITABLE), Slot.due < wanted.until
        )
    )


def extend_all(wanted: Extension, person: Person) -> tuple[int, int]:
    """Give more time to all of :func:`extended_by`; gives how many got it, and how many did not.

    :raises Invalid: as there.
    :raises NotFound: as there.
    """
    given = missed = 0
    for slot in extended_by(wanted):
        try:
            extend(Decision(wanted.scope, slot.id, person, slot.revision, said(wanted.reason)), wanted.until)
            given += 1
        except ReportsvcError:
            missed += 1
    return given, missed
