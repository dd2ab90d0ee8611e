"""The reviewer's lists: what waits where, filtered, sorted and in pages; in as many queries for many as for one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import peewee

from reportsvc import clock
from reportsvc.errors import NotFound
from reportsvc.models import Campaign, FormVersion, Organization, Project, Region, Round, Slot, Version
from reportsvc.projects.regions import PROVINCE, Scope
from reportsvc.reports import transitions
from reportsvc.reviews import comments, levels
from reportsvc.reviews.acting import ReadQuantities
from reportsvc.reviews.money import fen

PAGE = 50
BATCH = 5000
"""Slots that are asked for their flags in one query, below the databases' limits on parameters."""
TABS = ("ready", "late", "below", "passed", "returned", "done", "owed", "all")
"""For me; late below, so that I may act; still below; passed up; sent back; done with; not yet reported; everything."""
DONE = ("approved", "not_required")
OWED = ("open", "draft")

SORTS: Mapping[str, tuple[Any, ...]] = {
    "quarter": (Round.year.desc(), Round.quarter.desc(), Slot.due, Slot.id),
    "waiting": (Slot.waiting_since, Slot.due, Slot.id),
    "due": (Slot.due, Slot.id),
    "organization": (Organization.name, Slot.id),
    "project": (Project.name, Slot.id),
}

Flagged = Callable[[Sequence[int]], Collection[int]]
"""Gives those of these slots, by id, that a person has to look at before they are passed on."""


def nothing_flagged(_: Sequence[int]) -> Collection[int]:
    """Nobody checks."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list shows; what is empty filters nothing."""

    tab: str = "ready"
    round: int | None = None
    place: str = ""
    """Code of a region below."""
    kind: str = ""
    category: str = ""
    state: str = ""
    flagged: str = ""
    """``yes``: only those; ``no``: all others."""
    overdue: bool = False
    """Late with the organization, or at the level that it waits at."""
    words: str = ""
    """A part of the name of the organization or the project."""
    sort: str = "quarter"
    page: int = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """How many reports stand where, seen from one region."""

    ready: int = 0
    late: int = 0
    below: int = 0
    passed: int = 0
    returned: int = 0
    done: int = 0
    owed: int = 0

    @property
    def all(self) -> int:
        """Every report; one that is late below is counted with those below."""
        return self.ready + self.below + self.passed + self.returned + self.done + self.owed


