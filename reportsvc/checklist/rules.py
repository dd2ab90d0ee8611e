"""The rules by which a project's state and its light are worked out. Pure, and the only place where they stand.

The state, by the first of these that is so:

============  =========================================================================================================
state         when
============  =========================================================================================================
done          the project was closed as done, or its newest report says that it is completed
ended_early   it was closed as ended early, or its newest report says that it won't be carried on
not_started   no report tells of any work yet, and the newest one, if there is one, says that it is being prepared
stalled       the newest report says that it pauses, or it was idle in :attr:`Thresholds.idle` quarters in a row
slow          the newest quarter's report is overdue; it is behind its plan; or its deadline has passed
on_track      all other
============  =========================================================================================================

A quarter is idle if its report is overdue or says that nothing was done. A project is behind its plan by the share of
its time that has passed, less the share of its plan that it has reached: of several planned indicators the one that is
furthest behind. Each reason has the light that it turns on, and the worst one shines; without any it is green.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Literal

State = Literal["not_started", "on_track", "slow", "stalled", "done", "ended_early"]
Light = Literal["red", "amber", "green"]
STATES: tuple[State, ...] = ("not_started", "on_track", "slow", "stalled", "done", "ended_early")
LIGHTS: tuple[Light, ...] = ("red", "amber", "green")
"""The worst first."""
OVER = ("done", "ended_early")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where the rules draw their lines."""

    idle: int = 2
    """Idle quarters in a row that make a project stall."""
    start: int = 2
    """Quarters that fell due without any work after which a project that has not started is a red one."""
    behind: Fraction = Fraction(1, 4)
    """Share of the plan that a project may lag behind its time."""
    far_behind: Fraction = Fraction(1, 2)
    """The lag from which on it is a red one."""
    near: int = 30
    """Days before the deadline from which on a project should be nearly done."""
    nearly_done: Fraction = Fraction(4, 5)
    """Share of the plan that is nearly all of it."""


THRESHOLDS = Thresholds()


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter: ``worked``, ``nil`` (reported that nothing was done), ``missing`` (overdue) or ``pending``."""

    number: int
    """``year * 4 + quarter``, so that quarters can be put in order."""
    state: Literal["worked", "nil", "missing", "pending"]
    said: str = ""
    """The answer to ``project_state``; empty without a report."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the rules look at."""

    today: date
    starts: date | None = None
    deadline: date | None = None
    quarters: Sequence[Quarter] = ()
    progress: Fraction | None = None
    """Share of the plan that is reached; nothing without a plan."""
    closed_as: str = ""
    """``done`` or ``ended_early`` once it is closed."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that turns a light on; ``values`` are for its words."""

    code: str
    light: Light
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rules say."""

    state: State
    light: Light
    reasons: tuple[Reason, ...]


def work_out(facts: Facts, limits: Thresholds = THRESHOLDS) -> Standing:
    """The state and the light of a project, with the reasons for the light, worst first."""
    said = _said(facts)
    if facts.closed_as or said in {"completed", "stopped"}:
        return _over(facts, said)
    reasons = sorted(_reasons(facts, said, limits), key=lambda one: LIGHTS.index(one.light))
    light = reasons[0].light if reasons else "green"
    return Standing(_state(facts, said, {one.code for one in reasons}), light, tuple(reasons))


def _over(facts: Facts, said: str) -> Standing:
    state: State = (
        "ended_early" if "ended_early" in facts.closed_as or (not facts.closed_as and said == "stopped") else "done"
    )
    if facts.closed_as:
        return Standing(state, "green", (Reason("closed", "green"),))
    if state == "ended_early":
        return Standing(state, "amber", (Reason("stopped", "amber"),))
    return Standing(state, "green", (Reason("completed", "green"),))


def _state(facts: Facts, said: str, codes: set[str]) -> State:
    if said in {"", "preparing"} and not any(one.state == "worked" for one in facts.quarters):
        return "not_started"
    if codes & {"paused", "idle"}:
        return "stalled"
    return "slow" if codes & {"missed", "behind", "overdue"} else "on_track"


def _said(facts: Facts) -> str:
    return next((one.said for one in _newest(facts) if one.said), "")


def _newest(facts: Facts) -> list[Quarter]:
    return sorted(facts.quarters, key=lambda one: -one.number)


def _reasons(facts: Facts, said: str, limits: Thresholds) -> list[Reason]:
    begun = any(one.state == "worked" for one in facts.quarters)
    found = [Reason("paused", "amber")] if said == "paused" else []
    found += _idle(facts, limits, begun=begun)
    found += _late(facts, limits)
    return found


def _idle(facts: Facts, limits: Thresholds, *, begun: bool) -> list[Reason]:
    due = [one for one in _newest(facts) if one.state != "pending"]
    row = next((count for count, one in enumerate(due) if one.state == "worked"), len(due))
    if begun and row >= limits.idle:
        return [Reason("idle", "red", {"count": row})]
    if not begun and row >= limits.start:
        return [Reason("unbegun", "red", {"count": row})]
    return [Reason("missed", "amber")] if due and due[0].state == "missing" else []


def _late(facts: Facts, limits: Thresholds) -> list[Reason]:
    if facts.deadline is None:
        return []
    days = (facts.deadline - facts.today).days
    found = []
    if days < 0:
        found.append(Reason("overdue", "red", {"days": -days}))
    elif days <= limits.near and (facts.progress is None or facts.progress < limits.nearly_done):
        found.append(Reason("near", "amber", {"days": days}))
    lag = _lag(facts)
    if days >= 0 and lag is not None and lag >= limits.behind:
        values = {"reached": _percent(facts.progress), "passed": _percent(_passed(facts))}
        found.append(Reason("behind", "red" if lag >= limits.far_behind else "amber", values))
    return found


def _lag(facts: Facts) -> Fraction | None:
    passed = _passed(facts)
    return None if passed is None or facts.progress is None else passed - min(facts.progress, Fraction(1))


def _passed(facts: Facts) -> Fraction | None:
    """The share of a project's time that has passed."""
    if facts.starts is None or facts.deadline is None or facts.deadline <= facts.starts:
        return None
    days = min(max((facts.today - facts.starts).days, 0), (facts.deadline - facts.starts).days)
    return Fraction(days, (facts.deadline - facts.starts).days)


def _percent(share: Fraction | None) -> int:
    return int((share or Fraction(0)) * 100)
