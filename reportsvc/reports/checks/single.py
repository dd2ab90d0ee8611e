"""The checks that one report goes through by itself. Pure: what they look at is gathered in a :class:`Sight`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from reportsvc.forms.quantities import Quantity
from reportsvc.projects.rules import Rule
from reportsvc.reports import doubts
from reportsvc.reports.checks import alike, spread
from reportsvc.reports.doubts import Doubt, Measure, plain

NONE = Decimal(0)
PHOTOS = "photos"
"""The path of what stands beside the answers."""


@dataclass(frozen=True, slots=True)
class Sight:
    """All that the checks of one report look at. Amounts are in the indicators' units, by the indicator's code."""

    role: str
    measures: Sequence[Measure]
    now: Sequence[Quantity]
    before: Sequence[Quantity] | None = None
    """Last quarter's; nothing if there was none."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """Name of a question → the text that answers it."""
    texts_before: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    files: int = 0
    """Photos and documents that go with it."""
    finished: bool = False
    """Whether it says that the project is completed."""
    counties: Mapping[str, str] = field(default_factory=dict)
    """The project's, code → name."""
    history: Sequence[Mapping[str, Decimal]] = ()
    """The sums of the same organization's earlier reports on the same project."""
    spreads: Mapping[str, spread.Spread] = field(default_factory=dict)
    """Of the reports of the same category."""
    planned: Mapping[str, Decimal] = field(default_factory=dict)
    so_far: Mapping[str, Decimal] = field(default_factory=dict)
    """What the project's other approved reports up to this quarter add up to."""


def find(rules: Sequence[Rule], sight: Sight) -> list[Doubt]:
    """What the rules in force find, in their order; each finding says which rule it was and how strict that is."""
    return [
        replace(found, severity=rule.severity, check=rule.id)
        for rule in rules
        if rule.active and rule.kind in CHECKS
        for found in CHECKS[rule.kind](rule, sight)
    ]


def _evidence(rule: Rule, sight: Sight) -> Iterator[Doubt]:
    """Much money and nothing to see, or hardly a word."""
    money = _money(sight)[0]
    if sight.files < rule["photos"] and money >= rule["floor"]:
        data = {"money": str(plain(money))}
        yield Doubt("report", "", "", "no_photo", rule["photos"], Decimal(sight.files), PHOTOS, data)
    length = sum(len(alike.normal(text)) for text in sight.texts.values())
    if length < rule["text"]:
        path = next(iter(sight.labels), PHOTOS)
        yield Doubt("report", "", "", "no_text", rule["text"], Decimal(length), path)


def _last(rule: Rule, sight: Sight, words: frozenset[str], limits: doubts.Rules) -> Iterator[Doubt]:
    if sight.before is not None:
        found = doubts.find(sight.measures, sight.before, sight.now, limits)
        yield from (one for one in found if one.rule in words)


def _fell(rule: Rule, sight: Sight) -> Iterator[Doubt]:
    """What only grows is less than last quarter."""
    return _last(rule, sight, frozenset({"fell"}), doubts.RULES)


def _jump(rule: Rule, sight: Sight) -> Iterator[Doubt]:
    """Money ten times or a tenth of last quarter's."""
    limits = doubts.Rules(times=rule["times"], floor=rule["floor"])
    return _last(rule, sight, frozenset({"tenfold", "tenth"}), limits)


def _outlying(rule: Rule, sight: Sight) -> Iterator[Doubt]:
    """Far above the reports of the same category."""
    sums, paths = doubts.sums_of(sight.now)
    for one in sight.measures:
        value, around = sums.get(one.code, NONE), sight.spreads.get(one.code)
        if around is None or around.count < rule["least"] or value < around.median * rule["times"]:
            continue
        score = around.score(value)
        if score is not None and score > rule["limit"]:
            data = _arithmetic(around, score, rule) | {"times": f"{value / around.median:.1f}"}
            yield _of(one, "above_category", around.median, value, paths[one.code], data)


def _unlike_own(rule: Rule, sight: Sight) -> Iterator[Doubt]:
    """Far from what the same organization reported on the same project in earlier quarters."""
    sums, paths = doubts.sums_of(sight.now)
    for one in sight.measures:
        value, earlier = sums.get(one.code, NONE), [sums[one.code] for sums in sight.history if one.code in sums]
        if value == NONE or len(earlier) < rule["least"]:
            continue
        around = spread.of(earlier)
        score = around.score(value)
        if score is not None and abs(score) > rule["limit"]:
            data = _arithmetic(around, score, rule)
            yield _of(one, "unlike_own", around.median, value, paths[one.code], data)


