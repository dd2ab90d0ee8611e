"""What a slot came to: reported in time or late, overdue, nil, not required. One rule, in Python and for queries.

A slot that is returned stays reported until the new day on which it is due has passed too; then it is overdue, like one
that never came. In every rate what is overdue counts as late.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from reportsvc import clock
from reportsvc.models import Slot, Version

QUESTION, NOTHING = "activity", "no"
IMPORTED = "import"
"""The source of versions that were brought in by a workbook."""

ON_TIME, LATE, OVERDUE, WAITING, NOT_REQUIRED = OUTCOMES = ("on_time", "late", "overdue", "waiting", "not_required")
"""Each slot is exactly one of these. Waiting is open and not yet due; all but the last are expected."""

EXPECTED = (ON_TIME, LATE, OVERDUE, WAITING)
REPORTED = (ON_TIME, LATE)

UNWRITTEN = ("open", "draft")
OWED = (*UNWRITTEN, "returned")


def is_nil(answers: Mapping[str, object]) -> bool:
    """Whether a report says that nothing was done, however it was filled in."""
    return answers.get(QUESTION) == NOTHING


def of_version(slot: Slot, version: Version) -> dict[str, bool]:
    """What a new version says of its slot: the first one whether it came late, each whether it is nil.

    Of what is brought in from older records nobody knows when it was reported: it is never late.
    """
    found = {"nil": is_nil(version.answers)}
    if version.number == 1 and version.source != IMPORTED:
        found["late"] = clock.local(version.submitted_at).date() > slot.due
    return found


def named(state: str, late: bool, due: date, today: date) -> str:
    """The outcome of a slot on a day."""
    if state == "not_required":
        return NOT_REQUIRED
    if state in OWED and due < today:
        return OVERDUE
    if state in UNWRITTEN:
        return WAITING
    return LATE if late else ON_TIME


def is_one_of(names: tuple[str, ...], today: date) -> Any:
    """The condition that :func:`named` gives one of these for a slot."""
    owed, past = Slot.state.in_(OWED), Slot.due < today
    sent = Slot.state.not_in((*UNWRITTEN, "not_required")) & ~((Slot.state == "returned") & past)
    conditions = {
        NOT_REQUIRED: Slot.state == "not_required",
        OVERDUE: owed & past,
        WAITING: Slot.state.in_(UNWRITTEN) & (Slot.due >= today),
        LATE: sent & (Slot.late == True),  # noqa: E712 - SQL
        ON_TIME: sent & (Slot.late == False),  # noqa: E712 - SQL
    }
    found = conditions[names[0]]
    for name in names[1:]:
        found |= conditions[name]
    return found
