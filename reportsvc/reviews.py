"""Reviewing: what waits for whom, passing up, approving, returning. By scope, always."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any

import peewee

from reportsvc import clock
from reportsvc.db import database
from reportsvc.errors import Conflict, Invalid, NotFound
from reportsvc.forms.answers.typed import clean
from reportsvc.forms.quantities import Quantity
from reportsvc.models import Event, Organization, Person, Project, Region, Round, Slot, Version
from reportsvc.projects import regions, routes
from reportsvc.projects.regions import Scope
from reportsvc.reports import figures, transitions
from reportsvc.reports.submissions import current_version

REASON = 2000
"""Characters that the reason of a return may have."""

ReadQuantities = Callable[[Version], Sequence[Quantity]]
"""Gives the quantities of a version, out of its answers and its form."""


def in_scope(scope: Scope) -> peewee.ModelSelect[Slot]:
    """Every slot that belongs to the region or to one below it, oldest obligation first."""
    return Slot.select().join(Region, on=(Slot.region == Region.code)).where(
        Region.path.startswith(scope.path)
    ).order_by(Slot.due, Slot.id)  # fmt: skip


def ready(scope: Scope) -> peewee.ModelSelect[Slot]:
    """The slots that wait for this very region's reviewers."""
    return in_scope(scope).where(Slot.waiting_at == scope.code, Slot.state.in_(transitions.IN_REVIEW))


def find(scope: Scope, slot_id: int) -> Slot:
    """A slot, if it is in scope.

    :raises NotFound: if it is not there, or belongs to another region: nobody is told which.
    """
    found: Slot | None = in_scope(scope).where(Slot.id == slot_id).first()
    if found is None:
        raise NotFound("There is no such report.")
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """How many reports stand where, seen from one region."""

    ready: int
    below: int
    passed: int
    returned: int
    owed: int


TABS = ("ready", "below", "passed", "returned", "owed")
PAGE = 50


def _tab(scope: Scope, name: str) -> peewee.ModelSelect[Slot]:
    """The slots of one tab: for me, still below me, passed up or approved, sent back, not yet reported."""
    slots = in_scope(scope).join_from(Slot, Round).where(Round.opens <= clock.today())
    beneath = Region.alias()
    waiting_below = Slot.waiting_at.in_(
        beneath.select(beneath.code).where(beneath.path.startswith(scope.path), beneath.code != scope.code)
    )
    if name == "ready":
        return slots.where(Slot.waiting_at == scope.code, Slot.state.in_(transitions.IN_REVIEW))
    if name == "below":
        return slots.where(Slot.state.in_(transitions.IN_REVIEW), waiting_below)
    if name == "passed":
        elsewhere = Slot.state.in_(transitions.IN_REVIEW) & (Slot.waiting_at != scope.code) & ~waiting_below
        return slots.where((Slot.state == "approved") | elsewhere)
    if name == "returned":
        return slots.where(Slot.state == "returned")
    return slots.where(Slot.state.in_(("open", "draft")))


def standing(scope: Scope) -> Standing:
    """The number of reports in each tab."""
    return Standing(**{name: _tab(scope, name).count() for name in TABS})


def listing(scope: Scope, tab: str, page: int = 1) -> list[Slot]:
    """One page of a tab, with project, organization and round; newest rounds first, and in them what is due first.

    :raises NotFound: if there is no such tab.
    """
    if tab not in TABS:
        raise NotFound("There is no such page.")
    query = (
        _tab(scope, tab)
        .select(Slot, Round, Project, Organization)
        .join_from(Slot, Project)
        .join_from(Slot, Organization)
        .order_by(Round.year.desc(), Round.quarter.desc(), Slot.due, Slot.id)
    )
    return list(query.paginate(max(page, 1), PAGE))


def visible(codes: Sequence[str], slots: set[int], projects: set[int]) -> tuple[set[int], set[int]]:
    """Those of these slots and projects that belong to one of the reviewer's regions."""
    if not slots and not projects:
        return set(), set()
    here: Any = reduce(operator.or_, (Region.path.startswith(regions.scope(code).path) for code in codes))
    slot: Any = Slot.id
    project: Any = Project.id
    seen = Slot.select(slot).join(Region, on=(Slot.region == Region.code)).where(slot.in_(slots), here)
    known = Project.select(project).join(Region, on=(Project.region == Region.code)).where(project.in_(projects), here)
    return {row.id for row in seen}, {row.id for row in known}