def _arithmetic(around: spread.Spread, score: Decimal, rule: Rule) -> dict[str, str]:
    return {
        "count": str(around.count),
        "distance": str(plain(around.distance)),
        "score": f"{score:.1f}",
        "limit": f"{plain(rule['limit']):f}",
    }


def _of(  # noqa: PLR0913, PLR0917 - a finding has so many parts
    measure: Measure, rule: str, before: Decimal, now: Decimal, path: str, data: Mapping[str, str], topic: str = ""
) -> Doubt:
    return Doubt(measure.code, measure.name, measure.unit, rule, plain(before), plain(now), path, data, topic)


def _money(sight: Sight) -> tuple[Decimal, str]:
    """All money of the report, and the first answer that gives any."""
    codes = {one.code for one in sight.measures if one.measure == "money"}
    given = [one for one in sight.now if one.indicator in codes]
    return sum((one.value for one in given), NONE), given[0].path if given else ""


def _unpaid(rule: Rule, sight: Sight) -> Iterator[Doubt]:
    """Somebody benefited, and nothing was spent. Kinds of benefit are never added together: the first one speaks."""
    if _money(sight)[0] > 0:
        return
    sums, paths = doubts.sums_of(sight.now)
    for one in sight.measures:
        if one.measure == "benefit" and sums.get(one.code, NONE) >= rule["least"]:
            yield _of(one, "unpaid", sums[one.code], NONE, paths[one.code], {})
            return


def _unused(rule: Rule, sight: Sight) -> Iterator[Doubt]:
    """Money was spent, and nobody benefited. Partners are not asked who did."""
    benefits = {one.code for one in sight.measures if one.measure in {"benefit", "result"}}
    money, path = _money(sight)
    if sight.role == "lead" and money > rule["floor"] and not any(one.indicator in benefits for one in sight.now):
        yield Doubt("report", "", doubts.MONEY, "unused", plain(money), NONE, path)


def _planned(rule: Rule, sight: Sight) -> Iterator[Doubt]:
    """Far over the plan at any time, or under it when the project is completed."""
    counted = [one for one in sight.measures if one.code in sight.planned]
    sums, paths = doubts.sums_of(sight.now)
    for one in counted:
        plan, mine = sight.planned[one.code], sums.get(one.code, NONE)
        if one.partner_rule == "lead" and sight.role != "lead":
            continue
        whole = mine + sight.so_far.get(one.code, NONE) if one.time_rule == "sum" else mine
        share = whole * 100 / plan if plan else NONE
        over, under = share > rule["over"], sight.finished and share < rule["under"]
        if plan > 0 and (under or (over and mine > 0)):
            limit = rule["over"] if over else rule["under"]
            data = {"percent": f"{share:.0f}", "limit": f"{plain(limit):f}", "mine": str(plain(mine))}
            path = paths.get(one.code, "")
            yield _of(one, "over_plan" if over else "under_plan", plan, whole, path, data)


def _place(rule: Rule, sight: Sight) -> Iterator[Doubt]:
    """A county that is none of the project's."""
    measures = {one.code: one for one in sight.measures}
    seen = set()
    for one in sight.now:
        if one.place and one.place not in sight.counties and one.place not in seen and one.indicator in measures:
            seen.add(one.place)
            data = {"place": one.place, "counties": "、".join(sight.counties.values())}
            yield _of(measures[one.indicator], "elsewhere", NONE, one.value, one.path, data, one.place)


def _copied(rule: Rule, sight: Sight) -> Iterator[Doubt]:
    """A text that stood in last quarter's report."""
    for name, text in sight.texts.items():
        mine, earlier = alike.normal(text), alike.normal(sight.texts_before.get(name, ""))
        if min(len(mine), len(earlier)) < rule["least"]:
            continue
        share = alike.texts(mine, earlier)
        if share >= rule["alike"]:
            yield text_doubt(name, sight.labels.get(name, name), "copied", rule, share)


def text_doubt(  # noqa: PLR0913, PLR0917 - a finding has so many parts
    name: str, label: str, word: str, rule: Rule, share: float, data: Mapping[str, str] | None = None, topic: str = ""
) -> Doubt:
    """A text that is like another one, by so many percent."""
    return Doubt(name, label, "%", word, plain(rule["alike"]), percent(share), name, dict(data or {}), topic)


def percent(share: float) -> Decimal:
    """A share as it is told: whole, and 100 only where nothing differs."""
    return Decimal(int(share))


CHECKS: Mapping[str, Callable[[Rule, Sight], Iterator[Doubt]]] = {
    "evidence": _evidence,
    "fell": _fell,
    "jump": _jump,
    "category": _outlying,
    "own": _unlike_own,
    "unpaid": _unpaid,
    "unused": _unused,
    "plan": _planned,
    "place": _place,
    "copied": _copied,
}
"""Kind of check → how it is done."""
