"""The lists that ``pulldata()`` looks into: CSV files that come with the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reportsvc.forms.definition import Form
from reportsvc.forms.expressions import pulled
from reportsvc.forms.importer.building import Built
from reportsvc.forms.importer.lists import MOST, csv_rows, tell_missing
from reportsvc.forms.importer.problems import Problems
from reportsvc.forms.importer.types import NO_LIST
from reportsvc.forms.messages import N_


def pulled_lists(built: Built, files: Mapping[str, bytes], problems: Problems) -> Form:
    """The form with the rows and columns that its expressions look into."""
    asked: dict[str, set[str]] = {}
    for use in built.uses:
        for name, wanted, key in pulled(use.node):
            if f"{name}.csv" in files:
                asked.setdefault(name, set()).update((wanted, key))
            else:
                known = ", ".join(sorted(files)) or "–"
                problems.add("survey", use.row.number, use.row.header(use.key), NO_LIST, name=name, known=known)
    lists = {}
    for name, columns in asked.items():
        headers, rows = csv_rows(files[f"{name}.csv"])
        for column in sorted(columns - set(headers)):
            tell_missing(f"{name}.csv", column, problems)
        if len(rows) > MOST:
            problems.add(f"{name}.csv", MOST, "", N_("A list has at most %(limit)s choices here."), limit=MOST)
        lists[name] = [{column: row.get(column, "") for column in sorted(columns)} for row in rows]
    return replace(built.form, lists=lists)
