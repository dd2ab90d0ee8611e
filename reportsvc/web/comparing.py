"""Two devices wrote the same page: what differs, and what the person takes of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reportsvc.forms.definition import Answers, Repeat, Section
from reportsvc.web import showing

TAKE, HERE = "take-", "here-"
"""Before a question's name: the field of the choice, and that of the digest of what was typed when it was asked."""
MINE = "here"
"""The choice that keeps what is typed here; the other one carries the saved answer itself."""
UNDECIDED = "undecided"
"""A field of the page that asks: it is not to be saved by itself while somebody thinks."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One question, or one repeat as a whole, that was answered differently here and elsewhere."""

    name: str
    label: str
    there: str
    here: str
    saved: str
    """The answer that stands elsewhere, as JSON."""
    digest: str
    """Of what is typed here: tells whether it was changed after it had been compared."""


def differences(section: Section, theirs: Answers, ours: Answers, choices: showing.Lists) -> list[Difference]:
    """What differs, in the order of the page."""
    return [
        Difference(
            item.name,
            item.label or item.name,
            showing.answer(item, theirs.get(item.name), choices),
            showing.answer(item, ours.get(item.name), choices),
            _written(theirs.get(item.name)),
            digest(ours.get(item.name)),
        )
        for item in section.items
        if (theirs.get(item.name) or "") != (ours.get(item.name) or "")
    ]


def _written(answer: Any) -> str:
    return json.dumps(answer or "", ensure_ascii=False, sort_keys=True)


def digest(answer: Any) -> str:
    """A short digest of one answer."""
    return hashlib.sha256(_written(answer).encode()).hexdigest()[:16]


def chosen(section: Section, posted: Mapping[str, str]) -> Answers:
    """The saved answers that were chosen over what is typed here; what can't be read chooses nothing."""
    found: Answers = {}
    for item in section.items:
        wanted = posted.get(TAKE + item.name, MINE)
        try:
            answer = "" if wanted == MINE else json.loads(wanted)
        except (ValueError, RecursionError):
            continue
        if wanted != MINE and isinstance(answer, list if isinstance(item, Repeat) and answer else str):
            found[item.name] = answer
    return found


def edited(posted: Mapping[str, str], taken: Answers, here: Answers) -> bool:
    """Whether one of these was typed anew after it had been compared: then both are wanted, and it is asked again."""
    return any(posted.get(HERE + name) != digest(here.get(name)) for name in taken)
