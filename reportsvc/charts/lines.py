"""Lines over quarters, and a line small enough for a table's cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reportsvc.charts.drawing import LOOKS, SMALL, WIDTH, Frame, element, measured, number, svg, text

HEIGHT, TOP, LEFT, RIGHT, BOTTOM = 200, 10, 36, 20, 24
MARKS = {
    "circle": "M{x} {y}m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0",
    "square": "M{x} {y}m-3.2 -3.2h6.4v6.4h-6.4z",
    "triangle": "M{x} {y}m0 -4.2l4.2 7.4h-8.4z",
    "diamond": "M{x} {y}m0 -4.5l4.5 4.5l-4.5 4.5l-4.5 -4.5z",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One measure over time; ``None`` where there is nothing to say."""

    look: str
    label: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Scale:
    """Where values and moments come to stand."""

    top: float
    """The value at the upper edge."""
    count: int

    def x(self, index: int) -> float:
        """Of the moment with this number."""
        width = WIDTH - LEFT - RIGHT
        return LEFT + (width * index / (self.count - 1) if self.count > 1 else width / 2)

    def y(self, value: float) -> float:
        """Of a value."""
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / self.top)


def lines(frame: Frame, moments: Sequence[str], drawn: Sequence[Line], *, top: float = 100, unit: str = "%") -> Markup:
    """Measures over the same moments, from 0 to ``top``; each line has a dash and a mark of its own.

    :param moments: what stands below, such as ``2026Q3``; as many are written as have room.
    """
    scale = Scale(top or 1, len(moments))
    made = [*_rules(scale, unit), *_moments(scale, moments)]
    for line in drawn:
        made.append(_line(scale, line))
    legends, height = _legend(drawn, HEIGHT + 4)
    return svg(frame, WIDTH, height, *made, legends)


def _rules(scale: Scale, unit: str) -> Iterable[Markup]:
    for part in (0, 0.25, 0.5, 0.75, 1):
        y = scale.y(scale.top * part)
        yield element(
            "path", d=f"M{LEFT} {y:.2f}H{WIDTH - RIGHT}", stroke="#d5d2cc", stroke_width=1, class_="chart-line"
        )  # fmt: skip
        if part in {0, 0.5, 1}:
            yield text(f"{scale.top * part:g}{unit}", LEFT - 6, y + 4, size=SMALL - 1, anchor="end", look="muted")


def _moments(scale: Scale, moments: Sequence[str]) -> Iterable[Markup]:
    room = max((measured(one, SMALL - 1) for one in moments), default=0) + 10
    space = (WIDTH - LEFT - RIGHT) / max(len(moments) - 1, 1)
    every = max(1, -(-int(room) // max(int(space), 1)))
    for index in range(len(moments) - 1, -1, -every):
        # From the end, so that the last one always stands there.
        yield text(moments[index], scale.x(index), HEIGHT - 6, size=SMALL - 1, anchor="middle", look="muted")


def _line(scale: Scale, line: Line) -> Markup:
    look = LOOKS[line.look]
    path, marks, begun = [], Markup(""), False
    for index, value in enumerate(line.values):
        if value is None:
            begun = False
            continue
        x, y = number(scale.x(index)), number(scale.y(value))
        path.append(f"{'L' if begun else 'M'}{x} {y}")
        begun = True
        marks += element("path", d=MARKS[look.mark].format(x=x, y=y), fill=look.fill, class_=f"look-{line.look}")
    drawn = element(
        "path", d="".join(path), fill="none", stroke=look.fill, stroke_width=2, stroke_dasharray=look.dash,
        class_=f"stroke-{line.look}",
    )  # fmt: skip
    return (drawn if path else Markup("")) + marks


def _legend(drawn: Sequence[Line], y: float) -> tuple[Markup, float]:
    made, x = Markup(""), 0.0
    for line in drawn:
        look = LOOKS[line.look]
        needed = 34 + measured(line.label, SMALL) + 12
        if x and x + needed > WIDTH:
            x, y = 0.0, y + 20
        made += element(
            "path", d=f"M{number(x)} {number(y + 8)}h28", stroke=look.fill, stroke_width=2, stroke_dasharray=look.dash,
            class_=f"stroke-{line.look}",
        )  # fmt: skip
        made += element(
            "path", d=MARKS[look.mark].format(x=number(x + 14), y=number(y + 8)), fill=look.fill,
            class_=f"look-{line.look}",
        )  # fmt: skip
        made += text(line.label, x + 33, y + 12, size=SMALL)
        x += needed
    return made, y + 22


def sparkline(frame: Frame, values: Sequence[float | None]) -> Markup:
    """A line without words, for the cell of a table that has the values too; its last point is marked."""
    width, height = 80, 22
    known = [one for one in values if one is not None]
    largest = max(known, default=0) or 1
    step = (width - 6) / max(len(values) - 1, 1)
    points = [
        (3 + step * index, height - 3 - (height - 6) * value / largest)
        for index, value in enumerate(values)
        if value is not None
    ]
    made = []
    if points:
        path = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)
        made.append(
            element("path", d=path, fill="none", stroke=LOOKS["main"].fill, stroke_width=1.5, class_="stroke-main")
        )
        made.append(
            element("circle", cx=points[-1][0], cy=points[-1][1], r=2.5, fill=LOOKS["main"].fill, class_="look-main")
        )
    return svg(frame, width, height, *made)
