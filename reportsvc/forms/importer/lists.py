"""Lists of choices: from the sheet of that name, and from CSV files that come with a form."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field

from reportsvc.forms.definition import Choice
from reportsvc.forms.importer import columns
from reportsvc.forms.importer.problems import Problems
from reportsvc.forms.importer.sheets import Row
from reportsvc.forms.messages import N_

MOST = 5000  # choices of one list


@dataclass(slots=True)
class ChoiceList:
    """One list: every choice with all of its columns, and its labels in further languages."""

    choices: dict[str, Choice] = field(default_factory=dict)
    columns: set[str] = field(default_factory=lambda: {"name", "label"})
    spoken: dict[str, dict[str, str]] = field(default_factory=dict)
    """Language → value → label."""

    def with_columns(self, asked: Iterable[str]) -> tuple[Choice, ...]:
        """The choices, each with the columns that are asked for."""
        keys = sorted(set(asked) - {"name"})
        if not keys:
            return tuple(Choice(each.value, each.label) for each in self.choices.values())
        found = []
        for each in self.choices.values():
            held = dict(each.columns)
            columns = tuple((key, held[key]) for key in keys if held.get(key))
            found.append(Choice(each.value, each.label, columns))
        return tuple(found)


def from_sheet(rows: Iterable[Row], problems: Problems) -> dict[str, ChoiceList]:
    """The lists of the sheet “choices”."""
    lists: dict[str, ChoiceList] = {}
    for row in rows:
        name, value = row.get("list_name"), row.get("name")
        if not name or not value:
            column = "name" if name else "list_name"
            problems.add("choices", row.number, column, N_("This cell must be filled in."))
            continue
        known = lists.setdefault(name, ChoiceList())
        if value in known.choices:
            message = N_("“%(name)s” stands here a second time.")
            problems.add("choices", row.number, row.header("name"), message, name=value)
        if len(value.split()) != 1:
            message = N_("“%(name)s” has a space in it; the name of a choice must have none.")
            problems.add("choices", row.number, row.header("name"), message, name=value)
        label = row.get("label") or _named(row, value, problems)
        known.choices[value] = Choice(value, label, tuple(row.others.items()))
        known.columns |= row.others.keys()
        for language, texts in row.spoken.items():
            if texts.get("label"):
                known.spoken.setdefault(language, {})[value] = texts["label"]
    return lists


def _named(row: Row, value: str, problems: Problems) -> str:
    """What stands in the place of a choice's missing text: its name, where a picture was meant to tell."""
    if columns.shows_media(row.others):
        message = N_("Pictures and sounds are left out here: the name stands in their place.")
        problems.warn("choices", row.number, "label", message)
        return value
    problems.add("choices", row.number, "label", N_("This cell must be filled in."))
    return ""


def csv_rows(source: bytes) -> tuple[list[str], list[dict[str, str]]]:
    """The headers and filled rows of a CSV file, in UTF-8 or as Chinese Excel saves it."""
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = source.decode("gb18030", errors="replace")
    reader = csv.DictReader(io.StringIO(text.replace("\0", ""), newline=""))
    headers = [header.strip() for header in reader.fieldnames or () if header]
    rows = []
    for raw in reader:
        rows.append({str(key).strip(): cell.strip() for key, cell in raw.items() if isinstance(cell, str)})
        if len(rows) > MOST:
            break
    return headers, rows


def from_csv(name: str, source: bytes, problems: Problems, keys: tuple[str, str] = ("name", "label")) -> ChoiceList:
    """The list of a CSV file; ``keys`` are its columns of values and labels. Problems name the file as the sheet."""
    found = ChoiceList()
    headers, rows = csv_rows(source)
    for key in keys:
        if key not in headers:
            tell_missing(name, key, problems)
            return found
    found.columns = {*headers, "name", "label"}
    for number, row in enumerate(rows, start=2):
        value = row.get(keys[0], "")
        if not any(row.values()):
            continue
        if len(value.split()) != 1:
            message = N_("“%(name)s” can't be the name of a choice: it must have one, without spaces.")
            problems.add(name, number, keys[0], message, name=value)
        elif value in found.choices:
            problems.add(name, number, keys[0], N_("“%(name)s” stands here a second time."), name=value)
        else:
            columns = tuple((key, cell) for key, cell in row.items() if key not in keys)
            found.choices[value] = Choice(value, row.get(keys[1]) or value, columns)
    if len(found.choices) > MOST:
        problems.add(name, MOST, "", N_("A list has at most %(limit)s choices here."), limit=MOST)
    return found


def tell_missing(name: str, column: str, problems: Problems) -> None:
    """Note that a CSV file lacks a column."""
    problems.add(name, 1, column, N_("The file “%(file)s” has no column “%(column)s”."), file=name, column=column)
