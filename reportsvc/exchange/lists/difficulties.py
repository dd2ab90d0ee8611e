"""The difficulties that organizations raised, as far as somebody reads the reports from there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

import peewee

from reportsvc import clock
from reportsvc.difficulties import finding, transitions
from reportsvc.exchange.lists.checklist import PROJECT_NAME
from reportsvc.exchange.lists.parties import ORGANIZATION, PROJECT, REGION_CODE, Pages, rows
from reportsvc.exchange.lists.shape import Column, Listing, View
from reportsvc.exchange.querying import key, tuples
from reportsvc.forms.messages import N_
from reportsvc.models import Campaign, Difficulty, DifficultyEvent, Organization, Person, Project, Region
from reportsvc.projects import regions

COLUMNS: dict[str, Any] = {"campaign": Campaign.code, "project": Project.code, "project_name": Project.name}


def _ids(seen: View, after: int, limit: int) -> list[int]:
    """Only where somebody reads the reports, as on their page: others have no part in it."""
    wanted = finding.Filter(**{one.name: seen.filters.get(one.name, "") for one in fields(finding.Filter)})
    code = seen.filters.get("region", "")
    sought = finding.search(regions.scope(code if code in seen.reports else regions.PROVINCE), wanted, seen.person)
    query = Difficulty.select(Difficulty.id).where(
        Difficulty.id > after, Difficulty.region.in_(seen.reports), *finding.conditions(sought, wanted.state)
    )
    if seen.campaign is not None:
        query = query.where(Difficulty.campaign == seen.campaign)
    return [one for (one,) in tuples(query.order_by(Difficulty.id).limit(limit))]


def _difficulties(seen: View, after: int, limit: int) -> Pages:
    raiser, place, today = Person.alias(), Region.alias(), clock.today()
    ids = _ids(seen, after, limit)
    columns = ("raised_at", "kind", "urgency", "asked", "text", "state", "department", "due", "closed_at")
    query = (
        Difficulty.select(
            Difficulty.id, key(Difficulty).alias("number"), *(getattr(Difficulty, name) for name in columns),
            *(column.alias(name) for name, column in COLUMNS.items()), Organization.uscc.alias("organization"),
            Organization.name.alias("organization_name"), Difficulty.region.alias("region"),
            place.name.alias("region_name"), Difficulty.slot.alias("report"), raiser.name.alias("raised_by"),
            Difficulty.owner_region.alias("turn"), Person.name.alias("owner"),
        )
        .join_from(Difficulty, Campaign)
        .join_from(Difficulty, Project)
        .join_from(Difficulty, Organization)
        .join_from(Difficulty, place, on=(Difficulty.region == place.code))
        .join_from(Difficulty, raiser, peewee.JOIN.LEFT_OUTER, on=(Difficulty.raised_by == raiser.id))
        .join_from(Difficulty, Person, peewee.JOIN.LEFT_OUTER, on=(Difficulty.owner == Person.id))
        .where(key(Difficulty).in_(ids))
        .order_by(Difficulty.id)
    )  # fmt: skip
    answers = _answers(ids)
    return [(one, _finished(row, answers.get(one, ""), today)) for one, row in rows(query)]


def _finished(row: Any, answer: str, today: Any) -> dict[str, Any]:
    owned = row["state"] in transitions.OWNED
    overdue = owned and row["due"] is not None and row["due"] < today
    return {**row, "answer": answer, "overdue": overdue, "turn": row["turn"] if owned else ""}


def _answers(ids: Iterable[int]) -> dict[int, str]:
    """The newest answer to each."""
    query = DifficultyEvent.select(DifficultyEvent.difficulty, DifficultyEvent.words)
    query = query.where(DifficultyEvent.difficulty.in_(list(ids)), DifficultyEvent.action == "answer")
    return dict(tuples(query.order_by(DifficultyEvent.id)))


DIFFICULTIES = Listing(
    "difficulties",
    N_("Difficulties"),
    N_("What organizations need help with, in the regions that you review."),
    (
        Column("number", N_("Number"), N_("Number of the difficulty, as in its address."), "whole"),
        Column("campaign", N_("Campaign"), N_("Code of its campaign."), "code"),
        PROJECT,
        PROJECT_NAME,
        ORGANIZATION,
        Column("organization_name", N_("Organization's name"), N_("The organization's name.")),
        Column("region", N_("Region"), REGION_CODE, "code"),
        Column("region_name", N_("Region's name"), N_("The region's name.")),
        Column("report", N_("Report's number"), N_("The report that it was raised in, if any."), "whole", empty=True),
        Column("raised_at", N_("Raised at"), N_("When it was raised."), "moment"),
        Column("raised_by", N_("Raised by"), N_("Who raised it."), personal=True, empty=True),
        Column("kind", N_("Kind of difficulty"), N_("What is missing."), "code", codes="difficulty_kinds"),
        Column("urgency", N_("Urgency"), N_("How much it holds up the work."), "code", codes="urgencies"),
        Column("asked", N_("Who is asked"), N_("The side that is to help."), "code", codes="asked"),
        Column("text", N_("Difficulty"), N_("In the organization's words.")),
        Column("state", N_("State"), N_("How far it is."), "code", codes="difficulty_states"),
        Column("turn", N_("Whose turn"), N_("Code of the region that has to act; empty if none."), "code", empty=True),
        Column("owner", N_("Taken over by"), N_("Who of that region's office does."), personal=True, empty=True),
        Column("department", N_("Handed to the office"), N_("The office that it was handed to."), empty=True),
        Column("due", N_("To be done by"), N_("Last day of whoever has to act."), "day", empty=True),
        Column("overdue", N_("Is overdue"), N_("Whether that day has passed for the region."), "truth"),
        Column("answer", N_("Answer"), N_("The newest answer."), empty=True),
        Column("closed_at", N_("Settled at"), N_("When it was closed."), "moment", empty=True),
    ),
    _difficulties,
    of="",
)
