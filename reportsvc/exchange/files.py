"""A list written as a file: .xlsx in constant memory, CSV that a spreadsheet opens without harm, JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter

from reportsvc import clock
from reportsvc.exchange.lists.shape import Column, Listing, Record, View, records

Say = Callable[..., str]
BOM = "\ufeff"
"""In front of a CSV, so that Excel reads it as UTF-8."""
HARMFUL = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula, in full width too."""
LONGEST = 32_767  # characters of a cell
MOST_ROWS = 1_048_575  # of a sheet, below its head
EXACT = 10**15  # whole numbers from here on lose digits in a spreadsheet
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
CHUNK = 200  # lines handed on at once


def head(column: Column, say: Say) -> str:
    """What stands over a column, with the unit."""
    title = say(column.title) if column.title else column.key
    return f"{title}（{column.unit}）" if column.unit else title


def written(value: Any, column: Column, say: Say) -> str:  # noqa: PLR0911 - one line for each kind
    """A value as text for people."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, datetime):
        return clock.local(value).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if column.kind == "codes":
        return ",".join(map(str, value))
    if column.kind == "rows":
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def is_number(column: Column, text: str) -> bool:
    """Whether a cell is a number, which harms nobody whatever it begins with."""
    if column.kind not in {"whole", "number"}:
        return False
    return text.removeprefix("-").replace(".", "", 1).isdecimal() and text.isascii()


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe in front, where that is needed."""
    return f"'{text}" if text.startswith(HARMFUL) else text


def as_csv(listing: Listing, seen: View, say: Say) -> Iterator[str]:
    """The list as CSV (RFC 4180), some lines at a time."""
    columns, stream = listing.shown(seen), io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    stream.write(BOM)
    writer.writerow([harmless(head(column, say)) for column in columns])
    for number, record in enumerate(records(listing, seen), start=1):
        texts = [(column, written(record.get(column.key), column, say)) for column in columns]
        writer.writerow([text if is_number(column, text) else harmless(text) for column, text in texts])
        if number % CHUNK == 0:
            yield stream.getvalue()
            stream.seek(0)
            stream.truncate()
    yield stream.getvalue()


def jsonable(value: Any, column: Column) -> Any:
    """A value as JSON: decimals as text, for JSON's numbers are binary; empty ones as null."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if column.kind == "rows":
        return value or []
    return value


def as_object(record: Record, columns: Iterable[Column]) -> dict[str, Any]:
    """A record as it stands in JSON."""
    return {column.key: jsonable(record.get(column.key), column) for column in columns}


def as_json(listing: Listing, seen: View, _: Say) -> Iterator[str]:
    """The list as a JSON array, one object a line."""
    columns, between = listing.shown(seen), "[\n"
    for record in records(listing, seen):
        yield between + json.dumps(as_object(record, columns), ensure_ascii=False)
        between = ",\n"
    yield "[]\n" if between == "[\n" else "\n]\n"


def to_xlsx(listing: Listing, seen: View, say: Say, target: IO[bytes]) -> None:
    """Write the list as a workbook; memory holds one row of it."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    bold, text = book.add_format({"bold": True, "text_wrap": True, "border": 1}), book.add_format({"num_format": "@"})
    columns = listing.shown(seen)
    sheet = _sheet(book, columns, say, bold, text)
    for number, record in enumerate(records(listing, seen)):
        if number and number % MOST_ROWS == 0:
            sheet = _sheet(book, columns, say, bold, text)
        at = number % MOST_ROWS + 1
        for place, column in enumerate(columns):
            _cell(sheet, at, place, written(record.get(column.key), column, say), column)
    book.close()


def _sheet(book: Any, columns: Iterable[Column], say: Say, bold: Any, text: Any) -> Any:
    made = book.add_worksheet()
    made.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        made.set_column(place, place, 18, text if column.kind in {"code", "codes"} else None)
        made.write_string(0, place, head(column, say), bold)
    return made


def _cell(sheet: Any, row: int, place: int, text: str, column: Column) -> None:
    if is_number(column, text) and abs(Decimal(text)) < EXACT:
        sheet.write_number(row, place, float(text))
    elif text:
        sheet.write_string(row, place, text[:LONGEST])
