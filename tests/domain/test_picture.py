"""The picture of a quarter: what each slot came to, what was summed, and that what is kept never lies."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import peewee
import pytest
import structlog

from reportsvc import clock, reviews, totals
from reportsvc.accounts import people
from reportsvc.models import Event, Indicator, Project, ProjectPlan, ReminderRequest, Round, Slot
from reportsvc.picture import amounts, counts, lists, plans
from reportsvc.picture.places import Areas, Place
from reportsvc.picture.store import Store
from reportsvc.projects import regions
from reportsvc.reports import outcomes, transitions
from tests.support.world import CITY, COUNTY, OTHER_COUNTY, World, build

TODAY = date(2026, 11, 20)
PROVINCE = regions.PROVINCE


@pytest.fixture
def world(database: peewee.Database) -> World:
    return build()


def counted(store: Store, world: World, code: str = PROVINCE, day: date | None = None) -> counts.Picture:
    areas = Areas()
    store.follow()
    return counts.picture(store, world.now, Place(areas.scopes[code], areas), day or clock.today())


def numbers(found: counts.Counts) -> dict[str, int]:
    held = {name: getattr(found, name) for name in (*lists.NUMBERS,)}
    return {name: count for name, count in held.items() if count}


def test_python_and_queries_agree_on_every_outcome(world: World) -> None:
    slot = world.slot()
    states = ("open", "draft", "submitted", "endorsed_county", "endorsed_city", "approved", "returned", "not_required")
    days = (TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1))
    for state, late, due in product(states, (False, True), days):
        Slot.update(state=state, late=late, due=due).where(Slot.id == slot.id).execute()
        found = [
            name
            for name in outcomes.OUTCOMES
            if Slot.select().where(Slot.id == slot.id, outcomes.is_one_of((name,), TODAY)).exists()
        ]
        assert found == [outcomes.named(state, late, due, TODAY)]


def test_a_quarter_moves_as_its_reports_do(world: World) -> None:
    store = Store()
    assert numbers(counted(store, world).whole) == {"expected": 4, "waiting": 4}
    world.submit()
    world.submit("orchard", activity="no")
    found = counted(store, world)
    assert numbers(found.whole) == {"expected": 4, "reported": 2, "on_time": 2, "waiting": 2, "nil": 1}
    assert {code: one.reported for code, one in found.counties.items()} == {COUNTY: 1, OTHER_COUNTY: 1, CITY: 0}
    assert {name: one.expected for name, one in found.categories.items()} == {"教育": 3, "产业": 1}
    assert {name: one.expected for name, one in found.kinds.items()} == {"association": 2, "foundation": 2}
    slot = world.slot("joint:pine")
    transitions.apply(slot, transitions.Move(action="excuse", person=world.county, revision=slot.revision))
    assert numbers(counted(store, world).whole)["not_required"] == 1
    assert counted(store, world).whole.expected == 3
    assert counted(store, world, COUNTY).whole.expected == 1


def test_what_is_open_and_overdue_counts_as_late(world: World) -> None:
    store = Store()
    world.submit()
    with clock.frozen(clock.now() + timedelta(days=11)):
        world.submit("orchard")
        found = counted(store, world).whole
        assert (found.on_time, found.late, found.overdue, found.late_in_all) == (1, 1, 2, 3)
        assert counts.share(found.late_in_all, found.expected) == 75


def test_late_is_decided_when_it_first_comes(world: World) -> None:
    with clock.frozen(clock.now() + timedelta(days=11)):
        world.submit()
        slot = world.slot()
        later = clock.today() + timedelta(days=9)
        reviews.send_back(
            regions.scope(COUNTY), slot.id, world.county, slot.revision, reason="请核对。", due=later
        )  # fmt: skip
        assert world.slot().late
        world.submit(own_funds="1")
        assert world.slot().late, "a new day for a correction makes nothing punctual"
    with clock.frozen(clock.now() + timedelta(days=30)):
        assert numbers(counted(Store(), world).whole)["late"] == 1


def test_a_returned_report_is_reported_until_its_new_day_has_passed(world: World) -> None:
    store = Store()
    world.submit()
    slot = world.slot()
    due = clock.today() + timedelta(days=3)
    reviews.send_back(regions.scope(COUNTY), slot.id, world.county, slot.revision, reason="请核对。", due=due)
    assert counted(store, world, COUNTY, due).whole.on_time == 1
    assert counted(store, world, COUNTY, due + timedelta(days=1)).whole.overdue == 1


def place(code: str) -> Place:
    areas = Areas()
    return Place(areas.scopes[code], areas)


def test_sums_are_the_totals_and_a_county_has_its_part_of_what_is_shared(world: World) -> None:
    store = Store()
    world.submit()
    shared = {"benefit_unit": "visits", "benefit_amount": "20", "benefit_who": "村民", "benefit_county": COUNTY}
    world.submit("joint:pine", own_funds="500", benefits=[shared])
    for name in ("library", "joint:pine"):
        world.approve(name)
    store.follow()
    quarter = totals.Quarter(world.now.year, world.now.quarter)
    summed = amounts.so_far(store, world.campaign, [world.before, world.now], place(PROVINCE))
    assert {code: value for code, value in summed["", ""].items() if value} == {
        code: value for (code, _), value in totals.amounts(world.campaign, quarter).items() if value
    }
    by_category = {
        (code, value): held for (name, value), one in summed.items() if name == "category" for code, held in one.items()
    }
    assert by_category == totals.amounts(world.campaign, quarter, "category")
    now = amounts.of_rounds(store, [world.now], place(COUNTY))[0]
    assert now["", ""]["money.own_funds"] == 1_200_050, "what belongs to two counties is in neither"
    assert now["", ""]["benefit.visits"] == 340, "what was told by county counts there, whoever reviews it"
    assert amounts.of_rounds(store, [world.now], place(CITY))[0]["", ""]["money.own_funds"] == 1_250_050


def test_what_is_returned_counts_no_more_at_once(world: World) -> None:
    store = Store()
    world.submit()
    slot = world.approve()
    store.follow()
    assert amounts.of_rounds(store, [world.now], place(PROVINCE))[0] != {}
    reviews.send_back(regions.scope(PROVINCE), slot.id, world.province, slot.revision, reason="重复。")
    store.follow()
    assert amounts.of_rounds(store, [world.now], place(PROVINCE))[0] == {}


def test_the_newest_counts_for_what_is_not_added_over_time(world: World) -> None:
    store = Store()
    Indicator.update(time_rule="last").where(Indicator.code == "money.own_funds").execute()
    world.submit()
    world.approve()
    store.follow()
    found = amounts.so_far(store, world.campaign, [world.before, world.now], place(COUNTY))
    assert found["", ""]["money.own_funds"] == 1_200_050
    assert found["category", "教育"]["benefit.visits"] == 640


def test_plans_are_added_up_as_they_are_now(world: World) -> None:
    store = Store()
    visits = Indicator.get(Indicator.code == "benefit.visits")
    assert plans.planned(store, world.campaign, place(PROVINCE)) == {}
    for code, amount in (("P1", 1000), ("P3", 50)):
        ProjectPlan.create(project=Project.get(Project.code == code), indicator=visits, amount=amount)
    found = plans.planned(store, world.campaign, place(PROVINCE))
    assert found["", ""] == {"benefit.visits": 1050}
    assert found["kind", "foundation"] == {"benefit.visits": 50}
    assert plans.planned(store, world.campaign, place(COUNTY))["", ""] == {"benefit.visits": 1000}


def test_an_event_that_is_committed_late_is_seen(world: World) -> None:
    """On PostgreSQL a lower number may become visible after a higher one."""
    store = Store()
    counted(store, world)
    world.submit()
    missed = Event.select().order_by(Event.id.desc()).get()
    Event.update(id=missed.id + 2).where(Event.id == missed.id).execute()
    assert counted(store, world).whole.reported == 1
    slot = world.slot("orchard")
    Slot.update(state="submitted").where(Slot.id == slot.id).execute()
    moved = {"action": "submit", "before": "open", "after": "submitted", "data": {}, "at": clock.now()}
    Event.create(id=missed.id + 1, slot=slot, **moved)
    assert counted(store, world).whole.reported == 2


def test_new_slots_are_seen_at_once(world: World) -> None:
    store = Store()
    counted(store, world)
    slot = world.slot()
    Slot.create(
        round=world.now, project=slot.project_id, organization=world.pine, role="partner", region=COUNTY, due=slot.due
    )
    assert counted(store, world).whole.expected == 5


def test_a_reminder_is_noted_once_a_day_and_only_for_what_is_owed(world: World) -> None:
    world.submit("orchard")
    slots = [world.slot(), world.slot("orchard")]
    assert lists.ask(slots, world.county) == 1
    assert lists.ask(slots, world.province) == 0
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert lists.ask(slots, world.province) == 1
    assert [(one.slot_id, one.person_id) for one in ReminderRequest.select().order_by(ReminderRequest.id)] == [
        (slots[0].id, world.county.id), (slots[0].id, world.province.id),
    ]  # fmt: skip


def test_whom_to_call_and_that_it_was_looked_at(world: World) -> None:
    people.grant(world.other_reporter, people.MANAGER, organization=world.lotus)
    asked = lists.Asked(world.now, Areas().below(Areas().scopes[COUNTY]), "expected")
    found = lists.listing(asked, 1, clock.today())
    with structlog.testing.capture_logs() as lines:
        lists.add_contacts(found, world.county.id, COUNTY)
    assert [(one.name, one.role) for one in found.contacts[world.lotus.id]] == [
        ("王素梅", "reporter"), ("赵国强", "manager"),
    ]  # fmt: skip
    assert [(line["event"], line["person"], line["organizations"]) for line in lines] == [
        ("phone numbers shown", world.county.id, [world.lotus.id])
    ]


@pytest.mark.parametrize(
    ("more", "found"),
    [({}, 4), ({"kind": "foundation"}, 2), ({"category": "产业"}, 1), ({"words": "莲花"}, 2), ({"words": "50%"}, 0)],
)
def test_a_list_holds_what_its_number_counts(world: World, more: dict[str, str], found: int) -> None:
    codes = Areas().below(Areas().scopes[PROVINCE])
    made = lists.listing(lists.Asked(world.now, codes, "expected", **more), 99, clock.today())
    assert (made.count, len(made.rows), made.page) == (found, found, 1)


def test_a_share_says_all_or_none_only_where_it_is_so() -> None:
    shares = [counts.share(*pair) for pair in ((0, 0), (0, 5), (5, 5), (999, 1000), (1, 1000), (1, 8))]
    assert shares == [None, 0, 100, 99, 1, 13]


def test_earlier_quarters_stand_in_the_trend(world: World) -> None:
    store = Store()
    store.follow()
    owed = list(Round.select().order_by(Round.year, Round.quarter))
    found = counts.trend(store, owed, place(COUNTY), clock.today())
    assert [(one.expected, one.late, one.waiting) for one in found] == [(1, 1, 0), (1, 0, 1)]
