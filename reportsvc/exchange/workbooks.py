"""Opening a workbook that anybody may have made: looked at before anything unpacks it, then read row by row."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl

from reportsvc.errors import Invalid
from reportsvc.forms.importer.archives import BROKEN, Limits, is_bomb
from reportsvc.forms.messages import N_

Row = tuple[object, ...]
Progress = Callable[[int, int], None]
"""Told how far the work is: so much done of so much."""

LARGEST = 20 * 1024 * 1024  # bytes of a file
LIMITS = Limits(unpacked=120 * 1024 * 1024, cells=1_500_000, tags=9_000_000)
COLUMNS = 60  # that are looked at
ROWS = 200_000  # of a sheet

HEAVY = N_("The file is too large to be imported: 20 MB, and 1,500,000 cells, empty but formatted ones included.")
UNREADABLE = N_("The file can't be read as .xlsx: it is damaged, has a password or is of another kind. Save it again.")

_DECLARED = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
"""What a cell shows whose formula came to nothing."""


def look(source: bytes) -> None:
    """Refuse what is too large, or is no plain workbook, before it is opened.

    :raises Invalid: saying which.
    """
    if len(source) > LARGEST or is_bomb(source, LIMITS):
        raise Invalid(HEAVY)
    try:
        with zipfile.ZipFile(BytesIO(source)) as archive:
            for member in archive.infolist():
                if member.filename.lower().endswith((".xml", ".rels")):
                    with archive.open(member) as file:
                        if _DECLARED.search(file.read(4096)):
                            raise Invalid(UNREADABLE)
    except BROKEN as error:
        raise Invalid(UNREADABLE) from error


class Workbook:
    """An open workbook. Sheets are read row by row, so that only their texts are held at once."""

    def __init__(self, source: bytes) -> None:
        """:raises Invalid: if it can't be opened."""
        look(source)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what openpyxl leaves out of a file is nothing that we read
                self._book: Any = openpyxl.load_workbook(BytesIO(source), read_only=True, data_only=True)
        except Exception as error:  # openpyxl raises anything at all on a broken file
            raise Invalid(UNREADABLE) from error

    @property
    def titles(self) -> list[str]:
        """The names of its sheets, in order."""
        return [sheet.title for sheet in self._book.worksheets]

    def rows(self, title: str) -> Iterator[tuple[int, Row]]:
        """The filled rows of a sheet with their numbers, as the spreadsheet counts them.

        :raises Invalid: if the file breaks off, or has too many rows.
        """
        sheet = next(one for one in self._book.worksheets if one.title == title)
        try:
            sheet.reset_dimensions()  # what a file says of its own size may be wrong
            for number, values in enumerate(sheet.iter_rows(max_col=COLUMNS, values_only=True), start=1):
                if any(value is not None and value != "" for value in values):
                    if number > ROWS:
                        raise Invalid(HEAVY)
                    yield number, values
        except Invalid:
            raise
        except Exception as error:
            raise Invalid(UNREADABLE) from error

    def close(self) -> None:
        """Let go of the file."""
        self._book.close()


def letter(place: int) -> str:
    """Name of the column at a place, from 0: A to Z, then AA and on."""
    text, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def text_of(value: object) -> str:
    """A cell as text: a whole number without decimals, a day as 2026-01-31, no spaces around it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(Decimal(repr(value)), "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == value.time().min else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("\u3000", " ").strip()


_POWER = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)
DIGITS = 15
"""So many digits of a number Excel keeps; what follows becomes zeros."""


def is_lost(value: object) -> bool:
    """Whether a long code was turned into a number by Excel: 5.1E+17, its last digits gone."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return bool(abs(value) >= 10**DIGITS)
    return isinstance(value, str) and _POWER.fullmatch(value.strip()) is not None
