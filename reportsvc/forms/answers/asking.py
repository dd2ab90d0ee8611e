"""What a form asks now, given the answers so far: what is visible, what must be answered, what can be chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reportsvc.forms.answers.checking import as_typed, offered_by
from reportsvc.forms.answers.showing import Lists
from reportsvc.forms.answers.state import State, work_out
from reportsvc.forms.answers.typed import typed
from reportsvc.forms.definition import UNANSWERED, Answers, Choice, Form, Question, Repeat
from reportsvc.forms.expressions import text_result

UNSEEN = frozenset({"hidden", "calculate"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question or an inner repeat where it stands on the page; ``outer`` is set for a row that is not there yet."""

    path: str
    part: Question | Repeat
    row: int = 0
    outer: int | None = None


def visible(
    form: Form, answers: Answers, *, supplied: Mapping[str, str], today: date
) -> set[str]:  # fmt: skip
    """What is relevant now: names of sections, repeats, questions and notes, and paths of those in rows.

    Of every repeat one row more than there are answers counts, for the empty one that may be shown, unless
    ``repeat_count`` says how many there are. A section with nothing to show in it isn't visible; ``hidden`` questions
    and calculations never are. The answers may be as they were typed, and their empty rows keep their numbers, since
    it is the page as it stands that is asked about.
    """
    state = _state(form, answers, supplied, today)
    found: set[str] = set()
    for section in form.sections:
        inside: set[str] = set()
        for item in section.items:
            if not state.is_relevant(item.name):
                continue
            if isinstance(item, Repeat):
                inside |= {item.name} | {asked.path for asked in _in_rows(state, item, item.name)}
            elif item.kind not in UNSEEN:
                inside.add(item.name)
        if inside:
            found |= inside | {section.name}
    return found


def required(
    form: Form, answers: Answers, *, supplied: Mapping[str, str], today: date
) -> set[str]:  # fmt: skip
    """Paths of what must be answered now, as :func:`visible` counts rows; for the mark beside a question."""
    state = _state(form, answers, supplied, today)
    return {
        asked.path
        for asked in _all(state)
        if isinstance(asked.part, Question)
        and asked.part.required is not None
        and asked.part.kind not in UNANSWERED
        and state.holds(asked.part.required, asked.part.name, asked.row, outer=asked.outer)
    }


def offered(
    form: Form, answers: Answers, *, supplied: Mapping[str, str], choices: Lists, today: date
) -> dict[str, Sequence[Choice]]:
    """The choices of every question with a ``choice_filter``, by its path, as the answers so far let them through."""
    if not any(question.choice_filter is not None for question, _ in form.questions()):
        return {}
    state = _state(form, answers, supplied, today)
    return {
        asked.path: tuple(
            choice
            for choice in offered_by(asked.part, choices)
            if state.offers(asked.part, choice, asked.row, asked.outer)
        )
        for asked in _all(state)
        if isinstance(asked.part, Question) and asked.part.choice_filter is not None
    }


def row_counts(form: Form, answers: Answers, *, supplied: Mapping[str, str], today: date) -> dict[str, int]:
    """Path of every repeat with a ``repeat_count`` → the number of its rows, for a page to show just these."""
    state = _state(form, answers, supplied, today)
    found = {}
    for repeat, outer in form.repeats():
        if repeat.count is None:
            continue
        if outer is None:
            found[repeat.name] = state.rows[repeat.name]
        else:
            rows = range(state.rows[outer.name])
            found |= {f"{outer.name}[{row + 1}].{repeat.name}": len(state.span(repeat.name, row)) for row in rows}
    return found


def defaults(form: Form, supplied: Mapping[str, str], today: date) -> Answers:
    """What a new draft begins with: fixed defaults, and those that are worked out, in the form's order.

    Rows have none here: they begin with their questions' own when they are added. A default that is no answer to its
    question is left out.
    """
    found: Answers = {}
    asked = [question for question, repeat in form.questions() if repeat is None and question.kind not in UNANSWERED]
    for question in asked:
        if question.default:
            found[question.name] = question.default
    for question in asked:
        if question.default_from is not None:
            state = work_out(form, found, supplied=supplied, today=today)
            given = text_result(question.default_from, state.context(question.name, 0))
            plain, wrong = typed(question, given, question.choices)
            if plain and wrong is None:
                found[question.name] = plain
    return found


def _state(form: Form, answers: Answers, supplied: Mapping[str, str], today: date) -> State:
    return work_out(form, as_typed(form, answers), supplied=supplied, today=today)


def _all(state: State) -> Iterator[Asked]:
    for item in state.form.items():
        if not state.is_relevant(item.name):
            continue
        yield Asked(item.name, item)
        if isinstance(item, Repeat):
            yield from _in_rows(state, item, item.name)


def _in_rows(state: State, repeat: Repeat, path: str, outer: int = -1) -> Iterator[Asked]:
    """What is asked in the rows of a repeat, and in the empty one after them."""
    inner = repeat.name in state.outer_of
    span: Sequence[int] = state.span(repeat.name, outer if inner else 0)
    rows = [*span] if repeat.count is not None else [*span, -1 if inner else len(span)]
    for number, row in enumerate(rows, start=1):
        beyond = outer if inner and row < 0 else None
        for question in repeat.questions:
            if question.kind not in UNSEEN and state.holds(question.relevant, question.name, row, outer=beyond):
                yield Asked(f"{path}[{number}].{question.name}", question, row, beyond)
        for each in repeat.repeats:
            if state.holds(each.relevant, each.name, row):
                below = f"{path}[{number}].{each.name}"
                yield Asked(below, each, row)
                yield from _in_rows(state, each, below, row)
