"""A circular broken into lines and put into the order of the page: what the template prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from reportsvc.circulars.document import CircularDocument, Heading, Paragraph
from reportsvc.pdf import geometry as page
from reportsvc.pdf.fonts import Role
from reportsvc.pdf.grid import EM, Inline, Line, break_paragraph
from reportsvc.pdf.metrics import Metrics
from reportsvc.pdf.tables import wrap
from reportsvc.pdf.titles import break_title

KEPT_LINES = 2
"""So many lines of the text stay with the signature: a page may not carry only the seal (7.3.5.4)."""
DATE_FROM_RIGHT = 4
"""The date of a sealed document ends so many characters from the right (7.3.5.1)."""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or a paragraph; ``level`` is its level in the outline, 0 for none."""

    tag: str
    lines: tuple[Line, ...]
    level: int = 0
    label: str = ""


@dataclass(frozen=True, slots=True)
class ListedAnnex:
    """A line of the list of annexes."""

    number: str
    anchor: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class AnnexHead:
    """What stands over an annex's table."""

    anchor: str
    slot: str
    label: str
    title: tuple[Line, ...]
    bookmark: str
    note: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A line that starts ``left`` points from the type area's left edge."""

    text: str
    left: float


@dataclass(frozen=True, slots=True)
class Composition:
    """Everything but the tables, the end block and the page numbers."""

    document: CircularDocument
    mark: str
    mark_size: float
    number: str
    title: tuple[Line, ...]
    addressee: tuple[Line, ...]
    blocks: tuple[Block, ...]
    closing: tuple[Block, ...]
    listed: tuple[ListedAnnex, ...]
    signature: tuple[Placed, ...]
    annexes: tuple[AnnexHead, ...]
    addressee_moved: str
    """The addressee, when it has to go to the end block so that the first page shows body text (7.3.2)."""


def compose(document: CircularDocument, metrics: Metrics) -> Composition:
    """Break all text of ``document`` into lines."""
    size = page.mark_size(len(document.mark))
    title = tuple(break_title(document.title, metrics, page.TEXT_WIDTH / page.TITLE_SIZE * EM))
    addressee = tuple(break_paragraph([Inline(document.addressee)], metrics, indent=0)) if document.addressee else ()
    moved = page.head_rows(size) + len(title) + 1 + len(addressee) >= page.LINES
    blocks, closing = _keep_together([_block(part, metrics) for part in document.body])
    return Composition(
        document=document,
        mark=metrics.printable(document.mark, "title"),
        mark_size=size,
        number=metrics.printable(document.number),
        title=title,
        addressee=() if moved else addressee,
        blocks=blocks,
        closing=closing,
        listed=_listed(document, metrics),
        signature=_signature(document.signatory, document.signed, metrics),
        annexes=tuple(_annex_head(document, index, metrics) for index in range(len(document.annexes))),
        addressee_moved=document.addressee if moved else "",
    )


def chinese_date(day: date) -> str:
    """A date in Arabic digits without leading zeros: 2020年11月10日."""
    return f"{day.year}年{day.month}月{day.day}日"


def slot(index: int) -> str:
    """Name of the anchor under which the table of the annex with this index starts."""
    return f"annex-{index + 1}-table"


def _block(part: Heading | Paragraph, metrics: Metrics) -> Block:
    if isinstance(part, Heading):
        role: Role = "hei" if part.level == 1 else "kai"
        lines = break_paragraph([Inline(part.text, role)], metrics)
        return Block(f"h{part.level + 1}", tuple(lines), part.level, part.text)
    inlines = [Inline(part.lead, "kai")] if part.lead else []
    inlines += [Inline(run.text, "fang", _address(run.href)) for run in part.runs]
    return Block("p", tuple(break_paragraph(inlines, metrics)), 2 if part.lead else 0, part.lead.rstrip("。"))


def _address(href: str | None) -> str | None:
    """Only addresses of the web become links."""
    return href if href and href.startswith(("http://", "https://")) else None


def _keep_together(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Split off the end of the text, which stays on the signature's page."""
    if not blocks:
        return (), ()
    *before, last = blocks
    if len(last.lines) > KEPT_LINES + 1:
        head = replace(last, lines=last.lines[:-KEPT_LINES])
        return (*before, head), (replace(last, lines=last.lines[-KEPT_LINES:], level=0),)
    closing = [last]
    while before and before[-1].tag != "p":
        closing.insert(0, before.pop())
    return tuple(before), tuple(closing)


def _listed(document: CircularDocument, metrics: Metrics) -> tuple[ListedAnnex, ...]:
    """附件说明 (7.3.4): 2 characters in; a long name goes on under its own first character."""
    several = len(document.annexes) > 1
    inset = 2 + 3 + (1.5 if several else 0)
    return tuple(
        ListedAnnex(
            f"{index}." if several else "",
            f"annex-{index}",
            tuple(break_paragraph([Inline(annex.title)], metrics, indent=0, cells=page.CELLS - inset)),
        )
        for index, annex in enumerate(document.annexes, start=1)
    )


def _signature(signatory: str, signed: date, metrics: Metrics) -> tuple[Placed, ...]:
    """Name centred over the date, room for the seal around both (7.3.5.1).

    A name so long that it would leave the type area moves both to the left, then takes several lines.
    """
    widths = metrics.widths("fang")
    names = wrap(metrics.printable(signatory), (page.CELLS - 2) * EM, widths)
    day = chinese_date(signed)
    lines = [(text, widths.of(text) * page.CELL / EM) for text in (*names, day)]
    middle = page.TEXT_WIDTH - DATE_FROM_RIGHT * page.CELL - lines[-1][1] / 2
    middle = min(middle, page.TEXT_WIDTH - page.CELL - max(width for _, width in lines) / 2)
    return tuple(Placed(text, middle - width / 2) for text, width in lines)


def _annex_head(document: CircularDocument, index: int, metrics: Metrics) -> AnnexHead:
    annex = document.annexes[index]
    label = f"附件{index + 1}" if len(document.annexes) > 1 else "附件"
    return AnnexHead(
        anchor=f"annex-{index + 1}",
        slot=slot(index),
        label=label,
        title=tuple(break_title(annex.title, metrics, page.TEXT_WIDTH / page.TITLE_SIZE * EM)),
        bookmark=f"{label} {metrics.printable(annex.title)}",
        note=metrics.printable(annex.note),
    )
