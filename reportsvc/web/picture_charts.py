"""The charts and tables of the picture of a quarter, in the reader's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import flask_babel
from markupsafe import Markup

from reportsvc import charts
from reportsvc.charts.drawing import Frame
from reportsvc.forms.messages import N_
from reportsvc.forms.numbers import grouped
from reportsvc.picture.amounts import FUNDS, Measure, Sums
from reportsvc.picture.counts import Counts, Picture, share
from reportsvc.picture.places import spots
from reportsvc.web.language import say
from reportsvc.web.words import KINDS, scaled

NUMBERS = {
    "expected": N_("Expected"),
    "reported": N_("Reported"),
    "on_time": N_("On time"),
    "late": N_("Late"),
    "overdue": N_("Open and overdue"),
    "waiting": N_("Open, not yet due"),
    "nil": N_("Nil reports"),
    "not_required": N_("Not required"),
    "late_in_all": N_("Late, with what is overdue"),
}
"""What a quarter is counted by, in the order in which it is shown."""

PARTS = (("good", "on_time"), ("fair", "late"), ("bad", "overdue"), ("rest", "waiting"))
"""How the outcomes are drawn; together they are what is expected."""

STEPS = ((100, "step4"), (85, "step3"), (70, "step2"), (50, "step1"), (0, "step0"))
"""From which share of reports a tile has which look."""
LEGEND = (
    ("step4", "100%"),
    ("step3", "85–99%"),
    ("step2", "70–84%"),
    ("step1", "50–69%"),
    ("step0", "0–49%"),
)
NOTHING = ("none", N_("nothing expected"))
UNDIVIDED = N_("In several parts")

ENDINGS = re.compile(r"(满族蒙古族自治县|满族自治县|回族自治县|自治县|矿区|[县区市])$")
FITS = 3
"""Characters that fit on a tile."""


def quarter_name(owed: Any) -> str:
    """A quarter as addresses and axes have it: 2026Q3."""
    return f"{owed.year}Q{owed.quarter}"


def percent_of(part: int, whole: int) -> str:
    """A rate as it is read; a dash where there is nothing to have a share of."""
    found = share(part, whole)
    return "–" if found is None else f"{found}%"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: its name, its counts, where its name leads, and how its lists are filtered."""

    label: str
    counts: Counts
    filters: Mapping[str, str]
    address: str = ""


