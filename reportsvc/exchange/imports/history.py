"""Older figures, one a row: brought together to reports, and held against those that are there."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import peewee

from reportsvc import clock
from reportsvc.errors import Invalid
from reportsvc.exchange.imports.checking import NO_PROJECT, Check, region_of, uscc_of
from reportsvc.exchange.imports.plan import CHANGED, NEW, SAME, TITLE, Given, Line, Report
from reportsvc.exchange.imports.reading import Row, text
from reportsvc.exchange.workbooks import text_of
from reportsvc.forms.definition import Form, Question, Repeat
from reportsvc.forms.messages import N_
from reportsvc.forms.numbers import normalise
from reportsvc.forms.quantities import quantities
from reportsvc.models import Figure, Indicator, Round, Slot, Version
from reportsvc.reports import figures

SOURCE = "import"
YEAR = N_("A year has four digits, such as 2025; this is “%(value)s”.")
QUARTER = N_("A quarter is 1, 2, 3 or 4; this is “%(value)s”.")
OUTSIDE = N_("%(quarter)s is not over yet, or lies before the campaign's beginning on %(starts)s.")
NO_FORM = N_("This campaign has no quarter with a form yet, so nothing says what is asked.")
NO_INDICATOR = N_("This campaign has no figure called “%(value)s”. The names stand in the sheet “代码”.")
NOT_ASKED = N_("The form of this quarter doesn't ask for “%(name)s”.")
NOT_SPLIT = N_("“%(name)s” is not reported by county. Leave this cell empty.")
NOT_THERE = N_("%(code)s is not a county of this project.")
NO_NUMBER = N_("“%(value)s” is not a number.")
OF_LEAD = N_("“%(name)s” is reported by the lead only; this organization is a partner.")
NO_PART = N_("This organization takes no part in this project. Add it to the sheet “参与”.")
FIGURE_TWICE = N_("The same figure stands in row %(row)s already.")
IN_REVIEW = N_("The report of this quarter is being written or reviewed here. Nothing is imported over it.")
REPORTED = N_("This quarter was reported and approved here. A correction goes by way of returning it.")


@dataclass(frozen=True, slots=True)
class Feed:
    """The question that feeds an indicator: its row's other answers are ``beside``."""

    question: Question
    repeat: Repeat | None
    beside: Mapping[str, str]


def feed(form: Form, indicator: str) -> Feed | None:
    """Which question of a form takes a value of this indicator; ``{name}`` in its code is filled by what is beside."""
    for question, repeat in form.questions():
        if not question.indicator:
            continue
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^.]+)", re.escape(question.indicator))
        match = re.fullmatch(pattern, indicator)
        if match:
            return Feed(question, repeat, match.groupdict())
    return None


def answers(form: Form, given: list[Given]) -> dict[str, Any]:
    """The answers from which these figures come out."""
    found: dict[str, Any] = {}
    for one in given:
        fed, value = feed(form, one.indicator), format(one.value, "f")
        assert fed is not None  # noqa: S101 - checked when the row was read
        if fed.repeat is None:
            found[fed.question.name] = value
            continue
        place = {fed.question.place: one.county} if fed.question.place and one.county else {}
        found.setdefault(fed.repeat.name, []).append({**place, **fed.beside, fed.question.name: value})
    return found


def quarter_of(check: Check, row: Row) -> tuple[int, int] | None:
    """Year and quarter of a row, if both can be taken."""
    year, quarter = check.text(row, "year"), check.text(row, "quarter")
    if year is None or quarter is None:
        return None
    if not re.fullmatch("20[0-9]{2}", year):
        check.wrong(row, "year", YEAR, value=year[:20])
        return None
    if quarter not in {"1", "2", "3", "4"}:
        check.wrong(row, "quarter", QUARTER, value=quarter[:20])
        return None
    number, today, starts = int(year) * 4 + int(quarter) - 1, clock.today(), check.standing.campaign.starts
    if not _number(starts.year, starts.month) <= number < _number(today.year, today.month):
        check.wrong(row, "quarter", OUTSIDE, quarter=f"{year}Q{quarter}", starts=starts.isoformat())
        return None
    return int(year), int(quarter)


