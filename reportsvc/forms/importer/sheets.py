"""From a file's bytes to its sheets, by way of pyxform; nothing that a file holds gets further than an error here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, NamedTuple

from pyxform.builder import create_survey_element_from_dict
from pyxform.errors import PyXFormError
from pyxform.xls2json import workbook_to_json
from pyxform.xls2json_backends import get_xlsform

from reportsvc.forms.importer import archives, columns
from reportsvc.forms.importer.problems import Problems
from reportsvc.forms.messages import N_

EXTENSIONS = (".xlsx", ".xls", ".csv", ".md")
LARGEST = 5 * 1024 * 1024  # bytes of a file
LARGEST_XLS = 2 * 1024 * 1024  # bytes; its reader pads every row to the longest
ROWS = 6000  # of a sheet; 5,000 choices fit
UNUSED_SHEETS = ("external_choices", "entities", "osm")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet: its number as the spreadsheet shows it, and its filled cells by our names of columns."""

    sheet: str
    number: int
    cells: Mapping[str, str]
    headers: Mapping[str, str]
    spoken: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Language as the spreadsheet writes it → our name of a column → text."""
    others: Mapping[str, str] = field(default_factory=dict)
    """Cells of columns that only an expression may ask for, by their own names."""

    def get(self, key: str) -> str:
        """The cell's text without spaces around it; empty if there is none."""
        return self.cells.get(key, "")

    def header(self, key: str) -> str:
        """The column's name as the spreadsheet has it."""
        return self.headers.get(key, key)


class Place(NamedTuple):
    """A cell, as the spreadsheet numbers its rows."""

    sheet: str
    row: int
    column: str


@dataclass(frozen=True, slots=True)
class Sheets:
    """The sheets of an XLSForm."""

    survey: Sequence[Row]
    choices: Sequence[Row]
    settings: Row
    stem: str
    data: Any
    """What pyxform read, for :func:`conform`."""
    language: str = ""
    """The language that is read first."""


def open_sheets(source: bytes, filename: str, problems: Problems) -> Sheets:
    """Read a file's sheets; without them if it can't be read, which is then among the problems."""
    stem = _path(filename).stem
    data = read_file(source, filename, problems)
    if data is None:
        return Sheets((), (), Row("settings", 0, {}, {}), stem, None)
    settings = _rows("settings", data, columns.SETTINGS, "", problems)
    first = settings[0] if settings else Row("settings", 2, {}, {})
    language = first.get("default_language")
    survey = _rows("survey", data, columns.SURVEY, language, problems)
    if not survey:
        problems.add("survey", 0, "", N_("The sheet “survey” is missing or empty."))
    for name in UNUSED_SHEETS:
        if getattr(data, name):
            problems.add(name, 0, "", N_("The sheet “%(name)s” is not supported."), name=name)
    choices = _rows("choices", data, columns.CHOICES, language, problems)
    labels = [row.headers["label"] for row in (*survey, *choices) if "label" in row.headers]
    spoken = next((found for _, found in (columns.spoken_in(each, columns.SURVEY) for each in labels) if found), "")
    return Sheets(survey, choices, first, stem, data, spoken)


def conform(sheets: Sheets, problems: Problems) -> None:
    """Have pyxform make an XForm of the sheets, so that what we accept works with ODK's own tools too."""
    try:
        made = workbook_to_json(sheets.data, form_name="data", fallback_form_name=sheets.stem, warnings=[])
        create_survey_element_from_dict(made).to_xml(validate=False, warnings=[])
    except Exception as error:  # pyxform raises many kinds; whichever, the form's author is to know
        text = str(error)
        row = re.search(r"\[row : ([0-9]+)\]", text)
        message = N_("The form does not keep to XLSForm; pyxform says: %(text)s")
        problems.add("survey", int(row[1]) if row else 0, "", message, text=text[:500])


def _path(filename: str) -> PurePath:
    return PurePath(filename.replace("\\", "/"))


