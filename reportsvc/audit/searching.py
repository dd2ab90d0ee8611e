"""Looking things up in the log: by time, person, what and to what; within regions, newest first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reportsvc.audit.contents import ROWS, TAKEN_IN
from reportsvc.models import AuditEntry, Circular, Organization, Person, Project, Region, Round, Slot

PAGE = 50
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; what is empty does not matter."""

    since: datetime | None = None
    until: datetime | None = None
    """The first instant that is too late."""
    persons: tuple[int, ...] | None = None
    """Ids, of whom any one did it or had it done to them."""
    area: str = ""
    action: str = ""
    subject: str = ""


def search(
    places: Sequence[str] | None, asked: Asked, before: int | None = None, limit: int = PAGE + 1
) -> list[AuditEntry]:
    """Entries, the newest first.

    :param places: paths of the regions whose entries may be seen; none for all, also those of no region.
    :param before: number of an entry: only what stands after it in this order.
    """
    query: Any = AuditEntry.select()
    if places is not None:
        query = query.where(AuditEntry.place.in_(list(places)))
    for condition in _conditions(asked):
        query = query.where(condition)
    if before is not None:
        last: AuditEntry | None = AuditEntry.get_or_none(AuditEntry.sequence == before)
        if last is not None:
            same = (AuditEntry.at == last.at) & (AuditEntry.sequence >= last.sequence)
            query = query.where(AuditEntry.at <= last.at, ~same)
    return list(query.order_by(AuditEntry.at.desc(), AuditEntry.sequence.desc()).limit(limit))


def _conditions(asked: Asked) -> Iterator[Any]:
    if asked.since is not None:
        yield AuditEntry.at >= asked.since
    if asked.until is not None:
        yield AuditEntry.at < asked.until
    if asked.persons is not None:
        subjects = [f"person:{number}" for number in asked.persons]
        yield AuditEntry.actor.in_(list(asked.persons)) | AuditEntry.subject.in_(subjects)
    if asked.area:
        yield AuditEntry.area == asked.area
    if asked.action:
        yield AuditEntry.action == asked.action
    if asked.subject:
        yield AuditEntry.subject == asked.subject


def everything(places: Sequence[str] | None, asked: Asked, most: int) -> Iterator[list[AuditEntry]]:
    """All that :func:`search` would find, in batches, ``most`` entries at most."""
    before, left = None, most
    while left > 0:
        found = search(places, asked, before, min(BATCH, left))
        if not found:
            return
        yield found
        before, left = found[-1].sequence, left - len(found)


def paths_below(codes: Sequence[str]) -> list[str] | None:
    """Paths of regions and of all below them; nothing for a province, whose readers see everything."""
    held = list(Region.select().where(Region.code.in_(list(codes))))
    if any(one.level == "province" for one in held):
        return None
    return [one.path for one in Region.select() if any(one.path.startswith(each.path) for each in held)]


@dataclass(frozen=True, slots=True)
class Names:
    """What numbers in entries stand for, as it is called now."""

    persons: dict[int, str]
    subjects: dict[str, str]
    places: dict[str, str]
    """By path."""
    over: dict[str, str]
    """Regions by code and organizations by number, as they stand in the data of an entry."""


def names(entries: Iterable[AuditEntry]) -> Names:
    """The names for these entries, in as many queries for many as for one."""
    entries = list(entries)
    subjects: dict[str, set[int]] = {}
    for one in entries:
        kind, _, number = one.subject.partition(":")
        if number.isdecimal():
            subjects.setdefault(kind, set()).add(int(number))
    ids = {one.actor for one in entries if one.actor is not None} | subjects.get("person", set())
    persons: dict[int, str] = dict(_rows(Person.select(Person.id, Person.name), Person.id, ids))
    called = {f"person:{number}": name for number, name in persons.items()}
    called |= _slots(subjects.get("slot", set())) | _circulars(subjects.get("circular", set()))
    codes = {one.place.strip("/").rpartition("/")[2] for one in entries if one.place}
    places = dict(_rows(Region.select(Region.path, Region.name), Region.code, codes))
    return Names(persons, called, places, _over([details(one) for one in entries]))


def _over(data: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    regions = {one["region"] for one in data if "region" in one}
    organizations = {one["organization"] for one in data if "organization" in one}
    found = _rows(Region.select(Region.code, Region.name), Region.code, regions)
    found += _rows(Organization.select(Organization.id, Organization.name), Organization.id, organizations)
    return {str(key): str(name) for key, name in found}


def _rows(query: Any, field: Any, wanted: Iterable[Any]) -> list[Any]:
    values = list(wanted)
    return list(query.where(field.in_(values)).tuples()) if values else []


def _slots(ids: set[int]) -> dict[str, str]:
    query = (
        Slot.select(Slot.id, Project.name, Organization.name, Round.year, Round.quarter)
        .join_from(Slot, Project)
        .join_from(Slot, Organization)
        .join_from(Slot, Round)
    )
    return {f"slot:{row[0]}": f"{row[1]} · {row[2]} · {row[3]}Q{row[4]}" for row in _rows(query, Slot.id, ids)}


def _circulars(ids: set[int]) -> dict[str, str]:
    rows = _rows(Circular.select(Circular.id, Circular.title), Circular.id, ids)
    return {f"circular:{number}": str(title) for number, title in rows}


def details(entry: AuditEntry) -> dict[str, Any]:
    """What an entry's data says, without the digests of its rows."""
    data: dict[str, Any] = json.loads(entry.data)
    return {name: value for name, value in data.items() if name not in {ROWS, TAKEN_IN} and value is not None}


def about(person_id: int) -> list[AuditEntry]:
    """All that somebody did or that was done to their account, oldest first."""
    mine = (AuditEntry.actor == person_id) | (AuditEntry.subject == f"person:{person_id}")
    return list(AuditEntry.select().where(mine).order_by(AuditEntry.sequence))
