"""WTForms classes made from a form's definition: what a section looks like to a browser, text in and text out.

Nothing is judged here (that is for the answers' own check): whatever was typed comes back out of :func:`collect`,
so that a draft keeps it. Attributes of the classes begin with ``q_``, for a question may be called ``data`` or
``errors``; names in the HTML are the question's own, ``benefits-0-benefit_unit`` in a row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Protocol

import wtforms

from reportsvc.errors import NotFound
from reportsvc.forms import attached
from reportsvc.forms.answers import asking
from reportsvc.forms.definition import Answers, Form, Question, Repeat, Row, Section, to_json
from reportsvc.forms.messages import N_
from reportsvc.forms.widgets import (
    DROP,
    ROWS,
    AcknowledgeField,
    Choosing,
    FileField,
    Lists,
    ManyField,
    OneField,
    RangeField,
    RankField,
    RowsField,
    TextField,
    steps,
)

PREFIX = "q_"
KINDS: Mapping[str, type[wtforms.Field]] = {
    **dict.fromkeys(("text", "integer", "decimal", "date", "time", "datetime", "geopoint", "range"), TextField),
    **dict.fromkeys(attached.ATTACHED, FileField),
    **{"select_one": OneField, "select_multiple": ManyField, "rank": RankField, "acknowledge": AcknowledgeField},
}
_PATH = re.compile(r"(?P<repeat>[^\[\].]+)\[(?P<row>[0-9]{1,6})\]\.(?P<rest>.+)")

Translate = Callable[..., str]


class MessageLike(Protocol):
    """A message id with what fills its placeholders."""

    @property
    def text_id(self) -> str:
        """The English message id, or an author's own sentence."""

    @property
    def values(self) -> Mapping[str, Any]:
        """What fills its ``%(name)s``."""


class ProblemLike(Protocol):
    """What is wrong with one answer."""

    @property
    def path(self) -> str:
        """``own_funds``, ``benefits[2].benefit_amount`` (rows from 1) or ``benefits``."""

    @property
    def message(self) -> MessageLike:
        """What to tell."""


# --- classes ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Key:
    """Finds a class by its form without walking through all of the form for its hash."""

    form: Form
    section: str
    base: type[wtforms.Form]

    def __hash__(self) -> int:
        return hash((self.form.form_id, self.section, self.base))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Key)
            and (self.section, self.base) == (other.section, other.base)
            and (self.form is other.form or self.form == other.form)
        )


def section_form(form: Form, section_name: str, base: type[wtforms.Form]) -> type[wtforms.Form]:
    """The WTForms class of one section, made once for each form; ``base`` may be a FlaskForm.

    :raises NotFound: if the form has no such section.
    """
    return _section_form(_Key(form, section_name, base))


@lru_cache(maxsize=256)
def _section_form(key: _Key) -> type[wtforms.Form]:
    section = key.form.section(key.section)
    if section is None:
        raise NotFound(N_("The form has no section “%(section)s”."), section=key.section)
    own = {"turned_to": "", "whole": key.form, "here": section}
    return type("SectionForm", (key.base,), {**_unbound(section.items), **own})


