"""The end block (版记, 7.4): who gets copies, who printed it and when, on the bottom edge of the last type area."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from reportsvc.circulars.document import CircularDocument
from reportsvc.pdf import geometry as page
from reportsvc.pdf.composition import chinese_date
from reportsvc.pdf.embedding import Typesetter
from reportsvc.pdf.fonts import ASCENT, Role
from reportsvc.pdf.grid import EM
from reportsvc.pdf.metrics import Metrics
from reportsvc.pdf.sheets import Sheet, Spot, rule, text_at
from reportsvc.pdf.tables import wrap
from reportsvc.pdf.tagging import TagTree

ROLE: Role = "fang"
SIZE = page.SMALL_SIZE
LEADING = 24.0
INSET = SIZE
"""One character in at both sides (7.4.2)."""
LOOSEST = SIZE / 8
"""A line that would need more between its characters stays short."""


@dataclass(frozen=True, slots=True)
class Entry:
    """主送 or 抄送: a label and the lines after it, which stand under one another."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EndBlock:
    """The block, broken into lines."""

    entries: tuple[Entry, ...]
    office: str
    printed: str

    @property
    def height(self) -> float:
        """Height in points, with its rules."""
        rows = sum(len(entry.lines) for entry in self.entries) + 1
        return rows * LEADING + 2 * page.THICK_RULE + (page.THIN_RULE if self.entries else 0)

    @property
    def top(self) -> float:
        """Where it starts on its page."""
        return page.BOTTOM - self.height


def compose_end_block(document: CircularDocument, addressee: str, metrics: Metrics) -> EndBlock:
    """The end block of ``document``; ``addressee`` is given when it had to move there from the first page (7.3.2)."""
    entries = [("主送：", addressee.rstrip("：:")), ("抄送：", document.copies_to)]
    return EndBlock(
        tuple(_entry(label, text, metrics) for label, text in entries if text),
        metrics.printable(document.printed_by or document.signatory, ROLE),
        f"{_day(document.printed)}印发",
    )


def draw_end_block(block: EndBlock, sheet: Sheet, typesetter: Typesetter, tags: TagTree) -> None:
    """Draw it with its last rule on the bottom edge of the type area."""
    section = tags.add("Sect", tags.document)
    y = block.top
    y = _draw_rule(sheet, y, page.THICK_RULE)
    for entry in block.entries:
        y = _draw_entry(entry, sheet, y, typesetter, tags.add("P", section, Pg=sheet.page))
    if block.entries:
        y = _draw_rule(sheet, y, page.THIN_RULE)
    _draw_printed(block, sheet, y, typesetter, tags.add("P", section, Pg=sheet.page))
    _draw_rule(sheet, y + LEADING, page.THICK_RULE)


def _day(printed: date | None) -> str:
    """The day, or room to write it in."""
    return chinese_date(printed) if printed else "　　年　月　日"


def _entry(label: str, text: str, metrics: Metrics) -> Entry:
    widths = metrics.widths(ROLE)
    room = (page.TEXT_WIDTH - 2 * INSET) / SIZE * EM - widths.of(label)
    text = metrics.printable(text, ROLE).rstrip("。；，") + "。"
    return Entry(label, wrap(text, room, widths))


def _draw_rule(sheet: Sheet, y: float, thickness: float) -> float:
    sheet.add_artifact(rule(page.LEFT, y + thickness / 2, page.TEXT_WIDTH, thickness))
    return y + thickness


def _draw_entry(entry: Entry, sheet: Sheet, y: float, typesetter: Typesetter, owner: Any) -> float:
    left = page.LEFT + INSET
    indent = typesetter.width(entry.label, ROLE, SIZE)
    for index, line in enumerate(entry.lines):
        baseline = y + (index + 0.5) * LEADING + _BELOW_MIDDLE
        text, x = (entry.label + line, left) if index == 0 else (line, left + indent)
        spacing = 0.0 if index == len(entry.lines) - 1 else _spacing(text, x, typesetter)
        _show(sheet, text_at(typesetter, text, Spot(x, baseline, ROLE, SIZE, spacing)), owner)
    return y + len(entry.lines) * LEADING


def _draw_printed(block: EndBlock, sheet: Sheet, y: float, typesetter: Typesetter, owner: Any) -> None:
    baseline = y + 0.5 * LEADING + _BELOW_MIDDLE
    end = page.RIGHT - INSET - typesetter.width(block.printed, ROLE, SIZE)
    room, width = end - SIZE - page.LEFT - INSET, typesetter.width(block.office, ROLE, SIZE)
    office = Spot(page.LEFT + INSET, baseline, ROLE, SIZE, stretch=min(1.0, room / max(width, 1.0)))
    _show(sheet, text_at(typesetter, block.office, office), owner)
    _show(sheet, text_at(typesetter, block.printed, Spot(end, baseline, ROLE, SIZE)), owner)


def _spacing(text: str, x: float, typesetter: Typesetter) -> float:
    """What a full line needs between its characters to end one character from the right."""
    left = page.RIGHT - INSET - x - typesetter.width(text, ROLE, SIZE)
    return min(LOOSEST, max(0.0, left / max(1, len(text) - 1)))


def _show(sheet: Sheet, operators: str, owner: Any) -> None:
    owner.K.append(sheet.add_content("P", operators, owner))


_BELOW_MIDDLE = (ASCENT / EM - 0.5) * SIZE
"""From a line's middle down to its baseline."""
