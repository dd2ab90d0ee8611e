"""The answers of a quarter's reports: one list for each version of the form that they were sent with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import peewee

from reportsvc.exchange.lists.parties import ORGANIZATION, PROJECT, QUARTER, ROLE, YEAR, Pages, rows
from reportsvc.exchange.lists.reporting import PERSON, SLOTS, ids_of, limits_of, slots_of
from reportsvc.exchange.lists.shape import Column, Kind, Listing, View
from reportsvc.exchange.querying import key as id_of
from reportsvc.exchange.querying import tuples
from reportsvc.forms.definition import UNANSWERED, Form, Question, Repeat
from reportsvc.forms.messages import N_
from reportsvc.models import FormVersion, Organization, Person, Project, Round, Slot, Version
from reportsvc.reports import forms

NUMBERS: Mapping[str, Kind] = {"integer": "number", "decimal": "number", "range": "number", "date": "day"}
FIRST = (
    Column("report", N_("Report's number"), N_("Number of the report that it came from."), "whole"),
    YEAR,
    QUARTER,
    PROJECT,
    Column("project_name", N_("Project's name"), N_("The project's name.")),
    ORGANIZATION,
    Column("organization_name", N_("Organization's name"), N_("The organization's name.")),
    ROLE,
    next(column for column in SLOTS.columns if column.key == "region"),
    next(column for column in SLOTS.columns if column.key == "state"),
    Column("version", N_("Version"), N_("Number of that report's version."), "whole"),
    Column("submitted_at", N_("Submitted"), N_("When that version was sent."), "moment"),
    next(column for column in SLOTS.columns if column.key == PERSON),
)
ROW = Column("row", N_("Row"), N_("Number of the row within the report, from 1."), "whole")


def versions(seen: View) -> list[FormVersion]:
    """The versions of forms that the newest answers in view were sent with."""
    newest = (Version.slot == Slot.id) & (Version.number == Slot.current)
    used = (
        Slot.select(Version.form_version).join(Round, on=(Slot.round == Round.id)).join_from(Slot, Version, on=newest)
    )
    ids = {one for (one,) in tuples(used.where(*limits_of(seen)).distinct())}
    return list(
        FormVersion.select().where(id_of(FormVersion).in_(ids)).order_by(FormVersion.form_id, FormVersion.number)
    )


def listing(version: FormVersion) -> Listing:
    """The answers to one version of a form, with a list of its own for each question that has several rows."""
    form = forms.form_of(version)
    asked = [item for item in form.items() if not (isinstance(item, Question) and item.kind in UNANSWERED)]
    stem = f"answers_{version.form_id}_{version.number}"

    def page(seen: View, after: int, limit: int) -> Pages:
        found = _reports(version, seen, after, limit)
        return [(key, _whole(form, row)) for key, row in found]

    return Listing(
        stem,
        f"{version.title} {version.number}",
        N_("The newest answers of each report that was sent with this version of the form."),
        (*FIRST, *(_column(item) for item in asked)),
        page,
        by_quarter=True,
        parts=tuple(_part(version, stem, repeat) for repeat, outer in form.repeats() if outer is None),
    )


def _column(item: Question | Repeat) -> Column:
    if isinstance(item, Repeat):
        return Column(f"answer.{item.name}", item.label, N_("Rows: see the file of this name."), "rows", empty=True)
    kind: Kind = NUMBERS.get(item.kind, "text")
    return Column(f"answer.{item.name}", item.label, item.hint or item.label, kind, unit=item.unit, empty=True)


def _part(version: FormVersion, stem: str, repeat: Repeat) -> Listing:
    questions = [one for one in repeat.questions if one.kind not in UNANSWERED]

    def page(seen: View, after: int, limit: int) -> Pages:
        """A report's rows stay together: so many reports at once, and the id is the report's."""
        found = []
        for key, row in _reports(version, seen, after, limit):
            held = row.pop("answers").get(repeat.name) or [{}]
            for number, each in enumerate(held, start=1):
                given = {f"answer.{one.name}": each.get(one.name, "") for one in questions}
                found.append((key, {**row, "row": number if each else 0, **given}))
        return found

    return Listing(
        f"{stem}_{repeat.name}",
        repeat.label,
        N_("The rows of one question; 0 in the column of rows where a report has none."),
        (*FIRST, ROW, *(_column(one) for one in questions)),
        page,
        by_quarter=True,
    )


def _reports(version: FormVersion, seen: View, after: int, limit: int) -> list[tuple[int, dict[str, Any]]]:
    project: Any = Project.code
    query = slots_of(
        ids_of(seen, after, limit, version.id), id_of(Slot).alias("report"), Round.year, Round.quarter,
        project.alias("project"), Project.name.alias("project_name"), Organization.uscc.alias("organization"),
        Organization.name.alias("organization_name"), Slot.role, Slot.region.alias("region"), Slot.state,
        Version.number.alias("version"), Version.submitted_at, Version.answers, Person.name.alias(PERSON),
    )  # fmt: skip
    query = query.join(Version, on=((Version.slot == Slot.id) & (Version.number == Slot.current)))
    query = query.join(Person, peewee.JOIN.LEFT_OUTER, on=(Version.person == Person.id))
    found = [(key, dict(row)) for key, row in rows(query)]
    for _, row in found:
        if row["region"] not in seen.persons:
            row[PERSON] = ""
    return found


def _whole(form: Form, row: dict[str, Any]) -> dict[str, Any]:
    given = row.pop("answers")
    return {**row, **{f"answer.{item.name}": given.get(item.name, "") for item in form.items()}}
