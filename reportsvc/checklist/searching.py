"""The list of projects: filters that make an address, counts by light, one page of rows."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import peewee

from reportsvc import clock
from reportsvc.checklist import finding, rules, standing
from reportsvc.checklist.columns import key
from reportsvc.db import database
from reportsvc.models import Campaign, Organization, Participation, Person, Project, ProjectCounty, Region
from reportsvc.projects import regions

PAGE = 30
SORTS = ("light", "deadline", "name", "code")
DEADLINES = {"passed": None, "30": 30, "90": 90, "none": None}
CLOSINGS = ("open", "asked", "closed")
LONGEST = 60
"""Characters that are searched for."""
BRACKETS = (("（", "("), ("）", ")"))


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; empty is everything. Every field is the parameter of that name in the address."""

    campaign: str = ""
    region: str = ""
    category: str = ""
    state: str = ""
    light: str = ""
    lead: str = ""
    """Part of the lead's name, or its whole code."""
    deadline: str = ""
    closing: str = ""
    key: str = ""
    q: str = ""
    sort: str = ""

    def used(self, **other: str) -> dict[str, str]:
        """What is set, for an address; ``other`` is set instead."""
        pairs = {name: str(getattr(self, name)) for name in self.__slots__} | other
        return {name: value for name, value in pairs.items() if value}


@dataclass(frozen=True, slots=True)
class Row:
    """A project of the list, with the names of its counties."""

    project: Project
    counties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the list; ``lights`` counts what all other filters let through."""

    rows: tuple[Row, ...]
    lights: Mapping[str, int]
    count: int
    page: int
    pages: int


def campaigns(staff: finding.Staff) -> list[Campaign]:
    """The campaigns whose province holds somebody's regions, or the other way round; the newest first."""
    chains = {code for each in staff.codes for code in regions.chain(regions.scope(each).path)}
    everything = list(Campaign.select().order_by(Campaign.starts.desc(), Campaign.code))
    return [one for one in everything if one.province_id in chains]


def counties(staff: finding.Staff) -> list[Region]:
    """The regions that the list can be narrowed to: cities with their counties, in the order of the reporting line."""
    found = Region.select().where(Region.code.in_(finding.within(staff.codes)), Region.level.in_(("city", "county")))
    return list(found.order_by(Region.path))


def every_county(project: Project) -> list[Region]:
    """The counties of the province that a project's campaign is in."""
    path = project.campaign.province.path
    return list(Region.select().where(Region.level == "county", Region.path.startswith(path)).order_by(Region.path))


