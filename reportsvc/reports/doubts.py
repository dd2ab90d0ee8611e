"""What can't be, or is hardly so: each such value is put right, explained before it is sent, or looked at by reviewers.

Pure: here two sums of each indicator are held against each other, and explanations are kept apart;
:mod:`reportsvc.reports.checks` has all the other checks, fetches and keeps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from reportsvc.forms.quantities import Quantity

MONEY = "元"
"""Indicators in this unit are money, whatever they measure: 元 and 万元 are mixed up in any of them."""


@dataclass(frozen=True, slots=True)
class Rules:
    """When a value is doubted against last quarter, and what counts as an explanation.

    ``fell``: what only grows (kind ``cumulative``, or time rule ``max``) is less than it was.
    ``tenfold``, ``tenth``: money is at least ``times`` last quarter's, or last quarter's at least ``times`` it, and the
    larger of the two is no small sum. Money where there was none, or none where there was some, is no slip of a digit:
    a source that is not used in every quarter would be asked about again and again.
    """

    times: Decimal = Decimal(10)
    floor: Decimal = Decimal(10_000)
    """Yuan: where both sums are below this, no change of money is doubted."""
    shortest: int = 4
    longest: int = 500
    """Characters of an explanation."""


RULES = Rules()
"""The thresholds where no campaign says otherwise; how long an explanation is, no campaign says."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What the rules ask of an indicator."""

    code: str
    name: str
    unit: str
    kind: str
    time_rule: str
    measure: str = ""
    scale: int = 0
    partner_rule: str = "lead"


AGAINST_LAST = frozenset({"fell", "tenfold", "tenth"})
"""What is found against last quarter: of one value there is one such doubt at most."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One value that is doubted: ``now`` is the value, ``before`` what it is held against, such as last quarter's.

    ``indicator`` may also be the name of a question, and ``name`` is empty where the whole report is meant. ``rule``
    says what was found, ``data`` what else belongs to its arithmetic, as text.
    """

    indicator: str
    name: str
    unit: str
    rule: str
    before: Decimal
    now: Decimal
    path: str
    """The first answer that feeds the indicator."""
    data: Mapping[str, str] = field(default_factory=dict)
    topic: str = ""
    """Tells apart what one rule finds about one indicator, such as counties."""
    severity: str = "explain"
    check: int = 0
    """Id of the campaign's rule."""

    @property
    def subject(self) -> str:
        """What is doubted of what, without the values."""
        if self.rule in AGAINST_LAST:
            return self.indicator
        return "~".join(part for part in (self.indicator, self.rule, self.topic) if part)

    @property
    def key(self) -> str:
        """What an explanation belongs to: with another value on either side it is another doubt."""
        return f"{self.subject}:{self.before}:{self.now}"


_NUMBER = r"-?[0-9]{1,40}(\.[0-9]{1,20})?"
KEY = re.compile(rf"(?P<subject>[^:\s]{{1,150}}):{_NUMBER}:{_NUMBER}")
"""What :attr:`Doubt.key` looks like."""


def find(
    measures: Iterable[Measure], before: Sequence[Quantity], now: Sequence[Quantity], rules: Rules = RULES
) -> list[Doubt]:
    """What is doubted, in the order of the measures; quantities are summed over rows and counties first."""
    was, then = sums_of(before)
    sums, paths = sums_of(now)
    found = []
    for one in measures:
        earlier, later = was.get(one.code, Decimal(0)), sums.get(one.code, Decimal(0))
        rule = _rule(one, earlier, later, rules)
        if rule is not None:
            path = paths.get(one.code) or then[one.code]
            found.append(Doubt(one.code, one.name, one.unit, rule, plain(earlier), plain(later), path))
    return found


def sums_of(quantities: Sequence[Quantity]) -> tuple[dict[str, Decimal], dict[str, str]]:
    """The sum of each indicator, and the path of its first quantity."""
    sums: dict[str, Decimal] = {}
    paths: dict[str, str] = {}
    for one in quantities:
        sums[one.indicator] = sums.get(one.indicator, Decimal(0)) + one.value
        paths.setdefault(one.indicator, one.path)
    return sums, paths


def _rule(measure: Measure, before: Decimal, now: Decimal, rules: Rules) -> str | None:
    if measure.kind == "cumulative" or measure.time_rule == "max":
        return "fell" if now < before else None
    if measure.unit != MONEY or min(before, now) <= 0 or max(before, now) < rules.floor:
        return None
    if now >= before * rules.times:
        return "tenfold"
    return "tenth" if before >= now * rules.times else None


def plain(value: Decimal) -> Decimal:
    """The same number always written the same: 12000.50 and 12000.5 are one value."""
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()


# --- explanations ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Explained:
    """A doubt with what was said to it."""

    doubt: Doubt
    text: str


def explained(found: Iterable[Doubt], texts: Mapping[str, str]) -> list[Explained]:
    """Every doubt with what was typed about these very values; empty where nothing was."""
    return [Explained(doubt, texts.get(doubt.key, "")) for doubt in found]


def earlier_text(doubt: Doubt, texts: Mapping[str, str]) -> str:
    """What was typed about other values of the same indicator, to be looked at again; empty where nothing was."""
    return next((text for key, text in texts.items() if key != doubt.key and _is_about(doubt.subject, key)), "")


def _is_about(subject: str, key: str) -> bool:
    return key.startswith(f"{subject}:")


def merged(held: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, str]:
    """Explanations with what was just typed; of each indicator only the newest stays. What is no key is passed over."""
    found = dict(held)
    for key, text in typed.items():
        shape = KEY.fullmatch(key)
        if shape and text:
            found = {other: kept for other, kept in found.items() if not _is_about(shape["subject"], other)}
            found[key] = text
        elif not text:
            found.pop(key, None)
    return found


def too_short(text: str, rules: Rules = RULES) -> bool:
    """Whether this explains nothing yet."""
    return len(text) < rules.shortest


def too_long(text: str, rules: Rules = RULES) -> bool:
    """Whether this is more than a sentence or two."""
    return len(text) > rules.longest


def open_ones(each: Iterable[Explained], rules: Rules = RULES) -> list[Explained]:
    """Those that are still to be explained or fixed."""
    return [one for one in each if too_short(one.text, rules) or too_long(one.text, rules)]


def to_json(each: Iterable[Explained]) -> dict[str, Any]:
    """What a version keeps, by what is doubted."""
    return {one.doubt.subject: packed(one.doubt) | {"text": one.text, "place": place} for place, one in enumerate(each)}


def from_json(data: Mapping[str, Any]) -> list[Explained]:
    """What :func:`to_json` made, in the same order, which PostgreSQL does not keep of an object's names."""
    return [Explained(unpacked(kept), kept["text"]) for kept in sorted(data.values(), key=lambda kept: kept["place"])]


def packed(doubt: Doubt) -> dict[str, Any]:
    """A doubt as JSON."""
    return asdict(doubt) | {"before": str(doubt.before), "now": str(doubt.now)}


def unpacked(kept: Mapping[str, Any]) -> Doubt:
    """The doubt of :func:`packed`'s JSON; what was kept before there were other checks has fewer names."""
    values = {name: kept[name] for name in ("indicator", "name", "unit", "rule", "path")}
    more = {name: kept[name] for name in ("data", "topic", "severity", "check") if name in kept}
    return Doubt(**values, **more, before=Decimal(kept["before"]), now=Decimal(kept["now"]))
