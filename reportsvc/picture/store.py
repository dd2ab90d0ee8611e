"""What is counted and summed for the pictures, kept in memory by quarter and region for as long as it is true.

Every move of a slot writes an event in the same transaction. So before anything is shown the events since last time
are read, and only what they touched is worked out anew: one county of one quarter, not a province of eleven. On
PostgreSQL an event with a lower number may be committed after a higher one was seen; therefore the newest
:data:`WINDOW` events are looked at again and again. What writes no event shows too: new slots at once, another category
of a project or another kind of an organization after :data:`KEPT_FOR`.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, TypeVar

import peewee

from reportsvc import clock
from reportsvc.models import Event, Figure, Indicator, Organization, Project, Slot, Version

KEPT_FOR = timedelta(minutes=10)
WINDOW = 400
MOST = 4096
"""Pictures that are kept composed; the one that was looked at longest ago goes first."""

Composed = TypeVar("Composed")


class Counted(NamedTuple):
    """How many slots of one place are alike."""

    kind: str
    category: str
    state: str
    late: bool
    nil: bool
    due: date
    number: int


class Summed(NamedTuple):
    """A sum of figures, in the indicator's smallest unit."""

    region: str
    """Where it was given or reached: the slot's region, or a county inside of that."""
    kind: str
    category: str
    code: str
    value: int


@dataclass(slots=True)
class Piece:
    """One region of one quarter, without the regions below."""

    counted: list[Counted] = field(default_factory=list)
    summed: list[Summed] = field(default_factory=list)


class Store:
    """The pieces, and the pictures composed of them. Threads may share it; processes each have their own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pieces: dict[tuple[int, str], Piece] = {}
        self._moves: defaultdict[int, int] = defaultdict(int)
        """By quarter: grows when anything of it is dropped."""
        self._composed: OrderedDict[tuple[Any, ...], tuple[Any, Any]] = OrderedDict()
        self._seen: set[int] = set()
        self._newest = self._slots = 0
        self._since: datetime | None = None

    def follow(self) -> None:
        """Drop what is no longer true; to be called before anything is looked up."""
        slots = Slot.select(peewee.fn.MAX(Slot.id)).scalar() or 0
        rows: Any = (
            Event.select(Event.id, Slot.round, Slot.region)
            .join(Slot, on=(Event.slot == Slot.id))
            .where(Event.id > self._newest - WINDOW)
            .order_by(peewee.SQL("1").desc())
            .limit(10 * WINDOW)
            .tuples()
        )
        found, now = list(rows), clock.now()
        with self._lock:
            is_new = self._since is None or slots != self._slots or not self._since <= now < self._since + KEPT_FOR
            # So many that not all were read: as good as new.
            if is_new or len(found) == 10 * WINDOW:
                self._pieces.clear()
                self._forget(set(self._moves))
                self._since, self._slots = now, slots
            else:
                self._drop((number, region) for event, number, region in found if event not in self._seen)
            self._seen = {event for event, _, _ in found[:WINDOW]}
            self._newest = max(self._newest, found[0][0] if found else 0)

    def _drop(self, touched: Iterable[tuple[int, str]]) -> None:
        keys = set(touched)
        for key in keys:
            self._pieces.pop(key, None)
        self._forget({number for number, _ in keys})

    def _forget(self, numbers: set[int]) -> None:
        for number in numbers:
            self._moves[number] += 1

    def mark(self, numbers: Sequence[int]) -> tuple[int, ...]:
        """What changes as soon as anything in these quarters has."""
        with self._lock:
            return tuple(self._moves[number] for number in numbers)

    def compose(self, key: tuple[Any, ...], mark: Any, make: Callable[[], Composed]) -> Composed:
        """What ``make`` gives, or gave before under the same mark."""
        with self._lock:
            found = self._composed.get(key)
            if found is not None and found[0] == mark:
                self._composed.move_to_end(key)
                kept: Composed = found[1]
                return kept
        made = make()
        with self._lock:
            self._composed[key] = (mark, made)
            self._composed.move_to_end(key)
            while len(self._composed) > MOST:
                self._composed.popitem(last=False)
        return made

    def pieces(self, number: int, regions: Sequence[str]) -> dict[str, Piece]:
        """The pieces of a quarter, by region; what is missing is read in two queries."""
        with self._lock:
            found = {region: self._pieces[number, region] for region in regions if (number, region) in self._pieces}
            moves = self._moves[number]
        missing = [region for region in regions if region not in found]
        if not missing:
            return found
        made = _read(number, missing)
        with self._lock:
            # If something was dropped meanwhile, this may have been read too early to be kept.
            if self._moves[number] == moves:
                self._pieces.update({(number, region): piece for region, piece in made.items()})
        return found | made


def _read(number: int, regions: Sequence[str]) -> dict[str, Piece]:
    found = {region: Piece() for region in regions}
    alike = (Organization.kind, Project.category, Slot.state, Slot.late, Slot.nil, Slot.due)
    counted: Any = (
        Slot.select(Slot.region, *alike, peewee.fn.COUNT(Slot.id))
        .join(Project, on=(Slot.project == Project.id))
        .join(Organization, on=(Slot.organization == Organization.id))
        .where(Slot.round == number, Slot.region.in_(regions))
        .group_by(Slot.region, *alike)
        .tuples()
    )
    for region, *rest in counted:
        found[region].counted.append(Counted(*rest))
    places = (Slot.region, Figure.region, Organization.kind, Project.category, Indicator.code)
    summed: Any = (
        Slot.select(*places, peewee.fn.SUM(Figure.value))
        .join(Version, on=((Version.slot == Slot.id) & (Version.number == Slot.current)))
        .join(Figure, on=(Figure.version == Version.id))
        .join(Indicator, on=(Figure.indicator == Indicator.id))
        .join(Project, on=(Slot.project == Project.id))
        .join(Organization, on=(Slot.organization == Organization.id))
        .where(Slot.round == number, Slot.region.in_(regions), Slot.state == "approved")
        .group_by(*places)
        .tuples()
    )
    for region, place, kind, category, code, value in summed:
        found[region].summed.append(Summed(place, kind, category, code, int(value)))
    return found
