"""A form's spreadsheet as an Excel workbook, whatever it was uploaded as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reportsvc.forms.importer.problems import Problems
from reportsvc.forms.importer.sheets import read_file
from reportsvc.forms.sheets_out import workbook

SHEETS = ("survey", "choices", "settings")


def as_workbook(source: bytes, filename: str) -> bytes:
    """The same sheets, columns, rows and cells as an .xlsx; an .xlsx is given back byte for byte.

    :raises FormError: if the file can't be read.
    """
    if filename.lower().endswith(".xlsx"):
        return source
    problems = Problems()
    data = read_file(source, filename, problems)
    problems.stop()
    return workbook({name: _sheet(data, name) for name in SHEETS if getattr(data, name)})


def _sheet(data: Any, name: str) -> list[list[str]]:
    rows: Sequence[Mapping[str, object]] = getattr(data, name)
    given = [header for first in getattr(data, f"{name}_header") or () for header in first if header]
    headers = list(dict.fromkeys([*given, *(header for row in rows for header in row if header)]))
    return [headers, *([str(row.get(header) or "") for header in headers] for row in rows)]
