"""Drawing amounts that look like what people report: skewed, mostly round, and adding up to a given sum."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

YUAN = 100
"""Fen."""


def skewed(rng: Random, sigma: float, most: float = 40.0) -> int:
    """A weight of a log-normal kind: many small, few large, none above ``most`` medians; in millionths of a median."""
    return int(min(rng.lognormvariate(0.0, sigma), most) * 1_000_000)


def tidy(value: int, unit: int) -> int:
    """``value`` rounded as people round: about three leading digits, at least one step."""
    count = value // unit
    step = next(step for limit, step in _STEPS if count < limit)
    return max(step, round(count / step) * step) * unit


_STEPS = ((100, 1), (1_000, 10), (10_000, 100), (100_000, 500), (1_000_000, 5_000), (10**18, 10_000))
"""(below this, rounded to that)"""


def share_out(rng: Random, weights: Sequence[int], total: int, unit: int = 1) -> list[int]:
    """Amounts in proportion to ``weights`` that add up to ``total`` exactly.

    Seven in ten are round (:func:`tidy`), the others take up what rounding left over; one in four of those keeps
    parts of a ``unit``, which for money is 角 and 分.
    """
    whole = sum(weights)
    amounts = [max(unit, total * weight // whole) for weight in weights]
    loose = [index for index in range(len(weights)) if rng.random() >= 0.7]
    kept = set(loose)
    for index, amount in enumerate(amounts):
        if index not in kept:
            amounts[index] = tidy(amount, unit)
    rest = total - sum(amount for index, amount in enumerate(amounts) if index not in kept)
    loose_weight = sum(weights[index] for index in loose)
    for index in loose:
        amount = rest * weights[index] // loose_weight
        amounts[index] = amount if rng.random() < 0.25 else amount // unit * unit
        amounts[index] = max(unit, amounts[index])
    amounts[max(loose, key=lambda index: weights[index])] += total - sum(amounts)
    return amounts
