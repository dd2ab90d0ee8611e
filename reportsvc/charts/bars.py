"""Bars: amounts, parts of a whole, and progress against a plan. Each row's words stand above its bar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reportsvc.charts.drawing import (
    TEXT,
    WIDTH,
    Box,
    Frame,
    area,
    element,
    legend,
    measured,
    patterns,
    shortened,
    svg,
    text,
)

HEIGHT, ROW = 12, 38
GAP = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """One amount: what it is of, how much, and how that is written."""

    label: str
    value: float
    said: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part that every row is made of."""

    look: str
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """One whole: its values in the order of the parts, and what is written beside its name."""

    label: str
    values: Sequence[float]
    said: str


@dataclass(frozen=True, slots=True)
class Level:
    """How far something has come: done and planned, in one unit."""

    label: str
    done: float
    planned: float
    said: str


def bars(frame: Frame, rows: Sequence[Bar], look: str = "main") -> Markup:
    """Amounts beside one another, the largest across the whole width."""
    largest = max((row.value for row in rows), default=0) or 1
    made = [patterns(frame.name, (look,))]
    for index, row in enumerate(rows):
        made.append(_words(row.label, row.said, index))
        made.append(_ground(index))
        made.append(area(frame.name, look, Box(0, _top(index), _wide(row.value, largest), HEIGHT)))
    return svg(frame, WIDTH, ROW * len(rows), *made)


def stacked(frame: Frame, parts: Sequence[Part], rows: Sequence[Row]) -> Markup:
    """Rows of 100 %, each divided into the same parts; a row without anything stays empty."""
    made = [patterns(frame.name, (part.look for part in parts))]
    legends, down = legend(frame.name, ((part.look, part.label) for part in parts), 0)
    made.append(legends)
    for index, row in enumerate(rows):
        made.append(_words(row.label, row.said, index, down))
        made.append(_ground(index, down))
        made.extend(_divided(frame.name, parts, row, _top(index) + down))
    return svg(frame, WIDTH, down + ROW * len(rows), *made)


def _divided(name: str, parts: Sequence[Part], row: Row, y: float) -> Iterable[Markup]:
    whole, x = sum(row.values), 0.0
    for part, value in zip(parts, row.values, strict=True):
        if value:
            width = WIDTH * value / whole
            # A hair's breadth between two parts shows where one ends, also in black and white.
            yield area(name, part.look, Box(x, y, max(width - 0.75, 0.75), HEIGHT))
            x += width


def levels(frame: Frame, rows: Sequence[Level]) -> Markup:
    """Progress against a plan: the plan is the whole width, or a mark where more than planned was done."""
    made = [patterns(frame.name, ("main",))]
    for index, row in enumerate(rows):
        widest = max(row.planned, row.done) or 1
        made.append(_words(row.label, row.said, index))
        made.append(_ground(index))
        made.append(area(frame.name, "main", Box(0, _top(index), _wide(row.done, widest), HEIGHT)))
        if row.done > row.planned:
            x = _wide(row.planned, widest)
            made.append(
                element(
                    "path", d=f"M{x:.2f} {_top(index) - 3:.2f}v{HEIGHT + 6}", stroke="#1d1d1f", stroke_width=2,
                    class_="chart-rule",
                )
            )  # fmt: skip
    return svg(frame, WIDTH, ROW * len(rows), *made)


def _top(index: int) -> float:
    return ROW * index + 20


def _wide(value: float, largest: float) -> float:
    """Of a bar: what is not nothing can be seen."""
    return max(WIDTH * value / largest, 1.5) if value > 0 else 0


def _ground(index: int, down: float = 0) -> Markup:
    return element(
        "rect", x=0, y=_top(index) + down, width=WIDTH, height=HEIGHT, fill="#eceae6", class_="chart-ground"
    )  # fmt: skip


def _words(label: str, said: str, index: int, down: float = 0) -> Markup:
    room = WIDTH - measured(said, TEXT) - GAP
    y = _top(index) + down - 5
    return text(shortened(label, TEXT, room), 0, y) + text(said, WIDTH, y, anchor="end")
