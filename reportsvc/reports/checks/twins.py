"""One project that may stand in the list twice: nearly the same name in the same county and category."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reportsvc.models import Organization, Project, ProjectCounty
from reportsvc.projects.rules import Rule
from reportsvc.reports import doubts
from reportsvc.reports.checks import alike


@dataclass(frozen=True, slots=True)
class Named:
    """A project with its name as it is compared."""

    id: int
    code: str
    name: str
    plain: str
    numbers: tuple[str, ...]
    organization: str


def find(rule: Rule, campaign_id: int) -> dict[int, list[doubts.Doubt]]:
    """Projects of a campaign that look like another one, by id; each with the one that is most alike."""
    best: dict[int, tuple[float, Named]] = {}
    for block in _blocks(campaign_id):
        for place, one in enumerate(block):
            for other in block[place + 1 :]:
                share = _share(one, other, float(rule["alike"]))
                for mine, theirs in ((one, other), (other, one)) if share else ():
                    if share > best.get(mine.id, (0.0, None))[0]:
                        best[mine.id] = (share, theirs)
    return {project: [_doubt(rule, share, other)] for project, (share, other) in sorted(best.items())}


def _share(one: Named, other: Named, least: float) -> float:
    """How much two names are alike; nothing below ``least``, or where their numbers tell them apart."""
    if one.numbers != other.numbers:
        return 0.0
    share = alike.names(one.plain, other.plain)
    return share if share >= least else 0.0


def _blocks(campaign_id: int) -> list[Sequence[Named]]:
    """The projects that are compared with one another: of one category, in one county, or in none."""
    named = {}
    blocks: dict[tuple[str, str], list[Named]] = defaultdict(list)
    places: dict[int, list[str]] = defaultdict(list)
    mine = Project.select(Project.id).where(Project.campaign == campaign_id)
    counties: Any = (
        ProjectCounty.select(ProjectCounty.project, ProjectCounty.region)
        .where(ProjectCounty.project.in_(mine))
        .order_by(ProjectCounty.region)
    )
    for project, county in counties.tuples():
        places[project].append(county)
    rows = (
        Project.select(Project, Organization.name)
        .join(Organization, on=(Project.lead == Organization.id))
        .where(Project.campaign == campaign_id)
        .order_by(Project.id)
    )
    for row in rows:
        named[row.id] = Named(row.id, row.code, row.name, alike.name(row.name), alike.numbers(row.name), row.lead.name)
        for county in places.get(row.id, [row.region_id]):
            blocks[(county, row.category)].append(named[row.id])
    return list(blocks.values())


def _doubt(rule: Rule, share: float, other: Named) -> doubts.Doubt:
    data = {"organization": other.organization, "project": other.name, "code": other.code, "id": str(other.id)}
    now = Decimal(int(share))
    return doubts.Doubt("report", "", "%", "twin", rule["alike"], now, "", data, "", rule.severity, rule.id)
