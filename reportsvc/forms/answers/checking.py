"""Checking the answers to a form: from whatever arrived to what can be kept, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from reportsvc.forms.answers.showing import Lists, label
from reportsvc.forms.answers.state import UNANSWERED, State, rows_of, text_of, work_out
from reportsvc.forms.answers.typed import LONG, Message, clean, typed
from reportsvc.forms.definition import Answers, Choice, Form, Question, Repeat, Row
from reportsvc.forms.messages import N_

SPARE_ROWS = 50  # rows over the limit that a draft still keeps
READ_ROWS = 1000  # of one repeat that are looked at at all


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one answer; ``path`` is ``own_funds`` or ``benefits[2].benefit_amount``, rows from 1."""

    path: str
    message: Message


@dataclass(frozen=True, slots=True)
class Checked:
    """Answers as they can be kept, wrong ones included, and every problem with them, in the form's order."""

    answers: Answers
    problems: tuple[Problem, ...]


def check(
    form: Form, raw: Mapping[str, Any], *, supplied: Mapping[str, str], choices: Lists, today: date
) -> Checked:  # fmt: skip
    """Check what arrived, whatever it is; checking what comes out changes nothing more. Never raises.

    Numbers, days and texts are put plainly; answers to what isn't relevant and rows without an answer are dropped;
    calculations are computed, and ``hidden`` questions taken from ``supplied`` whatever arrived for them. Rows are
    counted after empty ones are gone, so show problems beside the answers given back. Keys that the form hasn't are
    passed over.
    """
    answers = _read(form, raw if isinstance(raw, Mapping) else {}, choices)
    while True:  # a row dropped can make another answer irrelevant; each turn drops at least one, so this ends
        state = work_out(form, answers, supplied=supplied, today=today)
        kept = _kept(state, answers)
        if kept == answers:
            return Checked(_complete(state), tuple(_problems(state, choices)))
        answers = kept


def visible(
    form: Form, answers: Answers, *, supplied: Mapping[str, str], today: date
) -> set[str]:  # fmt: skip
    """What is relevant now: names of sections, repeats, questions and notes, and paths of questions in rows.

    Of every repeat one row more than there are answers counts, for the empty one that may be shown. A section with
    nothing to show in it isn't visible; ``hidden`` questions and calculations never are. The answers may be as they
    were typed, and their empty rows keep their numbers, since it is the page as it stands that is asked about.
    """
    state = work_out(form, _read(form, answers, {}, empty_rows=True), supplied=supplied, today=today)
    found: set[str] = set()
    for section in form.sections:
        inside: set[str] = set()
        for item in section.items:
            if not state.is_relevant(item.name):
                continue
            if isinstance(item, Repeat):
                inside |= {item.name} | set(_rows_shown(state, item))
            elif item.kind not in {"hidden", "calculate"}:
                inside.add(item.name)
        if inside:
            found |= inside | {section.name}
    return found


def _rows_shown(state: State, repeat: Repeat) -> Iterator[str]:
    shown = [question for question in repeat.questions if question.kind not in {"hidden", "calculate"}]
    for row in range(state.rows[repeat.name] + 1):
        for question in shown:
            if state.holds(question.relevant, question.name, row):
                yield f"{repeat.name}[{row + 1}].{question.name}"


def _offered(question: Question, choices: Lists) -> Sequence[Choice]:
    return choices.get(question.choices_from, ()) if question.choices_from else question.choices


def _read(form: Form, raw: Mapping[str, Any], choices: Lists, *, empty_rows: bool = False) -> Answers:
    """What arrived, put plainly, without rows that hold nothing; calculations too, for ``once()`` wants them."""
    answers: Answers = {}
    for item in form.items():
        came = raw.get(item.name)
        if not isinstance(item, Repeat):
            found = _read_one(item, came, choices)
            if found:
                answers[item.name] = found
        elif isinstance(came, (list, tuple)):
            rows = [_read_row(item, each, choices) for each in came[:READ_ROWS] if isinstance(each, Mapping)]
            filled = [row for row in rows if empty_rows or _is_answered(item, row)]
            if filled:
                answers[item.name] = filled[: item.at_most + SPARE_ROWS]
    return answers


