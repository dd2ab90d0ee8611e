"""All reports of one quarter at once: what the checks look at, gathered in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import peewee

from reportsvc.db import database, insert_many
from reportsvc.forms import attached
from reportsvc.forms.answers import quantities
from reportsvc.forms.definition import Answers, Form
from reportsvc.forms.quantities import Quantity
from reportsvc.models import (
    Figure,
    FormVersion,
    Indicator,
    Organization,
    Project,
    ProjectCounty,
    Region,
    Round,
    Slot,
    Spread,
    Version,
    VersionPhoto,
)
from reportsvc.reports import doubts, forms, nil
from reportsvc.reports.checks import looking, single, spread

Progress = Callable[[int, int], None]
"""Told how much is done, of how much."""
STEP = 200


@dataclass(frozen=True, slots=True)
class Report:
    """A report's newest version, with whom and what it is about."""

    version: int
    slot: int
    project: int
    organization: int
    role: str
    category: str
    project_name: str
    organization_name: str
    form: Form
    answers: Answers
    given: Sequence[Quantity]


@dataclass(slots=True)
class Quarter:
    """The reports of one round, and what they are held against."""

    round: Round
    measures: Sequence[doubts.Measure]
    reports: list[Report]
    earlier: Mapping[tuple[int, int], list[Report]] = field(default_factory=dict)
    """(project, organization) → their earlier reports, newest first."""


def read(owed: Round, *, earlier: bool = True) -> Quarter:
    """The reports of a round that have been sent, without those that say that nothing was done.

    :param earlier: whether their earlier ones are read, too.
    """
    found = Quarter(owed, looking.measures_of(owed.campaign_id), _reports(Slot.round == owed))
    if earlier:
        found.earlier = _earlier(owed)
    return found


def _reports(condition: Any) -> list[Report]:
    query = (
        Version.select(
            Version.id,
            Version.answers,
            Version.form_version,
            FormVersion.id,
            FormVersion.sha256,
            Slot.id,
            Slot.role,
            Project.id,  # joined rows take the place of the keys, so they need their own
            Project.category,
            Project.name,
            Organization.id,
            Organization.name,
        )
        .join_from(Version, FormVersion)
        .join_from(Version, Slot, on=((Version.slot == Slot.id) & (Version.number == Slot.current)))
        .join_from(Slot, Round)
        .join_from(Slot, Project)
        .join_from(Slot, Organization)
        .where(condition)
        .order_by(looking.quarter.desc(), Version.id)
    )
    return [_report(row) for row in query.iterator() if not nil.is_nil(row.answers)]


def _report(row: Any) -> Report:
    form = forms.form_of(row.form_version)
    slot = row.slot
    return Report(
        row.id, slot.id, slot.project.id, slot.organization.id, slot.role, slot.project.category,
        slot.project.name, slot.organization.name, form, row.answers, quantities(form, row.answers),
    )  # fmt: skip


def _earlier(owed: Round) -> dict[tuple[int, int], list[Report]]:
    """Of every organization and project of the round the earlier reports: two joins, whatever their number."""
    number, now = owed.year * 4 + owed.quarter, Slot.alias("now")
    same = (now.project == Slot.project) & (now.organization == Slot.organization) & (now.round == owed)
    condition = (
        (Round.campaign == owed.campaign_id)
        & looking.quarter.between(number - looking.LOOK_BACK, number - 1)
        & peewee.fn.EXISTS(now.select(now.id).where(same))
    )
    found: dict[tuple[int, int], list[Report]] = defaultdict(list)
    for report in _reports(condition):
        found[(report.project, report.organization)].append(report)
    return found


# --- how the province spreads ----------------------------------------------------------------------------------------

Spreads = Mapping[str, Mapping[str, spread.Spread]]
"""Category → indicator's code → how its reports spread, in the indicator's unit."""


def refresh_spreads(quarter: Quarter) -> None:
    """Write down how the reports of each category spread now, in the small table that a submission reads."""
    ids = {one.code: one for one in Indicator.select().where(Indicator.campaign == quarter.round.campaign_id)}
    rows = [
        {
            "round": quarter.round, "category": category, "indicator": ids[code], "count": len(values),
            "median": found.median.scaleb(ids[code].scale), "distance": found.distance.scaleb(ids[code].scale),
        }
        for (category, code), values in sorted(_values(quarter).items())
        if code in ids
        for found in [spread.of(values)]
    ]  # fmt: skip
    with database.atomic():
        Spread.delete().where(Spread.round == quarter.round).execute()
        insert_many(Spread, rows)


