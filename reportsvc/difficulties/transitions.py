"""The one table of what can happen to a difficulty, and the one function that makes it happen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from reportsvc import audit, clock
from reportsvc.db import database
from reportsvc.errors import Conflict, NotFound
from reportsvc.forms.messages import N_
from reportsvc.models import Difficulty, DifficultyEvent, Person, Version

OPEN, WORKING, ANSWERED = "open", "working", "answered"
SOLVED, LAPSED, WITHDRAWN = "solved", "lapsed", "withdrawn"

OWNED = (OPEN, WORKING)
"""States in which the owner is to act."""
LIVE = (*OWNED, ANSWERED)
CLOSED = (SOLVED, LAPSED, WITHDRAWN)
"""Confirmed by who raised it; answered, and nobody said that it was not solved; taken back."""
STATES = (*LIVE, *CLOSED)

RAISER, REVIEWER, SERVICE = "raiser", "reviewer", "service"
"""The sides that do something: the organization, the levels of review, the service by itself."""

TRANSITIONS: dict[tuple[str, str], str] = {
    ("", "raise"): OPEN,
    **{(state, "take"): WORKING for state in OWNED},
    **{(state, "hand_on"): OPEN for state in OWNED},
    **{(state, "refer"): WORKING for state in OWNED},
    **{(state, "escalate"): OPEN for state in OWNED},
    **{(state, "sort"): state for state in OWNED},
    **{(state, "answer"): ANSWERED for state in OWNED},
    **{(state, "note"): state for state in LIVE},
    **{(state, "again"): state for state in LIVE},
    **{(state, "update"): OPEN if state in CLOSED else state for state in STATES if state != ANSWERED},
    (ANSWERED, "update"): WORKING,
    **{(state, "confirm"): SOLVED for state in LIVE},
    (ANSWERED, "deny"): WORKING,
    (ANSWERED, "lapse"): LAPSED,
    **{(state, "withdraw"): WITHDRAWN for state in LIVE},
    **{(state, "reopen"): OPEN for state in CLOSED},
}
"""(state, action) to the state after it."""

SIDES: dict[str, frozenset[str]] = {
    "raise": frozenset({RAISER}),
    **dict.fromkeys(("take", "hand_on", "refer", "sort", "answer"), frozenset({REVIEWER})),
    **dict.fromkeys(("again", "update", "withdraw", "confirm", "deny"), frozenset({RAISER})),
    **dict.fromkeys(("note", "reopen"), frozenset({RAISER, REVIEWER})),
    **dict.fromkeys(("escalate", "lapse"), frozenset({SERVICE})),
}
"""Whose step an action is."""

MOVED = N_("This difficulty has moved on in the meantime. Reload the page to see where it stands.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of one difficulty, as somebody asked for it.

    ``revision`` is the difficulty's as they saw it. ``changes`` are columns with their new values, as keys
    of rows where they point to some; the event keeps them beside the old ones. ``facts`` is what else is to be known.
    """

    action: str
    side: str
    person: Person | None
    revision: int
    words: str = ""
    version: Version | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


def locked(difficulty_id: int) -> Difficulty:
    """A difficulty as it is now, and as it stays for everybody else until the transaction around this ends.

    :raises NotFound: if there is none.
    """
    query = Difficulty.select().where(Difficulty.id == difficulty_id)
    found: Difficulty | None = (query.for_update() if database.for_update else query).first()
    if found is None:
        raise NotFound("There is no such difficulty.")
    return found


def can(state: str, action: str) -> bool:
    """Whether an action leads on from a state."""
    return (state, action) in TRANSITIONS


def apply(difficulty: Difficulty, step: Step) -> Difficulty:
    """Move a difficulty and write the event, both or neither; gives the difficulty as it is after that.

    :raises Conflict: if the step does not lead on from where it stands, or somebody moved it first.
    """
    after = TRANSITIONS.get((difficulty.state, step.action))
    if after is None or step.side not in SIDES[step.action]:
        raise Conflict(MOVED)
    changes = dict(step.changes)
    if after in CLOSED:
        changes["due"] = None
    with database.atomic():
        changed = (
            Difficulty.update(
                state=after,
                revision=Difficulty.revision + 1,
                closed_at=clock.now() if after in CLOSED else None,
                **changes,
            )
            .where(
                Difficulty.id == difficulty.id,
                Difficulty.revision == step.revision,
                Difficulty.state == difficulty.state,
            )
            .execute()
        )
        if not changed:
            raise Conflict("Somebody else has just worked on this difficulty. Reload the page to see what they did.")
        write(difficulty, step, after, _compared(difficulty, changes) | dict(step.facts))
    return Difficulty.get_by_id(difficulty.id)


def write(difficulty: Difficulty, step: Step, after: str, data: Mapping[str, Any]) -> None:
    """Write down what happened; nothing ever changes or deletes it."""
    before = "" if step.action == "raise" else difficulty.state
    happened = DifficultyEvent.create(
        difficulty=difficulty,
        action=step.action,
        before=before,
        after=after,
        side=step.side,
        person=step.person,
        version=step.version,
        words=step.words,
        data=dict(data),
        at=clock.now(),
    )
    audit.record(
        f"difficulty.{step.action}",
        f"difficulty:{difficulty.id}",
        actor=step.person.id if step.person else None,
        region=difficulty.region_id,
        rows=(happened,),
    )


def _compared(difficulty: Difficulty, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Each column that is another now: [before, after], as JSON holds it."""
    pairs = {name: [_plain(difficulty.__data__.get(name)), _plain(value)] for name, value in changes.items()}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
