"""How many reports were to come and how many came: counted by the database, always as it stands now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import peewee

from reportsvc.models import Organization, Project, Round, Slot
from reportsvc.picture.places import Areas
from reportsvc.projects.regions import Scope
from reportsvc.reports import outcomes


@dataclass(slots=True)
class Counts:
    """Reports of one quarter by what became of them; all but ``nil`` exclude one another."""

    on_time: int = 0
    late: int = 0
    overdue: int = 0
    waiting: int = 0
    not_required: int = 0
    nil: int = 0
    """Of the reported ones."""

    @property
    def expected(self) -> int:
        """The denominator of every rate: all that is not excused."""
        return self.on_time + self.late + self.overdue + self.waiting

    @property
    def reported(self) -> int:
        """What came, in time or late."""
        return self.on_time + self.late

    @property
    def late_in_all(self) -> int:
        """What came late and what is open and overdue: in every rate both are late."""
        return self.late + self.overdue

    def add(self, outcome: str, is_nil: bool, count: int) -> None:
        """Count more slots of one outcome."""
        setattr(self, outcome, getattr(self, outcome) + count)
        if is_nil and outcome in outcomes.REPORTED:
            self.nil += count


def share(part: int, whole: int) -> int | None:
    """A rate in whole percent; nothing of nothing. Only all is 100 and only none is 0."""
    if not whole:
        return None
    if part in {0, whole}:
        return 100 if part else 0
    return min(max((200 * part + whole) // (2 * whole), 1), 99)


def _by_name() -> defaultdict[str, Counts]:
    return defaultdict(Counts)


@dataclass(slots=True)
class Picture:
    """A quarter in a region, as a whole and divided."""

    whole: Counts = field(default_factory=Counts)
    places: defaultdict[str, Counts] = field(default_factory=_by_name)
    """By direct child of the region; under the region's own code what belongs to no single child."""
    counties: defaultdict[str, Counts] = field(default_factory=_by_name)
    kinds: defaultdict[str, Counts] = field(default_factory=_by_name)
    categories: defaultdict[str, Counts] = field(default_factory=_by_name)


def ordinals(count: int) -> list[Any]:
    """GROUP BY the first columns by their place: an expression with parameters is no expression twice on PostgreSQL."""
    return [peewee.SQL(str(number)) for number in range(1, count + 1)]


def picture(owed: Round, areas: Areas, scope: Scope, today: date) -> Picture:
    """One query: every combination of place, kind and category with its outcomes."""
    query: Any = (
        Slot.select(
            Slot.region,
            Organization.kind,
            Project.category,
            outcomes.outcome(today),
            Slot.nil,
            peewee.fn.COUNT(Slot.id),
        )
        .join(Project, on=(Slot.project == Project.id))
        .join(Organization, on=(Slot.organization == Organization.id))
        .where(Slot.round == owed, Slot.region.in_(areas.below(scope)))
        .group_by(*ordinals(5))
        .tuples()
    )
    found = Picture()
    for place, kind, category, outcome, is_nil, count in query:
        parts = (found.whole, found.places[areas.child(scope, place)], found.kinds[kind], found.categories[category])
        for part in (*parts, found.counties[place]):
            part.add(outcome, bool(is_nil), count)
    return found


def trend(owed: Sequence[Round], codes: Sequence[str], today: date) -> list[Counts]:
    """The counts of each quarter, in their order; read from one index alone."""
    query: Any = (
        Slot.select(Slot.round, outcomes.outcome(today), Slot.nil, peewee.fn.COUNT(peewee.SQL("*")))
        .where(Slot.region.in_(codes), Slot.round.in_([one.id for one in owed]))
        .group_by(*ordinals(3))
        .tuples()
    )
    found: defaultdict[int, Counts] = defaultdict(Counts)
    for number, outcome, is_nil, count in query:
        found[number].add(outcome, bool(is_nil), count)
    return [found[one.id] for one in owed]
