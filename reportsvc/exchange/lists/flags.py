"""What the checks found, as far as somebody reads the report that it is about, or those of the project's region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import peewee

from reportsvc.exchange.lists.checklist import PROJECT_NAME
from reportsvc.exchange.lists.parties import ORGANIZATION, PROJECT, QUARTER, REGION_CODE, YEAR, Pages, rows
from reportsvc.exchange.lists.shape import Column, Listing, Record, View
from reportsvc.exchange.querying import key, tuples
from reportsvc.forms.messages import N_
from reportsvc.models import CheckRule, Flag, Organization, Person, Project, Round, Slot, Version
from reportsvc.reports import doubts

LEFT = peewee.JOIN.LEFT_OUTER


def _ids(seen: View, after: int, limit: int) -> list[int]:
    """Of reports' newest versions and of projects, only where somebody reads the reports, as on the reports' pages."""
    projects = Project.select(Project.id).where(Project.campaign == seen.named, Project.region.in_(seen.reports))
    query = (
        Flag.select(Flag.id)
        .join_from(Flag, CheckRule)
        .join_from(Flag, Version, LEFT)
        .join_from(Version, Slot, LEFT, on=((Version.slot == Slot.id) & (Version.number == Slot.current)))
        .where(Flag.id > after, CheckRule.campaign == seen.named)
    )
    if seen.quarter is None:
        query = query.where(Slot.region.in_(seen.reports) | Flag.project.in_(projects))
    else:
        year, quarter = seen.quarter
        query = query.join_from(Slot, Round).where(
            Slot.region.in_(seen.reports), Round.year == year, Round.quarter == quarter
        )
    return [one for (one,) in tuples(query.order_by(Flag.id).limit(limit))]


def _flags(seen: View, after: int, limit: int) -> Pages:
    place: Any = peewee.fn.COALESCE(Slot.region, Project.region)
    query = (
        Flag.select(
            Flag.id, key(Slot).alias("report"), Version.number.alias("version"), Round.year, Round.quarter,
            Project.code.alias("project"), Project.name.alias("project_name"), Organization.uscc.alias("organization"),
            Organization.name.alias("organization_name"), place.alias("region"), CheckRule.kind.alias("check"),
            Flag.severity, Flag.path, Flag.data, Flag.found_at, Flag.word, Flag.closed_at,
            Person.name.alias("closed_by"), Version.explanations,
        )
        .join_from(Flag, CheckRule)
        .join_from(Flag, Version, LEFT)
        .join_from(Version, Slot, LEFT, on=(Version.slot == Slot.id))
        .join_from(Slot, Round, LEFT)
        .join_from(Slot, Organization, LEFT)
        .join_from(Flag, Project, on=(key(Project) == peewee.fn.COALESCE(Flag.project, Slot.project)))
        .join_from(Flag, Person, LEFT, on=(Flag.closed_by == Person.id))
        .where(key(Flag).in_(_ids(seen, after, limit)))
        .order_by(Flag.id)
    )  # fmt: skip
    return [(one, _record(row)) for one, row in rows(query)]


def _record(row: Record) -> Record:
    """Nothing of what a check leaned on elsewhere: that may be a report that is not the reader's."""
    doubt = doubts.unpacked(row["data"])
    return {
        **row, "about": doubt.name, "unit": doubt.unit, "value": doubt.now, "against": doubt.before,
        "explanation": _said(row["explanations"] or {}, doubt),
    }  # fmt: skip


def _said(explanations: Mapping[str, Any], doubt: doubts.Doubt) -> str:
    return next((one.text for one in doubts.from_json(explanations) if one.doubt.subject == doubt.subject), "")


FLAGS = Listing(
    "flags",
    N_("What the checks found"),
    N_("Flags of the newest version of each report, and of projects, in the regions that you review."),
    (
        Column("report", N_("Report's number"), N_("Empty where it is about a project."), "whole", empty=True),
        Column("version", N_("Version"), N_("Number of that report's version."), "whole", empty=True),
        replace(YEAR, empty=True),
        replace(QUARTER, empty=True),
        PROJECT,
        PROJECT_NAME,
        replace(ORGANIZATION, empty=True),
        Column("organization_name", N_("Organization's name"), N_("The organization's name."), empty=True),
        Column("region", N_("Region"), REGION_CODE, "code"),
        Column("check", N_("Name of the check"), N_("What was looked for."), "code", codes="checks"),
        Column("severity", N_("Strictness"), N_("What has to be done about it."), "code", codes="severities"),
        Column("about", N_("What it is about"), N_("A figure or question; empty for the whole report."), empty=True),
        Column("path", N_("Source answer"), N_("The answer that it came from."), "code", empty=True),
        Column("value", N_("Value"), N_("What was found."), "number"),
        Column("against", N_("Compared with"), N_("Last quarter's value, a median, a limit and so on."), "number"),
        Column("unit", N_("Unit"), N_("Units are never converted into one another."), empty=True),
        Column("explanation", N_("Explanation given"), N_("What the organization said to it."), empty=True),
        Column("found_at", N_("Found at"), N_("When it was found first."), "moment"),
        Column("word", N_("Reviewer's word"), N_("Why it needs nobody any more."), empty=True),
        Column("closed_at", N_("Settled at"), N_("When it was closed."), "moment", empty=True),
        Column("closed_by", N_("Settled by"), N_("Which reviewer closed it."), personal=True, empty=True),
    ),
    _flags,
    by_quarter=True,
)