def _number(year: int, month: int) -> int:
    return year * 4 + (month - 1) // 3


def figure(check: Check, row: Row) -> tuple[Report, Given] | None:
    """One row, or nothing with a note of what is wrong."""
    before = len(check.plan.wrong)
    quarter, project, party = quarter_of(check, row), check.text(row, "project"), uscc_of(check, row, "organization")
    name = check.text(row, "indicator")
    indicator = check.standing.indicators.get(name or "")
    if name and indicator is None:
        check.wrong(row, "indicator", NO_INDICATOR, value=name[:40])
    if project and not check.has_project(project):
        check.wrong(row, "project", NO_PROJECT, code=project[:40])
    value = check.tried(row, "value", lambda: _value(row, indicator))
    county = check.text(row, "county")
    if len(check.plan.wrong) > before or not (quarter and project and party and indicator) or value is None:
        return None
    role = check.standing.parts.get((project, party)) or check.plan.participations.get((project, party))
    if role is None:
        check.wrong(row, "organization", NO_PART)
    elif indicator.partner_rule == "lead" and role != "lead":
        check.wrong(row, "indicator", OF_LEAD, name=indicator.name)
    place = _county(check, row, project, county) if county else ""
    _asked(check, row, quarter, indicator, place or "")
    if len(check.plan.wrong) > before:
        return None
    return Report(*quarter, project, party), Given(indicator.code, place or "", value)


def _value(row: Row, indicator: Indicator | None) -> Decimal:
    raw = row.cells.get("value")
    found = text(row, "value")
    plain = normalise(text_of(raw) if not isinstance(raw, str) else found)
    if plain is None:
        raise Invalid(NO_NUMBER, value=found[:40])
    if indicator is not None:
        figures.scaled(Decimal(plain), indicator)
    return Decimal(plain)


def _county(check: Check, row: Row, project: str, value: str) -> str | None:
    code = check.tried(row, "county", lambda: region_of(check.standing, value))
    new = check.plan.new_projects.get(project) or check.plan.changed_projects.get(project, {})
    held = set(new["counties"]) if "counties" in new else check.standing.counties.get(project, set())
    if code is not None and code not in held:
        check.wrong(row, "county", NOT_THERE, code=code)
    return code


def _asked(check: Check, row: Row, quarter: tuple[int, int], indicator: Indicator, county: str) -> None:
    form = check.standing.form(*quarter)
    if form is None:
        check.wrong(row, "year", NO_FORM)
        return
    fed = feed(form, indicator.code)
    if fed is None:
        check.wrong(row, "indicator", NOT_ASKED, name=indicator.name)
    elif county and not fed.question.place:
        check.wrong(row, "county", NOT_SPLIT, name=indicator.name)


def check_all(check: Check, rows: list[Row]) -> None:
    """All older figures: rows of one report belong together."""
    reports: dict[Report, list[tuple[Row, Given]]] = defaultdict(list)
    for row in rows:
        found = figure(check, row)
        if found is None:
            continue
        report, given = found
        earlier = next((one for one, other in reports[report] if _same_place(given, other)), None)
        if earlier is not None:
            check.wrong(row, "indicator", FIGURE_TWICE, row=earlier.number)
            continue
        reports[report].append((row, given))
    held = _held(check, reports)
    for report, pairs in reports.items():
        _compare(check, report, pairs, held.get(report))


def _same_place(one: Given, other: Given) -> bool:
    return (one.indicator, one.county) == (other.indicator, other.county)


@dataclass(slots=True)
class Held:
    """A report that is there."""

    state: str
    source: str
    figures: Counter[tuple[str, str]]
    """(indicator's code, region) to the sum."""