def read_file(source: bytes, filename: str, problems: Problems) -> Any:
    """What pyxform reads out of a file, sheet by sheet; nothing if it can't be read, which is then told."""
    extension = _path(filename).suffix.lower()
    if extension not in EXTENSIONS:
        message = N_("A form is a file that ends in %(known)s; this one ends in “%(ending)s”.")
        problems.add("", 0, "", message, known=" ".join(EXTENSIONS), ending=extension)
        return None
    largest = LARGEST_XLS if extension == ".xls" else LARGEST
    if len(source) > largest or (extension == ".xlsx" and archives.is_bomb(source)):
        message = N_(
            "The file is too large to be a form. Take out pictures, and rows and columns that are empty but formatted."
        )
        problems.add("", 0, "", message)
        return None
    try:
        return get_xlsform(_as_utf8(source) if extension in {".csv", ".md"} else source, file_type=extension)
    except PyXFormError as error:
        duplicate = re.match("Duplicate column header: (.*)", str(error))
        if duplicate:
            problems.add("", 1, duplicate[1], N_("Two columns of one sheet have this name."))
            return None
    except Exception:  # noqa: S110 - the parsers below pyxform raise anything at all on a broken file
        pass
    message = N_("The file can't be read as %(ending)s: it is damaged or of another kind. Save it again and retry.")
    problems.add("", 0, "", message, ending=extension)
    return None


def _as_utf8(source: bytes) -> bytes:
    """Text files as Chinese Excel saves them (GB 18030) or others do, in UTF-8 without a mark in front."""
    try:
        return source.decode("utf-8-sig").encode()
    except UnicodeDecodeError:
        return source.decode("gb18030").encode()


def _rows(name: str, data: Any, known: columns.Known, language: str, problems: Problems) -> list[Row]:
    """The filled rows of a sheet, with cells by our names of its columns."""
    raw: Sequence[Mapping[str, object]] = getattr(data, name) or ()
    if len(raw) > ROWS:
        problems.add(name, ROWS, "", N_("A sheet has at most %(limit)s rows here."), limit=ROWS)
        return []
    filled = [
        (number, {header: str(cell).strip() for header, cell in cells.items() if header})
        for number, cells in enumerate(raw, start=2)
    ]
    used = dict.fromkeys(header for _, cells in filled for header, cell in cells.items() if cell)
    keys = columns.resolve(used, known, language)
    for header in used:
        if header not in keys and not known.lenient and not columns.passed_over(header, known):
            number = next(number for number, cells in filled if cells.get(header))
            _tell_unread(Place(name, number, header), known, problems)
    headers: dict[str, str] = {}
    for header, key in keys.items():
        if headers.setdefault(key, header) != header:
            message = N_("The columns “%(one)s” and “%(other)s” mean the same.")
            problems.add(name, 1, header, message, one=headers[key], other=header)
    rows = []
    for number, cells in filled:
        ours = {keys[header]: cell for header, cell in cells.items() if cell and header in keys}
        spoken = _spoken(cells, known)
        if ours and ours.get("disabled", "").lower() not in {"yes", "true"}:
            _speak_otherwise(Place(name, number, ""), ours, spoken, problems)
            others = {header: cell for header, cell in cells.items() if cell and header not in keys}
            rows.append(Row(name, number, ours, headers, spoken, others))
    return rows


def _speak_otherwise(
    place: Place, ours: dict[str, str], spoken: Mapping[str, Mapping[str, str]], problems: Problems
) -> None:
    """Where a text is missing in the language that is read first, it is read in another."""
    for language, texts in spoken.items():
        for key in texts.keys() - ours.keys():
            ours[key] = texts[key]
            message = N_("This is not written in the form's first language, so it stands there in “%(language)s”.")
            problems.warn(place.sheet, place.row, key, message, language=language)


def _tell_unread(place: Place, known: columns.Known, problems: Problems) -> None:
    """Columns that nothing reads are left out; one that looks like a slip of the hand is to be put right."""
    meant = columns.meant(place.column, known)
    if columns.refused(place.column):
        problems.add(*place, N_("This column is not supported: entities are not kept here."))
        return
    if columns.left_out(place.column):
        message = N_("This column is left out: a page in a browser has no use for it, or can't show it yet.")
        problems.warn(place.sheet, 1, place.column, message)
    elif meant:
        message = N_(
            "There is no column of this name. If “%(meant)s” is meant, write that; a remark goes into “comment”."
        )
        problems.add(place.sheet, place.row, place.column, message, meant=meant)
    else:
        problems.warn(place.sheet, 1, place.column, N_("Nothing here reads a column of this name; it is left out."))


def _spoken(cells: Mapping[str, str], known: columns.Known) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for header, cell in cells.items():
        key, language = columns.spoken_in(header, known)
        if key and language and cell:
            found.setdefault(language, {})[key] = cell
    return found
