"""What happens when nobody acts: a silent level loses a difficulty to the next one up, a silent raiser's is closed.

Whoever gets a difficulty has all of their own days for it, counted from the day on which they really got it: a
scheduler that was down for weeks makes up for it level by level, and skips nobody.
"""

from __future__ import annotations

from typing import Any

from reportsvc import clock
from reportsvc.db import database
from reportsvc.difficulties import owners, rules, transitions
from reportsvc.difficulties.transitions import SERVICE, Step
from reportsvc.models import Campaign, Difficulty, Task
from reportsvc.projects import workdays

TASK = "difficulty"


def enqueue() -> int:
    """Put the work on each difficulty whose day is over into a row, once for each of its revisions; gives how many."""
    today, now = clock.today(), clock.now()
    below_top = Difficulty.state.in_(transitions.OWNED) & (Difficulty.owner_region != Campaign.province)
    waiting = (
        Difficulty.select(Difficulty.id, Difficulty.revision)
        .join(Campaign)
        .where(Difficulty.due < today, below_top | (Difficulty.state == transitions.ANSWERED))
        .order_by(Difficulty.due, Difficulty.id)
    )
    rows = [
        {
            "kind": TASK, "key": f"difficulty:{one.id}:{one.revision}", "due_at": now, "created_at": now,
            "payload": {"difficulty": one.id, "revision": one.revision},
        }
        for one in waiting
    ]  # fmt: skip
    known = {
        task.key
        for part in _parts(rows)
        for task in Task.select(Task.key).where(Task.key.in_([r["key"] for r in part]))
    }
    fresh = [row for row in rows if row["key"] not in known]
    for part in _parts(fresh):
        Task.insert_many(part).on_conflict_ignore().execute()
    return len(fresh)


def _parts(rows: list[dict[str, Any]], size: int = 100) -> list[list[dict[str, Any]]]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def act(difficulty_id: int, revision: int) -> bool:
    """Do what is due to a difficulty; tells whether something was. Repeated, or too late, it does nothing."""
    with database.atomic():
        found = transitions.locked(difficulty_id)
        if found.revision != revision or found.due is None or found.due >= clock.today():
            return False
        step = _lapse(found) if found.state == transitions.ANSWERED else _escalate(found)
        if step is None:
            return False
        transitions.apply(found, step)
    return True


def _lapse(found: Difficulty) -> Step:
    return Step(action="lapse", side=SERVICE, person=None, revision=found.revision, facts=_why(found))


def _escalate(found: Difficulty) -> Step | None:
    region = owners.above(found.owner_region)
    if region is None:
        return None
    due = rules.owner_due(found.campaign_id, found.kind, found.urgency)
    return Step(
        action="escalate",
        side=SERVICE,
        person=None,
        revision=found.revision,
        changes={"owner_region": region.code, "owner": None, "due": due},
        facts=_why(found) | {"from_name": found.owner_region.name, "owner_name": region.name},
    )


def _why(found: Difficulty) -> dict[str, Any]:
    """The day that passed, and how many working days ago that was."""
    due = found.due or clock.today()
    return {"was_due": due.isoformat(), "late": workdays.between(due, clock.today())}
