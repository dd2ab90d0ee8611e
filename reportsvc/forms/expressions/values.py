"""Values of expressions: text, decimals, truth values and lists of texts, and how one becomes another."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal

Value = str | Decimal | bool | tuple[str, ...]

NAN = Decimal("NaN")
EPOCH = date(1970, 1, 1).toordinal()
DIGITS = 28
LARGEST = 40  # a number's power of ten stays between -LARGEST and LARGEST
_CONTEXT = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN, Emin=-9999, Emax=9999, traps=[])
_WIDE = Context(prec=2 * (DIGITS + 2 * LARGEST), rounding=ROUND_HALF_EVEN, Emin=-9999, Emax=9999, traps=[])
_PLAIN = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
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
    return NAN if day is None else Decimal(day.toordinal() - EPOCH)


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


def to_date(text: str) -> date | None:
    """The day that ``text`` (``YYYY-MM-DD``) names, if there is such a day."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


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


def rounded(number: Decimal, places: int) -> Decimal:
    """``number`` to ``places`` decimals (may be negative), a half going towards positive infinity."""
    if number.is_nan():
        return number
    places = max(-LARGEST, min(LARGEST, places))
    shifted = _WIDE.add(_WIDE.scaleb(number, places), Decimal("0.5"))
    whole = shifted.to_integral_value(rounding=ROUND_FLOOR, context=_WIDE)
    return fitted(_WIDE.scaleb(whole, -places))
