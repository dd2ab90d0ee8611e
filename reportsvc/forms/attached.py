"""Answers that are files: an answer names its file, and holds the digest of what was sent.

A UUID alone is a file on its way: the phone has chosen it and it has not arrived yet. Once it has, the answer is
``uuid sha256 name``, so that the digest of a report's answers binds the very bytes of its files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from reportsvc.forms.definition import Form, Kind, Question, Repeat, Section

ATTACHED: frozenset[Kind] = frozenset({"image", "file"})
"""Kinds of question that are answered with a file."""
NAME_LENGTH = 100
"""Characters of a file's name."""
SHORT = 12
"""Characters of the digest that people get to see."""
_FILE = re.compile(
    r"(?P<uuid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
    r"(?: (?P<sha256>[0-9a-f]{64}) (?P<name>\S(?:[^\n]{0,98}\S)?))?"
)


class Attached(NamedTuple):
    """A file as an answer names it; without digest and name as long as it has not arrived."""

    uuid: str
    sha256: str = ""
    name: str = ""

    @property
    def answer(self) -> str:
        """The answer that names it."""
        return " ".join(part for part in self if part)

    @property
    def text(self) -> str:
        """As people read it: its name and the beginning of its digest, or of its UUID before it has arrived."""
        return f"{self.name} · {self.sha256[:SHORT]}" if self.sha256 else f"{self.uuid[:8]}…"


def read(answer: str) -> Attached | None:
    """The file that an answer names; nothing if it is something else."""
    found = _FILE.fullmatch(answer)
    return Attached(found["uuid"], found["sha256"] or "", found["name"] or "") if found else None


def asked(section: Section | Repeat) -> bool:
    """Whether anything in a section, rows included, is answered with a file."""
    items: Sequence[Question | Repeat] = (
        section.items if isinstance(section, Section) else (*section.questions, *section.repeats)
    )
    return any(asked(item) if isinstance(item, Repeat) else item.kind in ATTACHED for item in items)


def named(form: Form, answers: Mapping[str, Any]) -> Iterator[tuple[Kind, Attached]]:
    """Every file that the answers name, rows included, with the kind of its question."""
    kinds = _kinds(form)
    for name, text in _texts(answers) if kinds else ():
        file = read(text) if name in kinds else None
        if file is not None:
            yield kinds[name], file


def anywhere(answers: Mapping[str, Any]) -> set[str]:
    """The UUIDs of all files that the answers name, whatever form they are for."""
    files = (read(text) for _, text in _texts(answers))
    return {file.uuid for file in files if file is not None}


def completed(form: Form, answers: Mapping[str, Any], arrived: Callable[[str], str]) -> dict[str, Any]:
    """The answers, with those of files that were on their way and have arrived put in full.

    :param arrived: UUID → the whole answer; empty if the file is not there.
    """
    kinds = _kinds(form)
    return {name: _complete(name, value, kinds, arrived) for name, value in answers.items()} if kinds else dict(answers)


def _complete(name: str, value: Any, kinds: Mapping[str, Kind], arrived: Callable[[str], str]) -> Any:
    if isinstance(value, list):
        return [
            {key: _complete(key, each, kinds, arrived) for key, each in row.items()}
            if isinstance(row, Mapping)
            else row
            for row in value
        ]
    file = read(value.strip()) if name in kinds and isinstance(value, str) else None
    return arrived(file.uuid) or value if file is not None and not file.sha256 else value


def _kinds(form: Form) -> dict[str, Kind]:
    return {question.name: question.kind for question, _ in form.questions() if question.kind in ATTACHED}


def _texts(answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in answers.items():
        if isinstance(value, str):
            yield name, value.strip()
        for row in value if isinstance(value, list) else ():
            if isinstance(row, Mapping):
                yield from _texts(row)