def _held(check: Check, reports: Mapping[Report, object]) -> dict[Report, Held]:
    """The reports of the quarters that the workbook names, with their figures."""
    quarters = {(one.year, one.quarter) for one in reports}
    ids = {owed.id: key for key, owed in check.standing.rounds.items() if key in quarters}
    codes = {row["id"]: code for code, row in check.standing.organizations.items()}
    projects = {row["id"]: code for code, row in check.standing.projects.items()}
    found: dict[Report, Held] = {}
    by_slot: dict[int, Held] = {}
    for owed, quarter in ids.items():
        query: Any = (
            Slot.select(Slot.id, Slot.project, Slot.organization, Slot.state, Version.source)
            .join(Version, peewee.JOIN.LEFT_OUTER, on=((Version.slot == Slot.id) & (Version.number == Slot.current)))
            .where(Slot.round == owed)
        )
        for slot, project, party, state, source in query.tuples():
            report = Report(*quarter, projects[project], codes[party])
            if report in reports:
                found[report] = by_slot[slot] = Held(state, source or "", Counter())
        for slot, code, region, value in _figures(owed):
            if slot in by_slot:
                by_slot[slot].figures[(code, region)] += value
    return found


def _figures(owed: int) -> Iterator[tuple[int, str, str, int]]:
    query: Any = (
        Figure.select(Slot.id, Indicator.code, Figure.region, Figure.value)
        .join(Version, on=(Figure.version == Version.id))
        .join(Slot, on=((Version.slot == Slot.id) & (Version.number == Slot.current)))
        .join(Round, on=(Slot.round == Round.id))
        .switch(Figure)
        .join(Indicator, on=(Figure.indicator == Indicator.id))
        .where(Slot.round == owed)
    )
    yield from query.tuples().iterator()


def _compare(check: Check, report: Report, pairs: list[tuple[Row, Given]], held: Held | None) -> None:
    row = pairs[0][0]
    if held is not None and held.state not in {"open", "approved"}:
        check.wrong(row, "project", IN_REVIEW)
        return
    if held is not None and held.state == "approved" and held.source != SOURCE:
        check.wrong(row, "project", REPORTED)
        return
    now = _sums(check, report, [given for _, given in pairs])
    then = held.figures if held and held.state == "approved" else None
    different = then is not None and then != now
    before = then if then is not None else Counter()
    gone = sorted(set(before) - set(now))
    for place, (one, given) in enumerate(pairs):
        changes = _changes(check, report, given, then, now) if different else []
        if place == 0:
            changes += [(_label(check, *of), _shown(check, of[0], before[of]), "—") for of in gone]
        title = f"{report.year}Q{report.quarter} {report.project} {report.organization} {given.indicator}"
        outcome = NEW if then is None else CHANGED if changes else SAME
        check.plan.lines.append(Line(one.sheet.key, one.number, outcome, title[:TITLE], tuple(changes)))
    if then is None or different:
        check.plan.reports[report] = [given for _, given in pairs]


def _sums(check: Check, report: Report, given: list[Given]) -> Counter[tuple[str, str]]:
    """As the figures will be: by indicator and region, what is not a county's in the project's region."""
    form = check.standing.form(report.year, report.quarter)
    assert form is not None  # noqa: S101 - checked with each row
    new = check.plan.new_projects.get(report.project) or check.plan.changed_projects.get(report.project, {})
    counties = set(new["counties"]) if "counties" in new else check.standing.counties.get(report.project, set())
    home = check.standing.place_of(report.project, counties)
    found: Counter[tuple[str, str]] = Counter()
    for one in quantities(form, answers(form, given)):
        region = one.place if one.place in counties else home
        found[(one.indicator, str(region))] += figures.scaled(one.value, check.standing.indicators[one.indicator])
    return found


def _changes(
    check: Check, report: Report, given: Given, then: Counter[tuple[str, str]] | None, now: Counter[tuple[str, str]]
) -> list[tuple[str, str, str]]:
    before = then or Counter()
    return [
        (_label(check, code, region), _shown(check, code, before[code, region]), _shown(check, code, value))
        for (code, region), value in now.items()
        if code == given.indicator and before[code, region] != value and given.county in {"", region}
    ]


def _label(check: Check, code: str, region: str) -> str:
    return f"{check.standing.indicators[code].name} {region}"


def _shown(check: Check, code: str, value: int) -> str:
    return format(Decimal(value).scaleb(-check.standing.indicators[code].scale), "f")