@dataclass(frozen=True, slots=True)
class Row:
    """One report of a list."""

    slot: Slot
    fen: int | None
    """The campaign's funds that it reports; nothing before it is sent."""
    flagged: bool
    comments: int
    """Threads that are open."""
    waits_at: str
    """Name of the region that it waits at."""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a list."""

    rows: list[Row]
    total: int
    page: int
    pages: int
    unflagged: int | None = None
    """How many of all have no flag, where that was counted."""
    wanted: Wanted = field(default_factory=Wanted)


def standing(scope: Scope) -> Standing:
    """The number of reports in each tab, over all quarters that have opened."""
    query: Any = _opened(scope).select(Slot.state, Slot.waiting_at, peewee.fn.COUNT(Slot.id).alias("count"))
    below, counts = set(_below(scope)), Counter[str]()
    for row in query.group_by(Slot.state, Slot.waiting_at).dicts():
        counts[_tab_of(scope, below, row["state"], row["waiting_at"])] += row["count"]
    late = levels.overseen(scope)
    counts["late"] = _opened(scope).where(late).count() if late is not None else 0
    return Standing(**counts)


def _tab_of(scope: Scope, below: set[str], state: str, waits_at: str | None) -> str:
    if state in transitions.IN_REVIEW:
        return "ready" if waits_at == scope.code else "below" if waits_at in below else "passed"
    return "returned" if state == "returned" else "done" if state in DONE else "owed"


def _below(scope: Scope) -> list[str]:
    found = Region.select(Region.code).where(Region.path.startswith(scope.path), Region.code != scope.code)
    return [one.code for one in found]


def _ids(query: Any) -> list[int]:
    return [one for (one,) in query.select(Slot.id).tuples()]


def _opened(scope: Scope, place: str = "") -> peewee.ModelSelect[Slot]:
    """The slots of a scope, or of one place in it, in rounds that have opened.

    :raises NotFound: if there is no such place in it.
    """
    rounds = [one.id for one in Round.select(Round.id).where(Round.opens <= clock.today())]
    query = Slot.select().where(Slot.round.in_(rounds))
    if scope.code == PROVINCE and not place:
        return query  # everything: then an index alone gives the counts
    regions = list(Region.select(Region.code, Region.path).where(Region.path.startswith(scope.path)))
    if place:
        top = next((one for one in regions if one.code == place), None)
        if top is None:
            raise NotFound("There is no such page.")
        regions = [one for one in regions if one.path.startswith(top.path)]
    return query.where(Slot.region.in_([one.code for one in regions]))


def _in_tab(scope: Scope, tab: str) -> Any:
    """The condition of a tab; nothing for all."""
    in_review, below = Slot.state.in_(transitions.IN_REVIEW), Slot.waiting_at.in_(_below(scope))
    match tab:
        case "ready":
            return (Slot.waiting_at == scope.code) & in_review
        case "late":
            late = levels.overseen(scope)
            return Slot.state == "" if late is None else late
        case "below":
            return in_review & below
        case "passed":
            return in_review & (Slot.waiting_at != scope.code) & ~below
        case "returned" | "done" | "owed":
            return Slot.state.in_({"returned": ("returned",), "done": DONE, "owed": OWED}[tab])
    return None


def matching(scope: Scope, wanted: Wanted, *, ordered: bool = True) -> peewee.ModelSelect[Slot]:
    """The slots that a list shows, whether flagged or not.

    :param ordered: in its order; who only counts them need not sort them.
    :raises NotFound: if there is no such tab or place.
    """
    if wanted.tab not in TABS:
        raise NotFound("There is no such page.")
    conditions = [_in_tab(scope, wanted.tab)]
    if wanted.round is not None:
        conditions.append(Slot.round == wanted.round)
    if wanted.state:
        conditions.append(Slot.state == wanted.state)
    if wanted.kind:
        conditions.append(Organization.kind == wanted.kind)
    if wanted.category:
        conditions.append(Project.category == wanted.category)
    if wanted.words:
        conditions.append(Organization.name.contains(wanted.words) | Project.name.contains(wanted.words))
    if wanted.overdue:
        conditions.append(_overdue())
    sort = wanted.sort if wanted.sort in SORTS else "quarter"
    query = _joined(_opened(scope, wanted.place), wanted, sort if ordered else "")
    for one in conditions:
        query = query if one is None else query.where(one)
    return query.order_by(*SORTS[sort]) if ordered else query


def _joined(query: peewee.ModelSelect[Slot], wanted: Wanted, sort: str) -> peewee.ModelSelect[Slot]:
    """With those tables that the list is filtered or sorted by, and no others: they cost most of the time."""
    if sort == "quarter":
        query = query.join_from(Slot, Round)
    if wanted.category or wanted.words or sort == "project":
        query = query.join_from(Slot, Project)
    if wanted.kind or wanted.words or sort == "organization":
        query = query.join_from(Slot, Organization)
    return query


def _overdue() -> Any:
    late = levels.late()
    owed = Slot.state.in_(transitions.EDITABLE) & (Slot.due < clock.today())
    return owed if late is None else owed | late


def ids(scope: Scope, wanted: Wanted, flagged: Flagged = nothing_flagged) -> list[int]:
    """The ids of everything that a list shows, all pages."""
    found = _ids(matching(scope, wanted))
    if not wanted.flagged:
        return found
    flags = marked(found, flagged)
    return [one for one in found if (one in flags) == (wanted.flagged == "yes")]


def marked(slots: Sequence[int], flagged: Flagged) -> set[int]:
    """Those of these slots that are flagged, however many they are."""
    return {one for part in peewee.chunked(slots, BATCH) for one in flagged(list(part))}


def listing(
    scope: Scope, wanted: Wanted, read: ReadQuantities | None = None, flagged: Flagged = nothing_flagged
) -> Found:
    """One page of a list; a page that is not there gives the nearest one.

    :param read: for the money of each report; without it none is told.
    :raises NotFound: if there is no such tab or place.
    """
    chosen: list[int] | None = ids(scope, wanted, flagged) if wanted.flagged else None
    total = len(chosen) if chosen is not None else matching(scope, wanted, ordered=False).count()
    pages = max(1, -(-total // PAGE))
    page = min(max(wanted.page, 1), pages)
    if chosen is None:
        chosen = _ids(matching(scope, wanted).paginate(page, PAGE))
    else:
        chosen = chosen[(page - 1) * PAGE : page * PAGE]
    return Found(rows(chosen, read, flagged), total, page, pages, wanted=replace(wanted, page=page))


def rows(chosen: Sequence[int], read: ReadQuantities | None, flagged: Flagged = nothing_flagged) -> list[Row]:
    """These slots with what a list tells of them, in this order."""
    waits_at = Region.alias()
    query = (
        Slot.select(Slot, Round, Campaign, Project, Organization, waits_at.code, waits_at.name)
        .join_from(Slot, Round)
        .join_from(Round, Campaign)
        .join_from(Slot, Project)
        .join_from(Slot, Organization)
        .join_from(Slot, waits_at, peewee.JOIN.LEFT_OUTER, on=(Slot.waiting_at == waits_at.code), attr="waits")
        .where(peewee.Expression(Slot.id, peewee.OP.IN, list(chosen)))
    )
    slots = {slot.id: slot for slot in query}
    flags, talked = set(flagged(list(chosen))), comments.open_counts(list(chosen))
    money = funds(list(slots.values()), read) if read else {}
    return [
        Row(slots[one], money.get(one), one in flags, talked.get(one, 0), _name(slots[one]))
        for one in chosen
        if one in slots
    ]


def _name(slot: Any) -> str:
    return str(slot.waits.name) if slot.waiting_at_id and getattr(slot, "waits", None) else ""


def funds(slots: Sequence[Slot], read: ReadQuantities) -> dict[int, int]:
    """Slot's id → what its current version reports of the campaign's funds, in fen; in one query.

    The slots come with their round and campaign.
    """
    kinds = {slot.id: slot.round.campaign.fund_kinds for slot in slots if slot.current}
    query = (
        # Of a form only what names it: its definition weighs more than all the rest, and is read once for all.
        Version.select(Version, FormVersion.id, FormVersion.sha256)
        .join_from(Version, FormVersion)
        .join_from(Version, Slot, on=((Version.slot == Slot.id) & (Version.number == Slot.current)))
        .where(Version.slot.in_(list(kinds)))
    )
    return {version.slot_id: fen(read(version), kinds[version.slot_id]) for version in query}


def neighbours(
    scope: Scope, wanted: Wanted, slot_id: int, flagged: Flagged = nothing_flagged
) -> tuple[int | None, int | None]:
    """The slots before and after one in a list, as far as they are on its page or next to it.

    What has left the list meanwhile has none before it, and the first of the page after it.
    """
    first = max((max(wanted.page, 1) - 1) * PAGE - 1, 0)
    if wanted.flagged:
        near = ids(scope, wanted, flagged)[first : first + PAGE + 2]
    else:
        near = _ids(matching(scope, wanted).offset(first).limit(PAGE + 2))
    if slot_id not in near:
        return None, next(iter(near), None)
    place = near.index(slot_id)
    return (near[place - 1] if place else None), (near[place + 1] if place + 1 < len(near) else None)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a list may be filtered by."""

    rounds: list[Round]
    places: list[Region]
    kinds: list[str]
    categories: list[str]


def choices(scope: Scope) -> Choices:
    """The rounds that have opened, the places below, and what campaigns and organizations there are."""
    opened = list(
        Round.select(Round, Campaign)
        .join(Campaign)
        .where(Round.opens <= clock.today())
        .order_by(Round.year.desc(), Round.quarter.desc(), Round.id)
    )
    places = Region.select().where(Region.path.startswith(scope.path), Region.code != scope.code)
    categories = dict.fromkeys(name for one in opened for name in one.campaign.categories)
    kinds: Any = Organization.select(Organization.kind).distinct().order_by(Organization.kind).tuples()
    return Choices(opened, list(places.order_by(Region.path)), [one for (one,) in kinds], list(categories))