def search(staff: finding.Staff, campaign: Campaign, filters: Filters, page: int = 1) -> Found:
    """One page, in as many queries for many projects as for few."""
    mine = (Project.campaign == campaign) & Project.merged_into.is_null() & _scope(staff)
    standing.refresh(mine)
    everything = _select(Project.light, peewee.fn.COUNT(Project.id)).where(mine, *_conditions(staff, filters))
    lights = dict(everything.group_by(Project.light).tuples())
    shown = [filters.light] if filters.light else list(lights)
    count = sum(lights.get(light, 0) for light in shown)
    pages = max(1, -(-count // PAGE))
    page = min(max(page, 1), pages)
    query = (
        _select(Project, Organization, Person)
        .join_from(Project, Person, peewee.JOIN.LEFT_OUTER, on=(Project.owner == Person.id), attr="owner")
        .where(mine, *_conditions(staff, filters))
    )
    if filters.light:
        query = query.where(Project.light == filters.light)
    projects = list(query.order_by(*_order(filters.sort)).paginate(page, PAGE))
    places = _places(projects)
    rows = tuple(Row(one, tuple(places.get(one.id, ()))) for one in projects)
    return Found(rows, lights, count, page, pages)


def _select(*columns: Any) -> Any:
    return Project.select(*columns).join(Organization, on=(Project.lead == Organization.id), attr="lead")


def _scope(staff: finding.Staff) -> Any:
    condition = finding.visible(staff.codes)
    return key(Project).is_null(False) if condition is True else condition


def _places(projects: Sequence[Project]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    here = ProjectCounty.select(ProjectCounty, Region).join(Region)
    for one in here.where(ProjectCounty.project.in_([each.id for each in projects])).order_by(Region.path):
        found[one.project_id].append(one.region.name)
    return found


def _order(sort: str) -> list[Any]:
    last = Project.deadline.is_null()  # false comes before true on both databases
    if sort == "deadline":
        return [last, Project.deadline, Project.id]
    if sort in {"name", "code"}:
        return [exact(Project.name if sort == "name" else Project.code), Project.id]
    worst = peewee.Case(Project.light, [(light, place) for place, light in enumerate(rules.LIGHTS)], len(rules.LIGHTS))
    return [worst, last, Project.deadline, Project.id]


def _conditions(staff: finding.Staff, filters: Filters) -> list[Any]:
    found = narrowed(filters)
    if filters.region:
        found.append(
            finding.in_regions([filters.region]) if filters.region in finding.within(staff.codes) else _never()
        )
    return found


def narrowed(filters: Filters) -> list[Any]:
    """What a project, joined with its lead, has to be to be let through by all filters but those of place and light."""
    found: list[Any] = []
    for name in ("category", "state"):
        if value := getattr(filters, name):
            found.append(getattr(Project, name) == value)
    if filters.lead:
        found.append((Organization.uscc == filters.lead.strip().upper()) | _contains(Organization.name, filters.lead))
    if filters.closing == "open":
        found.append(Project.closing != "closed")
    elif filters.closing:
        found.append(Project.closing == filters.closing)
    if filters.key:
        named = Region.select(Region.code).where(Region.key_county != "none")
        found.append(
            key(Project).in_(ProjectCounty.select(ProjectCounty.project).where(ProjectCounty.region.in_(named)))
        )
    found += _deadline(filters.deadline)
    found += [_anywhere(word) for word in filters.q[:LONGEST].split()]
    return found


def _never() -> Any:
    return key(Project).is_null()


def _deadline(wanted: str) -> list[Any]:
    today = clock.today()
    if wanted == "passed":
        return [Project.deadline < today, Project.closing != "closed"]
    if wanted == "none":
        return [Project.deadline.is_null()]
    days = DEADLINES.get(wanted)
    return [Project.deadline.between(today, today + timedelta(days=days))] if days else []


# --- text ------------------------------------------------------------------------------------------------------------


def exact(column: Any) -> Any:
    """A column compared by its code points, so that both databases put it into the same order."""
    return column.collate("BINARY" if isinstance(database.obj, peewee.SqliteDatabase) else '"C"')


def _anywhere(word: str) -> Any:
    """A word in the name, code, village or companies of a project, or in the name or code of who takes part."""
    part = Organization.alias()
    theirs = Participation.select(Participation.project).join(part, on=(Participation.organization == part.id))
    inside: Any = Project.name
    for column in (Project.code, Project.village, Project.executor, Project.organizer):
        inside = inside.concat(" ").concat(column)  # folded once; no word has a space in it
    return _contains(inside, word) | key(Project).in_(
        theirs.where(_contains(part.name, word) | (part.uscc == word.upper()))
    )


def _contains(column: Any, text: str) -> Any:
    """Whether a column holds a text, without regard to the case of Latin letters and to the width of brackets.

    What the databases themselves call alike differs: LIKE is blind to case in one and not in the other, and LOWER knows
    other letters. So both sides are folded alike, and compared by code points.
    """
    folded = peewee.fn.LOWER(exact(column))
    for wide, narrow in BRACKETS:
        folded = peewee.fn.REPLACE(folded, wide, narrow)
    return peewee.fn.REPLACE(folded, _folded(text), "") != folded


def _folded(text: str) -> str:
    return "".join(char.lower() if char.isascii() else char for char in unicodedata.normalize("NFKC", text))
