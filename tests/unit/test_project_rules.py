"""The rules of a project's state and light, each on the day it turns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportsvc.checklist.rules import LIGHTS, STATES, Facts, Quarter, work_out

TODAY = date(2026, 11, 26)


def quarters(*states: str, said: str = "running") -> tuple[Quarter, ...]:
    """In their order, the newest last; what was reported says ``said``."""
    return tuple(
        Quarter(number, state, said if state in {"worked", "nil"} else "")  # type: ignore[arg-type]
        for number, state in enumerate(states, start=8100)
    )


def stands(*states: str, said: str = "running", **more: Any) -> tuple[str, str, list[str]]:
    found = work_out(Facts(today=TODAY, quarters=quarters(*states, said=said), **more))
    return found.state, found.light, [one.code for one in found.reasons]


@pytest.mark.parametrize(
    ("states", "said", "state", "light", "codes"),
    [
        ((), "", "not_started", "green", []),
        (("pending",), "", "not_started", "green", []),
        (("missing",), "", "not_started", "amber", ["missed"]),
        (("nil",), "preparing", "not_started", "green", []),
        (("nil", "missing"), "preparing", "not_started", "red", ["unbegun"]),
        (("worked",), "running", "on_track", "green", []),
        (("worked", "pending"), "running", "on_track", "green", []),
        (("worked", "nil"), "running", "on_track", "green", []),
        (("worked", "missing"), "running", "slow", "amber", ["missed"]),
        (("worked", "missing", "pending"), "running", "slow", "amber", ["missed"]),
        (("worked", "missing", "nil"), "running", "stalled", "red", ["idle"]),
        (("worked", "missing", "missing", "worked"), "running", "on_track", "green", []),
        (("worked",), "paused", "stalled", "amber", ["paused"]),
        (("worked", "missing"), "completed", "done", "green", ["completed"]),
        (("worked",), "stopped", "ended_early", "amber", ["stopped"]),
    ],
)
def test_what_the_reports_say(states: tuple[str, ...], said: str, state: str, light: str, codes: list[str]) -> None:
    assert stands(*states, said=said) == (state, light, codes)


@pytest.mark.parametrize(
    ("days", "progress", "state", "light", "codes"),
    [
        (31, None, "on_track", "green", []),
        (30, None, "on_track", "amber", ["near"]),
        (0, None, "on_track", "amber", ["near"]),
        (-1, None, "slow", "red", ["overdue"]),
        (30, Fraction(4, 5), "on_track", "green", []),
        (-1, Fraction(1), "slow", "red", ["overdue"]),
    ],
)
def test_the_deadline(days: int, progress: Fraction | None, state: str, light: str, codes: list[str]) -> None:
    assert stands("worked", deadline=TODAY + timedelta(days=days), progress=progress) == (state, light, codes)


@pytest.mark.parametrize(
    ("progress", "state", "light"),
    [
        (Fraction(1, 4) + Fraction(1, 1000), "on_track", "green"),
        (Fraction(1, 4), "slow", "amber"),
        (Fraction(1, 1000), "slow", "amber"),
        (Fraction(0), "slow", "red"),
        (Fraction(3), "on_track", "green"),
    ],
)
def test_the_plan_against_the_time_of_which_half_has_passed(progress: Fraction, state: str, light: str) -> None:
    facts = {"starts": TODAY - timedelta(days=100), "deadline": TODAY + timedelta(days=100), "progress": progress}
    assert stands("worked", **facts)[:2] == (state, light)


def test_the_worst_light_shines_and_its_reason_stands_first() -> None:
    found = stands("worked", "missing", deadline=TODAY - timedelta(days=3))
    assert found == ("slow", "red", ["overdue", "missed"])


@pytest.mark.parametrize("outcome", ["done", "ended_early"])
def test_a_closed_project_is_green_whatever_else_is_known(outcome: str) -> None:
    found = stands("worked", "missing", "missing", deadline=TODAY - timedelta(days=3), closed_as=outcome)
    assert found == (outcome, "green", ["closed"])


FACTS = st.builds(
    Facts,
    today=st.just(TODAY),
    starts=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    deadline=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    quarters=st.lists(
        st.builds(
            Quarter,
            number=st.integers(8000, 8200),
            state=st.sampled_from(["worked", "nil", "missing", "pending"]),
            said=st.sampled_from(["", "preparing", "running", "completed", "paused", "stopped"]),
        ),
        unique_by=lambda one: one.number,
    ),
    progress=st.none() | st.fractions(0, 3),
)


@given(FACTS)
def test_every_project_has_a_state_and_the_light_of_its_worst_reason(facts: Facts) -> None:
    found = work_out(facts)
    assert found.state in STATES
    assert [LIGHTS.index(one.light) for one in found.reasons] == sorted(
        LIGHTS.index(one.light) for one in found.reasons
    )
    assert found.light == (found.reasons[0].light if found.reasons else "green")


@given(FACTS, st.fractions(0, 1))
def test_more_progress_never_makes_a_light_worse(facts: Facts, more: Fraction) -> None:
    if facts.progress is None:
        return
    better = replace(facts, progress=facts.progress + more)
    assert LIGHTS.index(work_out(better).light) >= LIGHTS.index(work_out(facts).light)