def _read_row(repeat: Repeat, came: Mapping[str, Any], choices: Lists) -> Row:
    found = {question.name: _read_one(question, came.get(question.name), choices) for question in repeat.questions}
    return {name: text for name, text in found.items() if text}


def _read_one(question: Question, came: Any, choices: Lists) -> str:
    if question.kind in {"note", "hidden"}:
        return ""
    if question.kind == "calculate":
        return clean(came, multiline=True)[:LONG].strip()
    return typed(question, came, _offered(question, choices))[0]


def _is_answered(repeat: Repeat, row: Row) -> bool:
    return any(row.get(question.name) for question in repeat.questions if question.kind not in UNANSWERED)


def _kept(state: State, answers: Answers) -> Answers:
    """The answers without those that aren't relevant, and without rows that hold nothing then."""
    kept: Answers = {}
    for item in state.form.items():
        if not state.is_relevant(item.name):
            continue
        if isinstance(item, Repeat):
            rows = [
                {name: text for name, text in row.items() if state.is_relevant(name, place)}
                for place, row in enumerate(rows_of(answers, item.name))
            ]
            filled = [row for row in rows if _is_answered(item, row)]
            if filled:
                kept[item.name] = filled
        elif item.name in answers:
            kept[item.name] = text_of(answers, item.name)
    return kept


def _complete(state: State) -> Answers:
    """The answers with what was computed and supplied, in the form's order; empty ones are absent."""
    complete: Answers = {}
    for item in state.form.items():
        if isinstance(item, Repeat):
            rows = []
            for place in range(state.rows[item.name]):
                row = {question.name: state.value(question.name, place) for question in item.questions}
                rows.append({name: text for name, text in row.items() if text})
            if rows:
                complete[item.name] = rows
        elif state.value(item.name):
            complete[item.name] = state.value(item.name)
    return complete


def _problems(state: State, choices: Lists) -> Iterator[Problem]:
    for item in state.form.items():
        if not state.is_relevant(item.name):
            continue
        if not isinstance(item, Repeat):
            yield from _problem(state, item, 0, item.name, choices)
            continue
        rows = state.rows[item.name]
        if rows > item.at_most:
            message = N_("At most %(limit)s rows are allowed; there are %(given)s.")
            yield Problem(item.name, Message(message, {"limit": item.at_most, "given": rows}))
        for place in range(rows):
            for question in item.questions:
                if state.is_relevant(question.name, place):
                    path = f"{item.name}[{place + 1}].{question.name}"
                    yield from _problem(state, question, place, path, choices)


def _problem(state: State, question: Question, row: int, path: str, choices: Lists) -> Iterator[Problem]:
    """The first thing that is wrong with one answer, if anything is."""
    if question.kind in UNANSWERED:
        return
    own = state.value(question.name, row)
    message: Message | None = None
    if not own:
        if question.required is not None and state.holds(question.required, question.name, row):
            message = _said(state, question, row, question.required_message, N_("Please answer this question."))
    else:
        message = typed(question, own, _offered(question, choices))[1]
        if message is None and not state.holds(question.constraint, question.name, row, own):
            default = N_("This answer is not allowed here. Please look at it again.")
            message = _said(state, question, row, question.constraint_message, default)
        if message is None and question.indicator and own.startswith("-"):  # whatever the form allows: figures don't
            message = Message(N_("This number can't be less than zero."))
    if message is not None:
        yield Problem(path, message)


def _said(state: State, question: Question, row: int, author: str, default: str) -> Message:
    """The author's sentence with its ``${name}`` filled, or else ours."""
    if not author:
        return Message(default)
    repeat = state.repeat_of.get(question.name, "")
    beside = {name: state.value(name, row) for name in state.values if state.repeat_of.get(name, "") == repeat}
    above: Answers = {name: state.value(name) for name in state.values if name not in state.repeat_of}
    return Message(label(author, above, beside, form=state.form))