class Reports:
    """What the page on reports shows."""

    def __init__(self, seen: Any, found: Picture, over_time: Sequence[Counts]) -> None:
        self.seen, self.found, self.over_time = seen, found, over_time
        self.numbers = [(name, say(label)) for name, label in NUMBERS.items()]

    @property
    def rates(self) -> list[tuple[str, str, int]]:
        """(what, rate, how many) of those that are expected."""
        whole = self.found.whole
        return [
            (say(NUMBERS[name]), percent_of(getattr(whole, name), whole.expected), getattr(whole, name))
            for name in ("reported", "on_time", "late_in_all")
        ]

    @property
    def places(self) -> list[Line]:
        """Direct children of the region, and what belongs to none of them alone."""
        seen, found = self.seen, self.found.places
        made = [
            Line(one.name, found[one.code], {"region": one.code}, seen.address("picture", region=one.code))
            for one in seen.areas.children(seen.scope)
            if one.code in found
        ]
        if seen.scope.code in found and seen.scope.level != "county":
            made.append(Line(say(UNDIVIDED), found[seen.scope.code], {"undivided": "1"}))
        return made

    @property
    def kinds(self) -> list[Line]:
        """By kind of organization."""
        return [
            Line(say(label), self.found.kinds[kind], {"kind": kind})
            for kind, label in KINDS.items()
            if kind in self.found.kinds
        ]

    @property
    def categories(self) -> list[Line]:
        """By category, in the campaign's order."""
        known = [*self.seen.campaign.categories, *sorted(self.found.categories)]
        return [
            Line(name, self.found.categories[name], {"category": name})
            for name in dict.fromkeys(known)
            if name in self.found.categories
        ]

    @property
    def counties(self) -> list[Line]:
        """Every county in the region, in the order of the codes."""
        seen = self.seen
        return [
            Line(
                one.name, self.found.counties[one.code], {"region": one.code}, seen.address("picture", region=one.code)
            )
            for one in sorted(seen.areas.counties, key=lambda one: str(one.code))
            if one.path.startswith(seen.scope.path) and one.code in self.found.counties
        ]

    def divided(self, name: str, title: str, lines: Iterable[Line]) -> Markup:
        """Lines as bars of 100 %, divided by outcome."""
        rows = [
            charts.Row(
                line.label,
                [getattr(line.counts, outcome) for _, outcome in PARTS],
                say(N_("%(part)s of %(whole)s"), part=line.counts.reported, whole=line.counts.expected),
            )
            for line in lines
        ]
        parts = [charts.Part(look, say(NUMBERS[outcome])) for look, outcome in PARTS]
        described = say(N_("How many of the expected reports came, in time or late, and how many are open."))
        return charts.stacked(Frame(name, title, described), parts, rows)

    def trend(self) -> Markup:
        """The rates over the quarters."""
        drawn = [
            charts.Line(look, say(NUMBERS[name]), [share(getattr(one, name), one.expected) for one in self.over_time])
            for look, name in (("main", "reported"), ("good", "on_time"), ("bad", "late_in_all"))
        ]
        last = self.over_time[-1]
        described = say(
            N_("In %(quarter)s %(share)s of the expected reports came."),
            quarter=quarter_name(self.seen.owed[-1]), share=percent_of(last.reported, last.expected),
        )  # fmt: skip
        frame = Frame("trend", say(N_("Reports over the quarters")), described)
        return charts.lines(frame, [quarter_name(one) for one in self.seen.owed], drawn)

    def map(self) -> Markup:
        """Every county of the region as a tile; each leads to its own picture."""
        seen, places = self.seen, spots()
        inside = [one for one in seen.areas.counties if one.path.startswith(seen.scope.path) and one.code in places]
        tiles = [self._tile(one) for one in sorted(inside, key=lambda one: str(one.code))]
        frame = Frame("map", say(N_("Counties")), say(N_("The share of expected reports that came, county by county.")))
        return charts.tiles(frame, charts.Map(tiles, self._groups(inside), [*LEGEND, (NOTHING[0], say(NOTHING[1]))]))

    def _tile(self, county: Any) -> charts.Tile:
        spot = spots()[county.code]
        found = self.found.counties[county.code] if county.code in self.found.counties else Counts()
        rate = share(found.reported, found.expected)
        look = "none" if rate is None else next(look for least, look in STEPS if rate >= least)
        said = percent_of(found.reported, found.expected)
        amount = say(N_("%(part)s of %(whole)s"), part=found.reported, whole=found.expected)
        return charts.Tile(
            spot.column, spot.row, short_name(county.name), said, look, f"{county.name}: {said}, {amount}",
            self.seen.address("picture", region=county.code),
        )  # fmt: skip

    def _groups(self, inside: Iterable[Any]) -> list[tuple[str, int, int]]:
        """The prefectures' names over their first tiles: by code, for some counties report elsewhere."""
        blocks: dict[str, list[Any]] = {}
        for county in inside:
            blocks.setdefault(f"{county.code[:4]}00", []).append(spots()[county.code])
        scopes = self.seen.areas.scopes
        return [
            (scopes[code].name, min(spot.column for spot in block), min(spot.row for spot in block))
            for code, block in sorted(blocks.items())
        ]


