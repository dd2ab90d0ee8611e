"""Functions that few forms use; ``static/forms/more.js`` is the phone's side of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from reportsvc.forms.expressions import curves, moments
from reportsvc.forms.expressions.calling import MANY, Context, Function, Implementation, index, members
from reportsvc.forms.expressions.values import (
    NAN,
    SPACES,
    Value,
    add,
    divide,
    floored,
    raised,
    to_moment,
    to_number,
    to_text,
)

LETTERS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
LONGEST = 100  # characters that uuid(…) gives


def _translate(values: Sequence[Value], _: Context) -> Value:
    text, old, new = map(to_text, values)
    into: dict[str, str] = {}
    for place, character in enumerate(old):
        into.setdefault(character, new[place : place + 1])
    return "".join(into.get(character, character) for character in text)


def _within(total: Decimal, least: Decimal, most: Decimal) -> bool:
    """Whether a total keeps to its limits; -1 is none."""
    if least.is_nan() or most.is_nan():
        return False
    return (least == -1 or total >= least) and (most == -1 or total <= most)


def _counts(value: Value) -> bool:
    number = to_number(value)
    return not number.is_nan() and number > 0


def _checklist(values: Sequence[Value], _: Context) -> Value:
    total = sum(1 for value in members(values[2:]) if _counts(value))
    return _within(Decimal(total), to_number(values[0]), to_number(values[1]))


def _weighted_checklist(values: Sequence[Value], _: Context) -> Value:
    total = Decimal(0)
    for value, weight in zip(values[2::2], values[3::2], strict=True):
        if _counts(value):
            total = add(total, to_number(weight))
    return not total.is_nan() and _within(total, to_number(values[0]), to_number(values[1]))


def _now(_values: Sequence[Value], context: Context) -> Value:
    return context.now or f"{context.today.isoformat()}T00:00:00.000+08:00"


def _date_time(values: Sequence[Value], _: Context) -> Value:
    moment = to_moment(values[0])
    return "" if moment is None else moments.write(moment)


def _decimal_date_time(values: Sequence[Value], _: Context) -> Value:
    return to_number(values[0])


def _decimal_time(values: Sequence[Value], _: Context) -> Value:
    text = to_text(values[0]).strip(SPACES)
    time = moments.read_time(text)
    if time is None:
        time = moments.read(text)
    return NAN if time is None else divide(Decimal(time % moments.DAY), Decimal(moments.DAY))


def _random(_values: Sequence[Value], context: Context) -> Value:
    return divide(Decimal(int.from_bytes(context.random(6), "big")), Decimal(2**48))


def _uuid(values: Sequence[Value], context: Context) -> Value:
    if values:
        count = max(0, min(LONGEST, index(values[0]) or 0))
        return "".join(LETTERS[byte % len(LETTERS)] for byte in context.random(count))
    data = bytearray(context.random(16))
    data[6], data[8] = data[6] & 0x0F | 0x40, data[8] & 0x3F | 0x80
    text = data.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _pulldata(values: Sequence[Value], context: Context) -> Value:
    name, wanted, key, asked = map(to_text, values)
    rows = context.lists.get(name.removesuffix(".csv"), ())
    return next((row.get(wanted, "") for row in rows if row.get(key, "") == asked), "")


def _indexed_repeat(values: Sequence[Value], context: Context) -> Value:
    rows = [index(value) for value in values[2::2]]
    found = tuple(row for row in rows if row is not None)
    return context.cell(to_text(values[0]), found) if len(found) == len(rows) and min(found) > 0 else ""


def _choice_name(values: Sequence[Value], context: Context) -> Value:
    return context.choice_name(to_text(values[1]), to_text(values[0]))


def _number(run: Callable[[Decimal], Decimal]) -> Function:
    return Function(1, 1, lambda values, _: run(to_number(values[0])))


def _of_two(run: Callable[[Decimal, Decimal], Decimal]) -> Implementation:
    return lambda values, _: run(to_number(values[0]), to_number(values[1]))


MORE: dict[str, Function] = {
    "floor": _number(floored),
    "ceiling": _number(raised),
    "pow": Function(2, 2, _of_two(curves.power)),
    "sqrt": _number(curves.sqrt),
    "exp": _number(curves.exp),
    "exp10": _number(lambda number: curves.power(Decimal(10), number)),
    "log": _number(curves.log),
    "log10": _number(curves.log10),
    "sin": _number(curves.sin),
    "cos": _number(curves.cos),
    "tan": _number(curves.tan),
    "asin": _number(curves.asin),
    "acos": _number(curves.acos),
    "atan": _number(curves.atan),
    "atan2": Function(2, 2, _of_two(curves.atan2)),
    "pi": Function(0, 0, lambda _values, _: curves.pi()),
    "translate": Function(3, 3, _translate),
    "boolean-from-string": Function(1, 1, lambda values, _: to_text(values[0]) in {"true", "1"}),
    "checklist": Function(3, MANY, _checklist),
    "weighted-checklist": Function(4, MANY, _weighted_checklist),
    "now": Function(0, 0, _now),
    "date-time": Function(1, 1, _date_time),
    "decimal-date-time": Function(1, 1, _decimal_date_time),
    "decimal-time": Function(1, 1, _decimal_time),
    "random": Function(0, 0, _random),
    "uuid": Function(0, 1, _uuid),
    "pulldata": Function(4, 4, _pulldata),
    "indexed-repeat": Function(3, 7, _indexed_repeat),
    "jr:choice-name": Function(2, 2, _choice_name),
}
