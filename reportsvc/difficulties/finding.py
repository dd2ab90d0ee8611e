"""Finding difficulties: by scope and filter for the levels of review, by organization for who raised them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import peewee

from reportsvc import clock
from reportsvc.difficulties import transitions
from reportsvc.errors import NotFound
from reportsvc.models import Difficulty, DifficultyEvent, Organization, Person, Project, Region
from reportsvc.projects import regions
from reportsvc.projects.regions import Scope

PAGE = 50
COLUMN, COLUMN_CLOSED = 20, 5
"""Cards of one column of the board, and of the last, which is there to look back; the table has them all."""
NONE, MINE = "none", "me"
CLOSED = "closed"
COLUMNS = (transitions.OPEN, transitions.WORKING, transitions.ANSWERED, CLOSED)
"""The columns of the board: the states, with all closed ones together."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked for; empty is anything. As many words in an address, so that a view can be handed on.

    ``owner`` is ``me``, ``none`` (nobody has taken it over), or the level whose turn it is.
    """

    county: str = ""
    kind: str = ""
    urgency: str = ""
    asked: str = ""
    owner: str = ""
    overdue: str = ""
    state: str = ""

    @property
    def chosen(self) -> dict[str, str]:
        """Those that are not empty."""
        return {one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name)}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the board: how many there are, and the first of them."""

    name: str
    count: int
    cards: list[Difficulty]


def _key() -> Any:
    """The column of the ids, which the table's class declares as a number."""
    return Difficulty._meta.primary_key


