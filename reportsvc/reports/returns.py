"""Why a report came back: which answers the reviewer named, with what words, and which of them are as they were."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import peewee

from reportsvc.forms import answers as forms_answers
from reportsvc.forms.definition import Answers, Form, Repeat
from reportsvc.models import Event, Person, Slot
from reportsvc.reports import forms

NOT_ASKED = frozenset({"note", "calculate", "hidden"})
"""Kinds of questions that nobody answers."""

_STEP = re.compile(r"([^.\[\]]+)(?:\[([0-9]{1,6})\])?")
_PATH = re.compile(r"[^.\[\]]+(?:\[[0-9]{1,6}\]\.[^.\[\]]+)*")


@dataclass(frozen=True, slots=True)
class Return:
    """One time that a report went back."""

    reason: str
    fields: Mapping[str, str] = field(default_factory=dict)
    """Path of an answer that is to be changed → why; empty where one reason stands for all."""
    at: datetime | None = None
    by: str = ""
    """Name of the reviewer."""


def of_event(event: Event) -> Return:
    """What an event of the action ``return`` says."""
    reasons = event.data.get("reasons", {})
    fields = {path: str(reasons.get(path, "")) for path in event.data.get("fields", ())}
    return Return(event.reason, fields, event.at, event.person.name if event.person else "")


def latest(slots: Sequence[Slot]) -> dict[int, Return]:
    """The last return by slot, of those that ever came back; in one query."""
    events = (
        Event.select(Event, Person)
        .join(Person, peewee.JOIN.LEFT_OUTER)
        .where(Event.slot.in_(list(slots)), Event.action == "return")
        .order_by(Event.id)
    )
    return {event.slot_id: of_event(event) for event in events}


def value(answers: Mapping[str, Any], path: str) -> Any:
    """The answer at a path, or all rows of a repeat; empty where there is none.

    >>> value({"homes": [{"people": [{"name": "王"}]}]}, "homes[1].people[1].name")
    '王'
    """
    here: Any = answers
    for name, row in _STEP.findall(path):
        here = here.get(name) if isinstance(here, Mapping) else None
        if row:
            here = here[int(row) - 1] if isinstance(here, list) and 0 < int(row) <= len(here) else None
    return here or ""


def unchanged(paths: Sequence[str], before: Answers, after: Answers) -> list[str]:
    """Those of these answers that are as they were."""
    return [path for path in paths if value(before, path) == value(after, path)]


def knows(form: Form, path: str) -> bool:
    """Whether a path leads to something that the form asks; what is calculated is not asked."""
    names = {question.name for question, _ in form.questions() if question.kind not in NOT_ASKED}
    names |= {item.name for item in form.items() if isinstance(item, Repeat)}
    names |= {inner.name for item in form.items() if isinstance(item, Repeat) for inner in item.repeats}
    return _PATH.fullmatch(path) is not None and all(name in names for name, _ in _STEP.findall(path))


def labels(slot: Slot, form: Form, answers: Answers) -> dict[str, str]:
    """What each answer is called, by its path; of what is not answered, what the question is called."""
    shown = forms_answers.display(form, answers, forms.surroundings(slot).choices)
    return {**dict(_asked(form, answers)), **{one.path: one.label for part in shown for one in part.answers}}


def _asked(form: Form, answers: Answers) -> Iterator[tuple[str, str]]:
    for section in form.sections:
        for item in section.items:
            if isinstance(item, Repeat) or item.kind not in NOT_ASKED:
                yield item.name, forms_answers.label(item.label, answers, form=form) or item.name


def unanswered(slot: Slot, form: Form, answers: Answers) -> list[tuple[str, str]]:
    """(path, label) of the questions and repeats of the top level that have no answer."""
    names = labels(slot, form, answers)
    return [(path, names[path]) for path, _ in _asked(form, answers) if not value(answers, path)]
