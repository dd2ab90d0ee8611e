"""Whatever is done to a difficulty, in whatever order: the table alone moves it, and nothing that happened is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import peewee
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportsvc import clock
from reportsvc.difficulties import confirming, finding, handling, overdue, raising, transitions
from reportsvc.errors import Conflict, Invalid, NotFound
from reportsvc.models import Difficulty, DifficultyEvent
from reportsvc.projects import regions
from tests.domain.test_difficulties import part
from tests.support.world import CITY, COUNTY, World, build

START = datetime(2026, 3, 2, 2, tzinfo=UTC)
ACTORS = (COUNTY, CITY, regions.PROVINCE)

step = st.tuples(
    st.sampled_from(
        ("take", "answer", "hand_on", "refer", "sort", "note", "reopen", "solved", "not_solved", "say", "again", "wait")
    ),
    st.sampled_from(ACTORS),
    st.sampled_from(("", "写了几句。")),
    st.integers(0, 1),  # how far what they saw is behind
)


def do(world: World, name: str, code: str, words: str, behind: int) -> None:
    found = Difficulty.get()
    hand = handling.Hand(regions.scope(code), world.county, found.revision - behind)
    raiser = confirming.Raiser((world.lotus.id,), world.reporter, found.revision - behind)
    match name:
        case "take":
            handling.take(hand, found.id)
        case "answer" | "note" | "reopen":
            getattr(handling, name)(hand, found.id, words)
        case "hand_on":
            handling.hand_on(hand, found.id, regions.PROVINCE if behind else COUNTY, words)
        case "refer":
            handling.refer(hand, found.id, "县教育局", words)
        case "sort":
            handling.sort(hand, found.id, kind="funds", urgency="urgent", asked="helper")
        case "solved" | "not_solved":
            getattr(confirming, name)(raiser, found.id, words)
        case "say":
            confirming.note(raiser, found.id, words)
        case "again":
            confirming.reopen(raiser, found.id, words)
        case _:
            overdue.act(found.id, found.revision - behind)


def test_random_walks(database: peewee.Database) -> None:
    world = build()

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(step, max_size=25))
    def walk(steps: list[tuple[str, str, str, int]]) -> None:
        DifficultyEvent.delete().execute()
        Difficulty.delete().execute()
        with clock.frozen(START):
            values = raising.Raised(str(uuid4()), part(world), "goods", "soon", "receiver", "缺两台电脑。")
            raising.on_the_spot((world.lotus.id,), world.reporter, values)
        done = 1
        for number, one in enumerate(steps, start=1):
            before = DifficultyEvent.select().count()
            with clock.frozen(START + timedelta(days=4 * number)):
                try:
                    do(world, *one)
                except (Conflict, Invalid, NotFound):
                    assert DifficultyEvent.select().count() == before, "what is refused leaves no trace"
            added = DifficultyEvent.select().count() - before
            assert added in {0, 1}
            done += added
        check(done)

    walk()


def check(done: int) -> None:
    found = Difficulty.get()
    history = finding.history(found)
    assert len(history) == done == found.revision + 1, "each step of the difficulty is one event"
    assert history[0].before == ""
    for event, after in zip(history, [*history[1:], None], strict=True):
        assert transitions.TRANSITIONS[event.before, event.action] == event.after
        assert event.side in transitions.SIDES[event.action]
        assert after is None or after.before == event.after, "one leads on to the next"
    assert found.state == history[-1].after
    assert (found.state in transitions.CLOSED) == (found.closed_at is not None) == (found.due is None)
    if found.state in {"working", "answered"}:
        assert found.owner_id is not None
    changed = [event.data["owner_region"][1] for event in history if "owner_region" in event.data]
    assert changed[-1] == found.owner_region_id, "whose turn it is can be read from what happened"


def test_every_state_can_be_reached_and_left() -> None:
    reached, states = {""}, set(transitions.STATES)
    for _ in states:
        reached |= {after for (before, _), after in transitions.TRANSITIONS.items() if before in reached}
    assert reached == states | {""}
    assert {action for _, action in transitions.TRANSITIONS} == set(transitions.SIDES)
    for state in transitions.STATES:
        assert any(before == state and after != state for (before, _), after in transitions.TRANSITIONS.items())
