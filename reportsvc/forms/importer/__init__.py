"""Reading an XLSForm (.xlsx, .xls, .csv or Markdown) into a :class:`~reportsvc.forms.definition.Form`.

What the service can't do is refused here, all of it at once, naming sheet, row, column and reason: whatever passes can
be rendered, checked and summed later without another look at the spreadsheet. A part of XLSForm is read: text, integer,
decimal, date, select_one, select_multiple, select_one_from_file, note, calculate and hidden; groups; repeats one level
deep. Three columns are our own: ``bind::reportsvc:indicator``, ``bind::reportsvc:place`` and ``bind::reportsvc:unit``.
"""

from __future__ import annotations

from reportsvc.forms.definition import Form
from reportsvc.forms.importer.building import build
from reportsvc.forms.importer.linking import link
from reportsvc.forms.importer.problems import FormError, Problem, Problems
from reportsvc.forms.importer.sheets import EXTENSIONS, conform, open_sheets

__all__ = ["EXTENSIONS", "FormError", "Problem", "read"]


def read(source: bytes, filename: str) -> Form:
    """The form that a spreadsheet describes; the name's ending says how to read it.

    Groups of the top level become sections, and questions outside a group a section of their own. A group within a
    group is dissolved: its condition goes to each of its questions, its label becomes a note.

    :raises FormError: with every problem found.
    """
    problems = Problems()
    sheets = open_sheets(source, filename, problems)
    problems.stop()
    built = build(sheets, problems)
    link(built, problems)
    problems.stop()
    conform(sheets, problems)
    problems.stop()
    return built.form
