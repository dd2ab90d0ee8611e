"""Finding reports by scope, and what happened to them."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from typing import Any

import peewee

from reportsvc.errors import NotFound
from reportsvc.models import Event, Person, Project, Region, Slot, Version
from reportsvc.projects import regions
from reportsvc.projects.regions import Scope
from reportsvc.reviews import levels


def in_scope(scope: Scope) -> peewee.ModelSelect[Slot]:
    """Every slot that belongs to the region or to one below it, oldest obligation first."""
    return Slot.select().join(Region, on=(Slot.region == Region.code)).where(
        Region.path.startswith(scope.path)
    ).order_by(Slot.due, Slot.id)  # fmt: skip


def find(scope: Scope, slot_id: int) -> Slot:
    """A slot, if it is in scope.

    :raises NotFound: if it is not there, or belongs to another region: nobody is told which.
    """
    found: Slot | None = in_scope(scope).where(Slot.id == slot_id).first()
    if found is None:
        raise NotFound("There is no such report.")
    return found


def find_for(codes: Sequence[str], slot_id: int) -> tuple[Scope, Slot]:
    """A slot, with that one of the reviewer's regions whose turn it is, or else the widest that holds it.

    :raises NotFound: if it is in none of them.
    """
    holding = []
    for scope in map(regions.scope, codes):
        found: Slot | None = in_scope(scope).where(Slot.id == slot_id).first()
        if found is not None:
            holding.append((scope, found))
    if not holding:
        raise NotFound("There is no such report.")
    if len(holding) == 1:
        return holding[0]
    turns = [levels.turn(scope, slot) for scope, slot in holding]
    mine = [pair for pair, turn in zip(holding, turns, strict=True) if turn.may_act and not turn.in_place]
    theirs = [pair for pair, turn in zip(holding, turns, strict=True) if turn.may_act]
    return (mine or theirs or holding)[0]


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


def version_for(codes: Sequence[str], version_id: int) -> Version:
    """A submitted version of a slot in one of these regions.

    :raises NotFound: if it is in none of them.
    """
    found: Version | None = Version.get_or_none(Version.id == version_id)
    if found is None:
        raise NotFound("There is no such report.")
    find_for(codes, found.slot_id)
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened to a report, as people read it."""

    event: Event
    at: datetime
    action: str
    person: Person | None
    reason: str
    region: str
    """Name of the region whose reviewer did it; empty where the organization did, and in older records."""
    in_place_of: str
    """Name of the region whose turn it would have been; empty else."""
    due: date | None
    """The day that was set by it."""


def history(slot: Slot) -> list[Told]:
    """What happened to a slot, oldest first."""
    events = list(
        Event.select(Event, Person)
        .join(Person, peewee.JOIN.LEFT_OUTER)
        .where(Event.slot == slot)
        .order_by(Event.at, Event.id)
    )
    codes = {str(event.data[key]) for event in events for key in ("region", "in_place_of") if event.data.get(key)}
    names = {one.code: one.name for one in Region.select().where(Region.code.in_(codes))} if codes else {}
    return [_told(event, names) for event in events]


def _told(event: Event, names: dict[str, str]) -> Told:
    data: dict[str, Any] = event.data
    due = data.get("due")
    return Told(
        event=event,
        at=event.at,
        action=event.action,
        person=event.person,
        reason=event.reason,
        region=names.get(data.get("region") or "", ""),
        in_place_of=names.get(data.get("in_place_of") or "", ""),
        due=date.fromisoformat(due) if due else None,
    )
