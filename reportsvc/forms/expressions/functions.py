"""The functions that an expression may call: how many values each takes, and what it gives.

Each takes the evaluated arguments and the context. What ODK knows and we don't is in :data:`REFUSED` with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from reportsvc.forms.expressions.values import (
    EPOCH,
    NAN,
    SPACES,
    Value,
    add,
    rounded,
    subtract,
    to_date,
    to_number,
    to_text,
    to_truth,
    truncated,
)

MANY = 200
REGEX_LENGTH = 1000  # longer text never matches, so that a slow pattern stays bounded
Lookup = Callable[[str], str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Context:
    """Where an expression stands: ``own`` is its question's answer, ``position`` its row in a repeat from 1."""

    lookup: Lookup
    today: date
    own: str = ""
    position: int = 0


Implementation = Callable[[Sequence[Value], Context], Value]


@dataclass(frozen=True, slots=True)
class Function:
    """A function with the least and most values that it takes."""

    least: int
    most: int
    run: Implementation

    @property
    def takes(self) -> str:
        """How many values, for people: ``2``, ``1–2`` or ``1+``."""
        if self.least == self.most:
            return str(self.least)
        return f"{self.least}+" if self.most == MANY else f"{self.least}–{self.most}"


def _members(values: Sequence[Value]) -> list[Value]:
    """All values, lists opened."""
    members: list[Value] = []
    for value in values:
        members.extend(value if isinstance(value, tuple) else (value,))
    return members


def _numbers(values: Sequence[Value]) -> list[Decimal]:
    """The numbers among the values; empty text is passed over."""
    return [to_number(value) for value in _members(values) if value != ""]


def _sum(values: Sequence[Value], _: Context) -> Value:
    total = Decimal(0)
    for number in _numbers(values):
        total = add(total, number)
    return total


def _extreme(choose: Callable[[Sequence[Decimal]], Decimal]) -> Implementation:
    def run(values: Sequence[Value], _: Context) -> Value:
        numbers = _numbers(values)
        if not numbers or any(number.is_nan() for number in numbers):
            return NAN
        return choose(numbers)

    return run


def _tokens(value: Value) -> list[str]:
    return [token for token in re.split(f"[{SPACES}]+", to_text(value)) if token]


def _index(value: Value) -> int | None:
    number = to_number(value)
    return None if number.is_nan() else int(number.to_integral_value(rounding=ROUND_FLOOR))


def _substr(values: Sequence[Value], _: Context) -> Value:
    start = _index(values[1])
    end = _index(values[2]) if len(values) > 2 else None
    if start is None or (len(values) > 2 and end is None):
        return ""
    return to_text(values[0])[start:end]


def _selected_at(values: Sequence[Value], _: Context) -> Value:
    tokens, index = _tokens(values[0]), _index(values[1])
    return tokens[index] if index is not None and 0 <= index < len(tokens) else ""


def _round(values: Sequence[Value], _: Context) -> Value:
    places = _index(values[1]) if len(values) > 1 else 0
    return NAN if places is None else rounded(to_number(values[0]), places)


def _absolute(values: Sequence[Value], _: Context) -> Value:
    number = to_number(values[0])
    return subtract(Decimal(0), number) if not number.is_nan() and number < 0 else number


def _join(values: Sequence[Value], _: Context) -> Value:
    return to_text(values[0]).join(to_text(member) for member in _members(values[1:]))


def _concat(values: Sequence[Value], _: Context) -> Value:
    return "".join(to_text(member) for member in _members(values))


def _regex(values: Sequence[Value], _: Context) -> Value:
    text = to_text(values[0])
    return len(text) <= REGEX_LENGTH and re.fullmatch(to_text(values[1]), text) is not None


def _day(value: Value) -> date | None:
    found = to_date(to_text(value))
    number = to_number(value)
    if found is not None or number.is_nan():
        return found
    ordinal = int(number.to_integral_value(rounding=ROUND_FLOOR)) + EPOCH
    return date.fromordinal(ordinal) if 1 <= ordinal <= date.max.toordinal() else None


def _date(values: Sequence[Value], _: Context) -> Value:
    day = _day(values[0])
    return day.isoformat() if day else ""