def find_for(codes: Sequence[str], slot_id: int) -> tuple[Scope, Slot]:
    """A slot, with that one of the reviewer's regions that it waits for, or else the widest that holds it.

    :raises NotFound: if it is in none of them.
    """
    scopes = [regions.scope(code) for code in codes]
    holding = []
    for scope in scopes:
        found: Slot | None = in_scope(scope).where(Slot.id == slot_id).first()
        if found is not None:
            holding.append((scope, found))
    if not holding:
        raise NotFound("There is no such report.")
    return next((pair for pair in holding if pair[1].waiting_at_id == pair[0].code), holding[0])


def version_for(codes: Sequence[str], version_id: int) -> Version:
    """A submitted version of a slot in one of these regions.

    :raises NotFound: if it is in none of them.
    """
    found: Version | None = Version.get_or_none(Version.id == version_id)
    if found is None:
        raise NotFound("There is no such report.")
    find_for(codes, found.slot_id)
    return found


def history(slot: Slot) -> list[Event]:
    """What happened to a slot, oldest first."""
    return list(
        Event.select(Event, Person)
        .join(Person, peewee.JOIN.LEFT_OUTER)
        .where(Event.slot == slot)
        .order_by(Event.at, Event.id)
    )


def endorse(scope: Scope, slot_id: int, person: Person, revision: int, read: ReadQuantities) -> Slot:
    """Pass a report up; from the last step of its route it is approved, and its figures are written.

    :raises NotFound: if the slot is out of scope.
    :raises Conflict: if it does not wait for this region, or somebody was quicker.
    """
    find(scope, slot_id)
    with database.atomic():
        slot = _waiting(scope, transitions.locked(slot_id), revision)
        version = current_version(slot)
        if version is None:
            raise Conflict("This report has moved on in the meantime. Reload the page to see where it stands.")
        route = routes.steps(slot.round.campaign.route, slot.region.path)
        place = [step.region for step in route].index(scope.code)
        if place + 1 < len(route):
            move = transitions.Move(
                action=f"endorse_{route[place].level}",
                person=person,
                revision=revision,
                waiting_at=route[place + 1].region,
            )
            return transitions.apply(slot, move)
        figures.write(version, read(version))
        return transitions.apply(slot, transitions.Move(action="approve", person=person, revision=revision))


def send_back(  # noqa: PLR0913 - who, what, which state, why, where, until when
    scope: Scope,
    slot_id: int,
    person: Person,
    revision: int,
    *,
    reason: str,
    fields: tuple[str, ...] = (),
    due: date | None = None,
) -> Slot:
    """Return a report to its organization with a reason, and where given with fields and a new due date.

    The last level may also return what it approved: its figures then count no more.

    :raises Invalid: without a reason, or with one that is too long.
    :raises NotFound: if the slot is out of scope.
    :raises Conflict: if it does not wait for this region, or somebody was quicker.
    """
    find(scope, slot_id)
    said = _reason(reason)
    with database.atomic():
        slot = transitions.locked(slot_id)
        if not (slot.state == "approved" and scope.level == "province"):
            _waiting(scope, slot, revision)
        move = transitions.Move(action="return", person=person, revision=revision, reason=said, fields=fields, due=due)
        return transitions.apply(slot, move)


def _reason(text: str) -> str:
    said = clean(text, multiline=True)
    if not said:
        raise Invalid("Say why the report goes back, so that the organization knows what to change.")
    if len(said) > REASON:
        raise Invalid(
            "This text has %(length)s characters; at most %(limit)s are allowed.", length=len(said), limit=REASON
        )
    return said


def _waiting(scope: Scope, slot: Slot, revision: int) -> Slot:
    if slot.revision != revision:
        raise Conflict("Somebody else has just worked on this report. Reload the page to see what they did.")
    if slot.waiting_at_id != scope.code:
        raise Conflict("This report does not wait for you. Reload the page to see where it stands.")
    return slot
