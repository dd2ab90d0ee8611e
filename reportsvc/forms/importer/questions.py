"""One row of the survey as a question, but for its expressions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from reportsvc.forms.answers.typed import typed
from reportsvc.forms.definition import Kind, Question
from reportsvc.forms.importer import columns
from reportsvc.forms.importer.problems import Problems
from reportsvc.forms.importer.sheets import Row
from reportsvc.forms.importer.types import Type, long_side_of, look_at_parameters, range_of
from reportsvc.forms.messages import N_

_NOT_FOR: Mapping[Kind, tuple[str, ...]] = {
    "note": ("required", "required_message", "constraint", "constraint_message", "calculation", "default"),
    "hidden": ("required", "required_message", "constraint", "constraint_message", "calculation"),
    "calculate": ("required", "required_message", "constraint", "constraint_message", "default"),
    **dict.fromkeys(("image", "file"), ("calculation", "default", "constraint", "constraint_message")),
}
"""Kind → cells that mean nothing to it."""

UNSEEN = frozenset({"calculate", "hidden"})
NUMBERS = frozenset({"integer", "decimal", "range", "calculate"})

SHOWN = frozenset(
    {
        *("minimal", "likert", "multiline", "numbers", "horizontal", "horizontal-compact", "quick", "quickcompact"),
        *("compact", "columns", "columns-pack", "field-list", "list", "picker", "thousands-sep", "no-calendar"),
    }
)
"""Appearances that look like something here, or like what is there anyway."""

_COLUMNS = re.compile(r"columns-[0-9]+|w[0-9]+")
_WORKED_OUT = re.compile(r"\$\{|^[a-z][a-z:-]*\(", re.IGNORECASE)
_YES = frozenset({"yes", "true", "true()"})
_NO = frozenset({"", "no", "false", "false()"})


def question(row: Row, found: Type, problems: Problems) -> Question:
    """The question of a row, without its expressions and choices."""
    kind = found.kind
    barred = _NOT_FOR.get(kind, () if row.get("trigger") or read_only(row) else ("calculation",))
    for key in ("repeat_count", *(barred if found.said != "today" else ())):
        if row.get(key):
            message = N_("A question of the type %(kind)s can't have this.")
            problems.add("survey", row.number, row.header(key), message, kind=kind)
    label = row.get("label") or (_named(row, problems) if kind not in UNSEEN else "")
    if kind == "calculate" and not row.get("calculation") and found.said != "today":
        problems.add("survey", row.number, row.header("calculation"), N_("This cell must be filled in."))
    look_at_parameters(row, kind, problems)
    least, most, step = range_of(row, problems) if kind == "range" else ("", "", "")
    made = Question(
        name=row.get("name"),
        kind=kind,
        label=label,
        hint=row.get("hint"),
        guidance=row.get("guidance_hint"),
        multiline=kind == "text" and "multiline" in row.get("appearance").split(),
        required_message=row.get("required_message"),
        constraint_message=row.get("constraint_message"),
        choices=found.choices.with_columns(()) if found.choices else (),
        choices_from=found.choices_from,
        default=row.get("default"),
        unit=row.get("unit"),
        indicator=row.get("indicator"),
        place=row.get("place"),
        appearance=_appearance(row, kind, problems),
        read_only=_read_only(row, problems),
        least=least,
        most=most,
        step=step,
        long_side=long_side_of(row, problems) if kind == "image" else "",
    )
    _look_at_indicator(row, made, problems)
    return replace(made, default=_default(row, made, problems))


def _named(row: Row, problems: Problems) -> str:
    """What stands in the place of a question's missing text: its name, where a picture or sound was meant to tell."""
    if columns.shows_media(row.others):
        message = N_("Pictures and sounds are left out here: the name stands in their place.")
        problems.warn("survey", row.number, row.header("label"), message)
        return row.get("name")
    problems.add("survey", row.number, row.header("label"), N_("This cell must be filled in."))
    return ""


def read_only(row: Row) -> bool:
    """Whether a row's answer can't be changed by hand."""
    return row.get("read_only").lower() in _YES


def _read_only(row: Row, problems: Problems) -> bool:
    if row.get("read_only").lower() not in _YES | _NO:
        message = N_("This is “yes” or empty; it can't depend on answers. Use “relevant” instead.")
        problems.add("survey", row.number, row.header("read_only"), message)
    return read_only(row)


def is_worked_out(row: Row) -> bool:
    """Whether a row's default is an expression."""
    return _WORKED_OUT.search(row.get("default")) is not None


def _appearance(row: Row, kind: Kind, problems: Problems) -> str:
    """The appearances that change something here, ``multiline`` apart, which has a place of its own."""
    kept = []
    for each in row.get("appearance").lower().split():
        if each.startswith("search("):
            message = N_("search(…) is not supported. Use select_one_from_file with a choice_filter.")
            problems.add("survey", row.number, row.header("appearance"), message)
            break
        if each not in SHOWN and not _COLUMNS.fullmatch(each):
            message = N_("The appearance “%(name)s” changes nothing here.")
            problems.warn("survey", row.number, row.header("appearance"), message, name=each)
        elif each not in {"multiline", "field-list", "list", "no-calendar"}:
            kept.append(each)
    if row.get("type").strip().lower() == "barcode":
        problems.warn("survey", row.number, row.header("type"), N_("A barcode is typed in here, not read by a camera."))
        kept.append("barcode")
    return " ".join(kept)


def _look_at_indicator(row: Row, made: Question, problems: Problems) -> None:
    if made.indicator and made.kind not in NUMBERS:
        message = N_("Only a number can feed an indicator; a question of the type %(kind)s can't.")
        problems.add("survey", row.number, row.header("indicator"), message, kind=made.kind)
    if made.place and not made.indicator:
        message = N_("A place needs an indicator beside it.")
        problems.add("survey", row.number, row.header("place"), message)


def _default(row: Row, made: Question, problems: Problems) -> str:
    """The default answer, put plainly; expressions are none."""
    if is_worked_out(row) and made.kind not in {"note", "calculate", "hidden"}:
        return ""
    if not made.default or made.kind in {"note", "calculate", "hidden"}:
        return made.default
    if made.choices_from:
        problems.add("survey", row.number, row.header("default"), N_("A choice from a list outside has no default."))
        return ""
    came = made.default.removesuffix(" 00:00:00")  # how a spreadsheet hands over a day
    plain, wrong = typed(made, came, made.choices)
    if wrong is not None:
        message = N_("“%(text)s” can't be the default answer here.")
        problems.add("survey", row.number, row.header("default"), message, text=made.default)
    return plain
