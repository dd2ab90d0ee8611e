"""Values of expressions: text, decimals, truth values and lists of texts, and how one becomes another."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal

from reportsvc.forms.expressions import moments
from reportsvc.forms.expressions.moments import DAY, EPOCH, to_date

Value = str | Decimal | bool | tuple[str, ...]

NAN = Decimal("NaN")
DIGITS = 28
LARGEST = 40  # a number's power of ten stays between -LARGEST and LARGEST
_CONTEXT = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN, Emin=-9999, Emax=9999, traps=[])
_WIDE = Context(prec=2 * (DIGITS + 2 * LARGEST), rounding=ROUND_HALF_EVEN, Emin=-9999, Emax=9999, traps=[])
_PLAIN = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
SPACES = " \t\n\r"


def fitted(number: Decimal) -> Decimal:
    """``number`` rounded to what a number may hold."""
    if not number.is_finite():
        return NAN
    number = _CONTEXT.plus(number)
    if not number.is_finite():  # a text of ten thousand digits overflows even here
        return NAN
    if number == 0 or number.adjusted() < -LARGEST:
        return Decimal(0)
    return NAN if number.adjusted() >= LARGEST else number


def to_number(value: Value) -> Decimal:
    """The value as a number; not-a-number where it is none."""
    if isinstance(value, bool):
        return Decimal(int(value))
    if isinstance(value, Decimal):
        return value
    text = to_text(value).strip(SPACES)
    if _PLAIN.fullmatch(text):
        return fitted(Decimal(text))
    day = to_date(text)
    if day is not None:
        return Decimal(day.toordinal() - EPOCH)
    moment = moments.read(text)
    return NAN if moment is None else divide(Decimal(moment), Decimal(DAY))


def to_text(value: Value) -> str:
    """The value as text: numbers plainly without needless zeros, a list by its first member."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, tuple):
        return value[0] if value else ""
    return value


def to_truth(value: Value) -> bool:
    """The value as a truth value: a number that is not zero, a text that is not empty, a list that holds one."""
    if isinstance(value, Decimal):
        return not value.is_nan() and value != 0
    if isinstance(value, tuple):
        return any(value)
    return bool(value)


def to_moment(value: Value) -> int | None:
    """Milliseconds of the moment that a value names: as a moment, a day (its midnight) or a number of days."""
    moment = moments.read(to_text(value).strip(SPACES)) if isinstance(value, (str, tuple)) else None
    if moment is None:
        number = rounded(multiply(to_number(value), Decimal(DAY)), 0)
        moment = None if number.is_nan() else int(number)
    return moment


def plain(number: Decimal) -> str:
    """``number`` in plain notation, without needless zeros; not-a-number is empty."""
    if not number.is_finite():
        return ""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def add(left: Decimal, right: Decimal) -> Decimal:
    """Sum, exact before it is rounded once."""
    return fitted(_WIDE.add(left, right))


def subtract(left: Decimal, right: Decimal) -> Decimal:
    """Difference, exact before it is rounded once."""
    return fitted(_WIDE.subtract(left, right))


def multiply(left: Decimal, right: Decimal) -> Decimal:
    """Product, exact before it is rounded once."""
    return fitted(_WIDE.multiply(left, right))


def divide(left: Decimal, right: Decimal) -> Decimal:
    """Quotient; by zero it is not a number."""
    if right == 0:
        return NAN
    return fitted(_CONTEXT.divide(left, right))


def remainder(left: Decimal, right: Decimal) -> Decimal:
    """What division leaves, with the sign of ``left``; by zero it is not a number."""
    if right == 0:
        return NAN
    return fitted(_WIDE.remainder(left, right))


def truncated(number: Decimal) -> Decimal:
    """``number`` without its decimals."""
    if number.is_nan():
        return number
    return fitted(Decimal(int(number)))


def floored(number: Decimal) -> Decimal:
    """The whole number at or below ``number``."""
    return number if number.is_nan() else fitted(number.to_integral_value(rounding=ROUND_FLOOR, context=_WIDE))


def raised(number: Decimal) -> Decimal:
    """The whole number at or above ``number``."""
    return number if number.is_nan() else fitted(number.to_integral_value(rounding=ROUND_CEILING, context=_WIDE))


def square_root(number: Decimal) -> Decimal:
    """The root; of less than nothing it is not a number."""
    return NAN if number.is_nan() or number < 0 else fitted(_CONTEXT.sqrt(number))


def exactly(number: Decimal, places: int) -> Decimal:
    """10^places times ``number``, without rounding."""
    return _WIDE.scaleb(number, places)


def rounded(number: Decimal, places: int) -> Decimal:
    """``number`` to ``places`` decimals (may be negative), a half going towards positive infinity."""
    if number.is_nan():
        return number
    places = max(-LARGEST, min(LARGEST, places))
    shifted = _WIDE.add(_WIDE.scaleb(number, places), Decimal("0.5"))
    whole = shifted.to_integral_value(rounding=ROUND_FLOOR, context=_WIDE)
    return fitted(_WIDE.scaleb(whole, -places))
