"""What a circular tells besides sums: places, projects with who leads them, and the cases that it names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import peewee

from reportsvc import totals
from reportsvc.difficulties.kinds import says_nothing
from reportsvc.difficulties.raising import QUESTION
from reportsvc.models import (
    Campaign,
    Organization,
    Participation,
    Project,
    ProjectCounty,
    Region,
    Round,
    Slot,
    Version,
)


@dataclass(frozen=True, slots=True)
class Place:
    """A region as a circular prints it; ``city`` is the unit right below the province that it reports through."""

    code: str
    name: str
    level: str
    city: str
    key: bool

    def as_json(self) -> dict[str, Any]:
        """For the snapshot."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project with at least one approved report."""

    code: str
    name: str
    category: str
    lead: str
    region: str
    counties: tuple[str, ...]
    parties: int
    """Organizations that take part, the lead among them."""
    village: str
    executor: str
    sample: bool

    def as_json(self) -> dict[str, Any]:
        """For the snapshot."""
        return asdict(self)


def places() -> dict[str, Place]:
    """Every region, by code, in the order of the codes."""
    found = {}
    for region in Region.select().order_by(Region.code):
        steps = region.path.strip("/").split("/")
        city = steps[1] if len(steps) > 1 else steps[0]
        found[region.code] = Place(region.code, region.name, region.level, city, region.key_county != "none")
    return found


def projects(campaign: Campaign, through: totals.Quarter) -> dict[int, ProjectRow]:
    """Every project that an approved report is about, by id, in the order of their codes."""
    counties: dict[int, list[str]] = defaultdict(list)
    for row in ProjectCounty.select().join(Project).where(Project.campaign == campaign).order_by(ProjectCounty.region):
        counties[row.project_id].append(row.region_id)
    parties: dict[int, int] = defaultdict(int)
    for part in Participation.select(Participation.project).join(Project).where(Project.campaign == campaign):
        parties[part.project_id] += 1
    reported = (
        Slot.select(Slot.project).join(Round, on=(Slot.round == Round.id)).where(totals.approved(campaign, through))
    )
    query = (
        Project.select(Project, Organization)
        .join(Organization, on=(Project.lead == Organization.id))
        .where(Project.campaign == campaign, peewee.Expression(Project.id, peewee.OP.IN, reported))
        .order_by(Project.code)
    )
    return {
        one.id: ProjectRow(
            code=one.code,
            name=one.name,
            category=one.category,
            lead=one.lead.name,
            region=one.region_id,
            counties=tuple(counties[one.id]),
            parties=parties[one.id],
            village=one.village,
            executor=one.executor,
            sample=one.sample,
        )
        for one in query
    }


def case_codes(campaign: Campaign) -> frozenset[str]:
    """Codes of the projects that the campaign's circular names."""
    return frozenset(case["project"] for case in campaign.circular.get("cases", ()))


def cases(campaign: Campaign, through: totals.Quarter, rows: Mapping[int, ProjectRow]) -> list[dict[str, Any]]:
    """The named cases whose project has an approved report, with what the lead's reports say of them.

    ``benefits`` are the rows of all its reports. Of ``outputs`` each stands once, as the newest report that names it
    gives it, with that report's ``version``: what was built does not grow by being told again. A report whose words
    may not be published gives neither; its figures count all the same.
    """
    ids = {row.code: number for number, row in rows.items()}
    found = []
    for case in campaign.circular.get("cases", ()):
        if case["project"] not in ids:
            continue
        told = (
            Version.select()
            .join(Slot, on=((Version.slot == Slot.id) & (Version.number == Slot.current)))
            .join(Round, on=(Slot.round == Round.id))
            .where(totals.approved(campaign, through), Slot.project == ids[case["project"]], Slot.role == "lead")
            .order_by(Round.year, Round.quarter)
        )
        benefits: list[dict[str, str]] = []
        outputs: dict[tuple[str, str], dict[str, Any]] = {}
        for version in (one for one in told if one.answers.get("may_publish") != "no"):
            benefits += version.answers.get("benefits", [])
            for row in version.answers.get("outputs", []):
                outputs[row.get("output_name", ""), row.get("output_unit", "")] = row | {"version": version.id}
        found.append(dict(case) | {"benefits": benefits, "outputs": list(outputs.values())})
    return found


def difficulties(campaign: Campaign, through: totals.Quarter) -> list[tuple[int, int]]:
    """(version, project) of each approved report that tells of a difficulty."""
    query: Any = (
        Version.select(Version, Slot)
        .join(Slot, on=((Version.slot == Slot.id) & (Version.number == Slot.current)))
        .join(Round, on=(Slot.round == Round.id))
        .where(totals.approved(campaign, through))
    )
    return [(one.id, one.slot.project_id) for one in query if not says_nothing(one.answers.get(QUESTION, ""))]
