"""Checking the answers to a form: from whatever arrived to what can be kept, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from reportsvc.forms.answers.showing import Lists, label
from reportsvc.forms.answers.state import State, rows_of, text_of, work_out
from reportsvc.forms.answers.typed import LONG, Message, clean, typed
from reportsvc.forms.attached import ATTACHED
from reportsvc.forms.definition import UNANSWERED, Answers, Choice, Form, Question, Repeat, Row
from reportsvc.forms.messages import N_

Path = str
SPARE_ROWS = 50  # rows over the limit that a draft still keeps
READ_ROWS = 1000  # of one repeat that are looked at at all
NOTHING_WRONG: Mapping[str, Message] = {}


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


def check(  # noqa: PLR0913 - a form, its answers, and all that stands around them
    form: Form,
    raw: Mapping[str, Any],
    *,
    supplied: Mapping[str, str],
    choices: Lists,
    today: date,
    wrong: Mapping[str, Message] = NOTHING_WRONG,
) -> Checked:
    """Check what arrived, whatever it is; checking what comes out changes nothing more. Never raises.

    Numbers, days and texts are put plainly; answers to what isn't relevant and rows without an answer are dropped;
    calculations are computed, and ``hidden`` questions taken from ``supplied`` whatever arrived for them. Rows are
    counted after empty ones are gone, so show problems beside the answers given back; where ``repeat_count`` says how
    many rows there are, empty ones stay. Keys that the form hasn't are passed over.

    :param wrong: answers that name a file → what is wrong with that file, which only its keeper knows.
    """
    answers = _read(form, raw if isinstance(raw, Mapping) else {}, choices)
    while True:  # a row dropped can make another answer irrelevant; each turn drops at least one, so this ends
        state = work_out(form, answers, supplied=supplied, today=today, choices=choices)
        kept = _kept(state, answers)
        if kept == answers:
            state.wrong = wrong
            return Checked(_complete(state), tuple(_problems(state, choices)))
        answers = kept


def as_typed(form: Form, answers: Mapping[str, Any]) -> Answers:
    """Answers as they stand on the page, put plainly; empty rows keep their numbers."""
    return _read(form, answers, {}, empty_rows=True)


def offered_by(question: Question, choices: Lists) -> Sequence[Choice]:
    """All choices of a question, before any filter."""
    return choices.get(question.choices_from, ()) if question.choices_from else question.choices


def _read(
    form: Form | Repeat, raw: Mapping[str, Any], choices: Lists, *, empty_rows: bool = False
) -> Row:  # fmt: skip
    """What arrived, put plainly, without rows that hold nothing; calculations too, for ``once()`` wants them."""
    answers: Row = {}
    items: list[Question | Repeat] = [*(form.items() if isinstance(form, Form) else (*form.questions, *form.repeats))]
    for item in items:
        came = raw.get(item.name)
        if not isinstance(item, Repeat):
            found = _read_one(item, came, choices)
            if found:
                answers[item.name] = found
        elif isinstance(came, (list, tuple)):
            came_rows = [each for each in came[:READ_ROWS] if isinstance(each, Mapping)]
            rows = [_read(item, each, choices, empty_rows=empty_rows) for each in came_rows]
            filled = rows if empty_rows else _filled(item, rows)
            if filled:
                answers[item.name] = filled[: item.at_most + SPARE_ROWS]
    return answers


def _read_one(question: Question, came: Any, choices: Lists) -> str:
    if question.kind in {"note", "hidden"}:
        return ""
    if question.read_only and question.default:
        return question.default  # whatever arrives: nobody was to change it
    if question.kind == "calculate":
        return clean(came, multiline=True)[:LONG].strip()
    return typed(question, came, offered_by(question, choices))[0]


def _filled(repeat: Repeat, rows: Sequence[Row]) -> list[Row]:
    """The rows that hold something; of counted rows only the last ones are left out, lest the others move."""
    held = [bool(row) and _is_answered(repeat, row) for row in rows]
    if repeat.count is None:
        return [row for row, holds in zip(rows, held, strict=True) if holds]
    last = max((place for place, holds in enumerate(held) if holds), default=-1)
    return list(rows[: last + 1])


def _is_answered(repeat: Repeat, row: Row) -> bool:
    """Whether a person answered something: what stood there by itself is no answer."""
    return any(
        row.get(question.name, "") not in {"", question.default}
        for question in repeat.questions
        if question.kind not in UNANSWERED
    ) or any(rows_of(row, inner.name) for inner in repeat.repeats)


def _kept(state: State, answers: Answers) -> Answers:
    """The answers without those that aren't relevant, and without rows that hold nothing then."""
    kept: Answers = {}
    for item in state.form.items():
        if not state.is_relevant(item.name):
            continue
        if isinstance(item, Repeat):
            filled = _kept_rows(state, item, rows_of(answers, item.name), 0)
            if filled:
                kept[item.name] = filled
        elif item.name in answers:
            kept[item.name] = text_of(answers, item.name)
    return kept