def is_overdue() -> Any:
    """The condition that the owner's days are over."""
    return Difficulty.state.in_(transitions.OWNED) & (Difficulty.due < clock.today())


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for, in which places, by whom: worked out once for all the lists and counts of a page."""

    wanted: Filter
    person: int
    below: list[Region]
    """The regions below the scope, to choose from, in the order of their reporting lines."""
    places: list[str]
    """Codes of the regions whose difficulties are looked for."""
    level: list[str]
    """Codes of the regions of the level whose turn it is to be, where that is looked for."""


def search(scope: Scope, wanted: Filter, person: int) -> Search:
    """Prepare to look for what is in scope.

    :param person: id of who looks, for "mine".
    """
    held = list(Region.select().order_by(Region.path))
    within = [one for one in held if one.path.startswith(scope.path)]
    paths = [one.path for one in within if one.code == wanted.county] if wanted.county else [scope.path]
    return Search(
        wanted=wanted,
        person=person,
        below=[one for one in within if one.code != scope.code],
        places=[one.code for one in within if any(one.path.startswith(path) for path in paths)],
        level=[one.code for one in held if one.level == wanted.owner],
    )


def _states(name: str) -> tuple[str, ...]:
    return transitions.CLOSED if name == CLOSED else (name,)


def conditions(sought: Search, state: str) -> list[Any]:
    """What a difficulty has to be to be found, in this state or column of the board, where one is given."""
    wanted = sought.wanted
    found = [Difficulty.region.in_(sought.places)]
    for name in ("kind", "urgency", "asked"):
        if getattr(wanted, name):
            found.append(getattr(Difficulty, name) == getattr(wanted, name))
    if state:
        found.append(Difficulty.state.in_(_states(state)))
    if wanted.owner == MINE:
        found.append(Difficulty.owner == sought.person)
    elif wanted.owner == NONE:
        found.append(Difficulty.owner.is_null() & Difficulty.state.in_(transitions.OWNED))
    elif wanted.owner:
        found.append(Difficulty.owner_region.in_(sought.level))
    if wanted.overdue:
        found.append(is_overdue())
    return found


def _with_all() -> peewee.ModelSelect[Difficulty]:
    """Difficulties with all that a line of a list shows."""
    turn = Region.alias()
    return (
        Difficulty.select(Difficulty, Project, Organization, Region, turn, Person)
        .join(Project)
        .join_from(Difficulty, Organization)
        .join_from(Difficulty, Region, on=(Difficulty.region == Region.code))
        .join_from(Difficulty, turn, on=(Difficulty.owner_region == turn.code), attr="owner_region")
        .join_from(Difficulty, Person, peewee.JOIN.LEFT_OUTER, on=(Difficulty.owner == Person.id), attr="owner")
    )


def numbers(sought: Search) -> dict[str, int]:
    """How many there are by column of the board, whichever state is looked for."""
    query: Any = (
        Difficulty.select(Difficulty.state, peewee.fn.COUNT(Difficulty.id))
        .where(*conditions(sought, ""))
        .group_by(Difficulty.state)
        .tuples()
    )
    found = dict.fromkeys(COLUMNS, 0)
    for state, count in list(query):
        found[CLOSED if state in transitions.CLOSED else state] += count
    return found


def board(sought: Search, counted: Mapping[str, int]) -> list[Column]:
    """The columns: in each what is due first, of what is closed the latest. The filter's state is not looked at.

    :param counted: what :func:`numbers` says for the same search.
    """
    columns = []
    for name in COLUMNS:
        size = COLUMN_CLOSED if name == CLOSED else COLUMN
        columns.append(Column(name, counted[name], _page(sought, name, 1, size)))
    return columns


def listing(sought: Search, page: int = 1) -> list[Difficulty]:
    """One page of the table: what is due first in front, what is closed last."""
    return _page(sought, sought.wanted.state, page, PAGE)


def _page(sought: Search, state: str, page: int, size: int) -> list[Difficulty]:
    order: tuple[Any, ...] = (Difficulty.due, Difficulty.id)
    if not state:
        order = (Difficulty.due.is_null(), *order)
    elif state == CLOSED:
        order = (Difficulty.closed_at.desc(), Difficulty.id)
    # The page is picked before anything is joined: databases sort thin rows much faster than wide ones.
    picked = Difficulty.select(_key()).where(*conditions(sought, state)).order_by(*order)
    return list(_with_all().where(_key().in_(picked.paginate(max(page, 1), size))).order_by(*order))


def find(codes: Sequence[str], difficulty_id: int) -> tuple[Scope, Difficulty]:
    """A difficulty, with that one of the reviewer's regions whose turn it is, or else the widest that holds it.

    :raises NotFound: if it is in none of them: nobody is told whether there is such a one.
    """
    found: Difficulty | None = _with_all().where(Difficulty.id == difficulty_id).first()
    scopes = [regions.scope(code) for code in codes]
    holding = [scope for scope in scopes if found is not None and found.region.path.startswith(scope.path)]
    if found is None or not holding:
        raise NotFound("There is no such difficulty.")
    return next((scope for scope in holding if scope.code == found.owner_region_id), holding[0]), found


def find_mine(organizations: Sequence[int], difficulty_id: int) -> Difficulty:
    """A difficulty of one of these organizations.

    :raises NotFound: if it is none of theirs.
    """
    found: Difficulty | None = (
        _with_all().where(Difficulty.id == difficulty_id, Difficulty.organization.in_(list(organizations))).first()
    )
    if found is None:
        raise NotFound("There is no such difficulty.")
    return found


def mine(organizations: Sequence[int], page: int = 1) -> tuple[list[Difficulty], int]:
    """One page of what these organizations raised, with how many there are: what waits for their word first."""
    theirs = Difficulty.organization.in_(list(organizations))
    order = peewee.Case(
        Difficulty.state,
        [(transitions.ANSWERED, 0), (transitions.OPEN, 1), (transitions.WORKING, 1)],
        2,
    )
    newest = (order, Difficulty.raised_at.desc(), _key().desc())
    picked = Difficulty.select(_key()).where(theirs).order_by(*newest).paginate(max(page, 1), PAGE)
    return list(_with_all().where(_key().in_(picked)).order_by(*newest)), Difficulty.select().where(theirs).count()


def answered(organizations: Sequence[int]) -> int:
    """How many answers wait for the word of these organizations."""
    return int(
        Difficulty.select()
        .where(Difficulty.organization.in_(list(organizations)), Difficulty.state == transitions.ANSWERED)
        .count()
    )


def of_project(
    project_id: int, organizations: Sequence[int] | None = None, codes: Sequence[str] | None = None
) -> list[Difficulty]:
    """The difficulties of a project that are not closed, oldest first.

    :param organizations: where given, only those of these organizations.
    :param codes: where given, only those that lie in these regions: what somebody may open by :func:`find`.
    """
    query = _with_all().where(Difficulty.project == project_id, Difficulty.state.in_(transitions.LIVE))
    if organizations is not None:
        query = query.where(Difficulty.organization.in_(list(organizations)))
    found = list(query.order_by(Difficulty.raised_at, Difficulty.id))
    if codes is None:
        return found
    paths = tuple(regions.scope(code).path for code in codes)
    return [one for one in found if one.region.path.startswith(paths)]


def history(difficulty: Difficulty) -> list[DifficultyEvent]:
    """What was said and done, oldest first."""
    return list(
        DifficultyEvent.select(DifficultyEvent, Person)
        .join(Person, peewee.JOIN.LEFT_OUTER, on=(DifficultyEvent.person == Person.id))
        .where(DifficultyEvent.difficulty == difficulty)
        .order_by(DifficultyEvent.id)
    )
