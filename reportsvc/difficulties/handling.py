"""What the levels of review do with a difficulty: take it over, sort it, hand it on, answer it; by scope, always."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reportsvc.db import database
from reportsvc.difficulties import owners, rules, transitions
from reportsvc.difficulties.kinds import ASKED, KINDS, URGENCIES
from reportsvc.difficulties.raising import LONGEST, too_long
from reportsvc.difficulties.transitions import REVIEWER, Step
from reportsvc.errors import Conflict, Invalid, NotFound
from reportsvc.forms.answers.typed import clean
from reportsvc.forms.messages import N_
from reportsvc.models import Difficulty, Person, Region
from reportsvc.projects.regions import Scope

DEPARTMENT = 60
"""Characters that the name of an office may have."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Who does something, from which of their regions, and the revision of the difficulty as they saw it."""

    scope: Scope
    person: Person
    revision: int


def said(text: str, missing: str = "") -> str:
    """What somebody wrote, as it is kept.

    :param missing: what to say where nothing is written; empty if nothing needs to be.
    :raises Invalid: if it is missing or too long.
    """
    found = clean(text, multiline=True)
    if not found and missing:
        raise Invalid(missing)
    if len(found) > LONGEST:
        raise too_long(found)
    return found


def acts(scope: Scope, difficulty: Difficulty) -> bool:
    """Whether a region may act: it is its turn, or that of a level below it, for which it may act."""
    return difficulty.owner_region.path.startswith(scope.path) and difficulty.state in transitions.OWNED


def destinations(difficulty: Difficulty) -> list[Region]:
    """The other levels that it can be handed on to."""
    return [one for one in owners.line(difficulty.region.path) if one.code != difficulty.owner_region_id]


def take(hand: Hand, difficulty_id: int) -> Difficulty:
    """Take a difficulty over, also from a colleague or from a level below.

    Its day stays: whoever takes over does not get more time by that.

    :raises NotFound: if it is out of scope.
    :raises Conflict: if it is not this region's turn, or somebody was quicker.
    """
    return _do(hand, difficulty_id, "take", changes=_mine(hand))


def sort(hand: Hand, difficulty_id: int, *, kind: str, urgency: str, asked: str) -> Difficulty:
    """Say what kind it is, how urgent, and who is asked; its day is counted anew from today where that changes it.

    :raises Invalid: if one of them is none of those offered.
    :raises NotFound: if it is out of scope.
    :raises Conflict: if it is not this region's turn, or somebody was quicker.
    """
    if kind not in KINDS or urgency not in URGENCIES or asked not in ASKED:
        raise Invalid(N_("Choose one of the answers offered."))
    with database.atomic():
        found = _turn(hand, difficulty_id)
        changes: dict[str, Any] = {"kind": kind, "urgency": urgency, "asked": asked}
        if (kind, urgency) != (found.kind, found.urgency):
            changes["due"] = rules.owner_due(found.campaign_id, kind, urgency)
        return _apply(hand, found, "sort", changes=changes)


def hand_on(hand: Hand, difficulty_id: int, to: str, words: str) -> Difficulty:
    """Hand a difficulty to another level, which gets its own days for it.

    :raises Invalid: without words, or to a region that is not of its reporting line.
    :raises NotFound: if it is out of scope.
    :raises Conflict: if it is not this region's turn, or somebody was quicker.
    """
    text = said(words, N_("Say why it is handed on, and what has been done so far."))
    with database.atomic():
        found = _turn(hand, difficulty_id)
        region = next((one for one in destinations(found) if one.code == to), None)
        if region is None:
            raise Invalid(N_("Choose whom it is handed to."))
        due = rules.owner_due(found.campaign_id, found.kind, found.urgency)
        changes = {"owner_region": region.code, "owner": None, "due": due}
        return _apply(hand, found, "hand_on", text, changes, {"owner_name": region.name})


