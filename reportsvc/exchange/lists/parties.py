"""Campaigns with their quarters and figures' names; organizations, projects and who takes part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from reportsvc.exchange.lists.shape import Column, Listing, Record, View
from reportsvc.exchange.querying import key, tuples
from reportsvc.forms.messages import N_
from reportsvc.models import (
    Campaign,
    FormVersion,
    Indicator,
    Organization,
    Participation,
    Project,
    ProjectCounty,
    Region,
    Round,
)

Pages = Sequence[tuple[int, Record]]
USCC = N_("Unified social credit code")
REGION_CODE = N_("Division code of the region; 1306XA is 雄安新区, which has none of its own.")


def rows(query: Any) -> Pages:
    """The rows of a query with a column ``id``."""
    return [(row.pop("id"), row) for row in query.dicts()]


def _campaigns(seen: View, after: int, limit: int) -> Pages:
    query = Campaign.select(
        Campaign.id, Campaign.code, Campaign.name, Campaign.province.alias("province"), Campaign.starts, Campaign.ends,
        Campaign.categories,
    ).where(Campaign.id > after).order_by(Campaign.id)  # fmt: skip
    if seen.campaign is not None:
        query = query.where(Campaign.id == seen.campaign.id)
    elif seen.codes:
        paths = Region.select(Region.path).where(Region.code.in_(seen.codes))
        above = {code for (path,) in tuples(paths) for code in path.strip("/").split("/")}
        query = query.where(Campaign.province.in_(above))
    return rows(query.limit(limit))


CAMPAIGNS = Listing(
    "campaigns",
    N_("Campaigns"),
    N_("Programmes over years, each with categories and figures of its own."),
    (
        Column("code", N_("Short code"), N_("Short name of the campaign, in addresses too."), "code"),
        Column("name", N_("Full name"), N_("The campaign's name.")),
        Column("province", N_("Province"), REGION_CODE, "code"),
        Column("starts", N_("Begins"), N_("First day."), "day"),
        Column("ends", N_("Ends"), N_("Last day; empty while no end is set."), "day", empty=True),
        Column("categories", N_("Categories"), N_("The categories of its projects."), "codes"),
    ),
    _campaigns,
    of="",
)


def _rounds(seen: View, after: int, limit: int) -> Pages:
    query = Round.select(
        Round.id, Round.year, Round.quarter, Round.opens, Round.due, Round.closes,
        FormVersion.form_id.alias("form"), FormVersion.number.alias("form_version"),
    ).join(FormVersion).where(Round.campaign == seen.named, Round.id > after).order_by(Round.id)  # fmt: skip
    return rows(query.limit(limit))


YEAR = Column("year", N_("Year"), N_("Year of the quarter."), "whole")
QUARTER = Column("quarter", N_("Quarter"), N_("1 to 4."), "whole")
ROUNDS = Listing(
    "rounds",
    N_("Quarters"),
    N_("The quarters that are reported, with their days."),
    (
        YEAR,
        QUARTER,
        Column("opens", N_("Opens"), N_("First day on which reports can be written."), "day"),
        Column("due", N_("Due"), N_("Last day on which a report is on time."), "day"),
        Column("closes", N_("Closes"), N_("Last day of the quarter's work."), "day"),
        Column("form", N_("Form"), N_("The form_id of the form that is asked."), "code"),
        Column("form_version", N_("Form's version"), N_("Number of that form's version."), "whole"),
    ),
    _rounds,
)


def _indicators(seen: View, after: int, limit: int) -> Pages:
    columns = ("id", "code", "name", "unit", "kind", "time_rule", "partner_rule", "scale")
    query = Indicator.select(*(getattr(Indicator, name) for name in columns))
    query = query.where(Indicator.campaign == seen.named, Indicator.id > after).order_by(Indicator.id)
    return rows(query.limit(limit))


INDICATORS = Listing(
    "indicators",
    N_("Names of figures"),
    N_("What is counted, in which unit, and how it is summed."),
    (
        Column("code", N_("Short code"), N_("What figures refer to."), "code"),
        Column("name", N_("Full name"), N_("What it is called in reports.")),
        Column("unit", N_("Unit"), N_("Units are never converted into one another.")),
        Column("kind", N_("Kind"), N_("Over which time one value goes."), "code", codes="indicator_kinds"),
        Column("time_rule", N_("Over quarters"), N_("How quarters come together."), "code", codes="time_rules"),
        Column("partner_rule", N_("Over partners"), N_("Who reports it."), "code", codes="partner_rules"),
        Column("scale", N_("Decimals"), N_("How many decimals are kept."), "whole"),
    ),
    _indicators,
)


def _organizations(seen: View, after: int, limit: int) -> Pages:
    joined = Participation.select(Participation.organization).join(Project).where(Project.region.in_(seen.codes))
    query = (
        Organization.select(
            Organization.id,
            Organization.uscc,
            Organization.name,
            Organization.kind,
            Organization.level,
            Organization.region.alias("region"),
            Organization.sample,
        )
        .where(Organization.id > after, Organization.region.in_(seen.codes) | key(Organization).in_(joined))
        .order_by(Organization.id)
    )
    if seen.only:
        query = query.where(Organization.uscc == seen.only)
    return rows(query.limit(limit))


ORGANIZATIONS = Listing(
    "organizations",
    N_("Organizations"),
    N_("Organizations that are registered in these regions, or take part in a project there."),
    (
        Column("uscc", USCC, N_("18 characters."), "code"),
        Column("name", N_("Full name"), N_("As registered.")),
        Column("kind", N_("Kind"), N_("What kind of organization it is."), "code", codes="kinds"),
        Column(
            "level", N_("Registered at"), N_("At which level it is registered."), "code", codes="levels", empty=True
        ),
        Column("region", N_("Region"), REGION_CODE, "code", empty=True),
        Column("sample", N_("Sample"), N_("Made up, for showing the service."), "truth"),
    ),
    _organizations,
    of="",
)


def _projects(seen: View, after: int, limit: int) -> Pages:
    query = (
        Project.select(
            Project.id,
            Project.code,
            Project.name,
            Project.category,
            Organization.uscc.alias("lead"),
            Organization.name.alias("lead_name"),
            Project.region.alias("region"),
            Project.village,
            Project.executor,
            Project.organizer,
            Project.sample,
        )
        .join(Organization, on=(Project.lead == Organization.id))
        .where(Project.campaign == seen.named, Project.region.in_(seen.codes), Project.id > after)
        .order_by(Project.id)
    )
    if seen.only:
        query = query.where(Project.code == seen.only)
    found = rows(query.limit(limit))
    counties, partners = counties_of([one for one, _ in found]), _partners([one for one, _ in found])
    return [(one, {**row, "counties": counties[one], "partners": partners[one]}) for one, row in found]


def counties_of(ids: Iterable[int]) -> dict[int, list[str]]:
    """The codes of the counties of projects, by project."""
    found: dict[int, list[str]] = defaultdict(list)
    query = ProjectCounty.select(ProjectCounty.project, ProjectCounty.region).where(ProjectCounty.project.in_(ids))
    for project, region in tuples(query.order_by(ProjectCounty.region)):
        found[project].append(region)
    return found


def _partners(ids: Iterable[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    query = Participation.select(Participation.project, Organization.uscc).join(Organization)
    query = query.where(Participation.project.in_(ids), Participation.role == "partner").order_by(Participation.id)
    for project, code in tuples(query):
        found[project].append(code)
    return found


PROJECTS = Listing(
    "projects",
    N_("Projects"),
    N_("The projects of a campaign."),
    (
        Column("code", N_("Short code"), N_("The project's code within its campaign."), "code"),
        Column("name", N_("Full name"), N_("The project's name.")),
        Column("category", N_("Category"), N_("One of the campaign's categories.")),
        Column("lead", N_("Lead"), N_("Unified social credit code of the organization that leads."), "code"),
        Column("lead_name", N_("Lead's name"), N_("That organization's name.")),
        Column("partners", N_("Partners"), N_("Codes of the organizations that take part besides."), "codes"),
        Column("counties", N_("Counties"), N_("Codes of the counties that it takes place in."), "codes"),
        Column("region", N_("Region"), N_("Smallest region that holds all its counties."), "code"),
        Column("village", N_("Village"), N_("Where it is in one village."), empty=True),
        Column("executor", N_("Executing company"), N_("Who carries it out, if not the lead."), empty=True),
        Column("organizer", N_("Organizer"), N_("Who brought it about."), empty=True),
        Column("sample", N_("Sample"), N_("Made up, for showing the service."), "truth"),
    ),
    _projects,
)


def _participations(seen: View, after: int, limit: int) -> Pages:
    query = Participation.select(
        Participation.id, Project.code.alias("project"), Organization.uscc.alias("organization"), Participation.role
    ).join(Project).switch(Participation).join(Organization).where(
        Project.campaign == seen.named, Project.region.in_(seen.codes), Participation.id > after
    ).order_by(Participation.id)  # fmt: skip
    return rows(query.limit(limit))


PROJECT = Column("project", N_("Project"), N_("The project's code."), "code")
ORGANIZATION = Column("organization", N_("Organization"), N_("Its unified social credit code."), "code")
ROLE = Column("role", N_("Role"), N_("Its part in the project."), "code", codes="roles")
PARTICIPATIONS = Listing(
    "participations",
    N_("Who takes part"),
    N_("Each organization's part in each project."),
    (PROJECT, ORGANIZATION, ROLE),
    _participations,
)
