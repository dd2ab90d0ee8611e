"""How many reports were to come and how many came, as it stands now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from reportsvc.models import Round
from reportsvc.picture.places import Place
from reportsvc.picture.store import Store
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


def picture(store: Store, owed: Round, place: Place, today: date) -> Picture:
    """A quarter in a region, as it stands on a day."""
    key = ("picture", owed.id, place.scope.code, today)
    return store.compose(key, store.mark([owed.id]), lambda: _picture(store, owed, place, today))


def _picture(store: Store, owed: Round, place: Place, today: date) -> Picture:
    found, areas, scope = Picture(), place.areas, place.scope
    for region, piece in store.pieces(owed.id, place.inside).items():
        nearest = (found.whole, found.places[areas.child(scope, region)], found.counties[region])
        for one in piece.counted:
            outcome = outcomes.named(one.state, one.late, one.due, today)
            for part in (*nearest, found.kinds[one.kind], found.categories[one.category]):
                part.add(outcome, one.nil, one.number)
    for divided in (found.places, found.counties):
        for region in [region for region, counts in divided.items() if counts == Counts()]:
            del divided[region]
    return found


def trend(store: Store, owed: Sequence[Round], place: Place, today: date) -> list[Counts]:
    """The counts of each quarter, in their order."""
    return [picture(store, one, place, today).whole for one in owed]
