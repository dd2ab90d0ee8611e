"""A level that is silent loses a difficulty to the next one up; an answer that nobody objects to closes it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import peewee
import pytest

from reportsvc import clock
from reportsvc.accounts import people
from reportsvc.difficulties import finding, handling, overdue, raising
from reportsvc.jobs import difficulties, scheduler
from reportsvc.models import Difficulty, Task
from reportsvc.projects import regions, workdays
from tests.domain.test_difficulties import part
from tests.support.world import CITY, COUNTY, World, build

FRIDAY = datetime(2026, 9, 18, 2, tzinfo=UTC)
"""Before the Mid-Autumn holiday, a worked Sunday (20 September), and the week of the National Day."""

SHOP = scheduler.Workshop(
    handlers={overdue.TASK: difficulties.act}, give_up={}, look=(overdue.enqueue,), lease=timedelta(minutes=2)
)


@pytest.fixture
def world(database: peewee.Database) -> World:
    made = build(date(2026, 9, 18))
    people.grant(people.create_person("杨城", "13800000077"), people.REVIEWER, region=CITY)
    return made


def raised(world: World, urgency: str = "urgent") -> Difficulty:
    values = raising.Raised(
        "0" * 8 + "-0000-4000-8000-" + "0" * 12, part(world), "goods", urgency, "receiver", "缺水。"
    )
    with clock.frozen(FRIDAY):
        return raising.on_the_spot((world.lotus.id,), world.reporter, values)


def tick(day: date, hour: int = 8) -> int:
    with clock.frozen(datetime(day.year, day.month, day.day, hour, tzinfo=clock.LOCAL)):
        return scheduler.tick(SHOP)


def now() -> tuple[str, str, date | None]:
    found = Difficulty.get()
    return found.state, found.owner_region_id, found.due


def test_it_goes_up_by_working_days_and_stays_at_the_top(world: World) -> None:
    first = raised(world).due
    assert first == workdays.after(date(2026, 9, 18), 2)
    assert tick(first) == 0, "the last day is theirs"
    assert tick(first + timedelta(days=1)) == 1
    second = workdays.after(first + timedelta(days=1), 2)
    assert now() == ("open", CITY, second)
    assert tick(second) == 0
    assert tick(second + timedelta(days=1)) == 1
    third = now()[2]
    assert now()[:2] == ("open", regions.PROVINCE)
    assert third == workdays.after(second + timedelta(days=1), 2)
    assert tick(third + timedelta(days=30)) == 0
    assert now() == ("open", regions.PROVINCE, third), "overdue, and to be seen as such, but with nobody above"
    events = finding.history(Difficulty.get())
    assert [(event.action, event.side, event.person_id) for event in events[1:]] == [("escalate", "service", None)] * 2
    assert events[1].data["was_due"] == first.isoformat()
    assert events[1].data["owner_region"] == [COUNTY, CITY]
    assert (events[1].data["from_name"], events[1].data["owner_name"]) == ("丰宁满族自治县", "承德市")


def test_holidays_are_nobody_s_fault(world: World) -> None:
    due = raised(world, "normal").due
    assert due is not None
    assert due > date(2026, 10, 7), "ten working days reach over the National Day"
    assert tick(date(2026, 10, 7)) == 0


def test_after_weeks_of_standing_still_it_goes_up_by_one_level_with_days_of_its_own(world: World) -> None:
    first = raised(world).due
    assert first is not None
    late = date(2026, 11, 16)
    assert tick(late) == 1
    assert tick(late, 9) == 0
    assert now() == ("open", CITY, workdays.after(late, 2))
    event = finding.history(Difficulty.get())[-1]
    assert event.data["late"] == workdays.between(first, late) > 20


def test_ticked_as_often_as_one_likes_and_taken_up_by_two_it_happens_once(world: World) -> None:
    found = raised(world)
    day = found.due + timedelta(days=1)
    with clock.frozen(datetime(day.year, day.month, day.day, 8, tzinfo=clock.LOCAL)):
        assert overdue.enqueue() == 1
        assert overdue.enqueue() == 0
        assert Task.select().count() == 1
        assert scheduler.tick(SHOP) == 1
        difficulties.act(Task.get().payload, None)  # type: ignore[arg-type]  # a worker that died after it was done
        assert scheduler.tick(SHOP) == 0
    assert [event.action for event in finding.history(Difficulty.get())] == ["raise", "escalate"]


def test_who_acts_in_the_meantime_keeps_it(world: World) -> None:
    found = raised(world)
    day = found.due + timedelta(days=1)
    with clock.frozen(datetime(day.year, day.month, day.day, 8, tzinfo=clock.LOCAL)):
        overdue.enqueue()
        handling.answer(handling.Hand(regions.scope(COUNTY), world.county, found.revision), found.id, "已解决。")
        scheduler.tick(SHOP)
    assert now()[:2] == ("answered", COUNTY)


def test_an_answer_that_nobody_objects_to_closes_it_and_says_so(world: World) -> None:
    found = raised(world)
    with clock.frozen(FRIDAY):
        hand = handling.Hand(regions.scope(COUNTY), world.county, found.revision)
        due = handling.answer(hand, found.id, "周一送到。").due
    assert due == workdays.after(date(2026, 9, 18), 10)
    assert tick(due) == 0
    assert tick(due + timedelta(days=1)) == 1
    found = Difficulty.get()
    assert (found.state, found.due) == ("lapsed", None)
    assert found.closed_at is not None
    event = finding.history(found)[-1]
    assert (event.action, event.side, event.data["was_due"]) == ("lapse", "service", due.isoformat())
    assert tick(due + timedelta(days=40)) == 0


def test_many_at_once_are_all_moved(world: World) -> None:
    found = raised(world)
    row = found.__data__ | {"owner_region": COUNTY}
    del row["id"], row["submission"]
    Difficulty.insert_many([row] * 250).execute()
    assert tick(found.due + timedelta(days=1)) == 251
    assert {one.owner_region_id for one in Difficulty.select()} == {CITY}
