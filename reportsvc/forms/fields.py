"""WTForms classes made from a form's definition: what a section looks like to a browser, text in and text out.

Nothing is judged here (that is for the answers' own check): whatever was typed comes back out of :func:`collect`,
so that a draft keeps it. Attributes of the classes begin with ``q_``, for a question may be called ``data`` or
``errors``; names in the HTML are the question's own, ``benefits-0-benefit_unit`` in a row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Protocol

import wtforms
from wtforms.fields.choices import Choice as Option
from wtforms.utils import unset_value

from reportsvc.errors import NotFound
from reportsvc.forms.definition import Answers, Choice, Form, Question, Repeat, Row, Section, to_json
from reportsvc.forms.messages import N_

RADIOS = 7  # choices that still fit a screen; more of them go into a list to open
ROWS = 200  # of one repeat that are read from a request, whatever it holds
PREFIX = "q_"
ASKED = frozenset({"text", "integer", "decimal", "date", "select_one", "select_multiple"})
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INDEX = re.compile(r"[0-9]{1,6}")
_PATH = re.compile(r"(?P<repeat>[^\[\]]+)\[(?P<row>[0-9]{1,6})\]\.(?P<name>.+)")

Lists = Mapping[str, Sequence[Choice]]
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


class TextField(wtforms.StringField):  # type: ignore[misc]
    """One line of text; numbers and days too, exactly as they were typed."""

    def __init__(self, question: Question, **kwargs: Any) -> None:
        super().__init__(question.label, description=question.hint, **kwargs)
        self.question = question

    @property
    def input_type(self) -> str:
        """``date`` where the browser can show what was typed in its own picker, else ``text``."""
        shows = self.question.kind == "date" and (not self.data or _DAY.fullmatch(self.data))
        return "date" if shows else "text"

    @property
    def keypad(self) -> str:
        """The keys to offer, as HTML's ``inputmode``."""
        return {"integer": "numeric", "decimal": "decimal", "date": "numeric"}.get(self.question.kind, "text")

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the first text; without one what the draft holds stays."""
        if valuelist and isinstance(valuelist[0], str):
            self.data = valuelist[0]


class _Choosing:
    """What the fields with choices have in common: where these come from, and that no answer gets lost."""

    question: Question
    id: str
    label: Any
    errors: Sequence[str]
    _form: Any

    @property
    def radios(self) -> bool:
        """Whether the choices are few enough to show them all."""
        return len(self._offered()) <= RADIOS

    def _offered(self) -> Sequence[Choice]:
        if not self.question.choices_from:
            return self.question.choices
        form = self._form
        while form._parent_form is not None:
            form = form._parent_form
        lists: Lists = getattr(form.meta, "lists", {})
        return lists.get(self.question.choices_from, ())

    def _chosen(self) -> list[str]:
        raise NotImplementedError

    def iter_choices(self) -> list[Option]:
        """The choices offered; an answer that is none of them is added, lest it be lost."""
        chosen = self._chosen()
        offered = [(choice.value, choice.label or choice.value) for choice in self._offered()]
        known = {value for value, _ in offered}
        offered += [(value, value) for value in dict.fromkeys(chosen) if value not in known]
        return [Option(value=value, label=label, selected=value in chosen, render_kw={}) for value, label in offered]


class OneField(_Choosing, wtforms.SelectField):  # type: ignore[misc]
    """One choice: radio buttons, or a list to open where there are many."""

    def __init__(self, question: Question, **kwargs: Any) -> None:
        super().__init__(question.label, description=question.hint, validate_choice=False, **kwargs)
        self.question = question

    def _chosen(self) -> list[str]:
        return [self.data] if self.data else []

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the choice; a browser sends nothing where no radio button is pressed."""
        self.data = valuelist[-1] if valuelist and isinstance(valuelist[-1], str) else ""


