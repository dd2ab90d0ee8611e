"""The regions that a picture is of, and what somebody may look at: their own regions and all below them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import peewee

from reportsvc.errors import NotFound
from reportsvc.models import Campaign, Region, Round
from reportsvc.projects.regions import Scope


class Areas:
    """All regions, read once for a page: there are two hundred."""

    def __init__(self) -> None:
        columns = (Region.code, Region.name, Region.level, Region.path)
        rows: Any = Region.select(*columns).where(Region.level != "outside").order_by(Region.path).tuples()
        self.scopes = {row[0]: Scope(*row) for row in rows}

    def find(self, code: str, among: Sequence[str]) -> Scope:
        """A region that is one of these or lies below one.

        :raises NotFound: if it does not.
        """
        found = self.scopes.get(code)
        if found is None or not any(found.path.startswith(self.scopes[one].path) for one in among):
            raise NotFound("There is no such page.")
        return found

    def below(self, scope: Scope) -> list[str]:
        """Codes of the region and of all that report to it."""
        return [one.code for one in self.scopes.values() if one.path.startswith(scope.path)]

    def above(self, scope: Scope) -> list[Scope]:
        """What the region reports to, widest first."""
        return [self.scopes[code] for code in scope.path.strip("/").split("/")[:-1]]

    def children(self, scope: Scope) -> list[Scope]:
        """What reports to the region directly."""
        inside = (one for one in self.scopes.values() if one.path.startswith(scope.path) and one.code != scope.code)
        return [one for one in inside if self.child(scope, one.code) == one.code]

    def child(self, scope: Scope, code: str) -> str:
        """Which direct child a region belongs to; the scope's own code for what belongs to no single child."""
        rest = self.scopes[code].path.removeprefix(scope.path)
        return rest.partition("/")[0] or scope.code

    @cached_property
    def counties(self) -> list[Scope]:
        """Every county."""
        return [one for one in self.scopes.values() if one.level == "county"]


@dataclass(frozen=True)
class Place:
    """The region of a picture, with the regions that it is put together from."""

    scope: Scope
    areas: Areas

    @cached_property
    def inside(self) -> list[str]:
        """The regions whose reports and figures count."""
        return self.areas.below(self.scope)

    @cached_property
    def reporting(self) -> list[str]:
        """The regions whose reports may hold figures of this one: a project of several counties belongs above them."""
        return [*self.inside, *(one.code for one in self.areas.above(self.scope))]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a county stands on the map of tiles."""

    code: str
    column: int
    row: int


@cache
def spots() -> dict[str, Spot]:
    """The map of tiles by county: laid out by hand and rule, roughly as the counties lie, grouped by prefecture."""
    text = files("reportsvc.data").joinpath("hebei_tiles.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["code"]: Spot(row["code"], int(row["column"]), int(row["row"])) for row in rows}


def campaigns(today: date) -> list[Campaign]:
    """The campaigns that have a quarter to look at, newest first."""
    begun = peewee.fn.EXISTS(Round.select().where(Round.campaign == Campaign.id, Round.opens <= today))
    return list(Campaign.select().where(begun).order_by(Campaign.starts.desc(), Campaign.code))


def rounds(campaign: Campaign, today: date) -> list[Round]:
    """The quarters of a campaign that have opened, oldest first."""
    found = Round.select().where(Round.campaign == campaign, Round.opens <= today).order_by(Round.year, Round.quarter)
    return list(found)


def pick(owed: Sequence[Round], wanted: str) -> Round:
    """The quarter that is asked for, such as ``2026Q3``, or the newest.

    :raises NotFound: if there is none.
    """
    found = [one for one in owed if not wanted or f"{one.year}Q{one.quarter}" == wanted]
    if not found:
        raise NotFound("There is no such quarter.")
    return found[-1]
