"""Reports that are owed and where they stand, and the figures that count."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import peewee

from reportsvc.exchange.lists.parties import ORGANIZATION, PROJECT, QUARTER, REGION_CODE, ROLE, YEAR, Pages, rows
from reportsvc.exchange.lists.shape import Column, Listing, View
from reportsvc.exchange.querying import key as key_of
from reportsvc.exchange.querying import tuples
from reportsvc.forms.messages import N_
from reportsvc.models import Figure, Indicator, Organization, Person, Project, Region, Round, Slot, Version

PERSON, PHONE = "reporter", "reporter_phone"


def ids_of(seen: View, after: int, limit: int, form: int | None = None) -> list[int]:
    """The ids of the slots in view, by rising ids: found alone, so that no more than a page is joined and sorted.

    :param form: id of the version of a form that the newest answers were sent with; else of all slots.
    """
    query = Slot.select(Slot.id).join(Round, on=(Slot.round == Round.id)).where(Slot.id > after, *limits_of(seen))
    if form is not None:
        newest = (Version.slot == Slot.id) & (Version.number == Slot.current)
        query = query.join_from(Slot, Version, on=newest).where(Version.form_version == form)
    return [key for (key,) in tuples(query.order_by(Slot.id).limit(limit))]


def limits_of(seen: View) -> list[Any]:
    """The conditions on rounds and slots that are in view."""
    found: list[Any] = [Round.campaign == seen.named]
    if seen.named.province_id not in seen.codes:  # a campaign's reports all lie in its province
        found.append(Slot.region.in_(seen.codes))
    if seen.quarter is not None:
        found += [Round.year == seen.quarter[0], Round.quarter == seen.quarter[1]]
    if seen.state:
        found.append(Slot.state == seen.state)
    return found


def slots_of(ids: list[int], *columns: Any) -> Any:
    """Slots with their project, organization, round and region, by rising ids."""
    return (
        Slot.select(Slot.id, *columns)
        .join(Round, on=(Slot.round == Round.id))
        .join(Project, on=(Slot.project == Project.id))
        .join(Organization, on=(Slot.organization == Organization.id))
        .join(Region, on=(Slot.region == Region.code))
        .where(key_of(Slot).in_(ids))
        .order_by(Slot.id)
    )


def _slots(seen: View, after: int, limit: int) -> Pages:
    project: Any = Project.code
    query = slots_of(
        ids_of(seen, after, limit), key_of(Slot).alias("number"), Round.year, Round.quarter, project.alias("project"),
        Project.name.alias("project_name"), Organization.uscc.alias("organization"),
        Organization.name.alias("organization_name"), Slot.role, Slot.region.alias("region"),
        Region.name.alias("region_name"), Slot.state, Slot.waiting_at.alias("waiting_at"), Slot.due,
        Slot.current.alias("version"), Version.receipt, Version.submitted_at, Version.source,
        Person.name.alias(PERSON), Person.phone.alias(PHONE),
    )  # fmt: skip
    query = query.join(
        Version, peewee.JOIN.LEFT_OUTER, on=((Version.slot == Slot.id) & (Version.number == Slot.current))
    ).join(Person, peewee.JOIN.LEFT_OUTER, on=(Version.person == Person.id))
    found = rows(query)
    for _, row in found:
        if row["region"] not in seen.persons:
            row[PERSON] = row[PHONE] = ""  # type: ignore[index]
    return found


SLOTS = Listing(
    "slots",
    N_("Reports that are owed"),
    N_("One line for each organization's part in each project and quarter, and where its report stands."),
    (
        Column("number", N_("Number"), N_("Number of the report, as in its address."), "whole"),
        YEAR,
        QUARTER,
        PROJECT,
        Column("project_name", N_("Project's name"), N_("The project's name.")),
        ORGANIZATION,
        Column("organization_name", N_("Organization's name"), N_("The organization's name.")),
        ROLE,
        Column("region", N_("Region"), REGION_CODE, "code"),
        Column("region_name", N_("Region's name"), N_("The region's name.")),
        Column("state", N_("State"), N_("Where the report stands."), "code", codes="states"),
        Column("waiting_at", N_("Waits for"), N_("Code of the region whose reviewers are next."), "code", empty=True),
        Column("due", N_("Due"), N_("Last day on which a report is on time."), "day"),
        Column("version", N_("Version"), N_("Number of the newest version; 0 before the first."), "whole"),
        Column("receipt", N_("Receipt"), N_("Number on the receipt of that version."), "code", empty=True),
        Column("submitted_at", N_("Submitted"), N_("When that version was sent."), "moment", empty=True),
        Column("source", N_("Came by"), N_("Phone, import and so on."), "code", empty=True),
        Column(PERSON, N_("Reporter"), N_("Who sent that version."), personal=True, empty=True),
        Column(PHONE, N_("Reporter's number"), N_("Their mobile number."), "code", personal=True, empty=True),
    ),
    _slots,
    by_quarter=True,
)


def _figure_ids(seen: View, after: int, limit: int) -> list[int]:
    query: Any = (
        Figure.select(Figure.id)
        .join(Version, on=(Figure.version == Version.id))
        .join(Slot, on=((Version.slot == Slot.id) & (Version.number == Slot.current)))
        .join(Round, on=(Slot.round == Round.id))
        .where(Slot.state == "approved", Figure.id > after, *limits_of(seen))
    )
    return [key for (key,) in tuples(query.order_by(Figure.id).limit(limit))]


def _figures(seen: View, after: int, limit: int) -> Pages:
    project: Any = Project.code
    place = Region.alias()
    query: Any = (
        Figure.select(
            Figure.id,
            Round.year,
            Round.quarter,
            project.alias("project"),
            Project.category,
            Organization.uscc.alias("organization"),
            Organization.kind,
            Slot.role,
            Indicator.code.alias("indicator"),
            Indicator.name.alias("indicator_name"),
            Indicator.unit,
            Figure.region.alias("region"),
            place.name.alias("region_name"),
            Figure.value,
            Indicator.scale,
            key_of(Slot).alias("report"),
            Version.number.alias("version"),
            Figure.path,
        )
        .join(Indicator, on=(Figure.indicator == Indicator.id))
        .join(Version, on=(Figure.version == Version.id))
        .join(Slot, on=((Version.slot == Slot.id) & (Version.number == Slot.current)))
        .join(Round, on=(Slot.round == Round.id))
        .join(Project, on=(Slot.project == Project.id))
        .join(Organization, on=(Slot.organization == Organization.id))
        .join(place, on=(Figure.region == place.code))
        .where(key_of(Figure).in_(_figure_ids(seen, after, limit)))
        .order_by(Figure.id)
    )
    found = rows(query)
    for _, row in found:
        row["value"] = Decimal(row["value"]).scaleb(-row.pop("scale"))  # type: ignore[index,attr-defined]
    return found


FIGURES = Listing(
    "figures",
    N_("Figures"),
    N_("Every figure of an approved report; totals are sums of these and of nothing else."),
    (
        YEAR,
        QUARTER,
        PROJECT,
        Column("category", N_("Category"), N_("The project's category.")),
        ORGANIZATION,
        Column("kind", N_("Kind"), N_("What kind of organization it is."), "code", codes="kinds"),
        ROLE,
        Column("indicator", N_("Figure's code"), N_("Code of what is counted."), "code"),
        Column("indicator_name", N_("Figure's name"), N_("What is counted.")),
        Column("unit", N_("Unit"), N_("Units are never converted into one another.")),
        Column("region", N_("Region"), N_("The county, or else the smallest region of the project."), "code"),
        Column("region_name", N_("Region's name"), N_("The region's name.")),
        Column("value", N_("Value"), N_("Exact, in the unit beside it."), "number"),
        Column("report", N_("Report's number"), N_("Number of the report that it came from."), "whole"),
        Column("version", N_("Version"), N_("Number of that report's version."), "whole"),
        Column("path", N_("Source answer"), N_("The answer that it came from."), "code"),
    ),
    _figures,
    by_quarter=True,
)
