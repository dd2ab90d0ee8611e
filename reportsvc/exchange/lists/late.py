"""Who has not reported, or reported late; on request, any other number of the picture of a quarter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import peewee

from reportsvc import clock
from reportsvc.checklist.finding import within
from reportsvc.exchange.lists.checklist import PROJECT_NAME
from reportsvc.exchange.lists.parties import ORGANIZATION, PROJECT, QUARTER, ROLE, YEAR, Pages, rows
from reportsvc.exchange.lists.reporting import SLOTS, slots_of
from reportsvc.exchange.lists.shape import Column, Listing, Record, View
from reportsvc.exchange.querying import key, tuples
from reportsvc.forms.messages import N_
from reportsvc.models import Organization, Project, Region, ReminderRequest, Round, Slot, Version
from reportsvc.picture import lists, places
from reportsvc.projects import workdays
from reportsvc.reports import outcomes

USUAL = "late_in_all"


def _codes(seen: View) -> list[str]:
    wanted = seen.filters.get("region", "")
    if not wanted:
        return list(seen.codes)
    if wanted not in seen.codes:
        return []
    return [wanted] if "undivided" in seen.filters else within([wanted])


def _ids(seen: View, after: int, limit: int, today: date) -> list[int]:
    opened = [
        one.id
        for one in places.rounds(seen.named, today)
        if seen.quarter is None or (one.year, one.quarter) == seen.quarter
    ]
    named = {name: seen.filters.get(name, "") for name in ("kind", "category", "words")}
    asked = lists.Asked(None, _codes(seen), seen.filters.get("number") or USUAL, **named)
    query = lists.behind(asked, today).where(Slot.round.in_(opened), Slot.id > after)
    return [one for (one,) in tuples(query.order_by(Slot.id).limit(limit))]


def _late(seen: View, after: int, limit: int) -> Pages:
    project: Any = Project.code
    today = clock.today()
    ids = _ids(seen, after, limit, today)
    first = (Version.slot == Slot.id) & (Version.number == 1)
    query = slots_of(
        ids, key(Slot).alias("number"), Round.year, Round.quarter, project.alias("project"),
        Project.name.alias("project_name"), Organization.uscc.alias("organization"),
        Organization.name.alias("organization_name"), Organization.kind.alias("kind"), Slot.role,
        Slot.region.alias("region"), Region.name.alias("region_name"), Slot.state, Slot.late, Slot.nil, Slot.due,
        Version.submitted_at,
    )  # fmt: skip
    query = query.join_from(Slot, Version, peewee.JOIN.LEFT_OUTER, on=first)
    reminded = _reminded(ids)
    return [(one, _record(row, today) | {"reminded": reminded.get(one)}) for one, row in rows(query)]


def _record(row: Record, today: date) -> dict[str, Any]:
    outcome = outcomes.named(row["state"], row["late"], row["due"], today)
    until = today if outcome == outcomes.OVERDUE else None
    if outcome == outcomes.LATE and row["submitted_at"] is not None:
        until = clock.local(row["submitted_at"]).date()
    return {**row, "outcome": outcome, "days": workdays.between(row["due"], until) if until else 0}


def _reminded(ids: Iterable[int]) -> dict[int, date]:
    query = ReminderRequest.select(ReminderRequest.slot, peewee.fn.MAX(ReminderRequest.day))
    return dict(tuples(query.where(ReminderRequest.slot.in_(list(ids))).group_by(ReminderRequest.slot)))


def _slots(name: str) -> Column:
    return next(column for column in SLOTS.columns if column.key == name)


LATE = Listing(
    "late",
    N_("Late and missing reports"),
    N_("Who has not reported although the day has passed, and who reported late."),
    (
        _slots("number"),
        YEAR,
        QUARTER,
        PROJECT,
        PROJECT_NAME,
        ORGANIZATION,
        _slots("organization_name"),
        Column("kind", N_("Kind"), N_("What kind of organization it is."), "code", codes="kinds"),
        ROLE,
        _slots("region"),
        _slots("region_name"),
        _slots("state"),
        Column("outcome", N_("Reporting"), N_("What came of it up to now."), "code", codes="outcomes"),
        _slots("due"),
        Column("submitted_at", N_("First sent"), N_("When its first version was sent."), "moment", empty=True),
        Column("days", N_("Working days late"), N_("Up to that moment, or up to today."), "whole"),
        Column("nil", N_("Nil report"), N_("Whether it says that nothing was done."), "truth"),
        Column("reminded", N_("Last reminder asked for"), N_("Day of the newest one."), "day", empty=True),
    ),
    _late,
    by_quarter=True,
)
