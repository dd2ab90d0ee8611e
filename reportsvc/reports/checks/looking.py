"""Gathers what the checks of one report look at: so many queries, however large the province is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import peewee

from reportsvc.forms import attached
from reportsvc.forms.answers import quantities
from reportsvc.forms.definition import Answers, Form
from reportsvc.models import (
    Figure,
    FormVersion,
    Indicator,
    Photo,
    ProjectCounty,
    ProjectPlan,
    Region,
    Round,
    Slot,
    Spread,
    Version,
)
from reportsvc.projects import rules
from reportsvc.reports import doubts, forms, nil
from reportsvc.reports.checks import single, spread

LOOK_BACK = 12
"""Quarters that a report is held against at most."""
STATE, COMPLETED = "project_state", "completed"
"""The question, by name, and its answer that says that a project is done."""

quarter: Any = Round.year * 4 + Round.quarter


def early(slot: Slot, form: Form, answers: Answers) -> list[doubts.Doubt]:
    """What the campaign's checks find in checked answers before they are sent; nothing in a nil report."""
    if nil.is_nil(answers):
        return []
    return single.find(rules.of(slot.round.campaign_id), sight(slot, form, answers))


def sight(slot: Slot, form: Form, answers: Answers) -> single.Sight:
    """All that the checks of these answers look at."""
    earlier = _earlier(slot)
    measures = measures_of(slot.round.campaign_id)
    planned = plans([slot.project_id]).get(slot.project_id, {})
    last = earlier[0] if earlier else None
    return single.Sight(
        role=slot.role,
        measures=measures,
        now=quantities(form, answers),
        before=forms.read_quantities(last) if last else None,
        texts=texts(form, answers),
        texts_before=texts(forms.form_of(last.form_version), last.answers) if last else {},
        labels=labels(form),
        files=len(attached.anywhere(answers)) + _photos(slot),
        finished=answers.get(STATE) == COMPLETED,
        counties=_counties(slot),
        history=[doubts.sums_of(forms.read_quantities(one))[0] for one in earlier],
        spreads=_spreads(slot, measures),
        planned=planned,
        so_far=_so_far(slot) if planned else {},
    )


def measures_of(campaign_id: int) -> list[doubts.Measure]:
    """The campaign's indicators as the checks see them."""
    rows = Indicator.select().where(Indicator.campaign == campaign_id).order_by(Indicator.position, Indicator.id)
    return [
        doubts.Measure(
            one.code, one.name, one.unit, one.kind, one.time_rule, one.measure, one.scale, one.partner_rule
        )
        for one in rows
    ]  # fmt: skip


def texts(form: Form, answers: Mapping[str, Any]) -> dict[str, str]:
    """What was answered in words, by the name of the question; rows are too short to be told apart by them."""
    found = ((name, answers.get(name)) for name in labels(form))
    return {name: text for name, text in found if isinstance(text, str) and text}


def labels(form: Form) -> dict[str, str]:
    """The questions that are answered in words, by name."""
    return {
        question.name: question.label
        for question, repeat in form.questions()
        if repeat is None and question.kind == "text" and question.multiline
    }


def _earlier(slot: Slot) -> list[Version]:
    """The newest versions of the same organization's earlier reports on the same project, newest quarter first."""
    number = slot.round.year * 4 + slot.round.quarter
    query = (
        Version.select(Version, FormVersion.id, FormVersion.sha256)
        .join_from(Version, FormVersion)
        .join_from(Version, Slot, on=((Version.slot == Slot.id) & (Version.number == Slot.current)))
        .join_from(Slot, Round)
        .where(
            Slot.project == slot.project_id,
            Slot.organization == slot.organization_id,
            Round.campaign == slot.round.campaign_id,
            quarter < number,
        )
        .order_by(quarter.desc())
        .limit(LOOK_BACK)
    )
    return list(query)


def _counties(slot: Slot) -> dict[str, str]:
    rows = (
        ProjectCounty.select(ProjectCounty, Region)
        .join(Region, on=(ProjectCounty.region == Region.code))
        .where(ProjectCounty.project == slot.project_id)
        .order_by(Region.code)
    )
    return {row.region_id: row.region.name for row in rows}


def _photos(slot: Slot) -> int:
    """Photos that would go in with the report."""
    return int(
        Photo.select().where(Photo.slot == slot, Photo.removed == False, Photo.state != "refused").count()  # noqa: E712
    )


def _spreads(slot: Slot, measures: Sequence[doubts.Measure]) -> dict[str, spread.Spread]:
    """Of each indicator the newest spread of the category, this quarter's if there are enough reports yet."""
    number = slot.round.year * 4 + slot.round.quarter
    rows = (
        Spread.select(Spread, Indicator.code)
        .join_from(Spread, Indicator)
        .join_from(Spread, Round)
        .where(
            Round.campaign == slot.round.campaign_id,
            Spread.category == slot.project.category,
            quarter.between(number - 4, number),
        )
        .order_by(quarter.desc())
    )
    return newest(rows, measures)


ENOUGH = 5
"""Reports that a spread needs at least; a rule may ask for more."""


def newest(rows: Iterable[Spread], measures: Sequence[doubts.Measure]) -> dict[str, spread.Spread]:
    """Of each indicator the first spread of enough reports, in the indicator's unit."""
    scales = {one.code: one.scale for one in measures}
    found: dict[str, spread.Spread] = {}
    for row in rows:
        code = row.indicator.code
        if row.count >= ENOUGH and code not in found and code in scales:
            by = -scales[code]
            found[code] = spread.Spread(row.count, row.median.scaleb(by), row.distance.scaleb(by))
    return found


def plans(projects: Iterable[int]) -> dict[int, dict[str, Decimal]]:
    """What these projects set out to reach: project → indicator → amount in the indicator's unit."""
    rows = (
        ProjectPlan.select(ProjectPlan, Indicator)
        .join(Indicator)
        .where(ProjectPlan.project.in_(list(projects)))
        .order_by(Indicator.position)
    )
    found: dict[int, dict[str, Decimal]] = {}
    for row in rows:
        found.setdefault(row.project_id, {})[row.indicator.code] = Decimal(row.amount).scaleb(-row.indicator.scale)
    return found


def _so_far(slot: Slot) -> dict[str, Decimal]:
    """What the project's other approved reports up to this quarter add up to, in the indicators' units."""
    number = slot.round.year * 4 + slot.round.quarter
    rows: Any = (
        Figure.select(Indicator.code, Indicator.scale, peewee.fn.SUM(Figure.value).alias("total"))
        .join_from(Figure, Indicator)
        .join_from(Figure, Version)
        .join_from(Version, Slot, on=((Version.slot == Slot.id) & (Version.number == Slot.current)))
        .join_from(Slot, Round)
        .where(Slot.project == slot.project_id, Slot.state == "approved", Slot.id != slot.id, quarter <= number)
        .group_by(Indicator.code, Indicator.scale)
    )
    return {row["code"]: Decimal(int(row["total"])).scaleb(-row["scale"]) for row in rows.dicts()}
