"""What who raised a difficulty says to it: solved, not solved, more words, once again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportsvc.db import database
from reportsvc.difficulties import rules, transitions
from reportsvc.difficulties.handling import again, said
from reportsvc.difficulties.transitions import RAISER, Step
from reportsvc.errors import NotFound
from reportsvc.forms.messages import N_
from reportsvc.models import Difficulty, Person


@dataclass(frozen=True, slots=True)
class Raiser:
    """Somebody of the organizations that they report for, and the revision of the difficulty as they saw it."""

    organizations: Sequence[int]
    person: Person
    revision: int


def solved(raiser: Raiser, difficulty_id: int, words: str = "") -> Difficulty:
    """Close it as solved: by the answer, or by itself before there was one. Words are welcome, not needed.

    :raises NotFound: if it is none of theirs.
    :raises Conflict: if it is closed, or somebody was quicker.
    """
    return _say(raiser, difficulty_id, "confirm", said(words))


def not_solved(raiser: Raiser, difficulty_id: int, words: str) -> Difficulty:
    """Say that the answer does not solve it: who answered works on, with days counted anew.

    :raises Invalid: without words.
    :raises NotFound: if it is none of theirs.
    :raises Conflict: if there is no answer that waits, or somebody was quicker.
    """
    return _say(raiser, difficulty_id, "deny", said(words, N_("Say what is still missing.")))


def note(raiser: Raiser, difficulty_id: int, words: str) -> Difficulty:
    """Add words.

    :raises Invalid: without words.
    :raises NotFound: if it is none of theirs.
    :raises Conflict: if it is closed, or somebody was quicker.
    """
    return _say(raiser, difficulty_id, "note", said(words, N_("Write something first.")))


def reopen(raiser: Raiser, difficulty_id: int, words: str) -> Difficulty:
    """Open a closed one again, with whoever owned it last.

    :raises Invalid: without words.
    :raises NotFound: if it is none of theirs.
    :raises Conflict: if it is not closed, or somebody was quicker.
    """
    return _say(raiser, difficulty_id, "reopen", said(words, N_("Say why it is opened again.")))


def _say(raiser: Raiser, difficulty_id: int, action: str, words: str) -> Difficulty:
    with database.atomic():
        found = transitions.locked(difficulty_id)
        if found.organization_id not in raiser.organizations:
            raise NotFound("There is no such difficulty.")
        changes: dict[str, Any] = {}
        if action == "deny":
            changes["due"] = rules.owner_due(found.campaign_id, found.kind, found.urgency)
        elif action == "reopen":
            changes = again(found)
        step = Step(
            action=action, side=RAISER, person=raiser.person, revision=raiser.revision, words=words, changes=changes
        )
        return transitions.apply(found, step)
