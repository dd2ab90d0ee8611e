"""Builds small XLSForms for tests: in Markdown, and from that in Excel's formats."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook

Cells = Sequence[dict[str, str]]
Table = list[list[str]]


def table(rows: Cells) -> Table:
    """Header and rows of a sheet, with a column for every key."""
    headers = list(dict.fromkeys(key for row in rows for key in row))
    return [headers, *([row.get(header, "") for header in headers] for row in rows)]


def markdown(
    survey: Cells, choices: Cells = (), form: dict[str, str] | None = None, filename: str = "small.md"
) -> tuple[bytes, str]:
    """A form as the importer takes it: bytes and file name."""
    sheets = {"survey": table(survey), "choices": table(choices), "settings": table([form] if form else [])}
    lines = []
    for name, rows in sheets.items():
        if rows[0]:
            lines += [f"| {name} |", *("| | " + " | ".join(row) + " |" for row in rows)]
    return "\n".join(lines).encode(), filename


def xlsx(sheets: dict[str, Table]) -> bytes:
    """An Excel workbook of these sheets."""
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([cell or None for cell in row])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def csv_text(sheets: dict[str, Table]) -> str:
    """The sheets one under another, as XLSForm's CSV has them."""
    lines = []
    for name, rows in sheets.items():
        lines += [f'"{name}"', *("," + ",".join(f'"{cell}"' for cell in row) for row in rows)]
    return "\n".join(lines) + "\n"


def xls(rows: Table) -> bytes:
    """An Excel 2 worksheet: records of type, length and content; a label's cell, three bytes of looks, its text."""
    records = [struct.pack("<HHHH", 0x0009, 4, 2, 0x10)]
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            text = cell.encode("ascii")
            records.append(struct.pack("<HHHH3xB", 0x0004, 8 + len(text), number, column, len(text)) + text)
    return b"".join(records) + struct.pack("<HH", 0x000A, 0)