def short_name(name: str) -> str:
    """A county's name without what it is, as far as it fits on a tile."""
    bare = ENDINGS.sub("", name)
    return (bare if len(bare) > 1 else name)[:FITS]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Sums of each quarter, of all up to the one that is looked at, and what was planned."""

    quarters: Sequence[Sums]
    so_far: Sums
    planned: Sums


@dataclass(frozen=True, slots=True)
class Given:
    """One row of amounts, each in the smallest unit; ``None`` where there was no such quarter or no plan."""

    label: str
    measure: Measure
    now: int
    before: int | None
    year_ago: int | None
    so_far: int
    planned: int | None
    over_time: Sequence[int] = ()

    @property
    def of_plan(self) -> str:
        """How much of the plan is done."""
        return percent_of(self.so_far, self.planned) if self.planned else "–"


class Amounts:
    """What the page on money and benefit shows."""

    def __init__(self, seen: Any, measures: Sequence[Measure], chosen: Measure, sums: Gathered) -> None:
        self.seen, self.measures, self.chosen, self.sums = seen, measures, chosen, sums
        numbers = {(one.year, one.quarter): index for index, one in enumerate(seen.owed)}
        year, quarter = seen.round.year, seen.round.quarter
        earlier = (year, quarter - 1) if quarter > 1 else (year - 1, 4)
        self._now, self._before, self._year_ago = (
            numbers.get(one) for one in ((year, quarter), earlier, (year - 1, quarter))
        )
        self.has_plan = bool(sums.planned.get(("", "")))

    def name(self, measure: Measure) -> str:
        """What a measure is called."""
        return say(N_("Funds, all kinds")) if measure.code == FUNDS else measure.name

    def _row(self, label: str, measure: Measure, part: tuple[str, str]) -> Given:
        quarters = self.sums.quarters
        now, before, year_ago = (
            None if index is None else measure.of(quarters[index].get(part))
            for index in (self._now, self._before, self._year_ago)
        )
        planned = measure.of(self.sums.planned.get(part)) or None
        so_far = measure.of(self.sums.so_far.get(part))
        over_time = [measure.of(one.get(part)) for one in quarters]
        return Given(label, measure, now or 0, before, year_ago, so_far, planned, over_time)

    @property
    def whole(self) -> Given:
        """The chosen measure, undivided."""
        return self._row("", self.chosen, ("", ""))

    @property
    def overview(self) -> list[Given]:
        """Every measure that was ever reported or planned, as a whole."""
        rows = [self._row(self.name(measure), measure, ("", "")) for measure in self.measures]
        return [row for row in rows if row.so_far or row.planned or any(row.over_time) or row.measure.code == FUNDS]

    def divided(self, dimension: str) -> list[Given]:
        """The chosen measure by category, by kind or by place."""
        held = {value for name, value in (*self.sums.so_far, *self.sums.planned) if name == dimension}
        return [
            self._row(label, self.chosen, (dimension, value))
            for value, label in self._labels(dimension).items()
            if value in held
        ]

    def _labels(self, dimension: str) -> dict[str, str]:
        seen = self.seen
        if dimension == "kind":
            return {kind: say(label) for kind, label in KINDS.items()}
        if dimension == "category":
            return {name: name for name in seen.campaign.categories}
        found = {one.code: one.name for one in seen.areas.children(seen.scope)}
        found[seen.scope.code] = seen.scope.name if seen.scope.level == "county" else say(UNDIVIDED)
        return found

    def chart(self, name: str, title: str, rows: Sequence[Given]) -> Markup:
        """What was done so far: against the plan where there is one."""
        frame = Frame(name, title, f"{self.name(self.chosen)}: {say(N_('so far'))}")
        if self.has_plan:
            return charts.levels(
                frame,
                [charts.Level(row.label, row.so_far, row.planned or 0, self._against(row)) for row in rows],
            )
        return charts.bars(frame, [charts.Bar(row.label, row.so_far, brief(row.so_far, row.measure)) for row in rows])

    def _against(self, row: Given) -> str:
        if not row.planned:
            return brief(row.so_far, row.measure)
        return f"{brief(row.so_far, row.measure)} / {brief(row.planned, row.measure)}"

    def trend(self) -> Markup:
        """The chosen measure, quarter by quarter."""
        row = self.whole
        divisor, unit = _axis(max(row.over_time, default=0), self.chosen)
        values = [value / divisor for value in row.over_time]
        frame = Frame(
            "given", say(N_("Quarter by quarter")), f"{self.name(self.chosen)}: {brief(row.now, self.chosen)}"
        )
        drawn = [charts.Line("main", f"{self.name(self.chosen)} ({unit})", values)]
        moments = [quarter_name(one) for one in self.seen.owed]
        return charts.lines(frame, moments, drawn, top=_round_up(max(values, default=0)), unit="")

    def sparkline(self, row: Given, number: int) -> Markup:
        """A row's quarters as a small line."""
        described = ", ".join(brief(value, row.measure) for value in row.over_time[-4:])
        return charts.sparkline(Frame(f"spark{number}", row.label, described), row.over_time)


SCALES = {"zh": ((10**8, "亿"), (10**4, "万")), "en": ((10**6, " million "),)}
"""What large numbers are counted in, by language."""


def _scale(value: int, measure: Measure) -> tuple[int, str]:
    """(how many smallest units make one, its word) for a number of this size."""
    one = 10**measure.scale
    language = "zh" if str(flask_babel.get_locale()).startswith("zh") else "en"
    for size, word in SCALES[language]:
        if abs(value) >= size * one:
            return size * one, word
    return one, " " if language == "en" else ""


def brief(value: int, measure: Measure) -> str:
    """An amount in few characters, rounded to two decimals of its unit: 2.19亿元."""
    divisor, word = _scale(value, measure)
    decimals = 2 if divisor > 10**measure.scale or measure.scale else 0
    return f"{grouped(f'{Decimal(value) / divisor:.{decimals}f}')}{word}{measure.unit}"


def exact(value: int, measure: Measure) -> str:
    """An amount to its last digit."""
    return grouped(scaled(value, measure.scale))


def change(now: int, before: int | None) -> str:
    """By how much something grew or fell against an earlier value."""
    if not before:
        return "–"
    found = 100 * (now - before) / before
    return f"{found:+.0f}%" if abs(found) < 1000 else f"×{now / before:.0f}"


def _axis(largest: int, measure: Measure) -> tuple[int, str]:
    divisor, word = _scale(largest, measure)
    return divisor, f"{word.strip()}{measure.unit}" if not word.endswith(
        " "
    ) else f"{word.strip()} {measure.unit}".strip()


def _round_up(value: float) -> float:
    """The next 1, 2, 4 or 5 times a power of ten, so that half of it is a round number too."""
    if value <= 0:
        return 1
    power = 10.0 ** (len(str(int(value))) - 1) if value >= 1 else 0.1
    return next(step * power for step in (1, 2, 4, 5, 10, 20) if step * power >= value)
