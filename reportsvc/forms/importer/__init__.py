"""Reading an XLSForm (.xlsx, .xls, .csv or Markdown) into a :class:`~reportsvc.forms.definition.Form`.

What the service can't do is refused here, all of it at once, naming sheet, row, column and reason: whatever passes can
be rendered, checked and summed later without another look at the spreadsheet. What is read, but not quite as its author
may have meant, is a warning. Read is what field forms ask: texts, numbers, days and times, choices from the form or
from CSV files, ranks, ranges, places, pictures and files (by the ids of what was uploaded), groups, repeats two levels
deep, calculations, defaults and several languages. Three columns are our own: ``bind::reportsvc:indicator``,
``bind::reportsvc:place`` and ``bind::reportsvc:unit``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from reportsvc.forms.definition import Form
from reportsvc.forms.importer.building import build
from reportsvc.forms.importer.linking import link
from reportsvc.forms.importer.problems import FormError, Problem, Problems, in_order
from reportsvc.forms.importer.pulling import pulled_lists
from reportsvc.forms.importer.rewriting import as_workbook
from reportsvc.forms.importer.sheets import EXTENSIONS, conform, open_sheets

__all__ = ["EXTENSIONS", "Examination", "FormError", "Problem", "as_workbook", "examine", "read"]

NO_FILES: Mapping[str, bytes] = {}


@dataclass(frozen=True, slots=True)
class Examination:
    """What a spreadsheet would be imported as; no form where there are problems."""

    form: Form | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def read(
    source: bytes, filename: str, files: Mapping[str, bytes] = NO_FILES, indicators: Collection[str] | None = None
) -> Form:
    """The form that a spreadsheet describes; the name's ending says how to read it.

    Groups of the top level become sections, and questions outside a group a section of their own. A group within a
    group is dissolved: its condition goes to each of its questions, its label becomes a note.

    :param files: CSV files by name (``villages.csv``), whose choices the form then keeps.
    :param indicators: codes of the indicators that the form may feed, where they are known.
    :raises FormError: with every problem found.
    """
    return _read(source, filename, files, indicators, Problems())


def examine(
    source: bytes, filename: str, files: Mapping[str, bytes] = NO_FILES, indicators: Collection[str] | None = None
) -> Examination:
    """What :func:`read` makes of a spreadsheet, with warnings, and with its problems instead of an error."""
    problems = Problems()
    try:
        form = _read(source, filename, files, indicators, problems)
    except FormError as error:
        return Examination(None, error.problems, in_order(problems.warnings))
    return Examination(form, (), in_order(problems.warnings))


def _read(
    source: bytes,
    filename: str,
    files: Mapping[str, bytes],
    indicators: Collection[str] | None,
    problems: Problems,
) -> Form:
    sheets = open_sheets(source, filename, problems)
    problems.stop()
    built = build(sheets, files, problems)
    link(built, problems, indicators)
    form = pulled_lists(built, files, problems)
    problems.stop()
    conform(sheets, problems)
    problems.stop()
    return form
