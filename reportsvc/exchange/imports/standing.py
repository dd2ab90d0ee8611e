"""What the database holds before an import, fetched once: some thousand rows are compared in memory, not one by one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from reportsvc import clock
from reportsvc.exchange.querying import dicts, tuples
from reportsvc.forms.definition import Form
from reportsvc.models import (
    Campaign,
    FormVersion,
    Indicator,
    Organization,
    Participation,
    Project,
    ProjectCounty,
    Region,
    RetiredRegion,
    Round,
    Slot,
)
from reportsvc.projects import regions
from reportsvc.reports import forms


@dataclass(slots=True, frozen=True)
class Place:
    """A region."""

    code: str
    name: str
    level: str
    path: str


@dataclass
class Standing:
    """Organizations by code, projects by code, and the rest by what the rows of a workbook name."""

    campaign: Campaign
    organizations: dict[str, dict[str, Any]] = field(default_factory=dict)
    projects: dict[str, dict[str, Any]] = field(default_factory=dict)
    counties: dict[str, set[str]] = field(default_factory=dict)
    """Project's code to its counties."""
    parts: dict[tuple[str, str], str] = field(default_factory=dict)
    reported: set[str] = field(default_factory=set)
    """Codes of the projects that have reports or owe some."""

    @cached_property
    def places(self) -> dict[str, Place]:
        """Every region by its code."""
        return {one.code: Place(one.code, one.name, one.level, one.path) for one in Region.select()}

    @cached_property
    def named(self) -> dict[str, list[Place]]:
        """Regions by name; some counties share theirs."""
        found: dict[str, list[Place]] = defaultdict(list)
        for place in self.places.values():
            found[place.name].append(place)
        return found

    @cached_property
    def retired(self) -> dict[str, tuple[str, str | None]]:
        """Retired code to (name, successor's code)."""
        return {one.code: (one.name, one.successor_id) for one in RetiredRegion.select()}

    @cached_property
    def divisions(self) -> frozenset[str]:
        """Every division code that may stand in an organization's code."""
        return regions.known_codes()

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """The campaign's indicators by code, and by name where a name is one's alone."""
        found: dict[str, Indicator] = {}
        for one in Indicator.select().where(Indicator.campaign == self.campaign):
            found[one.code] = found[one.name] = one
        return found

    @cached_property
    def rounds(self) -> dict[tuple[int, int], Round]:
        """The campaign's rounds by (year, quarter)."""
        query = Round.select(Round, FormVersion).join(FormVersion).where(Round.campaign == self.campaign)
        return {(one.year, one.quarter): one for one in query}

    @cached_property
    def newest_form(self) -> FormVersion | None:
        """The form of the newest round: what older quarters that have no round yet are read by."""
        return self.rounds[max(self.rounds)].form_version if self.rounds else None

    def form_version(self, year: int, quarter: int) -> FormVersion | None:
        """The form that a quarter is, or would be, asked by."""
        owed = self.rounds.get((year, quarter))
        return owed.form_version if owed else self.newest_form

    def form(self, year: int, quarter: int) -> Form | None:
        """The same, read."""
        version = self.form_version(year, quarter)
        return forms.form_of(version) if version else None

    def open_rounds(self) -> list[Round]:
        """Rounds that have not closed yet."""
        return [one for one in self.rounds.values() if one.closes >= clock.today()]

    def place_of(self, project: str, counties: set[str] | None = None) -> str:
        """The region that a project's reports belong to."""
        held = self.counties.get(project, set()) if counties is None else counties
        return regions.common(self.places[code].path for code in held)


def load(campaign: Campaign) -> Standing:
    """Fetch it, in a handful of queries."""
    found = Standing(campaign)
    columns = (Organization.id, Organization.uscc, Organization.name, Organization.kind, Organization.level)
    for row in dicts(Organization.select(*columns, Organization.region.alias("region"))):
        found.organizations[row["uscc"]] = row
    codes = {row["id"]: code for code, row in found.organizations.items()}
    projects: dict[int, str] = {}
    for row in dicts(Project.select().where(Project.campaign == campaign)):
        found.projects[row["code"]] = {**row, "lead": codes[row["lead"]]}
        projects[row["id"]] = row["code"]
    mine = Project.campaign == campaign
    places = ProjectCounty.select(ProjectCounty.project, ProjectCounty.region).join(Project).where(mine)
    for project, region in tuples(places):
        found.counties.setdefault(projects[project], set()).add(region)
    query = Participation.select(Participation.project, Participation.organization, Participation.role)
    for project, organization, role in tuples(query.join(Project).where(mine)):
        found.parts[(projects[project], codes[organization])] = role
    for (project,) in tuples(Slot.select(Slot.project).join(Project).where(mine).distinct()):
        found.reported.add(projects[project])
    return found
