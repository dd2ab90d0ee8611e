"""Answers as people read them: filled labels, pages for review, what a correction changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from reportsvc.forms import attached
from reportsvc.forms.answers.state import rows_of, text_of
from reportsvc.forms.definition import ACKNOWLEDGED, Answers, Choice, Form, Question, Repeat, Row
from reportsvc.forms.numbers import grouped

Lists = Mapping[str, Sequence[Choice]]
"""Choices that come from outside the form, by file name."""

NO_LISTS: Lists = {}
_NAMED = re.compile(r"\$\{([^{}]*)\}")


class Shown(NamedTuple):
    """One answer as it is read; ``unit`` belongs behind ``text``."""

    path: str
    label: str
    text: str
    unit: str


class ShownSection(NamedTuple):
    """The answers of one section."""

    label: str
    answers: list[Shown]


class Change(NamedTuple):
    """One answer that is not what it was; both as they are read, empty where there was none."""

    path: str
    label: str
    before: str
    after: str


def shown(question: Question, answer: str, choices: Lists = NO_LISTS) -> str:
    """An answer as it is read: choices by their labels, numbers with commas between thousands, files by their names."""
    if question.kind in {"integer", "decimal", "range", "calculate"}:
        return grouped(answer)
    offered = choices.get(question.choices_from, ()) if question.choices_from else question.choices
    labels = {choice.value: choice.label or choice.value for choice in offered}
    values = answer.split()
    match question.kind:
        case "select_one":
            return labels.get(answer, answer)
        case "select_multiple":
            return "、".join(labels.get(value, value) for value in values)
        case "rank":
            return " > ".join(labels.get(value, value) for value in values)
        case "image" | "file":
            file = attached.read(answer)
            return file.text if file else answer
    return {ACKNOWLEDGED: "✓"}.get(answer, answer) if question.kind == "acknowledge" else _plainly(question, answer)


def _plainly(question: Question, answer: str) -> str:
    return answer.replace("T", " ") if question.kind == "datetime" else answer


def label(
    text: str, answers: Answers, row: Row | None = None, *, form: Form | None = None, choices: Lists = NO_LISTS
) -> str:
    """A question's label with every ``${name}`` filled from its row and the answers; what is unanswered is empty.

    Given the form, answers are filled in as they are read (:func:`shown`), else as they are kept.
    """
    questions = {question.name: question for question, _ in form.questions()} if form and "${" in text else {}

    def one(match: re.Match[str]) -> str:
        found = text_of(row or {}, match[1].strip()) or text_of(answers, match[1].strip())
        question = questions.get(match[1].strip())
        return shown(question, found, choices) if question else found

    return _NAMED.sub(one, text)


def display(form: Form, answers: Answers, choices: Lists = NO_LISTS) -> list[ShownSection]:
    """Every answer in the form's order, for a page to read over; unanswered ones and empty sections are left out."""
    found = []
    for section in form.sections:
        shown_here = [
            Shown(path, text, shown(question, answer, choices), question.unit)
            for item in section.items
            for path, text, question, answer in _answers(form, item, answers, choices)
            if answer and question.kind not in {"hidden", "note"}
        ]
        if shown_here:
            found.append(ShownSection(section.label, shown_here))
    return found


def files(form: Form, answers: Answers) -> dict[str, attached.Attached]:
    """Every answer that is a file, by its path as :func:`display` has it."""
    found = {
        path: attached.read(answer)
        for item in form.items()
        for path, _, question, answer in _answers(form, item, answers, NO_LISTS)
        if question.kind in attached.ATTACHED
    }
    return {path: file for path, file in found.items() if file is not None}


def changes(form: Form, before: Answers, after: Answers, choices: Lists = NO_LISTS) -> list[Change]:
    """What a correction changed, in the form's order; rows are compared by their number."""
    found = []
    for item in form.items():
        old = {path: (text, question, answer) for path, text, question, answer in _answers(form, item, before, choices)}
        new = {path: (text, question, answer) for path, text, question, answer in _answers(form, item, after, choices)}
        for path in old | new:
            text, question, _ = new.get(path) or old[path]
            was, now = (each[path][2] if path in each else "" for each in (old, new))
            if was != now and question.kind not in {"hidden", "note"}:
                found.append(Change(path, text, shown(question, was, choices), shown(question, now, choices)))
    return found


def _answers(
    form: Form, item: Question | Repeat, answers: Answers, choices: Lists
) -> Iterator[tuple[str, str, Question, str]]:
    """(path, label, question, answer) of a question, or of every question of every row."""
    if isinstance(item, Question):
        text = label(item.label, answers, form=form, choices=choices)
        yield item.name, text or item.name, item, text_of(answers, item.name)
        return
    yield from _answers_in_rows(form, item, (item.name, ""), (answers, {}), choices)


def _answers_in_rows(
    form: Form, repeat: Repeat, at: tuple[str, str], above: tuple[Answers, Row], choices: Lists
) -> Iterator[tuple[str, str, Question, str]]:
    """The answers of all rows of a repeat, which stands at a path, with a text in front of its labels."""
    (path, front), (answers, outer) = at, above
    for number, row in enumerate(rows_of(outer or answers, repeat.name), start=1):
        head = front + (f"{repeat.label} {number} · " if repeat.label else f"{number} · ")
        beside = {**outer, **row}
        for question in repeat.questions:
            text = label(question.label, answers, beside, form=form, choices=choices) or question.name
            yield f"{path}[{number}].{question.name}", head + text, question, text_of(row, question.name)
        for inner in repeat.repeats:
            below = f"{path}[{number}].{inner.name}", head
            yield from _answers_in_rows(form, inner, below, (answers, beside), choices)