def refer(hand: Hand, difficulty_id: int, department: str, words: str) -> Difficulty:
    """Hand a difficulty to an office of the government; who does so stays its owner and reports what comes of it.

    :raises Invalid: without words or without the office's name.
    :raises NotFound: if it is out of scope.
    :raises Conflict: if it is not this region's turn, or somebody was quicker.
    """
    name = clean(department)
    if not name or len(name) > DEPARTMENT:
        raise Invalid(N_("Name the office, in %(limit)s characters at most."), limit=DEPARTMENT)
    text = said(words, N_("Say why it is handed on, and what has been done so far."))
    with database.atomic():
        found = _turn(hand, difficulty_id)
        due = rules.owner_due(found.campaign_id, found.kind, found.urgency)
        changes = _mine(hand) | {"department": name, "asked": "department", "due": due}
        return _apply(hand, found, "refer", text, changes)


def answer(hand: Hand, difficulty_id: int, words: str) -> Difficulty:
    """Answer who raised it; they say within some working days whether it is solved.

    :raises Invalid: without words.
    :raises NotFound: if it is out of scope.
    :raises Conflict: if it is not this region's turn, or somebody was quicker.
    """
    text = said(words, N_("Write the answer that the organization is to read."))
    with database.atomic():
        found = _turn(hand, difficulty_id)
        changes = _mine(hand) | {"due": rules.raiser_due(found.campaign_id)}
        return _apply(hand, found, "answer", text, changes)


def note(hand: Hand, difficulty_id: int, words: str) -> Difficulty:
    """Add words that all see; every level that sees a difficulty may, whosever turn it is.

    :raises Invalid: without words.
    :raises NotFound: if it is out of scope.
    :raises Conflict: if it is closed, or somebody was quicker.
    """
    text = said(words, N_("Write something first."))
    with database.atomic():
        return _apply(hand, _seen(hand.scope, difficulty_id), "note", text)


def reopen(hand: Hand, difficulty_id: int, words: str) -> Difficulty:
    """Open a closed one again, with whoever owned it last.

    :raises Invalid: without words.
    :raises NotFound: if it is out of scope.
    :raises Conflict: if it is not closed, or somebody was quicker.
    """
    text = said(words, N_("Say why it is opened again."))
    with database.atomic():
        found = _seen(hand.scope, difficulty_id)
        return _apply(hand, found, "reopen", text, again(found))


def again(difficulty: Difficulty) -> dict[str, Any]:
    """What a difficulty is given that is opened again: days counted from today, and nobody in person."""
    return {"due": rules.owner_due(difficulty.campaign_id, difficulty.kind, difficulty.urgency), "owner": None}


def _mine(hand: Hand) -> dict[str, Any]:
    return {"owner_region": hand.scope.code, "owner": hand.person.id}


def _seen(scope: Scope, difficulty_id: int) -> Difficulty:
    found = transitions.locked(difficulty_id)
    if not found.region.path.startswith(scope.path):
        raise NotFound("There is no such difficulty.")
    return found


def _turn(hand: Hand, difficulty_id: int) -> Difficulty:
    found = _seen(hand.scope, difficulty_id)
    if found.revision != hand.revision:
        raise Conflict("Somebody else has just worked on this difficulty. Reload the page to see what they did.")
    if not acts(hand.scope, found):
        raise Conflict("It is not your turn with this difficulty. Reload the page to see where it stands.")
    return found


def _do(hand: Hand, difficulty_id: int, action: str, changes: dict[str, Any]) -> Difficulty:
    with database.atomic():
        return _apply(hand, _turn(hand, difficulty_id), action, changes=changes)


def _apply(  # noqa: PLR0913, PLR0917 - who, which, what, the words, what changes, what is to be known
    hand: Hand,
    found: Difficulty,
    action: str,
    words: str = "",
    changes: dict[str, Any] | None = None,
    facts: dict[str, Any] | None = None,
) -> Difficulty:
    step = Step(
        action=action,
        side=REVIEWER,
        person=hand.person,
        revision=hand.revision,
        words=words,
        changes=changes or {},
        facts={"office": hand.scope.name} | (facts or {}),
    )
    return transitions.apply(found, step)
