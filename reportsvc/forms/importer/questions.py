"""One row of the survey as a question, but for its expressions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from reportsvc.forms.answers.typed import typed
from reportsvc.forms.definition import Choice, Kind, Question
from reportsvc.forms.importer.problems import Problems
from reportsvc.forms.importer.sheets import Row
from reportsvc.forms.messages import N_

EXTERNAL_LISTS = frozenset({"project_counties.csv"})
"""Lists that the server fills for each report; a form can ask for no others."""

_PLAIN: Mapping[str, Kind] = {
    "text": "text",
    "string": "text",
    "integer": "integer",
    "int": "integer",
    "decimal": "decimal",
    "date": "date",
    "note": "note",
    "calculate": "calculate",
    "hidden": "hidden",
}
_SELECT = re.compile(
    r"(?P<kind>select[ _]one[ _]from[ _]file|select[ _]one|select1|select[ _]multiple)[ ]+(?P<list>\S+)(?P<rest>.*)",
    re.IGNORECASE,
)
_NOT_FOR: Mapping[Kind, tuple[str, ...]] = {
    "note": ("required", "required_message", "constraint", "constraint_message", "calculation", "default"),
    "hidden": ("required", "required_message", "constraint", "constraint_message", "calculation"),
    "calculate": ("required", "required_message", "constraint", "constraint_message", "default"),
}
"""Kind → cells that mean nothing to it; any other kind can't have a calculation."""

NUMBERS = frozenset({"integer", "decimal", "calculate"})
KNOWN = "text integer decimal date select_one select_multiple select_one_from_file note calculate hidden"


class _Type(NamedTuple):
    kind: Kind
    choices: tuple[Choice, ...] = ()
    choices_from: str = ""


def question(row: Row, lists: Mapping[str, tuple[Choice, ...]], problems: Problems) -> Question | None:
    """The question of a row, without its expressions; none if its type can't be used."""
    found = _type(row, lists, problems)
    if found is None:
        return None
    for key in _NOT_FOR.get(found.kind, ("calculation",)):
        if row.get(key):
            message = N_("A question of the type %(kind)s can't have this.")
            problems.add("survey", row.number, row.header(key), message, kind=found.kind)
    if not row.get("label") and found.kind not in {"calculate", "hidden"}:
        problems.add("survey", row.number, row.header("label"), N_("This cell must be filled in."))
    if found.kind == "calculate" and not row.get("calculation"):
        problems.add("survey", row.number, row.header("calculation"), N_("This cell must be filled in."))
    made = Question(
        name=row.get("name"),
        kind=found.kind,
        label=row.get("label"),
        hint=row.get("hint"),
        multiline=found.kind == "text" and "multiline" in row.get("appearance").split(),
        required_message=row.get("required_message"),
        constraint_message=row.get("constraint_message"),
        choices=found.choices,
        choices_from=found.choices_from,
        default=row.get("default"),
        unit=row.get("unit"),
        indicator=row.get("indicator"),
        place=row.get("place"),
    )
    _look_at_indicator(row, made, problems)
    return replace(made, default=_default(row, made, problems))


def _type(row: Row, lists: Mapping[str, tuple[Choice, ...]], problems: Problems) -> _Type | None:
    text = " ".join(row.get("type").split())
    plain = _PLAIN.get(text.lower())
    if plain is not None:
        return _Type(plain)
    column = row.header("type")
    select = _SELECT.fullmatch(text)
    if select is None:
        message = N_("The type “%(found)s” is not supported. Known are: %(known)s.")
        problems.add("survey", row.number, column, message, found=text, known=KNOWN)
        return None
    if select["rest"].strip():
        message = N_("“%(found)s” is not supported after the name of a list.")
        problems.add("survey", row.number, column, message, found=select["rest"].strip())
        return None
    if "file" in select["kind"].lower():
        return _from_file(row, select["list"], problems)
    choices = lists.get(select["list"], ())
    if not choices:
        message = N_("The sheet “choices” has no list “%(name)s”.")
        problems.add("survey", row.number, column, message, name=select["list"])
        return None
    return _Type("select_multiple" if "multiple" in select["kind"].lower() else "select_one", choices)


def _from_file(row: Row, name: str, problems: Problems) -> _Type | None:
    if name not in EXTERNAL_LISTS:
        message = N_("There is no list “%(name)s”. Known are: %(known)s.")
        known = ", ".join(sorted(EXTERNAL_LISTS))
        problems.add("survey", row.number, row.header("type"), message, name=name, known=known)
        return None
    return _Type("select_one", choices_from=name)


def _look_at_indicator(row: Row, made: Question, problems: Problems) -> None:
    if made.indicator and made.kind not in NUMBERS:
        message = N_("Only a number can feed an indicator; a question of the type %(kind)s can't.")
        problems.add("survey", row.number, row.header("indicator"), message, kind=made.kind)
    if made.place and not made.indicator:
        message = N_("A place needs an indicator beside it.")
        problems.add("survey", row.number, row.header("place"), message)


def _default(row: Row, made: Question, problems: Problems) -> str:
    """The default answer, put plainly; expressions are none."""
    if not made.default or made.kind in {"note", "calculate", "hidden"}:
        return made.default
    if made.choices_from:
        problems.add("survey", row.number, row.header("default"), N_("A choice from a list outside has no default."))
        return ""
    came = made.default.removesuffix(" 00:00:00")  # how a spreadsheet hands over a day
    plain, wrong = typed(made, came, made.choices)
    if wrong is not None:
        message = N_("“%(text)s” can't be the default answer here; expressions are not supported.")
        problems.add("survey", row.number, row.header("default"), message, text=made.default)
    return plain
