"""Roots, powers, logarithms and angles (in radians) of decimals, the same to the last digit here and on the phone.

Both sides calculate on whole numbers of 10^-70 by the same steps, each cut off in the same place, and round the
outcome to 28 digits; ``static/forms/curves.js`` is the other side. So what they give is equal by its making, and the
tests hold it against longer calculations. What has no value, such as the logarithm of 0, is not a number; so is an
angle beyond a million, and a negative number to more than the 10^9th power. A negative exponent turns over the power
without its sign, which gives 0 from 10^40 on.
"""

from __future__ import annotations

from decimal import Decimal
from math import isqrt

from reportsvc.forms.expressions.values import NAN, divide, exactly, fitted, multiply, square_root

PLACES = 70
ONE = 10**PLACES
LN10 = 23025850929940456840179914546843642076011014886287729760333279009675726
HALF = 15707963267948966192313216916397514420985846996875529104874722961539082  # of pi
WIDEST = 10**6  # the largest angle
STEPS = 10**9  # the largest whole exponent
LIMIT = 93 * ONE  # beyond e^93 there are no numbers

sqrt = square_root


def exp(number: Decimal) -> Decimal:
    """e to the power of ``number``."""
    return NAN if number.is_nan() else _exp(_fixed(number), negative=number < 0)


def log(number: Decimal) -> Decimal:
    """The natural logarithm."""
    return NAN if number.is_nan() or number <= 0 else fitted(_number(_ln(number)))


def log10(number: Decimal) -> Decimal:
    """The logarithm to base 10."""
    return NAN if number.is_nan() or number <= 0 else divide(_number(_ln(number)), _number(LN10))


def power(base: Decimal, exponent: Decimal) -> Decimal:
    """``base`` to the power of ``exponent``; a whole exponent multiplies, step by step."""
    if base.is_nan() or exponent.is_nan():
        return NAN
    if exponent == exponent.to_integral_value() and abs(exponent) <= STEPS:
        return _whole_power(base, int(exponent))
    if base <= 0:
        return Decimal(0) if base == 0 and exponent > 0 else NAN
    logarithm = _ln(base)
    return _exp(abs(logarithm) * _fixed(exponent) // ONE, negative=(logarithm < 0) != (exponent < 0))


def sin(angle: Decimal) -> Decimal:
    """The sine."""
    return NAN if _too_wide(angle) else fitted(_number(_turn(angle)[0]))


def cos(angle: Decimal) -> Decimal:
    """The cosine."""
    return NAN if _too_wide(angle) else fitted(_number(_turn(angle)[1]))


def tan(angle: Decimal) -> Decimal:
    """The tangent."""
    if _too_wide(angle):
        return NAN
    sine, cosine = _turn(angle)
    return divide(_number(sine), _number(cosine))


def atan(number: Decimal) -> Decimal:
    """The angle with this tangent, between -pi/2 and pi/2."""
    return atan2(number, Decimal(1))


def atan2(up: Decimal, right: Decimal) -> Decimal:
    """The angle of a direction, between -pi and pi; 0 for none."""
    if up.is_nan() or right.is_nan():
        return NAN
    height, width = _fixed(up), _fixed(right)
    angle = _arctan(height * ONE // width) if width else HALF if height else 0
    angle = 2 * HALF - angle if right < 0 else angle
    return fitted(_number(-angle if up < 0 else angle))


def asin(number: Decimal) -> Decimal:
    """The angle with this sine, between -pi/2 and pi/2."""
    if number.is_nan() or abs(number) > 1:
        return NAN
    angle = _arcsin(_fixed(number))
    return fitted(_number(-angle if number < 0 else angle))


def acos(number: Decimal) -> Decimal:
    """The angle with this cosine, between 0 and pi."""
    if number.is_nan() or abs(number) > 1:
        return NAN
    angle = _arcsin(_fixed(number))
    return fitted(_number(HALF + angle if number < 0 else HALF - angle))


def pi() -> Decimal:
    """Half a turn."""
    return fitted(_number(2 * HALF))


def _fixed(number: Decimal) -> int:
    """The size of a number in units of 10^-70; exact, because no number has more places."""
    return int(exactly(abs(number), PLACES))


def _number(units: int) -> Decimal:
    return exactly(Decimal(units), -PLACES)


def _exp(size: int, *, negative: bool) -> Decimal:
    if size > LIMIT:
        return Decimal(0) if negative else NAN
    part, term, total, count = size // 256, ONE, ONE, 0
    while term:
        count += 1
        term = term * part // ONE // count
        total += term
    for _ in range(8):
        total = total * total // ONE
    return divide(Decimal(1), _number(total)) if negative else fitted(_number(total))


def _ln(number: Decimal) -> int:
    """The natural logarithm of a positive number, in units."""
    place = number.adjusted()
    root = _fixed(exactly(number, -place))
    for _ in range(5):
        root = isqrt(root * ONE)
    part = (root - ONE) * ONE // (root + ONE)
    square, total, count = part * part // ONE, 0, 1
    while part:
        total += part // count
        part = part * square // ONE
        count += 2
    return 64 * total + place * LN10


def _whole_power(base: Decimal, exponent: int) -> Decimal:
    found = Decimal(1)
    for bit in f"{abs(exponent):b}":
        found = multiply(found, found)
        if bit == "1":
            found = multiply(found, base)
    if exponent >= 0:
        return found
    return Decimal(0) if found.is_nan() else divide(Decimal(1), found)


def _too_wide(angle: Decimal) -> bool:
    return angle.is_nan() or abs(angle) > WIDEST


def _turn(angle: Decimal) -> tuple[int, int]:
    """Sine and cosine in units."""
    quarter, rest = divmod(_fixed(angle), HALF)
    one, other = _sine(rest), _sine(HALF - rest)
    sine, cosine = ((one, other), (other, -one), (-one, -other), (-other, one))[quarter % 4]
    return (-sine if angle < 0 else sine), cosine


def _sine(angle: int) -> int:
    """The sine of an angle of at most a quarter of a turn."""
    square, term, count, sums = angle * angle // ONE, angle, 1, [0, 0]
    while term:
        sums[count // 2 % 2] += term
        count += 2
        term = term * square // ONE // (count * (count - 1))
    return sums[0] - sums[1]


def _arctan(tangent: int) -> int:
    steep = tangent > ONE
    if steep:
        tangent = ONE * ONE // tangent
    for _ in range(3):
        tangent = tangent * ONE // (ONE + isqrt(ONE * ONE + tangent * tangent))
    square, count, sums = tangent * tangent // ONE, 1, [0, 0]
    while tangent:
        sums[count // 2 % 2] += tangent // count
        tangent = tangent * square // ONE
        count += 2
    angle = 8 * (sums[0] - sums[1])
    return HALF - angle if steep else angle


def _arcsin(sine: int) -> int:
    return HALF if sine >= ONE else _arctan(sine * ONE // isqrt(ONE * ONE - sine * sine))
