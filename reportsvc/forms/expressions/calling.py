"""What a function of an expression gets: its evaluated values and the place where the expression stands."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from reportsvc.forms.expressions.values import SPACES, Value, to_number, to_text

MANY = 200
Lookup = Callable[[str], str | tuple[str, ...]]
Lists = Mapping[str, Sequence[Mapping[str, str]]]


def _own_value(_question: str, value: str) -> str:
    return value


def _nothing(_question: str, _rows: tuple[int, ...]) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Context:
    """Where an expression stands: ``own`` is its question's answer, ``position`` its row in a repeat from 1.

    ``positions`` are its rows from the outermost repeat to the innermost, ``now`` an ISO moment (without one, midnight
    of ``today``), ``columns`` the choice that a filter looks at, ``lists`` what ``pulldata()`` looks into. ``cell``
    gives a question's answer in given rows, ``choice_name`` the label of a choice, ``random`` so many random bytes.
    """

    lookup: Lookup
    today: date
    own: str = ""
    position: int = 0
    positions: tuple[int, ...] = ()
    now: str = ""
    language: str = "zh"
    columns: Mapping[str, str] = field(default_factory=dict)
    lists: Lists = field(default_factory=dict)
    cell: Callable[[str, tuple[int, ...]], str] = _nothing
    choice_name: Callable[[str, str], str] = _own_value
    random: Callable[[int], bytes] = secrets.token_bytes

    def row(self, above: int) -> int:
        """The row from 1 in the innermost repeat, or so many repeats above; 0 outside of one."""
        if not self.positions:
            return self.position if above == 0 else 0
        return self.positions[-1 - above] if above < len(self.positions) else 0


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


def members(values: Sequence[Value]) -> list[Value]:
    """All values, lists opened."""
    found: list[Value] = []
    for value in values:
        found.extend(value if isinstance(value, tuple) else (value,))
    return found


def tokens(value: Value) -> list[str]:
    """The parts of a text between spaces, such as the choices of a select_multiple."""
    return [token for token in re.split(f"[{SPACES}]+", to_text(value)) if token]


def index(value: Value) -> int | None:
    """The whole number at or below a value."""
    number = to_number(value)
    return None if number.is_nan() else int(number.to_integral_value(rounding=ROUND_FLOOR))


def numbers(values: Sequence[Value]) -> list[Decimal]:
    """The numbers among the values; empty text is passed over."""
    return [to_number(value) for value in members(values) if value != ""]
