"""Breaks the tables of annexes into lines and pages, before anything is drawn; lengths are in points."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from reportsvc.circulars.document import Table
from reportsvc.pdf import geometry as page
from reportsvc.pdf.characters import atoms, may_part, split_run
from reportsvc.pdf.fetcher import RenderError
from reportsvc.pdf.fonts import Role
from reportsvc.pdf.grid import EM
from reportsvc.pdf.metrics import Metrics, Widths

TEXT_ROLE: Role = "fang"
HEAD_ROLE: Role = "hei"
NARROWEST = 0.6
"""A figure too wide for its column is set narrower, down to this share of its width, rather than broken."""
LEAST_LINES = 3
"""A row that is higher than a page leaves at least so many lines before a page's end."""

_FIGURE = re.compile(r"[-+]?[0-9][0-9,.]*%?")


@dataclass(frozen=True, slots=True)
class Style:
    """Type size, distance of lines, and the empty room inside each cell."""

    size: float
    leading: float
    pad_x: float
    pad_y: float

    def height(self, lines: int) -> float:
        """Height of a row with so many lines."""
        return lines * self.leading + 2 * self.pad_y


FEW_COLUMNS = 6
ROOMY = Style(12.0, 16.0, 4.0, 4.0)
"""小四, for tables of few columns."""
DENSE = Style(10.5, 13.5, 2.5, 3.0)
"""五号, for tables of many columns."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row whose cells are broken into lines."""

    cells: tuple[tuple[str, ...], ...]
    lines: int
    role: Role


@dataclass(frozen=True, slots=True)
class BrokenTable:
    """A table with its rows broken; with ``has_total`` the last of ``rows`` is the total."""

    style: Style
    edges: tuple[float, ...]
    """Left edge of each column, and the right edge of the last, from the type area's left edge."""
    aligns: tuple[str, ...]
    head: Row
    rows: tuple[Row, ...]
    has_total: bool

    @property
    def body_rows(self) -> int:
        """Number of rows without the total, whose index it is."""
        return len(self.rows) - self.has_total

    @property
    def head_height(self) -> float:
        """Height of the table head, which every page repeats."""
        return self.style.height(self.head.lines)


@dataclass(frozen=True, slots=True)
class Strip:
    """What a page shows of a row: all of it, or some of its lines when the row is higher than a page."""

    row: int
    start: int
    stop: int


def break_table(table: Table, metrics: Metrics) -> BrokenTable:
    """``table`` with every cell broken into lines that fit its column.

    :raises RenderError: when a row has not as many cells as the table has columns.
    """
    style = ROOMY if len(table.columns) <= FEW_COLUMNS else DENSE
    edges = _edges([column.width for column in table.columns])
    rooms = [(right - left - 2 * style.pad_x) / style.size * EM for left, right in pairwise(edges)]
    rows = [_break_row(cells, rooms, metrics, TEXT_ROLE) for cells in table.rows]
    if table.total:
        rows.append(_break_row(table.total, rooms, metrics, HEAD_ROLE))
    return BrokenTable(
        style,
        edges,
        tuple(column.align for column in table.columns),
        _break_row([column.head for column in table.columns], rooms, metrics, HEAD_ROLE),
        tuple(rows),
        bool(table.total),
    )


def paginate(table: BrokenTable, first_room: float, room: float) -> list[list[Strip]]:
    """Rows of each page; the first page has ``first_room`` points left, the others ``room``.

    Rows stay whole unless they are higher than a page. The first page is empty when not even one row fits under
    the head there. The total does not stand on a page alone.
    """
    pages: list[list[Strip]] = [[]]
    full = room - table.head_height
    left = first_room - table.head_height
    for index, row in enumerate(table.rows):
        start = 0
        while start < row.lines:
            stop = _stop(table.style, row, start, left, full)
            if stop == start:
                pages.append(_moved_along(table, pages, index))
                left = full - used_height(table, pages[-1])
                stop = max(start + 1, _stop(table.style, row, start, left, full))
            pages[-1].append(Strip(index, start, stop))
            left -= table.style.height(stop - start)
            start = stop
    return pages


