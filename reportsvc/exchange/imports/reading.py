"""From a workbook to rows by our columns; what is wrong with its sheets and heads is told like any other cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from reportsvc.errors import Invalid
from reportsvc.exchange.imports import layout
from reportsvc.exchange.imports.plan import Wrong
from reportsvc.exchange.workbooks import ERRORS, Progress, Workbook, is_lost, letter, text_of
from reportsvc.forms.messages import N_

NO_SHEETS = N_("None of the sheets is one to import. Their names are: %(names)s. Start from the template.")
NO_ROWS = N_("There is nothing to import: no sheet has a row of yours.")
NO_COLUMN = N_("The column “%(name)s” is missing. Copy the first row from the template.")
UNKNOWN_COLUMN = N_("There is no column of this name. Copy the first row from the template, or leave the column out.")
TWO_COLUMNS = N_("Two columns have this name.")
TWICE = N_("The same stands in row %(row)s already.")
NUMBER_LOST = N_(
    "Excel has turned this code into the number %(value)s and lost its last digits. Format the cell as text, then type "
    "the code again from the certificate."
)
FAULTY = N_("The formula in this cell gives %(value)s. Type the value itself.")
EMPTY = N_("This cell must not be empty.")
LONG = N_("This text has %(length)s characters; at most %(limit)s are allowed.")
NOT_CHOSEN = N_("“%(value)s” is none of the choices: %(known)s.")
STEP = 500  # rows between two looks at the progress


@dataclass(frozen=True, slots=True)
class Row:
    """One row: cells by our keys, as the workbook holds them."""

    sheet: layout.Sheet
    number: int
    cells: Mapping[str, object]


@dataclass
class Book:
    """All rows of a workbook, by sheet; where each column stands."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    letters: dict[str, dict[str, str]] = field(default_factory=dict)
    """Sheet's key to column's key to letter."""
    wrong: list[Wrong] = field(default_factory=list)
    sheets: tuple[layout.Sheet, ...] = layout.SHEETS

    def column(self, problem: Wrong) -> str:
        """The head over a problem; empty where it is about a whole row."""
        sheet = next(one for one in self.sheets if one.key == problem.sheet)
        return next((column.title for column in sheet.columns if column.key == problem.column), "")

    def cell(self, problem: Wrong) -> str:
        """Where a problem stands: ``B17``; only the row's number where it is about the whole row."""
        if problem.column.startswith("@"):
            return f"{problem.column[1:]}{problem.row}"
        found = self.letters.get(problem.sheet, {}).get(problem.column)
        return f"{found}{problem.row}" if found else str(problem.row)


def read(source: bytes, progress: Progress) -> Book:
    """Every row of every sheet that we know.

    :raises Invalid: if the file can't be opened, or holds nothing to import.
    """
    book, workbook = Book(), Workbook(source)
    try:
        known = [sheet for sheet in layout.SHEETS if sheet.title in workbook.titles]
        if not known:
            raise Invalid(NO_SHEETS, names="、".join(sheet.title for sheet in layout.SHEETS))
        for place, sheet in enumerate(known):
            _read_sheet(book, sheet, workbook, _share(progress, place, len(known)))
    finally:
        workbook.close()
    if not book.wrong and not any(book.rows.values()):
        raise Invalid(NO_ROWS)
    return book


def _share(progress: Progress, place: int, of: int) -> Callable[[int], None]:
    """The progress of one sheet among several; how many rows it has is not known before it is read."""
    return lambda number: progress(place * 100 + min(number // STEP, 99), of * 100)


def _read_sheet(book: Book, sheet: layout.Sheet, workbook: Workbook, progress: Callable[[int], None]) -> None:
    rows = workbook.rows(sheet.title)
    number, heads = next(rows, (1, ()))
    places = dict(_places(book, sheet, number, heads))
    book.letters[sheet.key] = {key: letter(place) for key, place in places.items()}
    found = book.rows.setdefault(sheet.key, [])
    mark = next((place for place, head in enumerate(heads) if _plain(head) == layout.MARK), None)
    for number, values in rows:
        if mark is not None and mark < len(values) and text_of(values[mark]) == layout.EXAMPLE:
            continue
        cells = {key: values[place] for key, place in places.items() if place < len(values)}
        if any(text_of(value) for value in cells.values()):
            found.append(Row(sheet, number, cells))
        if number % STEP == 0:
            progress(number)


def _plain(head: object) -> str:
    return text_of(head).rstrip("*＊ ")


def _places(book: Book, sheet: layout.Sheet, number: int, heads: tuple[object, ...]) -> Iterator[tuple[str, int]]:
    """Where each column stands; what is missing, twice or unknown is noted."""
    keys = {column.title: column.key for column in sheet.columns} | {one.key: one.key for one in sheet.columns}
    seen: set[str] = set()
    for place, head in enumerate(heads):
        text = _plain(head)
        if not text or text == layout.MARK or text in layout.PASSED_OVER:
            continue
        key = keys.get(text)
        if key is None:
            book.wrong.append(Wrong(sheet.key, number, f"@{letter(place)}", UNKNOWN_COLUMN))
        elif key in seen:
            book.wrong.append(Wrong(sheet.key, number, f"@{letter(place)}", TWO_COLUMNS))
        else:
            seen.add(key)
            yield key, place
    for column in sheet.columns:
        if column.required and column.key not in seen:
            book.wrong.append(Wrong(sheet.key, number, "", NO_COLUMN, {"name": column.title}))


def text(row: Row, key: str) -> str:
    """A cell's text.

    :raises Invalid: if it is empty and must not be, too long, a failed formula, or a code that became a number.
    """
    column, value = row.sheet.column(key), row.cells.get(key)
    found = " ".join(text_of(value).split())
    if found in ERRORS:
        raise Invalid(FAULTY, value=found)
    if column.code and is_lost(value):
        raise Invalid(NUMBER_LOST, value=f"{float(str(value)):.2E}")
    if not found and column.required:
        raise Invalid(EMPTY)
    if column.limit and len(found) > column.limit:
        raise Invalid(LONG, length=len(found), limit=column.limit)
    return found


def chosen(row: Row, key: str, choices: Mapping[str, str]) -> str:
    """What a choice stands for; the label and the value itself are both taken. Empty if the cell is.

    :raises Invalid: if it is none of them.
    """
    found = text(row, key)
    if not found or found in choices.values():
        return found
    if found not in choices:
        raise Invalid(NOT_CHOSEN, value=found[:40], known="、".join(choices))
    return choices[found]
