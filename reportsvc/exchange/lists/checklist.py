"""Projects as the checklist has them: where each stands and why, and what it planned and reached."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import peewee

from reportsvc.checklist import finding, searching, standing, sums
from reportsvc.exchange.lists.parties import PROJECT, PROJECTS, REGION_CODE, Pages, counties_of
from reportsvc.exchange.lists.shape import Column, Listing, View
from reportsvc.exchange.querying import key, tuples
from reportsvc.forms.messages import N_
from reportsvc.models import Campaign, Indicator, Organization, Person, Project, ProjectCounty, ProjectPlan

PROJECT_NAME = Column("project_name", N_("Project's name"), N_("The project's name."))
LEAD = tuple(column for column in PROJECTS.columns if column.key in {"lead", "lead_name"})


def _mine(seen: View) -> list[Any]:
    """The projects that the checklist's page shows: those that take place in the regions in view, wholly or partly."""
    found: list[Any] = [Project.campaign == seen.named, Project.merged_into.is_null()]
    if seen.named.province_id not in seen.codes:
        here = ProjectCounty.select(ProjectCounty.project).where(ProjectCounty.region.in_(seen.codes))
        found.append(Project.region.in_(seen.codes) | key(Project).in_(here))
    return found


def _filtered(seen: View) -> list[Any]:
    filters = searching.Filters(**{name: seen.filters.get(name, "") for name in searching.Filters.__slots__})
    found = searching.narrowed(filters)
    if filters.region:
        inside = [filters.region] if filters.region in seen.codes else []
        found.append(finding.in_regions(inside))
    return found


def _of(ids: Sequence[int]) -> list[Project]:
    query = (
        Project.select(Project, Campaign, Organization, Person)
        .join_from(Project, Campaign)
        .join_from(Project, Organization, on=(Project.lead == Organization.id), attr="lead")
        .join_from(Project, Person, peewee.JOIN.LEFT_OUTER, on=(Project.owner == Person.id), attr="owner")
        .where(key(Project).in_(list(ids)))
    )
    return list(query.order_by(Project.id))


def _projects(seen: View, after: int, limit: int) -> Pages:
    """Those that something has happened to are worked out as they are read; nothing is stored."""
    light = seen.filters.get("light", "")
    query = Project.select(Project.id).join(Organization, on=(Project.lead == Organization.id))
    query = query.where(Project.id > after, *_mine(seen), *_filtered(seen))
    if light:
        query = query.where(Project.light == light)
    ids = [one for (one,) in tuples(query.order_by(Project.id).limit(limit))]
    projects, counties = _of(ids), counties_of(ids)
    standing.complete(projects)
    return [(one.id, _record(one, seen) | {"counties": counties[one.id]}) for one in projects]


def _record(one: Project, seen: View) -> dict[str, Any]:
    named = one.owner is not None and one.region_id in seen.persons
    return {
        "project": one.code, "project_name": one.name, "category": one.category, "lead": one.lead.uscc,
        "lead_name": one.lead.name, "region": one.region_id, "state": one.state, "light": one.light,
        "why": [code for code, _, _ in one.why.get("reasons", ())], "by_hand": bool(one.override),
        "deadline": one.deadline, "signed_on": one.signed_on, "owner": one.owner_id,
        "owner_name": one.owner.name if one.owner is not None and named else "", "closing": one.closing,
        "outcome": one.outcome,
    }  # fmt: skip


CHECKLIST = Listing(
    "checklist",
    N_("Projects as a checklist"),
    N_("Where each project stands, and why; also those that are only partly in these regions."),
    (
        PROJECT,
        PROJECT_NAME,
        Column("category", N_("Category"), N_("One of the campaign's categories.")),
        *LEAD,
        Column("counties", N_("Counties"), N_("Codes of the counties that it takes place in."), "codes"),
        Column("region", N_("Region"), REGION_CODE, "code"),
        Column("state", N_("State"), N_("How far the project is."), "code", codes="project_states", empty=True),
        Column("light", N_("Light"), N_("The worst of the reasons beside it."), "code", codes="lights", empty=True),
        Column("why", N_("Why"), N_("What turned the light on, the worst first."), "codes", codes="reasons"),
        Column("by_hand", N_("By hand"), N_("Whether a person set the state or the light instead."), "truth"),
        Column("deadline", N_("Deadline"), N_("Day by which it is to be done."), "day", empty=True),
        Column("signed_on", N_("Agreement signed on"), N_("Day of the agreement."), "day", empty=True),
        Column(
            "owner", N_("Owner at the office, number"), N_("Number of that person, as in the log."), "whole", empty=True
        ),
        Column("owner_name", N_("Owner at the office"), N_("That person's name."), personal=True, empty=True),
        Column("closing", N_("Closing"), N_("Whether it was asked for or done."), "code", codes="closings", empty=True),
        Column("outcome", N_("Closed as"), N_("Finished or ended early."), "code", codes="project_states", empty=True),
    ),
    _projects,
)


def _plans(seen: View, after: int, limit: int) -> Pages:
    query = (
        ProjectPlan.select(ProjectPlan, Project, Indicator)
        .join_from(ProjectPlan, Project)
        .join_from(ProjectPlan, Indicator)
        .where(ProjectPlan.id > after, *_mine(seen))
        .order_by(ProjectPlan.id)
    )
    plans = list(query.limit(limit))
    reached = sums.of({plan.project_id for plan in plans}) if plans else {}
    return [(plan.id, _plan(plan, reached[plan.project_id].get(plan.indicator.code, 0))) for plan in plans]


def _plan(plan: ProjectPlan, reached: int) -> dict[str, Any]:
    indicator = plan.indicator
    return {
        "project": plan.project.code, "project_name": plan.project.name, "indicator": indicator.code,
        "indicator_name": indicator.name, "unit": indicator.unit,
        "planned": Decimal(plan.amount).scaleb(-indicator.scale),
        "reached": Decimal(reached).scaleb(-indicator.scale),
    }  # fmt: skip


PLANS = Listing(
    "plans",
    N_("Plans of the projects"),
    N_("What each project set out to reach by its end, and what its approved reports have come to so far."),
    (
        PROJECT,
        PROJECT_NAME,
        Column("indicator", N_("Figure's code"), N_("Code of what is counted."), "code"),
        Column("indicator_name", N_("Figure's name"), N_("What is counted.")),
        Column("unit", N_("Unit"), N_("Units are never converted into one another.")),
        Column("planned", N_("Planned amount"), N_("Exact, in the unit beside it."), "number"),
        Column("reached", N_("Amount reached"), N_("Exact, in the unit beside it."), "number"),
    ),
    _plans,
)
