"""What a form consists of once it has been read: sections, one screenful each, of questions and repeats.

Its JSON (:func:`to_json`) is what ``FormVersion.definition`` keeps and what travels to the phone, so that a form in
use never has to be read from its spreadsheet again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal, cast

from reportsvc.forms.expressions import Node
from reportsvc.forms.expressions import from_json as node_from_json
from reportsvc.forms.expressions import to_json as node_to_json

Kind = Literal[
    "text", "integer", "decimal", "date", "time", "datetime", "select_one", "select_multiple", "rank", "range",
    "geopoint", "image", "file", "acknowledge", "note", "calculate", "hidden",
]  # fmt: skip
"""Kinds of question. ``hidden`` is supplied by the server, never by the phone; ``calculate`` is computed."""

Row = dict[str, Any]
"""One row of a repeat: the answer to each of its questions, as text; and by its name a repeat within it: list[Row]."""

Answers = dict[str, "str | list[Row]"]
"""All answers of a form: text by question, rows by repeat. An answer that is empty may as well be absent.

Numbers are plain decimals (``12000.50``), days are ISO (``2026-03-31``), times ``09:30`` and both ``2026-03-31T09:30``;
chosen and ranked values have spaces between; a place is ``38.04 114.5 0 5`` (degrees north and east, then metres of
altitude and of doubt, which may be absent); what is acknowledged is ``OK``; how an answer names a file is said in
:mod:`reportsvc.forms.attached`.
"""

ACKNOWLEDGED = "OK"
UNANSWERED = frozenset({"note", "calculate", "hidden"})
"""Kinds that a person gives no answer to."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a select question; ``columns`` are those that its question's ``choice_filter`` asks for."""

    value: str
    label: str
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question; texts are as the form's author wrote them, labels may hold ``${name}``."""

    name: str
    kind: Kind
    label: str
    hint: str = ""
    multiline: bool = False
    required: Node | None = None
    required_message: str = ""
    relevant: Node | None = None
    constraint: Node | None = None
    constraint_message: str = ""
    calculation: Node | None = None
    choices: tuple[Choice, ...] = ()
    choices_from: str = ""
    """Name of an external list (``project_counties.csv``) whose choices the server supplies for each report."""
    choice_filter: Node | None = None
    """Which choices are offered: asked of the columns of each."""
    default: str = ""
    default_from: Node | None = None
    """A default that is worked out when a draft is opened."""
    unit: str = ""
    """Printed behind the input, from ``bind::reportsvc:unit``."""
    indicator: str = ""
    """Code of the indicator that the answer feeds; ``{name}`` in it stands for the answer beside it."""
    place: str = ""
    """Name of the question beside it that names the county of the figure."""
    appearance: str = ""
    guidance: str = ""
    """More help, for those who open it."""
    read_only: bool = False
    trigger: str = ""
    """The question that, when it is changed on the phone, fills this one in by its calculation."""
    least: str = ""
    most: str = ""
    step: str = ""
    """Of a range: plain decimals."""
    long_side: str = ""
    """Of a photo: the pixels of its longer side that it is made smaller to, where the form says so."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """Questions answered once for each row. A repeat of the form may have repeats in its rows, after the questions."""

    name: str
    label: str
    questions: tuple[Question, ...]
    hint: str = ""
    relevant: Node | None = None
    at_most: int = 50
    count: Node | None = None
    """How many rows there are; without it the person decides."""
    repeats: tuple[Repeat, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One screenful."""

    name: str
    label: str
    items: tuple[Question | Repeat, ...]
    hint: str = ""
    relevant: Node | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A whole form."""

    form_id: str
    title: str
    sections: tuple[Section, ...]
    language: str = ""
    """The language of the texts here, as the spreadsheet writes it: ``中文 (zh)``; empty where it says nothing."""
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)
    """Further language → where a text stands (``own_funds.label``, ``activity/yes``) → the text."""
    lists: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict, hash=False)
    """What ``pulldata()`` looks into: name without ``.csv`` → rows of the columns that it needs."""

    def items(self) -> Iterator[Question | Repeat]:
        """Every question and repeat of the top level, in order."""
        for section in self.sections:
            yield from section.items

    def questions(self) -> Iterator[tuple[Question, Repeat | None]]:
        """Every question with the repeat that it stands in, in order."""
        for item in self.items():
            if isinstance(item, Repeat):
                for repeat in (item, *item.repeats):
                    yield from ((question, repeat) for question in repeat.questions)
            else:
                yield item, None

    def repeats(self) -> Iterator[tuple[Repeat, Repeat | None]]:
        """Every repeat with the one in whose rows it stands, outer ones first."""
        for item in self.items():
            if isinstance(item, Repeat):
                yield item, None
                yield from ((inner, item) for inner in item.repeats)

    def section(self, name: str) -> Section | None:
        """The section of that name."""
        return next((section for section in self.sections if section.name == name), None)


_NODES = frozenset({"required", "relevant", "constraint", "calculation", "choice_filter", "default_from", "count"})


def to_json(form: Form) -> dict[str, Any]:
    """The form as JSON; what is empty is left out."""
    return cast("dict[str, Any]", _pack(form))


def from_json(data: Mapping[str, Any]) -> Form:
    """The form of :func:`to_json`'s JSON.

    :raises KeyError, TypeError, ValueError: if ``data`` is something else.
    """
    sections = tuple(_section(each) for each in data["sections"])
    further = {key: data[key] for key in ("language", "translations", "lists") if key in data}
    return Form(data["form_id"], data["title"], sections, **further)


def _pack(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_pack(each) for each in value]
    if isinstance(value, Choice) and value.columns:
        return {"value": value.value, "label": value.label, "columns": [list(pair) for pair in value.columns]}
    if not isinstance(value, (Form, Section, Repeat, Question, Choice)):
        return value
    packed = {}
    for spec in fields(value):
        held = getattr(value, spec.name)
        if held in ("", None, (), False) or held == {}:
            continue
        packed[spec.name] = node_to_json(held) if spec.name in _NODES else _pack(held)
    return packed


def _section(data: Mapping[str, Any]) -> Section:
    items = tuple(_repeat(each) if "questions" in each else _question(each) for each in data.get("items", ()))
    return Section(**{**_plain(data), "items": items})


def _repeat(data: Mapping[str, Any]) -> Repeat:
    questions = tuple(_question(each) for each in data["questions"])
    repeats = tuple(_repeat(each) for each in data.get("repeats", ()))
    return Repeat(**{**_plain(data), "questions": questions, "repeats": repeats})


def _question(data: Mapping[str, Any]) -> Question:
    choices = tuple(_choice(each) for each in data.get("choices", ()))
    return Question(**{**_plain(data), "choices": choices})


def _choice(data: Mapping[str, Any]) -> Choice:
    return Choice(data["value"], data.get("label", ""), tuple((key, text) for key, text in data.get("columns", ())))


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """Keyword arguments out of packed JSON; what was left out because it was empty comes back."""
    found = {key: node_from_json(value) if key in _NODES else value for key, value in data.items()}
    return {"label": "", **found}
