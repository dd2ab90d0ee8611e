"""A form's answers worked out: what is relevant, what is computed, and what an expression sees of the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from reportsvc.forms.answers.typed import LONG, clean
from reportsvc.forms.definition import Answers, Form, Question, Repeat, Row, Section
from reportsvc.forms.expressions import Context, Node, text_result, truth_result
from reportsvc.forms.order import order

UNANSWERED = frozenset({"note", "calculate", "hidden"})
"""Kinds that a person gives no answer to."""


@dataclass(slots=True)
class State:
    """What holds for one set of answers. A question in a repeat has one entry a row, any other has one."""

    form: Form
    supplied: Mapping[str, str]
    today: date
    rows: dict[str, int] = field(default_factory=dict)
    relevant: dict[str, list[bool]] = field(default_factory=dict)
    values: dict[str, list[str]] = field(default_factory=dict)
    repeat_of: dict[str, str] = field(default_factory=dict)

    def context(self, name: str, row: int, own: str = "") -> Context:
        """Where an expression of the question ``name`` stands, in its row from 0."""
        home = self.repeat_of.get(name, "")

        def lookup(other: str) -> str | tuple[str, ...]:
            if other in self.rows:
                return tuple(str(number + 1) for number in range(self.rows[other]))
            values = self.values.get(other, [])
            there = self.repeat_of.get(other, "")
            if there and there != home:
                return tuple(values)
            place = row if there else 0
            return values[place] if place < len(values) else ""

        return Context(lookup, self.today, own, row + 1 if home else 0)

    def holds(self, node: Node | None, name: str, row: int = 0, own: str = "") -> bool:
        """Whether a condition of ``name`` holds; none always does."""
        return node is None or truth_result(node, self.context(name, row, own))

    def is_relevant(self, name: str, row: int = 0) -> bool:
        """Whether the section, repeat or question is asked now, in its row from 0."""
        found = self.relevant.get(name, [])
        return row < len(found) and found[row]

    def value(self, name: str, row: int = 0) -> str:
        """What the question comes to, in its row from 0; empty where it isn't relevant."""
        found = self.values.get(name, [])
        return found[row] if row < len(found) else ""


def work_out(form: Form, answers: Answers, *, supplied: Mapping[str, str], today: date) -> State:
    """Work out what is relevant and what calculations come to; a calculation with ``once()`` keeps its answer."""
    state = State(form, supplied, today)
    steps: dict[str, tuple[Section | Repeat | Question, str]] = {}
    for section in form.sections:
        steps[section.name] = section, ""
        for item in section.items:
            steps[item.name] = item, section.name
            if isinstance(item, Repeat):
                for question in item.questions:
                    steps[question.name] = question, item.name
                    state.repeat_of[question.name] = item.name
    for name in order(form):
        part, inside = steps[name]
        if isinstance(part, Section):
            state.relevant[name] = [state.holds(part.relevant, name)]
        elif isinstance(part, Repeat):
            asked = state.is_relevant(inside) and state.holds(part.relevant, name)
            state.relevant[name] = [asked]
            state.rows[name] = len(rows_of(answers, name)) if asked else 0
        else:
            _question(state, part, inside, answers)
    return state


def rows_of(answers: Mapping[str, str | list[Row]], name: str) -> Sequence[Row]:
    """The rows of a repeat; none if there are none."""
    found = answers.get(name, ())
    return found if isinstance(found, list) else ()


def text_of(answers: Mapping[str, str | list[Row]], name: str) -> str:
    """The answer to a question of the top level; empty if there is none."""
    found = answers.get(name, "")
    return found if isinstance(found, str) else ""


def _question(state: State, question: Question, inside: str, answers: Answers) -> None:
    name = question.name
    repeat = state.repeat_of.get(name)
    state.relevant[name], state.values[name] = [], []
    for row in range(state.rows.get(inside, 0) if repeat else 1):
        asked = state.is_relevant(inside) if not repeat else state.is_relevant(repeat)
        asked = asked and state.holds(question.relevant, name, row)
        state.relevant[name].append(asked)
        state.values[name].append(_value(state, question, row, answers) if asked else "")


def _value(state: State, question: Question, row: int, answers: Answers) -> str:
    name = question.name
    if question.kind == "hidden":
        return str(state.supplied.get(name, question.default))
    if question.kind == "note":
        return ""
    if question.kind == "calculate" and question.calculation is not None:
        context = state.context(name, row, _own(state, answers, name, row))
        return clean(text_result(question.calculation, context), multiline=True)[:LONG].strip()
    return _own(state, answers, name, row)


def _own(state: State, answers: Answers, name: str, row: int) -> str:
    repeat = state.repeat_of.get(name)
    if not repeat:
        return text_of(answers, name)
    rows = rows_of(answers, repeat)
    return rows[row].get(name, "") if row < len(rows) else ""
