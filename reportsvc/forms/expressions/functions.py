"""The functions that an expression may call: how many values each takes, and what it gives.

Each takes the evaluated arguments and the context. What ODK knows and we don't is in :data:`REFUSED` with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from reportsvc.forms.expressions import moments
from reportsvc.forms.expressions.calling import MANY, Context, Function, Implementation, index, members, numbers, tokens
from reportsvc.forms.expressions.moments import EPOCH, to_date
from reportsvc.forms.expressions.more import MORE
from reportsvc.forms.expressions.values import (
    NAN,
    SPACES,
    Value,
    add,
    rounded,
    subtract,
    to_moment,
    to_number,
    to_text,
    to_truth,
    truncated,
)
from reportsvc.forms.messages import N_

__all__ = ["FUNCTIONS", "REFUSED", "Context", "Function"]

REGEX_LENGTH = 1000  # longer text never matches, so that a slow pattern stays bounded


def _sum(values: Sequence[Value], _: Context) -> Value:
    total = Decimal(0)
    for number in numbers(values):
        total = add(total, number)
    return total


def _extreme(choose: Callable[[Sequence[Decimal]], Decimal]) -> Implementation:
    def run(values: Sequence[Value], _: Context) -> Value:
        found = numbers(values)
        if not found or any(number.is_nan() for number in found):
            return NAN
        return choose(found)

    return run


def _substr(values: Sequence[Value], _: Context) -> Value:
    start = index(values[1])
    end = index(values[2]) if len(values) > 2 else None
    if start is None or (len(values) > 2 and end is None):
        return ""
    return to_text(values[0])[start:end]


def _selected_at(values: Sequence[Value], _: Context) -> Value:
    found, at = tokens(values[0]), index(values[1])
    return found[at] if at is not None and 0 <= at < len(found) else ""


def _round(values: Sequence[Value], _: Context) -> Value:
    places = index(values[1]) if len(values) > 1 else 0
    return NAN if places is None else rounded(to_number(values[0]), places)


def _absolute(values: Sequence[Value], _: Context) -> Value:
    number = to_number(values[0])
    return subtract(Decimal(0), number) if not number.is_nan() and number < 0 else number


def _join(values: Sequence[Value], _: Context) -> Value:
    return to_text(values[0]).join(to_text(member) for member in members(values[1:]))


def _concat(values: Sequence[Value], _: Context) -> Value:
    return "".join(to_text(member) for member in members(values))


def _regex(values: Sequence[Value], _: Context) -> Value:
    text = to_text(values[0])
    return len(text) <= REGEX_LENGTH and re.fullmatch(to_text(values[1]), text) is not None


def _day(value: Value) -> date | None:
    found = to_date(to_text(value))
    ordinal = index(value)
    if found is not None or ordinal is None:
        return found
    ordinal += EPOCH
    return date.fromordinal(ordinal) if 1 <= ordinal <= date.max.toordinal() else None


def _date(values: Sequence[Value], _: Context) -> Value:
    day = _day(values[0])
    return day.isoformat() if day else ""


def _formatted(letters: str) -> Implementation:
    """A moment written by a format of these codes."""

    def run(values: Sequence[Value], context: Context) -> Value:
        moment = to_moment(values[0])
        codes = {} if moment is None else moments.codes(moment, context.language)
        return re.sub(f"%([{letters}])", lambda match: codes[match[1]], to_text(values[1])) if codes else ""

    return run


def _own_or(convert: Callable[[str], Value]) -> Implementation:
    """A function of one text, of the question's own answer when none is given."""
    return lambda values, context: convert(to_text(values[0]) if values else context.own)


def _normalized(text: str) -> str:
    return " ".join(tokens(text))


def _count(values: Sequence[Value], _: Context) -> Value:
    return Decimal(len(members(values)))


def _count_non_empty(values: Sequence[Value], _: Context) -> Value:
    return Decimal(sum(1 for member in members(values) if member != ""))


def _texts(run: Callable[[str, str], Value]) -> Function:
    return Function(2, 2, lambda values, _: run(to_text(values[0]), to_text(values[1])))


FORMATS = {"format-date": "Yymndeba", "format-date-time": "YymndebaHhMS3"}
"""Function → the codes behind % that its format may hold."""

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
    "selected": Function(2, 2, lambda values, _: to_text(values[1]).strip(SPACES) in tokens(values[0])),
    "selected-at": Function(2, 2, _selected_at),
    "count-selected": Function(1, 1, lambda values, _: Decimal(len(tokens(values[0])))),
    "today": Function(0, 0, lambda _values, context: context.today.isoformat()),
    "date": Function(1, 1, _date),
    "format-date": Function(2, 2, _formatted(FORMATS["format-date"])),
    "position": Function(1, 1, lambda values, context: Decimal(context.row(int(to_number(values[0])) - 1))),
    **MORE,
    "format-date-time": Function(2, 2, _formatted(FORMATS["format-date-time"])),
}

_GEO = N_("Column %(column)s: the function %(function)s() is not supported: places on a map are not measured here.")
_LISTS = N_(
    "Column %(column)s: the function %(function)s() is not supported: "
    "look into a list with pulldata(), or offer its choices with select_one_from_file and a choice_filter."
)
_ORDER = N_(
    "Column %(column)s: the function %(function)s() is not supported: "
    "the order of choices must be the same on every phone and on paper."
)
_BYTES = N_(
    "Column %(column)s: the function %(function)s() is not supported: "
    "digests and encoded bytes are not calculated on a phone."
)
_PATHS = N_("Column %(column)s: the function %(function)s() is not supported: write the other question as ${name}.")
_TEXTS = N_(
    "Column %(column)s: the function %(function)s() is not supported: "
    "texts are translated in the columns label::language."
)
_KNOWN = N_(
    "Column %(column)s: the function %(function)s() is not supported: "
    "nothing is known of the phone; the server keeps who reported, when and with which version of the form."
)

REFUSED: dict[str, str] = {
    **dict.fromkeys(("area", "distance", "geofence"), _GEO),
    **dict.fromkeys(("instance", "lookup"), _LISTS),
    "randomize": _ORDER,
    **dict.fromkeys(("digest", "base64-decode", "extract-signed"), _BYTES),
    **dict.fromkeys(("current", "id", "last", "name", "local-name"), _PATHS),
    "jr:itext": _TEXTS,
    **dict.fromkeys(("property", "version"), _KNOWN),
}
"""Function of ODK → the message that refuses it."""
