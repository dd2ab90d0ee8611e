"""What a form consists of once it has been read: sections, one screenful each, of questions and repeats.

Its JSON (:func:`to_json`) is what ``FormVersion.definition`` keeps and what travels to the phone, so that a form in
use never has to be read from its spreadsheet again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, cast

from reportsvc.forms.expressions import Node
from reportsvc.forms.expressions import from_json as node_from_json
from reportsvc.forms.expressions import to_json as node_to_json

Kind = Literal[
    "text", "integer", "decimal", "date", "select_one", "select_multiple", "note", "calculate", "hidden"
]  # fmt: skip
"""Kinds of question. ``hidden`` is supplied by the server, never by the phone; ``calculate`` is computed."""

Row = dict[str, str]
"""One row of a repeat: the answer to each of its questions, as text."""

Answers = dict[str, str | list[Row]]
"""All answers of a form: text by question (choices of select_multiple separated by spaces), rows by repeat.

Numbers are plain decimals (``12000.50``), days are ISO (``2026-03-31``), and nothing answered is empty text or absent.
"""


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a select question."""

    value: str
    label: str


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
    default: str = ""
    unit: str = ""
    """Printed behind the input, from ``bind::reportsvc:unit``."""
    indicator: str = ""
    """Code of the indicator that the answer feeds; ``{name}`` in it stands for the answer beside it."""
    place: str = ""
    """Name of the question beside it that names the county of the figure."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """Questions answered once for each row; the form has one level of these."""

    name: str
    label: str
    questions: tuple[Question, ...]
    hint: str = ""
    relevant: Node | None = None
    at_most: int = 50


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

    def items(self) -> Iterator[Question | Repeat]:
        """Every question and repeat of the top level, in order."""
        for section in self.sections:
            yield from section.items

    def questions(self) -> Iterator[tuple[Question, Repeat | None]]:
        """Every question with the repeat that it stands in, in order."""
        for item in self.items():
            if isinstance(item, Repeat):
                yield from ((question, item) for question in item.questions)
            else:
                yield item, None

    def section(self, name: str) -> Section | None:
        """The section of that name."""
        return next((section for section in self.sections if section.name == name), None)


_NODES = frozenset({"required", "relevant", "constraint", "calculation"})


def to_json(form: Form) -> dict[str, Any]:
    """The form as JSON; what is empty is left out."""
    return cast("dict[str, Any]", _pack(form))


def from_json(data: Mapping[str, Any]) -> Form:
    """The form of :func:`to_json`'s JSON.

    :raises KeyError, TypeError, ValueError: if ``data`` is something else.
    """
    return Form(data["form_id"], data["title"], tuple(_section(each) for each in data["sections"]))


def _pack(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_pack(each) for each in value]
    if not isinstance(value, (Form, Section, Repeat, Question, Choice)):
        return value
    packed = {}
    for spec in fields(value):
        held = getattr(value, spec.name)
        if held in ("", None, (), False):
            continue
        packed[spec.name] = node_to_json(held) if spec.name in _NODES else _pack(held)
    return packed


def _section(data: Mapping[str, Any]) -> Section:
    items = tuple(_repeat(each) if "questions" in each else _question(each) for each in data.get("items", ()))
    return Section(**{**_plain(data), "items": items})


def _repeat(data: Mapping[str, Any]) -> Repeat:
    return Repeat(**{**_plain(data), "questions": tuple(_question(each) for each in data["questions"])})


def _question(data: Mapping[str, Any]) -> Question:
    choices = tuple(Choice(each["value"], each.get("label", "")) for each in data.get("choices", ()))
    return Question(**{**_plain(data), "choices": choices})


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """Keyword arguments out of packed JSON; what was left out because it was empty comes back."""
    found = {key: node_from_json(value) if key in _NODES else value for key, value in data.items()}
    return {"label": "", **found}
