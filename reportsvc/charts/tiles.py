"""A map of tiles: every county as large as every other, about where it lies, grouped by prefecture.

A map by area would show the empty north large and the crowded south small.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reportsvc.charts.drawing import SMALL, Box, Frame, area, element, legend, patterns, svg, text

WIDE, HIGH, GAP = 48, 44, 3
HEAD = 18


@dataclass(frozen=True, slots=True)
class Tile:
    """One county: where it stands, what is written on it, and what it is called in full."""

    column: int
    row: int
    label: str
    said: str
    look: str
    title: str
    """Name and value in words: read aloud, and shown when a mouse rests on it."""
    address: str = ""
    """Where it leads; nowhere in print."""


@dataclass(frozen=True, slots=True)
class Map:
    """All tiles with the groups' names, each with the column and row of its first tile, and what the looks mean."""

    tiles: Sequence[Tile]
    groups: Sequence[tuple[str, int, int]]
    legend: Sequence[tuple[str, str]]


def tiles(frame: Frame, shown: Map) -> Markup:
    """The map; tiles that lead somewhere are links."""
    left = min((tile.column for tile in shown.tiles), default=0)
    top = min((tile.row for tile in shown.tiles), default=0)
    wide = max((tile.column for tile in shown.tiles), default=0) - left + 1
    high = max((tile.row for tile in shown.tiles), default=0) - top + 1
    width = max(wide * (WIDE + GAP), 340)
    made = [patterns(frame.name, [tile.look for tile in shown.tiles] + [look for look, _ in shown.legend])]
    legends, down = legend(frame.name, shown.legend, 0, width)
    made.append(legends)
    for name, column, row in shown.groups:
        x, y = (column - left) * (WIDE + GAP), down + HEAD + (row - top) * (HIGH + GAP)
        made.append(text(name, x, y - 5, size=SMALL, look="muted"))
    made.extend(_tiles(frame.name, shown.tiles, left, top, down + HEAD))
    linked = any(tile.address for tile in shown.tiles)
    return svg(frame, width, down + HEAD + high * (HIGH + GAP), *made, linked=linked)


def _tiles(name: str, shown: Sequence[Tile], left: int, top: int, down: float) -> Iterable[Markup]:
    for tile in shown:
        x, y = (tile.column - left) * (WIDE + GAP), down + (tile.row - top) * (HIGH + GAP)
        size = 14 if len(tile.label) < 3 else 13
        drawn = (
            area(name, tile.look, Box(x, y, WIDE, HIGH))
            + text(tile.label, x + WIDE / 2, y + 19, size=size, anchor="middle", look="tile")
            + text(tile.said, x + WIDE / 2, y + 35, size=12, anchor="middle", look="tile")
        )
        title = element("title", tile.title)
        if tile.address:
            yield element("a", title, drawn, href=tile.address, aria_label=tile.title)
        else:
            yield element("g", title, drawn)
