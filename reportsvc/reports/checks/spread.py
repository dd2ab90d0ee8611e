"""How numbers spread: the median, the median distance from it, and how far one number lies out. Exact decimals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

NORMAL = Decimal("0.6745")
"""Of a normal distribution the median distance from the median is so much of a standard deviation."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Of some numbers: how many, their median, and the median of their distances from it (MAD)."""

    count: int
    median: Decimal
    distance: Decimal

    def score(self, value: Decimal) -> Decimal | None:
        """The modified z-score, 0.6745 · (value - median) / MAD; nothing where over half of the numbers are equal."""
        if self.distance == 0:
            return None
        return NORMAL * (value - self.median) / self.distance


def median(values: Sequence[Decimal]) -> Decimal:
    """The number in the middle; of an even count the mean of the two there.

    :raises ValueError: if there are none.
    """
    if not values:
        raise ValueError("nothing has no median")
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(values) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def of(values: Sequence[Decimal]) -> Spread:
    """The spread of numbers.

    :raises ValueError: if there are none.
    """
    middle = median(values)
    return Spread(len(values), middle, median([abs(value - middle) for value in values]))
