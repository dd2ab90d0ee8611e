"""A form's answers worked out: what is relevant, what is computed, and what an expression sees of the rest.

A repeat within another one's rows counts its rows through: the rows in the first outer row, then those in the second.
``row`` means that number everywhere, and ``spans`` says which of them stand in which outer row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from reportsvc.forms.answers.typed import LONG, Message, clean
from reportsvc.forms.definition import UNANSWERED, Answers, Choice, Form, Question, Repeat, Row, Section
from reportsvc.forms.expressions import Context, Node, text_result, truth_result
from reportsvc.forms.expressions.tree import Binary, Reference
from reportsvc.forms.numbers import normalise
from reportsvc.forms.order import order

__all__ = ["UNANSWERED", "State", "rows_of", "text_of", "work_out"]

Place = tuple[int, int]
"""A row from 0 and the outer row that it stands in, which is -1 where there is none."""


@dataclass(slots=True)
class State:
    """What holds for one set of answers. A question in a repeat has one entry a row, any other has one."""

    form: Form
    supplied: Mapping[str, str]
    today: date
    choices: Mapping[str, Sequence[Choice]] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    relevant: dict[str, list[bool]] = field(default_factory=dict)
    values: dict[str, list[str]] = field(default_factory=dict)
    repeat_of: dict[str, str] = field(default_factory=dict)
    outer_of: dict[str, str] = field(default_factory=dict)
    spans: dict[str, list[range]] = field(default_factory=dict)
    outers: dict[str, list[int]] = field(default_factory=dict)
    wrong: Mapping[str, Message] = field(default_factory=dict)
    """Answers that name a file → what is wrong with it."""

    def context(self, name: str, row: int, own: str = "", outer: int | None = None) -> Context:
        """Where an expression of the question ``name`` stands, in its row from 0.

        :param outer: the outer row, for a row that is not there yet.
        """
        home = self.repeat_of.get(name, self.outer_of.get(name, ""))
        if outer is None:
            there = self.outers.get(home, ())
            outer = there[row] if 0 <= row < len(there) else -1
        place = row, outer

        def lookup(other: str) -> str | tuple[str, ...]:
            return self._lookup(other, home, place)

        positions = self._positions(home, place)
        return Context(
            lookup,
            self.today,
            own,
            position=positions[-1] if positions else 0,
            positions=positions,
            lists=self.form.lists,
            cell=self._cell,
            choice_name=self._choice_name,
        )

    def _cell(self, name: str, rows: tuple[int, ...]) -> str:
        """A question's answer in the rows, from 1, of the repeats around it."""
        home = self.repeat_of.get(name, "")
        span = self.span(home, rows[0] - 1) if home in self.outer_of else self.span(home)
        if len(rows) != 1 + (home in self.outer_of) or not 0 < rows[-1] <= len(span):
            return ""
        return self.value(name, span[rows[-1] - 1])

    def _choice_name(self, name: str, value: str) -> str:
        """The label of a choice of a question."""
        question = self.questions.get(name)
        if question is None:
            return value
        offered = self.choices.get(question.choices_from, ()) if question.choices_from else question.choices
        return next((choice.label or value for choice in offered if choice.value == value), value)

    def _positions(self, home: str, place: Place) -> tuple[int, ...]:
        position = self._position(home, place)
        return () if not home else (place[1] + 1, position) if home in self.outer_of else (position,)

    def _position(self, home: str, place: Place) -> int:
        row, outer = place
        if not home:
            return 0
        spans = self.spans.get(home, [])
        if home not in self.outer_of or not 0 <= outer < len(spans):
            return row + 1
        return row - spans[outer].start + 1 if row in spans[outer] else len(spans[outer]) + 1

    def _lookup(self, other: str, home: str, place: Place) -> str | tuple[str, ...]:
        row, outer = place
        there = other if other in self.rows else self.repeat_of.get(other, "")
        values = self.values.get(other, [])
        if not there:
            return values[0] if values else ""
        if other not in self.rows:
            if there == home:
                return values[row] if 0 <= row < len(values) else ""
            if self.outer_of.get(home) == there:
                return values[outer] if 0 <= outer < len(values) else ""
        near = self._near(there, home, place)
        if other in self.rows:
            return tuple(str(number + 1) for number in range(len(near)))
        return tuple(values[each] for each in near if each < len(values))

    def _near(self, there: str, home: str, place: Place) -> range:
        """The rows of the repeat ``there`` that an expression in ``home`` means: those of its own outer row, or all."""
        above = self.outer_of.get(there)
        row = place[0] if above == home else place[1] if above and above == self.outer_of.get(home) else None
        if row is None:
            return range(self.rows.get(there, 0))
        spans = self.spans.get(there, [])
        return spans[row] if 0 <= row < len(spans) else range(0)

    def holds(self, node: Node | None, name: str, row: int = 0, own: str = "", outer: int | None = None) -> bool:
        """Whether a condition of ``name`` holds; none always does."""
        return node is None or truth_result(node, self.context(name, row, own, outer))

    def is_relevant(self, name: str, row: int = 0) -> bool:
        """Whether the section, repeat or question is asked now, in its row from 0; a repeat in its outer row."""
        found = self.relevant.get(name, [])
        return 0 <= row < len(found) and found[row]

    def value(self, name: str, row: int = 0) -> str:
        """What the question comes to, in its row from 0; empty where it isn't relevant."""
        found = self.values.get(name, [])
        return found[row] if 0 <= row < len(found) else ""

    def span(self, repeat: str, outer: int = 0) -> range:
        """The rows of a repeat, of an inner one those in an outer row."""
        spans = self.spans.get(repeat, [])
        return spans[outer] if 0 <= outer < len(spans) else range(0)

    def offers(self, question: Question, choice: Choice, row: int = 0, outer: int | None = None) -> bool:
        """Whether ``choice_filter`` lets a choice through."""
        if question.choice_filter is None:
            return True
        here = self.context(question.name, row, "", outer)
        columns = {"label": choice.label, **dict(choice.columns), "name": choice.value}
        return truth_result(question.choice_filter, replace(here, columns=columns))


