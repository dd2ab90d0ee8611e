"""How much was given and how many were reached: sums over the approved reports of each quarter, kept while they stand.

A quarter's sums are worked out once and kept in memory, under what changes with every move of its reports: their number
and the sum of their revisions. So a quarter that is over costs nothing, and one that is under way is added up anew as
soon as one more report is approved or returned. What else may change a sum (a project's category, an organization's
kind) shows after :data:`KEPT_FOR` at the latest.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import peewee

from reportsvc import clock, totals
from reportsvc.models import Campaign, Figure, Indicator, Organization, Project, Round, Slot, Version
from reportsvc.picture.counts import ordinals
from reportsvc.picture.places import Areas
from reportsvc.projects.regions import Scope

KEPT_FOR = timedelta(minutes=10)
MOST = 4096
"""Quarters, each in one region, that are kept."""

FUNDS = "funds"
"""The name of what a campaign's kinds of money add up to, beside the indicators' codes."""

Sums = dict[tuple[str, str], dict[str, int]]
"""(dimension, value) to indicator to amount in its smallest unit; ("", "") is the whole."""


class Kept:
    """What was added up, with the mark that it is good for; the least used goes first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._sums: OrderedDict[tuple[Any, ...], tuple[Any, datetime, Sums]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[Any, ...], mark: Any) -> Sums | None:
        """What is kept under a key, if it is still good."""
        with self._lock:
            found = self._sums.get(key)
            if found is None or found[0] != mark or not clock.now() - KEPT_FOR < found[1] <= clock.now():
                return None
            self._sums.move_to_end(key)
            return found[2]

    def put(self, key: tuple[Any, ...], mark: Any, sums: Sums) -> Sums:
        """Keep it, and give it back."""
        with self._lock:
            self._sums[key] = (mark, clock.now(), sums)
            self._sums.move_to_end(key)
            while len(self._sums) > self._most:
                self._sums.popitem(last=False)
        return sums


@dataclass(frozen=True, slots=True)
class Place:
    """A region with what its sums are divided and looked up by."""

    scope: Scope
    areas: Areas

    @property
    def inside(self) -> list[str]:
        """The regions whose figures count."""
        return self.areas.below(self.scope)

    @property
    def reporting(self) -> list[str]:
        """The regions whose reports may hold such figures: a project of several counties belongs to what holds them."""
        return [*self.inside, *(one.code for one in self.areas.above(self.scope))]


def of_rounds(kept: Kept, owed: Sequence[Round], place: Place) -> list[Sums]:
    """The sums of each quarter, in their order; one query, and one more for each quarter that has changed."""
    marks = _marks(owed, place)
    found = []
    for one in owed:
        key, mark = (one.id, place.scope.code), marks.get(one.id)
        sums = kept.get(key, mark)
        found.append(sums if sums is not None else kept.put(key, mark, _sums(one, place)))
    return found


def _marks(owed: Sequence[Round], place: Place) -> dict[int, tuple[int, int]]:
    """What changes with every approval and every return, by quarter; read from one index alone."""
    query: Any = (
        Slot.select(Slot.round, peewee.fn.COUNT(peewee.SQL("*")), peewee.fn.SUM(Slot.revision))
        .where(Slot.region.in_(place.reporting), Slot.round.in_([one.id for one in owed]), Slot.state == "approved")
        .group_by(Slot.round)
        .tuples()
    )
    return {number: (count, int(revisions)) for number, count, revisions in query}


def _sums(owed: Round, place: Place) -> Sums:
    query: Any = (
        _figures(place)
        .where(Slot.round == owed)
        .select(Figure.region, Organization.kind, Project.category, Indicator.code, peewee.fn.SUM(Figure.value))
        .group_by(*ordinals(4))
        .tuples()
    )
    return _divided(query, place)


def _figures(place: Place) -> Any:
    """The figures of approved current versions in a place."""
    return (
        Slot.select()
        .join(Version, on=((Version.slot == Slot.id) & (Version.number == Slot.current)))
        .join(Figure, on=(Figure.version == Version.id))
        .join(Indicator, on=(Figure.indicator == Indicator.id))
        .join(Project, on=(Slot.project == Project.id))
        .join(Organization, on=(Slot.organization == Organization.id))
        .where(Slot.state == "approved", Slot.region.in_(place.reporting), Figure.region.in_(place.inside))
    )


def _divided(rows: Iterable[tuple[str, str, str, str, int]], place: Place) -> Sums:
    found: Sums = {}
    for region, kind, category, code, value in rows:
        child = place.areas.child(place.scope, region)
        for part in (("", ""), ("kind", kind), ("category", category), ("place", child)):
            amounts = found.setdefault(part, {})
            amounts[code] = amounts.get(code, 0) + int(value)
    return found


def added(several: Iterable[Sums]) -> Sums:
    """The sums of several quarters together."""
    found: Sums = {}
    for sums in several:
        for part, amounts in sums.items():
            into = found.setdefault(part, {})
            for code, value in amounts.items():
                into[code] = into.get(code, 0) + value
    return found


def so_far(kept: Kept, campaign: Campaign, owed: Sequence[Round], place: Place) -> Sums:
    """From the campaign's beginning through the last of these quarters, each indicator by its rule of time."""
    several = of_rounds(kept, owed, place)
    found = added(several)
    others = [one.code for one in _indicators(campaign) if one.time_rule != "sum"]
    if others and owed:
        last, key = owed[-1], ("so far", owed[-1].id, place.scope.code)
        mark = tuple(_marks(owed, place).items())
        chosen = kept.get(key, mark)
        if chosen is None:
            through = totals.Quarter(last.year, last.quarter)
            rows = totals.divided(campaign, through, place.inside)
            chosen = kept.put(key, mark, _divided(rows, place))
        for part in found:
            found[part] = {code: value for code, value in found[part].items() if code not in others}
        found = added((found, {part: _only(amounts, others) for part, amounts in chosen.items()}))
    return found


def _only(amounts: Mapping[str, int], codes: Sequence[str]) -> dict[str, int]:
    return {code: value for code, value in amounts.items() if code in codes}


@dataclass(frozen=True, slots=True)
class Measure:
    """Something to look at: an indicator, or all the kinds of money that make a campaign's funds."""

    code: str
    name: str
    unit: str
    scale: int
    codes: tuple[str, ...]
    """The indicators that it adds up."""

    def of(self, amounts: Mapping[str, int] | None) -> int:
        """Its amount, in the smallest unit."""
        return sum((amounts or {}).get(code, 0) for code in self.codes)


SHOWN = ("money", "benefit")


def measures(campaign: Campaign) -> list[Measure]:
    """The funds, then every indicator of money and of benefit."""
    found = [Measure(FUNDS, "", "元", 2, tuple(campaign.fund_kinds))]
    for one in _indicators(campaign):
        if one.measure in SHOWN:
            found.append(Measure(one.code, one.name, one.unit, one.scale, (one.code,)))
    return found


def _indicators(campaign: Campaign) -> list[Indicator]:
    return list(Indicator.select().where(Indicator.campaign == campaign).order_by(Indicator.position))