def _unbound(items: Iterable[Question | Repeat], *, in_row: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in items:
        if isinstance(item, Repeat):
            row = type("RowForm", (wtforms.Form,), _unbound((*item.questions, *item.repeats), in_row=True))
            found[PREFIX + item.name] = RowsField(item, row, name=item.name)
        elif item.kind in KINDS:
            kind = RangeField if item.kind == "range" and steps(item) else KINDS[item.kind]
            default = item.default if in_row else ""  # a row begins with it; the draft itself holds the others'
            data = default.split() if issubclass(kind, ManyField) else default
            found[PREFIX + item.name] = kind(item, name=item.name, default=data)
    return found


def _plainly(message: str, **values: Any) -> str:
    return message % values if values else message


# --- bound forms -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Given:
    """What conditions ask for besides a section's own answers."""

    supplied: Mapping[str, str]
    today: date
    answers: Mapping[str, Any] = field(default_factory=dict)
    """Answers of other sections, where the ones that fill the form are not all of them."""


def fill(
    form_class: type[wtforms.Form],
    answers: Mapping[str, Any],
    *,
    choices: Lists | None = None,
    formdata: Any = None,
    prefix: str = "",
) -> wtforms.Form:
    """A form that shows the answers of a draft, or what was just sent in their place.

    Filtered choices and counted rows follow these answers only; :func:`arrange` lets them follow all.

    :param choices: the external lists by name (``project_counties.csv``).
    :param formdata: the request's form; its absent text fields show the draft's, its absent choices are none.
    """
    data = {PREFIX + name: value for name, value in answers.items()}
    data = {name: _bindable(getattr(form_class, name, None), value) for name, value in data.items()}
    bound = form_class(formdata=formdata, data=data, prefix=prefix, meta={"lists": choices or {}})
    if not prefix:
        _arrange(bound, choices or {}, Given({}, date.min, answers), shrink=False)
    return bound


def _bindable(field: Any, value: Any) -> Any:
    """An answer as its field wants it; what has another shape (a draft is only JSON) counts as none."""
    kind = getattr(field, "field_class", None)
    if kind is RowsField:
        _, row_class = field.args
        rows = value if isinstance(value, list) else []
        return [_bindable_row(row_class, row) for row in rows[:ROWS] if isinstance(row, Mapping)]
    text = value if isinstance(value, str) else ""
    return text.split() if isinstance(kind, type) and issubclass(kind, ManyField) else text


def _bindable_row(row_class: type[wtforms.Form], row: Mapping[str, Any]) -> dict[str, Any]:
    # Every field gets something, lest one that was emptied shows its default again.
    fields = {name: getattr(row_class, name) for name in dir(row_class) if name.startswith(PREFIX)}
    return {name: _bindable(field, row.get(name.removeprefix(PREFIX), "")) for name, field in fields.items()}


def arrange(bound_form: wtforms.Form, choices: Lists, given: Given) -> None:
    """Narrow filtered choices and have as many counted rows as are asked for, by the answers as they stand."""
    _arrange(bound_form, choices, given, shrink=True)


def _arrange(bound_form: Any, choices: Lists, given: Given, *, shrink: bool) -> None:
    form: Form = bound_form.whole
    if not any(question.choice_filter for question, _ in form.questions()) and not any(
        repeat.count for repeat, _ in form.repeats()
    ):
        return
    answers = {**given.answers, **collect(bound_form, bound_form.here)}
    for path, count in asking.row_counts(form, answers, supplied=given.supplied, today=given.today).items():
        rows = _field_at(bound_form, path)
        if isinstance(rows, RowsField):
            rows.resize(count if shrink else max(count, len(rows.entries)))
    found = asking.offered(form, answers, supplied=given.supplied, choices=choices, today=given.today)
    for path, narrowed in found.items():
        field = _field_at(bound_form, path)
        if isinstance(field, Choosing):
            field.narrowed = narrowed


def collect(bound_form: wtforms.Form, section: Section) -> Answers:
    """All raw answers of the section, its empty ones and those that are wrong included; rows by repeat."""
    return _collected(bound_form, section.items)


def _collected(bound_form: wtforms.Form, items: Iterable[Question | Repeat]) -> Row:
    found: Row = {}
    for item in items:
        if isinstance(item, Repeat):
            inside: list[Question | Repeat] = [*item.questions, *item.repeats]
            found[item.name] = [_collected(entry.form, inside) for entry in bound_form[PREFIX + item.name]]
        elif item.kind in KINDS:
            data = bound_form[PREFIX + item.name].data or ""
            found[item.name] = data if isinstance(data, str) else " ".join(data)
    return found


def files(bound_form: wtforms.Form) -> Iterator[FileField]:
    """Every field of the section that takes a file, rows included."""
    for each in bound_form:
        if isinstance(each, RowsField):
            for entry in each.entries:
                yield from files(entry.form)
        elif isinstance(each, FileField):
            yield each


def press(bound_form: wtforms.Form, formdata: Mapping[str, Any], translate: Translate = _plainly) -> bool:
    """Add or take away a row, or a file, if that was pressed (``add-benefits``, ``remove-benefits-2``, ``drop-pic``).

    Show the bound form again afterwards; its ``turned_to`` holds the id of the row to turn to.
    """
    for file in files(bound_form):
        if f"{DROP}{file.name}" in formdata:
            file.data, bound_form.turned_to = "", file.id
            return True
    for rows in _all_rows(bound_form):
        if f"add-{rows.name}" in formdata:
            bound_form.turned_to = _add(rows, translate)
            return True
        pressed = re.compile(rf"remove-{re.escape(rows.name)}-([0-9]{{1,6}})")
        found = {int(match[1]) for key in formdata if (match := pressed.fullmatch(key))}
        if found:
            _remove(rows, found, formdata)
            bound_form.turned_to = rows.id
            return True
    return False


def _all_rows(bound_form: wtforms.Form) -> Iterator[RowsField]:
    for each in bound_form:
        if isinstance(each, RowsField):
            yield each
            for entry in each.entries:
                yield from _all_rows(entry.form)


def _add(rows: RowsField, translate: Translate) -> str:
    limit = rows.repeat.at_most
    if len(rows.entries) < limit:
        return str(rows.append_entry().id)
    rows.errors = [translate(N_("No more than %(limit)s can be entered here."), limit=limit)]
    return str(rows.id)


def _remove(rows: RowsField, pressed: set[int], formdata: Mapping[str, Any]) -> None:
    # The button names the row as it stood in the page, where a script may have left gaps in the numbers.
    standing = rows._extract_indices(rows.name, formdata)
    for position, index in reversed(list(enumerate(standing))):
        if index in pressed:
            rows.pop_entry(position)
    if not rows.entries:
        rows.append_entry()


def show_problems(
    bound_form: wtforms.Form, problems: Iterable[ProblemLike], translate: Translate = _plainly
) -> tuple[ProblemLike, ...]:
    """Put each problem's message on its field's ``errors``; what belongs to no field of this section comes back.

    :param translate: the catalogue, called as ``translate(text_id, **values)``. An author's sentence has no values
        and must come back as it is, percent signs and all; ``flask_babel.gettext`` does both.
    """
    elsewhere = []
    for problem in problems:
        field = _field_at(bound_form, problem.path)
        if field is None:
            elsewhere.append(problem)
            continue
        field.errors = [*field.errors, translate(problem.message.text_id, **problem.message.values)]
    return tuple(elsewhere)


def _field_at(bound_form: wtforms.Form, path: str) -> Any:
    parts = _PATH.fullmatch(path)
    fields = bound_form._fields
    if parts is None:
        return fields.get(PREFIX + path)
    rows, row = fields.get(PREFIX + parts["repeat"]), int(parts["row"])
    if not isinstance(rows, RowsField) or not 1 <= row <= len(rows.entries):
        return None
    return _field_at(rows.entries[row - 1].form, parts["rest"])


def faults(bound_form: wtforms.Form, inside: str = "") -> list[tuple[str, str, str]]:
    """What is wrong in the order of the page: the id to go to, the label (in a row its number first), the message."""
    found = []
    for each in bound_form:
        if isinstance(each, RowsField):
            found += [(each.id, inside + each.label.text, error) for error in each.errors if isinstance(error, str)]
            for number, entry in enumerate(each.entries, start=1):
                found += faults(entry.form, inside + f"{each.label.text} {number} · ".lstrip())
        elif isinstance(each, (TextField, Choosing)):
            found += [(_first_input(each), inside + each.label.text, error) for error in each.errors]
    return found


def _first_input(field: Any) -> str:
    """The id of what takes the focus: of several buttons or boxes the first."""
    several = isinstance(field, RankField) or (isinstance(field, Choosing) and field.radios)
    return f"{field.id}-0" if several and field.iter_choices() else str(field.id)


def page_data(
    form: Form, section: Section, answers: Mapping[str, Any], today: date, lists: Lists | None = None
) -> dict[str, Any]:
    """What ``static/forms/form.js`` needs to follow the form by itself, as JSON.

    :param answers: all answers known, of other sections too, and what the server supplies (``role`` and the like).
    """
    named = {question.choices_from for question, _ in form.questions()}
    offered = {
        name: [{"value": each.value, "label": each.label} for each in found]
        for name, found in (lists or {}).items()
        if name in named
    }
    return {
        "form": to_json(form),
        "section": section.name,
        "answers": dict(answers),
        "today": today.isoformat(),
        "lists": offered,
    }
