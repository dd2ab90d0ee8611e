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


def _below(path: str) -> Any:
    region = Region.alias()
    return region.select(region.code).where(region.path.startswith(path))


def is_overdue() -> Any:
    """The condition that the owner's days are over."""
    return Difficulty.state.in_(transitions.OWNED) & (Difficulty.due < clock.today())


def _states(name: str) -> tuple[str, ...]:
    return transitions.CLOSED if name == CLOSED else (name,)


def _where(scope: Scope, wanted: Filter, person: int) -> list[Any]:
    found = [Difficulty.region.in_(_below(scope.path))]
    if wanted.county:
        region = Region.alias()
        path = region.select(region.path).where(region.code == wanted.county)
        place: Region | None = Region.get_or_none(Region.code == wanted.county)
        found.append(Difficulty.region.in_(_below(place.path)) if place else Difficulty.region.in_(path))
    for name in ("kind", "urgency", "asked"):
        if getattr(wanted, name):
            found.append(getattr(Difficulty, name) == getattr(wanted, name))
    if wanted.state:
        found.append(Difficulty.state.in_(_states(wanted.state)))
    if wanted.owner == MINE:
        found.append(Difficulty.owner == person)
    elif wanted.owner == NONE:
        found.append(Difficulty.owner.is_null() & Difficulty.state.in_(transitions.OWNED))
    elif wanted.owner:
        level = Region.alias()
        found.append(Difficulty.owner_region.in_(level.select(level.code).where(level.level == wanted.owner)))
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


def numbers(scope: Scope, wanted: Filter, person: int) -> dict[str, int]:
    """How many there are by column of the board, whichever state is looked for."""
    query: Any = (
        Difficulty.select(Difficulty.state, peewee.fn.COUNT(Difficulty.id))
        .where(*_where(scope, _but_state(wanted), person))
        .group_by(Difficulty.state)
        .tuples()
    )
    found = dict.fromkeys(COLUMNS, 0)
    for state, count in list(query):
        found[CLOSED if state in transitions.CLOSED else state] += count
    return found


def _but_state(wanted: Filter, state: str = "") -> Filter:
    return Filter(**(wanted.chosen | {"state": state}))


def board(scope: Scope, wanted: Filter, person: int, counted: Mapping[str, int]) -> list[Column]:
    """The columns: in each what is due first, of what is closed the latest. The filter's state is not looked at.

    :param counted: what :func:`numbers` says for the same filter.
    """
    columns = []
    for name in COLUMNS:
        size = COLUMN_CLOSED if name == CLOSED else COLUMN
        columns.append(Column(name, counted[name], listing(scope, _but_state(wanted, name), person, size=size)))
    return columns


def listing(scope: Scope, wanted: Filter, person: int, page: int = 1, size: int = PAGE) -> list[Difficulty]:
    """One page of the table: what is due first in front, what is closed last."""
    order: tuple[Any, ...] = (Difficulty.due.is_null(), Difficulty.due, Difficulty.id)
    if wanted.state and wanted.state not in transitions.LIVE:
        order = (Difficulty.closed_at.desc(), Difficulty.id)
    query = _with_all().where(*_where(scope, wanted, person)).order_by(*order)
    return list(query.paginate(max(page, 1), size))


def counties(scope: Scope) -> list[Region]:
    """The regions below a scope to choose from, in the order of their reporting lines."""
    return list(
        Region.select().where(Region.path.startswith(scope.path), Region.code != scope.code).order_by(Region.path)
    )


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
    key: Any = Difficulty._meta.primary_key
    order = peewee.Case(
        Difficulty.state,
        [(transitions.ANSWERED, 0), (transitions.OPEN, 1), (transitions.WORKING, 1)],
        2,
    )
    query = _with_all().where(theirs).order_by(order, Difficulty.raised_at.desc(), key.desc())
    return list(query.paginate(max(page, 1), PAGE)), Difficulty.select().where(theirs).count()


def answered(organizations: Sequence[int]) -> int:
    """How many answers wait for the word of these organizations."""
    return int(
        Difficulty.select()
        .where(Difficulty.organization.in_(list(organizations)), Difficulty.state == transitions.ANSWERED)
        .count()
    )


def of_project(project_id: int, organizations: Sequence[int] | None = None) -> list[Difficulty]:
    """The difficulties of a project that are not closed, oldest first; of these organizations only, where given."""
    query = _with_all().where(Difficulty.project == project_id, Difficulty.state.in_(transitions.LIVE))
    if organizations is not None:
        query = query.where(Difficulty.organization.in_(list(organizations)))
    return list(query.order_by(Difficulty.raised_at, Difficulty.id))


def history(difficulty: Difficulty) -> list[DifficultyEvent]:
    """What was said and done, oldest first."""
    return list(
        DifficultyEvent.select(DifficultyEvent, Person)
        .join(Person, peewee.JOIN.LEFT_OUTER, on=(DifficultyEvent.person == Person.id))
        .where(DifficultyEvent.difficulty == difficulty)
        .order_by(DifficultyEvent.id)
    )