class ManyField(_Choosing, wtforms.SelectMultipleField):  # type: ignore[misc]
    """Any number of choices: boxes to tick. ``data`` is a list, the answer their values with a space between."""

    radios = True

    def __init__(self, question: Question, **kwargs: Any) -> None:
        super().__init__(question.label, description=question.hint, validate_choice=False, **kwargs)
        self.question = question

    def _chosen(self) -> list[str]:
        return list(self.data or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what is ticked, once each."""
        texts = " ".join(value for value in valuelist if isinstance(value, str))
        self.data = list(dict.fromkeys(texts.split()))


class RowsField(wtforms.FieldList):  # type: ignore[misc]
    """The rows of a repeat. There is always one, if need be empty, so that there is something to fill in."""

    def __init__(self, repeat: Repeat, row: type[wtforms.Form], **kwargs: Any) -> None:
        super().__init__(wtforms.FormField(row), repeat.label, min_entries=1, description=repeat.hint, **kwargs)
        self.repeat = repeat

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> list[int]:
        found = {int(index) for index in _indices(prefix, formdata)}
        return sorted(found)[:ROWS]

    def blank(self) -> wtforms.FormField:
        """An empty row beside the others, for a script to copy; ``__row__`` stands where its number belongs."""
        name = f"{self.name}-__row__"
        options = {"name": name, "id": name, "_meta": self.meta, "translations": self._translations}
        field = self.meta.bind_field(self._form, self.unbound_field, options)
        field.process(None, unset_value)
        field.post_process()
        return field


def _indices(prefix: str, formdata: Iterable[str]) -> set[str]:
    start = f"{prefix}-"
    found = (key[len(start) :].split("-", 1) for key in formdata if key.startswith(start))
    return {parts[0] for parts in found if len(parts) > 1 and _INDEX.fullmatch(parts[0])}


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
    return type("SectionForm", (key.base,), {**_unbound(section.items), "turned_to": ""})


def _unbound(items: Iterable[Question | Repeat]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in items:
        if isinstance(item, Repeat):
            row = type("RowForm", (wtforms.Form,), _unbound(item.questions))
            found[PREFIX + item.name] = RowsField(item, row, name=item.name)
        elif item.kind in ASKED:
            field = {"select_one": OneField, "select_multiple": ManyField}.get(item.kind, TextField)
            found[PREFIX + item.name] = field(item, name=item.name)
    return found


def _plainly(message: str, **values: Any) -> str:
    return message % values if values else message


# --- bound forms -----------------------------------------------------------------------------------------------------


def fill(
    form_class: type[wtforms.Form],
    answers: Mapping[str, Any],
    *,
    choices: Lists | None = None,
    formdata: Any = None,
    prefix: str = "",
) -> wtforms.Form:
    """A form that shows the answers of a draft, or what was just sent in their place.

    :param choices: the external lists by name (``project_counties.csv``).
    :param formdata: the request's form; its absent text fields show the draft's, its absent choices are none.
    """
    data = {PREFIX + name: value for name, value in answers.items()}
    data = {name: _bindable(getattr(form_class, name, None), value) for name, value in data.items()}
    return form_class(formdata=formdata, data=data, prefix=prefix, meta={"lists": choices or {}})


def _bindable(field: Any, value: Any) -> Any:
    """An answer as its field wants it; what has another shape (a draft is only JSON) counts as none."""
    kind = getattr(field, "field_class", None)
    if kind is RowsField:
        _, row_class = field.args
        rows = value if isinstance(value, list) else []
        return [_bindable_row(row_class, row) for row in rows[:ROWS] if isinstance(row, Mapping)]
    text = value if isinstance(value, str) else ""
    return text.split() if kind is ManyField else text


def _bindable_row(row_class: type[wtforms.Form], row: Mapping[str, Any]) -> dict[str, Any]:
    return {PREFIX + name: _bindable(getattr(row_class, PREFIX + name, None), value) for name, value in row.items()}


def collect(bound_form: wtforms.Form, section: Section) -> Answers:
    """All raw answers of the section, its empty ones and those that are wrong included; rows by repeat."""
    found: Answers = {}
    for item in section.items:
        if isinstance(item, Repeat):
            found[item.name] = [_texts(entry.form, item.questions) for entry in bound_form[PREFIX + item.name]]
        else:
            found.update(_texts(bound_form, (item,)))
    return found


def _texts(bound_form: wtforms.Form, questions: Iterable[Question]) -> Row:
    fields = ((question.name, bound_form[PREFIX + question.name]) for question in questions if question.kind in ASKED)
    return {
        name: " ".join(field.data or ()) if isinstance(field, ManyField) else field.data or "" for name, field in fields
    }


def press(bound_form: wtforms.Form, formdata: Mapping[str, Any], translate: Translate = _plainly) -> bool:
    """Add or take away a row if that is what was pressed (``add-benefits``, ``remove-benefits-2``).

    Show the bound form again afterwards; its ``turned_to`` holds the id of the row to turn to.
    """
    for rows in bound_form:
        if not isinstance(rows, RowsField):
            continue
        if f"add-{rows.name}" in formdata:
            bound_form.turned_to = _add(rows, translate)
            return True
        pressed = _indices(f"remove-{rows.name}", (f"{key}-" for key in formdata))
        if pressed:
            _remove(rows, {int(index) for index in pressed}, formdata)
            bound_form.turned_to = rows.id
            return True
    return False


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
    return rows.entries[row - 1].form._fields.get(PREFIX + parts["name"])


def faults(bound_form: wtforms.Form, inside: str = "") -> list[tuple[str, str, str]]:
    """What is wrong in the order of the page: the id to go to, the label (in a row its number first), the message."""
    found = []
    for field in bound_form:
        if isinstance(field, RowsField):
            found += [(field.id, field.label.text, error) for error in field.errors if isinstance(error, str)]
            for number, entry in enumerate(field.entries, start=1):
                found += faults(entry.form, f"{field.label.text} {number} · ".lstrip())
        elif isinstance(field, (TextField, _Choosing)):
            found += [(_first_input(field), inside + field.label.text, error) for error in field.errors]
    return found


def _first_input(field: Any) -> str:
    """The id of what takes the focus: of several buttons or boxes the first."""
    return f"{field.id}-0" if isinstance(field, _Choosing) and field.radios and field.iter_choices() else str(field.id)


def page_data(
    form: Form, section: Section, answers: Mapping[str, Any], today: date, lists: Lists | None = None
) -> dict[str, Any]:
    """What ``static/forms/form.js`` needs to follow the form by itself, as JSON.

    :param answers: all answers known, of other sections too, and what the server supplies (``role`` and the like).
    """
    offered = {
        name: [{"value": each.value, "label": each.label} for each in found] for name, found in (lists or {}).items()
    }
    return {
        "form": to_json(form),
        "section": section.name,
        "answers": dict(answers),
        "today": today.isoformat(),
        "lists": offered,
    }
