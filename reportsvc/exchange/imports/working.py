"""A workbook read, checked and planned in one go."""

from __future__ import annotations

from reportsvc.exchange.imports import checking, history, layout
from reportsvc.exchange.imports.plan import Plan
from reportsvc.exchange.imports.reading import Book
from reportsvc.exchange.imports.standing import Standing

WORK = (
    (layout.ORGANIZATIONS, checking.organization),
    (layout.PROJECTS, checking.project),
    (layout.PARTICIPATIONS, checking.participation),
)


def plan(book: Book, standing: Standing) -> Plan:
    """What the import of these rows would do to what stands there now.

    Rows of later sheets may name what earlier ones bring. A row that names an organization whose own row is wrong is
    wrong as well: both are told.
    """
    check = checking.Check(standing)
    for key, row_of in WORK:
        for row in book.rows.get(key, ()):
            row_of(check, row)
    history.check_all(check, book.rows.get(layout.HISTORY, []))
    check.plan.due = len(check.plan.participations) * len(standing.open_rounds())
    check.plan.wrong = [*book.wrong, *check.plan.wrong]
    return check.plan