def _format_date(values: Sequence[Value], _: Context) -> Value:
    day = _day(values[0])
    if day is None:
        return ""
    codes = {"Y": f"{day.year:04}", "y": f"{day.year % 100:02}", "m": f"{day.month:02}", "n": str(day.month)}
    codes |= {"d": f"{day.day:02}", "e": str(day.day)}
    return re.sub("%([Yymnde])", lambda match: codes[match[1]], to_text(values[1]))


def _own_or(convert: Callable[[str], Value]) -> Implementation:
    """A function of one text, of the question's own answer when none is given."""
    return lambda values, context: convert(to_text(values[0]) if values else context.own)


def _normalized(text: str) -> str:
    return " ".join(_tokens(text))


def _count(values: Sequence[Value], _: Context) -> Value:
    return Decimal(len(_members(values)))


def _count_non_empty(values: Sequence[Value], _: Context) -> Value:
    return Decimal(sum(1 for member in _members(values) if member != ""))


def _texts(run: Callable[[str, str], Value]) -> Function:
    return Function(2, 2, lambda values, _: run(to_text(values[0]), to_text(values[1])))


FUNCTIONS: dict[str, Function] = {
    "true": Function(0, 0, lambda _values, _: True),
    "false": Function(0, 0, lambda _values, _: False),
    "not": Function(1, 1, lambda values, _: not to_truth(values[0])),
    "boolean": Function(1, 1, lambda values, _: to_truth(values[0])),
    "string": Function(1, 1, lambda values, _: to_text(values[0])),
    "number": Function(1, 1, lambda values, _: to_number(values[0])),
    "int": Function(1, 1, lambda values, _: truncated(to_number(values[0]))),
    "round": Function(1, 2, _round),
    "abs": Function(1, 1, _absolute),
    "min": Function(1, MANY, _extreme(min)),
    "max": Function(1, MANY, _extreme(max)),
    "sum": Function(1, MANY, _sum),
    "count": Function(1, 1, _count),
    "count-non-empty": Function(1, 1, _count_non_empty),
    "if": Function(3, 3, lambda values, _: values[1] if to_truth(values[0]) else values[2]),
    "coalesce": Function(2, 2, lambda values, _: values[0] if to_text(values[0]) != "" else values[1]),
    "once": Function(1, 1, lambda values, context: context.own if context.own != "" else values[0]),
    "concat": Function(1, MANY, _concat),
    "join": Function(2, MANY, _join),
    "string-length": Function(0, 1, _own_or(lambda text: Decimal(len(text)))),
    "normalize-space": Function(0, 1, _own_or(_normalized)),
    "substr": Function(2, 3, _substr),
    "substring-before": _texts(lambda text, part: text.partition(part)[0] if part and part in text else ""),
    "substring-after": _texts(lambda text, part: (text.partition(part)[2] if part in text else "") if part else text),
    "contains": _texts(lambda text, part: part in text),
    "starts-with": _texts(lambda text, part: text.startswith(part)),
    "ends-with": _texts(lambda text, part: text.endswith(part)),
    "regex": Function(2, 2, _regex),
    "selected": Function(2, 2, lambda values, _: to_text(values[1]).strip(SPACES) in _tokens(values[0])),
    "selected-at": Function(2, 2, _selected_at),
    "count-selected": Function(1, 1, lambda values, _: Decimal(len(_tokens(values[0])))),
    "today": Function(0, 0, lambda _values, context: context.today.isoformat()),
    "date": Function(1, 1, _date),
    "format-date": Function(2, 2, _format_date),
    "position": Function(1, 1, lambda _values, context: Decimal(context.position)),
}

_GEO = "places on a map are not asked for here"
_CHANCE = "the server could not check it"
_TIME = "only whole days are known; use today() and date()"
_LISTS = "choices from outside come with select_one_from_file"
_LATER = "it is not built yet"

REFUSED: dict[str, str] = {
    **dict.fromkeys(("area", "distance", "geofence"), _GEO),
    **dict.fromkeys(("random", "randomize", "uuid"), _CHANCE),
    **dict.fromkeys(("now", "date-time", "format-date-time", "decimal-date-time", "decimal-time"), _TIME),
    **dict.fromkeys(("pulldata", "instance", "lookup"), _LISTS),
    **dict.fromkeys(("indexed-repeat", "jr:choice-name", "jr:itext", "current", "id", "last"), _LATER),
    **dict.fromkeys(("digest", "base64-decode", "property", "version", "checklist", "weighted-checklist"), _LATER),
}
"""Function of ODK → why it is refused (a message id)."""
