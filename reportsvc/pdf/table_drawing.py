"""Draws the broken tables of annexes: rules and text as page content, rows and cells as tags."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pikepdf import Array, Dictionary, Name

from reportsvc.pdf import geometry
from reportsvc.pdf.embedding import Typesetter
from reportsvc.pdf.fonts import ASCENT, Role
from reportsvc.pdf.grid import EM
from reportsvc.pdf.sheets import Sheet
from reportsvc.pdf.tables import BrokenTable, Row, Strip
from reportsvc.pdf.tagging import TagTree, content_of

FRAME, INNER = 0.75, 0.4
"""Thickness of the rules in points."""


class TableDrawing:
    """One table that is being drawn, page after page, under ``section`` of the tag tree."""

    def __init__(self, table: BrokenTable, typesetter: Typesetter, tags: TagTree, section: Any) -> None:
        self.table, self.typesetter, self.tags = table, typesetter, tags
        self._element = tags.add("Table", section)
        self._head: Any = None
        self._body: Any = None
        self._torn: tuple[int, list[Any]] | None = None
        """The cells of a row that goes on over a page's end."""

    def draw(self, sheet: Sheet, strips: Sequence[Strip], top: float) -> float:
        """Draw the head and ``strips`` from ``top``; where the table ends, both in points from the page's top."""
        rows = [self.table.rows[strip.row] for strip in strips]
        edges = [top, top + self.table.head_height]
        for strip in strips:
            edges.append(edges[-1] + self.table.style.height(strip.stop - strip.start))
        sheet.add_artifact(self._rules(edges))
        self._draw_head(sheet, top)
        for row, strip, y in zip(rows, strips, edges[1:], strict=False):
            self._draw_strip(sheet, row, strip, y)
        return edges[-1]

    def _rules(self, edges: Sequence[float]) -> str:
        left, top, bottom = geometry.LEFT, geometry.PAGE_HEIGHT - edges[0], geometry.PAGE_HEIGHT - edges[-1]
        width = self.table.edges[-1]
        across = [
            f"{left:.2f} {geometry.PAGE_HEIGHT - y:.2f} m {left + width:.2f} {geometry.PAGE_HEIGHT - y:.2f} l"
            for y in edges[1:-1]
        ]
        down = [f"{left + x:.2f} {top:.2f} m {left + x:.2f} {bottom:.2f} l" for x in self.table.edges[1:-1]]
        frame = f"{left:.2f} {bottom:.2f} {width:.2f} {top - bottom:.2f} re"
        return " ".join([f"{INNER} w", *across, *down, f"S {FRAME} w", frame, "S"])

    def _draw_head(self, sheet: Sheet, top: float) -> None:
        head = self.table.head
        texts = [self._cell(head, column, Strip(0, 0, head.lines), top) for column in range(len(head.cells))]
        select = self.typesetter.select(head.role, self.table.style.size)
        if self._head is not None:
            sheet.add_artifact(f"BT {select} {' '.join(texts)} ET", pagination=True)
            return
        self._head = self.tags.add("THead", self._element)
        row = self.tags.add("TR", self._head)
        for text in texts:
            scope = Dictionary(O=Name.Table, Scope=Name.Column)
            cell = self.tags.add("TH", row, Pg=sheet.page, A=scope)
            cell.K = Array([sheet.add_content("TH", f"BT {select} {text} ET", cell)])

    def _draw_strip(self, sheet: Sheet, row: Row, strip: Strip, top: float) -> None:
        if self._torn is not None and self._torn[0] == strip.row:
            cells = self._torn[1]
        else:
            cells = self._add_row(strip.row, len(row.cells), sheet)
        select = self.typesetter.select(row.role, self.table.style.size)
        for column, cell in enumerate(cells):
            text = self._cell(row, column, strip, top)
            if text:
                number = sheet.add_content("TD", f"BT {select} {text} ET", cell)
                cell.K.append(number if strip.stop - strip.start == row.lines else content_of(sheet, number))
        self._torn = (strip.row, cells) if strip.stop < row.lines else None

    def _add_row(self, index: int, columns: int, sheet: Sheet) -> list[Any]:
        if index == self.table.body_rows:
            parent = self.tags.add("TFoot", self._element)
        else:
            self._body = parent = self._body or self.tags.add("TBody", self._element)
        row = self.tags.add("TR", parent)
        cells = [self.tags.make("TD", row, Pg=sheet.page) for _ in range(columns)]
        row.K = Array(cells)
        return cells

    def _cell(self, row: Row, column: int, strip: Strip, top: float) -> str:
        """Operators for the lines of a cell that ``strip`` shows."""
        style = self.table.style
        lines = row.cells[column][strip.start : strip.stop]
        is_whole = strip.stop - strip.start == row.lines
        y = top + style.pad_y + (style.leading - style.size) / 2 + ASCENT / EM * style.size
        if is_whole:
            y += (row.lines - len(lines)) * style.leading / 2
        align = "center" if row is self.table.head else self.table.aligns[column]
        placed = [(text, y + i * style.leading) for i, text in enumerate(lines) if text]
        parts = [self._line(text, column, align, baseline, row.role) for text, baseline in placed]
        return " ".join(parts)

    def _line(self, text: str, column: int, align: str, y: float, role: Role) -> str:
        """Operators for one line; set narrower when it is wider than the cell."""
        style = self.table.style
        left, right = self.table.edges[column] + style.pad_x, self.table.edges[column + 1] - style.pad_x
        width, room = self.typesetter.width(text, role, style.size), right - left
        narrowed = min(1.0, room / width)
        width *= narrowed
        x = {"left": left, "center": (left + right - width) / 2, "right": right - width}[align] + geometry.LEFT
        shown = f"1 0 0 1 {x:.2f} {geometry.PAGE_HEIGHT - y:.2f} Tm {self.typesetter.show(text, role, style.size)}"
        return shown if narrowed == 1.0 else f"{narrowed * 100:.2f} Tz {shown} 100 Tz"