def work_out(
    form: Form,
    answers: Answers,
    *,
    supplied: Mapping[str, str],
    today: date,
    choices: Mapping[str, Sequence[Choice]] | None = None,
) -> State:
    """Work out what is relevant and what calculations come to; a calculation with ``once()`` keeps its answer.

    :param choices: the lists that the server supplies, whose labels ``jr:choice-name()`` may ask for.
    """
    state = State(form, supplied, today, choices or {})
    state.questions = {question.name: question for question, _ in form.questions()}
    steps: dict[str, tuple[Section | Repeat | Question, str]] = {}
    for section in form.sections:
        steps[section.name] = section, ""
        for item in section.items:
            steps[item.name] = item, section.name
    for repeat, outer in form.repeats():
        if outer is not None:
            steps[repeat.name] = repeat, outer.name
            state.outer_of[repeat.name] = outer.name
        for question in repeat.questions:
            steps[question.name] = question, repeat.name
            state.repeat_of[question.name] = repeat.name
    for name in order(flat(form)):
        part, inside = steps[name]
        if isinstance(part, Section):
            state.relevant[name] = [state.holds(part.relevant, name)]
        elif isinstance(part, Repeat):
            _repeat(state, part, inside, answers)
        else:
            _question(state, part, inside, answers)
    return state


def flat(form: Form) -> Form:
    """The form for :func:`order`, which knows repeats of the top level: the inner ones beside the outer ones."""
    if all(inner is None and repeat.count is None for repeat, inner in form.repeats()):
        return form
    sections = [replace(section, items=tuple(_flattened(section.items))) for section in form.sections]
    return replace(form, sections=tuple(sections))


def _flattened(items: Sequence[Question | Repeat]) -> Iterator[Question | Repeat]:
    for item in items:
        if not isinstance(item, Repeat):
            yield item
            continue
        yield replace(item, repeats=(), relevant=_needing(item.relevant, item.count))
        for inner in item.repeats:
            yield replace(inner, relevant=_needing(_needing(inner.relevant, inner.count), Reference(item.name)))


def _needing(one: Node | None, other: Node | None) -> Node | None:
    return Binary("and", one, other) if one and other else one or other


def rows_of(answers: Mapping[str, Any], name: str) -> Sequence[Row]:
    """The rows of a repeat; none if there are none."""
    found = answers.get(name, ())
    return found if isinstance(found, list) else ()


def text_of(answers: Mapping[str, Any], name: str) -> str:
    """The answer to a question; empty if there is none."""
    found = answers.get(name, "")
    return found if isinstance(found, str) else ""


def _repeat(state: State, repeat: Repeat, inside: str, answers: Answers) -> None:
    name = repeat.name
    outer = state.outer_of.get(name, "")
    state.relevant[name], state.spans[name], state.outers[name] = [], [], []
    above = [(row, each) for row, each in enumerate(_standing(state, outer, answers))] if outer else [(0, answers)]
    for row, holding in above:
        asked = state.is_relevant(outer) if outer else state.is_relevant(inside)
        asked = asked and state.holds(repeat.relevant, name, row)
        count = _count(state, repeat, row, holding) if asked else 0
        start = len(state.outers[name])
        state.relevant[name].append(asked)
        state.spans[name].append(range(start, start + count))
        state.outers[name] += [row if outer else -1] * count
    state.rows[name] = len(state.outers[name])


def _count(state: State, repeat: Repeat, row: int, holding: Mapping[str, Any]) -> int:
    if repeat.count is None:
        return len(rows_of(holding, repeat.name))
    plain = normalise(text_result(repeat.count, state.context(repeat.name, row))) or "0"
    whole = plain.partition(".")[0]
    return 0 if whole.startswith("-") else min(int(whole[:6]), repeat.at_most)


def _standing(state: State, repeat: str, answers: Mapping[str, Any]) -> list[Row]:
    """Every row of a repeat, the inner ones of all outer rows, as many as there are to be."""
    outer = state.outer_of.get(repeat)
    above: Sequence[Mapping[str, Any]] = [answers] if outer is None else _standing(state, outer, answers)
    found: list[Row] = []
    for holding, span in zip(above, state.spans.get(repeat, []), strict=False):
        rows = list(rows_of(holding, repeat))[: len(span)]
        found += rows + [{}] * (len(span) - len(rows))
    return found


def _question(state: State, question: Question, inside: str, answers: Answers) -> None:
    name = question.name
    repeat = state.repeat_of.get(name)
    state.relevant[name], state.values[name] = [], []
    for row, holding in enumerate(_standing(state, repeat, answers) if repeat else [answers]):
        asked = state.is_relevant(inside, max(state.outers[repeat][row], 0)) if repeat else state.is_relevant(inside)
        asked = asked and state.holds(question.relevant, name, row)
        state.relevant[name].append(asked)
        state.values[name].append(_value(state, question, row, text_of(holding, name)) if asked else "")


def _value(state: State, question: Question, row: int, own: str) -> str:
    if question.kind == "hidden":
        return str(state.supplied.get(question.name, question.default))
    if question.kind == "note":
        return ""
    if question.kind == "calculate" and question.calculation is not None:
        context = state.context(question.name, row, own)
        return clean(text_result(question.calculation, context), multiline=True)[:LONG].strip()
    return own
