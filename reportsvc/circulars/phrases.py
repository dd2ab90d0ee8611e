"""Quantities as a circular prints them: 6300多家, 约21.88亿元, 超过30亿元.

One rule for all: from 1亿 on a quantity is printed in 亿, from 1万 on in 万, with at most 2 decimals and no zeros at
their end; below, or where that would not be exact, in the unit itself. What a printed form says:

============ ==========================================================================================
``exact``    the quantity is this
``about``    约: rounded, half up
``more``     多 or 余: truncated to a round number, and something remains
``over``     超过: truncated to a round number, and strictly more than it
``reached``  达: this, or a little more than can be printed
============ ==========================================================================================

Where nothing remains, or no round number is below, the plain form is printed. 约 never stands with 多 or 余.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from typing import Literal

Qualifier = Literal["exact", "about", "more", "over", "reached"]
Remainder = Literal["多", "余"]

WAN = Decimal(10_000)
YI = Decimal(100_000_000)

_SCALES = (("亿", YI), ("万", WAN))
_PREFIXES: dict[Qualifier, str] = {"about": "约", "over": "超过", "reached": "达"}
_EXACT = Context(prec=60)
"""Enough digits that nothing is rounded unasked."""
_FORM = re.compile(r"(约|超过|达)?([0-9]+(?:\.[0-9]+)?)([多余]?)([万亿]?)([多余]?)([^0-9.多余万亿]+)")


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed form, read back."""

    number: Decimal
    qualifier: Qualifier
    place: Decimal
    """Value of the last digit that is not a trailing zero: how far 约, 多, 余 and 达 reach."""
    unit: str


def money(
    fen: int, qualifier: Qualifier = "exact", step: int | Decimal | None = None, *, word: Remainder = "多"
) -> str:
    """An amount in words, such as 3000余万元; ``step`` counts 元, the rest as in :func:`count`."""
    return count(_EXACT.divide(Decimal(fen), 100), "元", qualifier, step, word=word)


def count(
    value: int | Decimal,
    unit: str,
    qualifier: Qualifier = "exact",
    step: int | Decimal | None = None,
    *,
    word: Remainder = "多",
) -> str:
    """A quantity in words, such as 280多万人次.

    :param unit: what is counted, such as 家.
    :param step: the power of ten to which 约 rounds and the others truncate: 100 gives 6300多家. By default 约 keeps
        2 decimals of 亿 or 万, 达 as well, and the others keep two digits (one of a number below 100).
    :param word: 多 or 余, for ``more``.
    :raises ValueError: for a negative value, or a step that is not a power of ten.
    """
    exact = Decimal(value)
    if not exact.is_finite() or exact < 0:
        raise ValueError(f"a circular prints no {value}")
    if qualifier == "exact":
        return _plain(exact) + unit
    shown = _rounded(exact, qualifier, _checked(step))
    remains = shown != exact or qualifier in {"about", "reached"}
    if not shown or not remains:
        return _plain(exact) + unit
    if qualifier == "more":
        return _with_remainder(shown, word) + unit
    return _PREFIXES[qualifier] + _plain(shown) + unit


def holds(printed: str, value: int | Decimal, *, step: int | Decimal | None = None) -> bool:
    """Whether a printed form is true of ``value`` (for money: in 元).

    Zeros at the end of a printed number may be digits or left by rounding; without ``step`` the form is given the
    benefit of the doubt, so that 约30亿元 is true of 34亿元. With the ``step`` it was printed with, it is not.

    :raises ValueError: when ``printed`` is no form that this module prints.
    """
    form, exact = parse(printed), Decimal(value)
    place = _checked(step) or form.place
    if form.qualifier == "exact":
        return exact == form.number
    if form.qualifier == "over":
        return exact > form.number
    if form.qualifier == "about":
        return -place <= 2 * (exact - form.number) < place
    is_enough = exact > form.number if form.qualifier == "more" else exact >= form.number
    return is_enough and exact < form.number + place


def parse(printed: str) -> Printed:
    """Read a printed form back; raises ValueError for any other text, 约 with 多 among them."""
    match = _FORM.fullmatch(printed)
    if not match:
        raise ValueError(f"not a printed form: {printed}")
    prefix, digits, early, scale, late, unit = match.groups()
    remainder = early + late
    if len(remainder) > 1 or (prefix and remainder) or (late and not scale):
        raise ValueError(f"not a printed form: {printed}")
    size = dict(_SCALES).get(scale, Decimal(1))
    qualifier: Qualifier = "more" if remainder else _qualifier(prefix)
    return Printed(Decimal(digits) * size, qualifier, _place(Decimal(digits)) * size, unit)


def _qualifier(prefix: str | None) -> Qualifier:
    return next((name for name, each in _PREFIXES.items() if each == prefix), "exact")


def _place(number: Decimal) -> Decimal:
    """Value of the last digit that is not a trailing zero; 1 for zero."""
    exponent = number.normalize(_EXACT).as_tuple().exponent
    return Decimal(1).scaleb(int(exponent)) if number else Decimal(1)


def _checked(step: int | Decimal | None) -> Decimal | None:
    if step is None:
        return None
    if step <= 0 or Decimal(step).normalize(_EXACT).as_tuple().digits != (1,):
        raise ValueError(f"not a power of ten: {step}")
    return Decimal(step)


def _rounded(value: Decimal, qualifier: Qualifier, step: Decimal | None) -> Decimal:
    if qualifier == "about":
        # what rounds up to 1亿 or 1万 is a multiple of the finer step too
        return _to(value, step or _finest(value), ROUND_HALF_UP)
    if qualifier == "reached":
        return _to(value, step or _finest(value), ROUND_DOWN)
    return _to(value, step or _two_digits(value), ROUND_DOWN)


def _to(value: Decimal, step: Decimal, rounding: str) -> Decimal:
    """The multiple of ``step`` next to ``value``."""
    return (_EXACT.divide(value, step)).quantize(Decimal(1), rounding, _EXACT) * step


def _finest(value: Decimal) -> Decimal:
    """The second decimal of the scale in which ``value`` is printed, or 1."""
    return next((size / 100 for _, size in _SCALES if value >= size), Decimal(1))


def _two_digits(value: Decimal) -> Decimal:
    """The place of the second digit, but at least 10."""
    return max(Decimal(10), Decimal(1).scaleb(value.adjusted() - 1))


def _plain(value: Decimal) -> str:
    """``value`` exactly, in the largest scale that takes no more than 2 decimals."""
    for name, size in _SCALES:
        if value >= size and not value % (size / 100):
            return _digits(_EXACT.divide(value, size)) + name
    return _digits(value)


def _with_remainder(value: Decimal, word: str) -> str:
    """``value`` with 多 or 余 after its last digit when that is a round ten, else after its scale."""
    for name, size in _SCALES:
        if value >= size and not value % (size / 100):
            digits = _EXACT.divide(value, size)
            is_round = digits >= 10 and not digits % 10
            return _digits(digits) + (word + name if is_round else name + word)
    return _digits(value) + word


def _digits(number: Decimal) -> str:
    """Plain digits, without zeros at the end of the decimals."""
    return f"{number.normalize(_EXACT):f}"