def _kept_rows(state: State, repeat: Repeat, rows: Sequence[Row], outer: int) -> list[Row]:
    found: list[Row] = []
    for place, row in zip(state.span(repeat.name, outer), rows, strict=False):
        kept: Row = {name: text for name, text in row.items() if state.is_relevant(name, place)}
        for inner in repeat.repeats:
            kept.pop(inner.name, None)
            if state.is_relevant(inner.name, place):
                inside = _kept_rows(state, inner, rows_of(row, inner.name), place)
                kept |= {inner.name: inside} if inside else {}
        found.append(kept)
    return _filled(repeat, found)


def _complete(state: State) -> Answers:
    """The answers with what was computed and supplied, in the form's order; empty ones are absent."""
    complete: Answers = {}
    for item in state.form.items():
        if isinstance(item, Repeat):
            rows = _complete_rows(state, item, 0)
            if rows:
                complete[item.name] = rows
        elif state.value(item.name):
            complete[item.name] = state.value(item.name)
    return complete


def _complete_rows(state: State, repeat: Repeat, outer: int) -> list[Row]:
    rows: list[Row] = []
    for place in state.span(repeat.name, outer):
        row: Row = {question.name: state.value(question.name, place) for question in repeat.questions}
        row |= {inner.name: _complete_rows(state, inner, place) for inner in repeat.repeats}
        rows.append({name: held for name, held in row.items() if held})
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _problems(state: State, choices: Lists) -> Iterator[Problem]:
    for item in state.form.items():
        if not state.is_relevant(item.name):
            continue
        if isinstance(item, Repeat):
            yield from _problems_of_rows(state, item, 0, item.name, choices)
        else:
            yield from _problem(state, item, 0, item.name, choices)


def _problems_of_rows(state: State, repeat: Repeat, outer: int, path: Path, choices: Lists) -> Iterator[Problem]:
    span = state.span(repeat.name, outer)
    if len(span) > repeat.at_most:
        message = N_("At most %(limit)s rows are allowed; there are %(given)s.")
        yield Problem(path, Message(message, {"limit": repeat.at_most, "given": len(span)}))
    for number, row in enumerate(span, start=1):
        for question in repeat.questions:
            if state.is_relevant(question.name, row):
                yield from _problem(state, question, row, f"{path}[{number}].{question.name}", choices)
        for inner in repeat.repeats:
            if state.is_relevant(inner.name, row):
                yield from _problems_of_rows(state, inner, row, f"{path}[{number}].{inner.name}", choices)


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
        message = typed(question, own, offered_by(question, choices))[1] or _not_offered(state, question, row, choices)
        if message is None and question.kind in ATTACHED:
            message = state.wrong.get(own)
        if message is None and not state.holds(question.constraint, question.name, row, own):
            default = N_("This answer is not allowed here. Please look at it again.")
            message = _said(state, question, row, question.constraint_message, default)
        if message is None and question.indicator and own.startswith("-"):  # whatever the form allows: figures don't
            message = Message(N_("This number can't be less than zero."))
    if message is not None:
        yield Problem(path, message)


def _not_offered(state: State, question: Question, row: int, choices: Lists) -> Message | None:
    """What to tell if the choice filter does not let the answer through."""
    if question.choice_filter is None:
        return None
    chosen = set(state.value(question.name, row).split())
    known = [choice for choice in offered_by(question, choices) if choice.value in chosen]
    if all(state.offers(question, choice, row) for choice in known):
        return None
    return Message(N_("This answer does not go with the others any more. Please choose again."))


def _said(state: State, question: Question, row: int, author: str, default: str) -> Message:
    """The author's sentence with its ``${name}`` filled, or else ours."""
    if not author:
        return Message(default)
    lookup = state.context(question.name, row).lookup
    seen = {name: found for name in state.values if isinstance(found := lookup(name), str)}
    return Message(label(author, dict(seen), form=state.form))