def used_height(table: BrokenTable, strips: Sequence[Strip]) -> float:
    """Height of ``strips``, without the head."""
    return sum(table.style.height(strip.stop - strip.start) for strip in strips)


def wrap(text: str, room: float, widths: Widths) -> tuple[str, ...]:
    """Lines of ``text``, at most ``room`` thousandths of an em wide; a figure is not torn for being a little wider."""
    if widths.of(text) <= room:
        return (text,)
    lines: list[str] = []
    line: list[str] = []
    used, waiting = 0, atoms(text)[::-1]
    while waiting:
        atom = waiting.pop()
        width = widths.of(atom)
        if used + width <= room or (not line and (len(atom) == 1 or _may_narrow(atom, width, room))):
            line.append(atom)
            used += width
        elif line:
            kept = _fair_end(line, atom)
            waiting += [atom, *line[: kept - 1 : -1]] if kept < len(line) else [atom]
            lines.append("".join(line[:kept]).strip())
            line, used = [], 0
        else:
            waiting += _cut(atom, room, widths)
    return tuple(each for each in [*lines, "".join(line).strip()] if each) or ("",)


def _without_orphan(text: str, room: float, widths: Widths) -> tuple[str, ...]:
    """Lines of ``text``, the last of which is no single character where that costs no more lines."""
    lines = wrap(text, room, widths)
    if len(lines) > 1 and len(lines[-1]) == 1:
        evener = wrap(text, room - EM, widths)
        return evener if len(evener) == len(lines) and len(evener[-1]) > 1 else lines
    return lines


def _edges(shares: Sequence[float]) -> tuple[float, ...]:
    """Edges of columns with these shares; together they fill the type area."""
    edges, whole = [0.0], sum(shares)
    for share in shares:
        edges.append(edges[-1] + page.TEXT_WIDTH * share / whole)
    return tuple(edges)


def _break_row(cells: Sequence[str], rooms: Sequence[float], metrics: Metrics, role: Role) -> Row:
    if len(cells) != len(rooms):
        raise RenderError([f"a row has {len(cells)} cells in a table of {len(rooms)} columns: {cells}"])
    widths = metrics.widths(role)
    broken = tuple(
        _without_orphan(metrics.printable(text, role), room, widths) for text, room in zip(cells, rooms, strict=True)
    )
    return Row(broken, max(map(len, broken)), role)


def _stop(style: Style, row: Row, start: int, left: float, full: float) -> int:
    """Up to which line the row fits into ``left`` points; ``start`` when it rather goes to the next page."""
    if style.height(row.lines - start) <= left:
        return row.lines
    fits = int((left - 2 * style.pad_y) // style.leading)
    is_torn = style.height(row.lines) > full
    return start + fits if is_torn and fits >= LEAST_LINES else start


def _moved_along(table: BrokenTable, pages: list[list[Strip]], index: int) -> list[Strip]:
    """The row that goes to the next page with the total, taken off the last page; none with other rows."""
    if index != table.body_rows or len(pages[-1]) < 2:
        return []
    last = pages[-1][-1]
    if (last.start, last.stop) != (0, table.rows[last.row].lines) or last.stop > 4:
        return []
    return [pages[-1].pop()]


def _may_narrow(atom: str, width: float, room: float) -> bool:
    return bool(_FIGURE.fullmatch(atom)) and width * NARROWEST <= room


def _fair_end(line: Sequence[str], following: str) -> int:
    """How many atoms of ``line`` may stay, so that neither line offends; all of them when there is no such place."""
    parts = [*line, following]
    for kept in range(len(line), 0, -1):
        if may_part(parts[kept - 1], parts[kept]):
            return kept
    return len(line)


def _cut(atom: str, room: float, widths: Widths) -> list[str]:
    """The two parts of an atom that is too wide for a line, the second first."""
    fits = 1
    while fits < len(atom) - 1 and widths.of(atom[: fits + 1]) <= room:
        fits += 1
    cut = split_run(atom, fits)
    return [atom[cut:], atom[:cut]]