def _values(quarter: Quarter) -> dict[tuple[str, str], list[Decimal]]:
    """(category, indicator) → what each report that has any gives, summed over its rows and counties."""
    found: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for report in quarter.reports:
        for code, value in doubts.sums_of(report.given)[0].items():
            found[(report.category, code)].append(value)
    return found


def _spreads(quarter: Quarter) -> Spreads:
    number = quarter.round.year * 4 + quarter.round.quarter
    rows = (
        Spread.select(Spread, Indicator.code)
        .join_from(Spread, Indicator)
        .join_from(Spread, Round)
        .where(Round.campaign == quarter.round.campaign_id, looking.quarter.between(number - 4, number))
        .order_by(looking.quarter.desc())
    )
    by_category: dict[str, list[Spread]] = defaultdict(list)
    for row in rows:
        by_category[row.category].append(row)
    return {category: looking.newest(each, quarter.measures) for category, each in by_category.items()}


# --- what each report is held against --------------------------------------------------------------------------------


def sights(quarter: Quarter) -> list[tuple[Report, single.Sight]]:
    """Of each report all that the checks look at, the same as :func:`reportsvc.reports.checks.looking.sight`."""
    projects = {report.project for report in quarter.reports}
    spreads, counties, photos = _spreads(quarter), _counties(quarter), _photos(quarter)
    planned = looking.plans(projects) if projects else {}
    sums = _sums(quarter, planned)
    return [
        (
            report,
            _sight(
                quarter,
                report,
                spreads=spreads.get(report.category, {}),
                counties=counties.get(report.project, {}),
                files=photos.get(report.version, 0) + len(attached.anywhere(report.answers)),
                planned=planned.get(report.project, {}),
                so_far=_others(sums.get(report.project, {}), report.slot),
            ),
        )
        for report in quarter.reports
    ]


def _sight(quarter: Quarter, report: Report, **around: Any) -> single.Sight:
    earlier = quarter.earlier.get((report.project, report.organization), [])
    last = earlier[0] if earlier else None
    return single.Sight(
        role=report.role,
        measures=quarter.measures,
        now=report.given,
        before=last.given if last else None,
        texts=looking.texts(report.form, report.answers),
        texts_before=looking.texts(last.form, last.answers) if last else {},
        labels=looking.labels(report.form),
        finished=report.answers.get(looking.STATE) == looking.COMPLETED,
        history=[doubts.sums_of(one.given)[0] for one in earlier],
        **around,
    )


def _counties(quarter: Quarter) -> dict[int, dict[str, str]]:
    rows = (
        ProjectCounty.select(ProjectCounty, Region)
        .join(Region, on=(ProjectCounty.region == Region.code))
        .where(ProjectCounty.project.in_(Slot.select(Slot.project).where(Slot.round == quarter.round)))
        .order_by(Region.code)
    )
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for row in rows:
        found[row.project_id][row.region_id] = row.region.name
    return found


def _photos(quarter: Quarter) -> dict[int, int]:
    """Version → how many photos went in with it."""
    query: Any = (
        VersionPhoto.select(VersionPhoto.version, peewee.fn.COUNT(VersionPhoto.id).alias("count"))
        .join(Version)
        .join(Slot)
        .where(Slot.round == quarter.round)
        .group_by(VersionPhoto.version)
    )
    return {row.version_id: row.count for row in query}


Sums = Mapping[int, Mapping[int, Mapping[str, Decimal]]]
"""Project → slot → indicator → what its approved report gives."""


def _sums(quarter: Quarter, planned: Mapping[int, object]) -> Sums:
    """Of the projects that have a plan all approved figures up to this quarter."""
    number = quarter.round.year * 4 + quarter.round.quarter
    found: dict[int, dict[int, dict[str, Decimal]]] = defaultdict(lambda: defaultdict(dict))
    for part in peewee.chunked(sorted(planned), 500):
        rows: Any = (
            Figure.select(
                Slot.project, Slot.id, Indicator.code, Indicator.scale, peewee.fn.SUM(Figure.value).alias("total")
            )
            .join_from(Figure, Indicator)
            .join_from(Figure, Version)
            .join_from(Version, Slot, on=((Version.slot == Slot.id) & (Version.number == Slot.current)))
            .join_from(Slot, Round)
            .where(Slot.project.in_(part), Slot.state == "approved", looking.quarter <= number)
            .group_by(Slot.project, Slot.id, Indicator.code, Indicator.scale)
        )
        for project, slot, code, scale, total in rows.tuples():
            found[project][slot][code] = Decimal(int(total)).scaleb(-scale)
    return found


def _others(sums: Mapping[int, Mapping[str, Decimal]], slot: int) -> dict[str, Decimal]:
    """What all slots of a project but one add up to."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for other, values in sums.items():
        for code, value in values.items() if other != slot else ():
            found[code] += value
    return found
