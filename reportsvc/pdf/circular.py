"""Renders a circular as an official document.

WeasyPrint lays out the main text; the tables of annexes, the end block and the page numbers are drawn beside it, since
it takes a minute and a gigabyte for a table of 5,000 rows (docs/decisions/0004).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pikepdf

from reportsvc.circulars.document import CircularDocument, Progress
from reportsvc.pdf import geometry
from reportsvc.pdf.composition import compose, slot
from reportsvc.pdf.embedding import Typesetter
from reportsvc.pdf.end_block import EndBlock, compose_end_block, draw_end_block
from reportsvc.pdf.fonts import FontSet
from reportsvc.pdf.metrics import Metrics
from reportsvc.pdf.sheets import Sheet, draw_page_number
from reportsvc.pdf.table_drawing import TableDrawing
from reportsvc.pdf.tables import BrokenTable, break_table, paginate
from reportsvc.pdf.tagging import TagTree
from reportsvc.pdf.typesetting import LaidOut, lay_out

GAP = geometry.PITCH
"""At least a line stands empty between the last content and the end block."""


def render(document: CircularDocument, progress: Progress, fonts: FontSet) -> bytes:
    """The circular as a tagged PDF; the same document and fonts give the same bytes.

    ``progress`` is told (0, n) first and (n, n) last, n being the number of table rows and one for the text.

    :raises RenderError: when the text could not be laid out as it should, or a row has not as many cells as columns.
    """
    metrics = Metrics(fonts)
    steps = 1 + sum(len(annex.table.rows) for annex in document.annexes)
    progress(0, steps)
    composition = compose(document, metrics)
    laid_out = lay_out(composition, fonts)
    with pikepdf.open(io.BytesIO(laid_out.pdf)) as pdf:
        progress(1, steps)
        book = _Book(pdf, laid_out, Typesetter(metrics))
        book.draw_tables(
            [break_table(annex.table, metrics) for annex in document.annexes],
            lambda rows: progress(1 + rows, steps),
        )
        book.draw_end_block(compose_end_block(document, composition.addressee_moved, metrics))
        return book.bind()


class _Book:
    """The document while pages are added to it."""

    def __init__(self, pdf: pikepdf.Pdf, laid_out: LaidOut, typesetter: Typesetter) -> None:
        self.pdf, self.typesetter, self.places = pdf, typesetter, laid_out.places
        self.tags = TagTree(pdf)
        self.sheets = [Sheet(page.obj, self.tags.owners(page.obj)) for page in pdf.pages]
        self.unnumbered = 0
        """So many pages at the end carry no number (7.5)."""
        self.end = laid_out.places["end-of-text"].y
        """Where the content of the last page ends, in points from its top."""

    def draw_tables(self, tables: list[BrokenTable], told: Callable[[int], None]) -> None:
        """Draw each annex's table under its title, on as many pages as it takes; ``told`` hears of the rows drawn."""
        by_page = {self.places[slot(index)].page: (table, slot(index)) for index, table in enumerate(tables)}
        finished: list[Sheet] = []
        drawn = 0
        for number, sheet in enumerate(self.sheets):
            finished.append(sheet)
            if number not in by_page:
                continue
            table, name = by_page[number]
            for last, rows in self._draw_table(table, sheet, self.places[name].y):
                if last is not sheet:
                    finished.append(last)
                told(drawn + rows)
            drawn += table.body_rows
        self.sheets = finished

    def _draw_table(self, table: BrokenTable, first: Sheet, top: float) -> Iterator[tuple[Sheet, int]]:
        """Draw ``table`` from ``top`` on its first page; each page, with the number of rows drawn up to its end."""
        drawing = TableDrawing(table, self.typesetter, self.tags, self.tags.section_on(first.page))
        self.end, rows = top, 0
        for number, strips in enumerate(paginate(table, geometry.BOTTOM - top, geometry.TEXT_HEIGHT)):
            sheet = Sheet.blank(self.pdf) if number else first
            if strips or not table.rows:
                self.end = drawing.draw(sheet, strips, geometry.TOP if number else top)
                rows += sum(strip.stop == table.rows[strip.row].lines for strip in strips)
            yield sheet, min(rows, table.body_rows)

    def draw_end_block(self, block: EndBlock) -> None:
        """Draw the end block on the last page when that is even and has room for it, else on an even page added."""
        has_room = self.end + GAP <= block.top
        if not (len(self.sheets) % 2 == 0 and has_room):
            missing = 1 if len(self.sheets) % 2 else 2
            self.sheets += [Sheet.blank(self.pdf) for _ in range(missing)]
            self.unnumbered = missing if missing > 1 else 0
        draw_end_block(block, self.sheets[-1], self.typesetter, self.tags)

    def bind(self) -> bytes:
        """Number the pages, put them in order, embed the faces, write."""
        for number, sheet in enumerate(self.sheets[: len(self.sheets) - self.unnumbered], start=1):
            draw_page_number(sheet, number, self.typesetter)
        fonts = self.typesetter.embed(self.pdf)
        for number, sheet in enumerate(self.sheets):
            sheet.finish(self.pdf, fonts)
            if sheet.is_new:
                self.pdf.pages.insert(number, pikepdf.Page(sheet.page))
        self.tags.finish(self.sheets)
        target = io.BytesIO()
        self.pdf.save(
            target, compress_streams=True, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate
        )
        return target.getvalue()
