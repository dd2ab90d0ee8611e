"""What a form hands on to be summed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number that a report gives to one indicator, exact, in the indicator's unit.

    ``place`` is a county's code where the answer names one; ``path`` the answer it came from, such as
    ``benefits[2].amount``, so that a figure can be walked back to the very input.
    """

    indicator: str
    value: Decimal
    place: str | None
    path: str
