"""The workbook as it came, with its wrong cells marked: put right there, it can be uploaded as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from reportsvc.exchange.imports import layout
from reportsvc.exchange.imports.plan import Wrong
from reportsvc.exchange.imports.reading import Book
from reportsvc.exchange.imports.template import WIDTH, Writer
from reportsvc.exchange.workbooks import Row, Workbook, is_lost, letter, text_of
from reportsvc.forms.messages import N_

Say = Callable[..., str]
LIST = "问题清单"
LONGEST = 32_000  # characters that a cell takes
PLACE, REASON = N_("Cell"), N_("What to change")


def marked(source: bytes, book: Book, wrong: Sequence[Wrong], say: Say) -> bytes:
    """Wrong cells are red with a note; a last column tells each row's problems; the first sheet lists them all."""
    writer, workbook = Writer(), Workbook(source)
    try:
        _list(writer, book, wrong, say)
        for sheet in layout.SHEETS:
            if sheet.title in workbook.titles:
                mine = [one for one in wrong if one.sheet == sheet.key]
                _copy(writer, sheet, workbook, book, mine, say)
    finally:
        workbook.close()
    return writer.close()


def _list(writer: Writer, book: Book, wrong: Sequence[Wrong], say: Say) -> None:
    made = writer.sheet(LIST, [say("Sheet"), say(PLACE), say(REASON)], [12, 12, 90], (0, 1, 2))
    for number, one in enumerate(wrong, start=1):
        title = layout.BY_KEY[one.sheet].title
        where = book.cell(one)
        at = where if not where.isdigit() else f"A{where}"
        made.write_string(number, 0, title)
        made.write_url(number, 1, f"internal:'{title}'!{at}", string=where)
        made.write_string(number, 2, say(one.message, **one.values)[:LONGEST])


def _copy(  # noqa: PLR0913, PLR0917 - what, where from, and what is said to it
    writer: Writer, sheet: layout.Sheet, workbook: Workbook, book: Book, wrong: Sequence[Wrong], say: Say
) -> None:
    rows = workbook.rows(sheet.title)
    first, heads = next(rows, (1, ()))
    told: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for one in wrong:
        told[one.row].append((book.cell(one), say(one.message, **one.values)))
    width = max((place for place, head in enumerate(heads) if text_of(head)), default=-1) + 1
    columns = [text_of(head) for head in heads[:width]]
    keep = [place for place, head in enumerate(columns) if head != layout.TROUBLE]
    made = writer.sheet(sheet.title, [columns[place] for place in keep], [*[WIDTH] * len(keep), 70], range(len(keep)))
    made.write_string(0, len(keep), layout.TROUBLE, writer.head)
    for place, old in enumerate(keep):
        why = [reason for cell, reason in told.get(first, []) if cell == f"{letter(old)}{first}"]
        if why:
            made.write_string(0, place, columns[old], writer.wrong)
            made.write_comment(0, place, "\n".join(why)[:LONGEST], {"x_scale": 2})
    for number, values in rows:
        _row(writer, made, number - 1, keep, values, told.get(number, []), number)


def _row(  # noqa: PLR0913, PLR0917 - where, what, and what is said to it
    writer: Writer, made: Any, at: int, keep: Sequence[int], values: Row, told: list[tuple[str, str]], number: int
) -> None:
    reasons: dict[str, list[str]] = defaultdict(list)
    for cell, reason in told:
        reasons[cell].append(reason)
    for place, old in enumerate(keep):
        value = values[old] if old < len(values) else None
        why = reasons.get(f"{letter(old)}{number}")
        # A number that Excel made of a code is shown as Excel shows it: that is what its author recognises.
        text = f"{float(str(value)):.2E}" if is_lost(value) and not isinstance(value, str) else text_of(value)
        if text or why:
            made.write_string(at, place, text[:LONGEST], writer.wrong if why else writer.text)
        if why:
            made.write_comment(at, place, "\n".join(why)[:LONGEST], {"x_scale": 2})
    if told:
        made.write_string(at, len(keep), "\n".join(reason for _, reason in told)[:LONGEST], writer.told)
