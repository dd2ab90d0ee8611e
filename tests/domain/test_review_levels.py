"""Levels that are late, steps that are taken back, answers that are named, and many reports at the same moment."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta

import peewee
import pytest

from reportsvc import clock, db, reviews, totals
from reportsvc.errors import Conflict, Invalid, NotFound, ReportsvcError
from reportsvc.models import Campaign, Event, Person, ReviewBatchSlot, Slot
from reportsvc.projects import regions, workdays
from reportsvc.reports import forms, returns
from reportsvc.reviews import bulk, lists
from tests.support.world import CITY, COUNTY, OTHER_COUNTY, World, build

PROVINCE = regions.PROVINCE
FIELDS = {"own_funds": "与台账不符", "benefits[1].benefit_amount": ""}


@pytest.fixture
def world(database: peewee.Database) -> World:
    return build()


def at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=clock.LOCAL).astimezone(UTC)


BENEFITS = {"benefit_unit": "visits", "benefit_amount": "320", "benefit_who": "村民", "benefit_county": COUNTY}


def submit(world: World, *names: str) -> None:
    for name in names:
        world.submit(name, **({"benefits": [BENEFITS]} if name == "joint:pine" else {}))


def endorse(world: World, code: str, name: str = "library", person: Person | None = None) -> Slot:
    seen = world.slot(name)
    return reviews.endorse(regions.scope(code), seen.id, person or world.county, seen.revision, forms.read_quantities)


def take_back(world: World, code: str, name: str = "library") -> Slot:
    seen = world.slot(name)
    return reviews.take_back(regions.scope(code), seen.id, world.county, seen.revision)


def tab(code: str, name: str, **more: object) -> list[int]:
    return lists.ids(regions.scope(code), lists.Wanted(tab=name, **more))  # type: ignore[arg-type]


def funds(world: World) -> str:
    return str(totals.headline(world.campaign, totals.Quarter(world.now.year, world.now.quarter))["funds_yuan"])


# --- a level that is late --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", [("county", "province"), ("county", "city", "province")])
def test_the_level_above_acts_in_the_place_of_one_that_is_late(world: World, route: tuple[str, ...]) -> None:
    Campaign.update(route=list(route), review_days=2).execute()
    world.submit()
    above = PROVINCE if len(route) == 2 else CITY
    last = workdays.after(clock.today(), 2)
    with clock.frozen(at(last)):
        assert tab(above, "late") == []
        with pytest.raises(Conflict, match="does not wait for you"):
            endorse(world, above, person=world.province)
    with clock.frozen(at(workdays.after(last, 1))):
        assert tab(above, "late") == [world.slots["library"]]
        assert reviews.standing(regions.scope(above)).late == 1
        assert tab(COUNTY, "late") == []
        if above == CITY:
            assert tab(PROVINCE, "late") == [], "one level up first"
        slot = endorse(world, above, person=world.province)
        assert (slot.state, slot.waiting_at_id) == ("endorsed_county", above)
        assert slot.waiting_since == clock.today(), "and now it is for them, from today"
        last_event = reviews.history(slot)[-1]
        assert (last_event.in_place_of, last_event.region) == (regions.scope(COUNTY).name, regions.scope(above).name)
        with pytest.raises(Conflict):
            endorse(world, COUNTY)


def test_two_levels_that_sleep_do_not_stop_a_report_for_good(world: World) -> None:
    Campaign.update(route=["county", "city", "province"], review_days=2).execute()
    world.submit()
    with clock.frozen(at(workdays.after(clock.today(), 5))):
        assert tab(PROVINCE, "late") == [world.slots["library"]]
        assert endorse(world, PROVINCE, person=world.province).state == "endorsed_county"


@pytest.mark.parametrize(("place", "above"), [("130682", PROVINCE), ("130181", PROVINCE), ("130629", "1306XA")])
def test_units_that_report_past_a_level_are_late_for_the_next_one_up(world: World, place: str, above: str) -> None:
    """定州 and 辛集 have no city above them; 容城 has 雄安新区."""
    Campaign.update(route=["county", "city", "province"], review_days=1).execute()
    Slot.update(region=place).where(Slot.id == world.slots["library"]).execute()
    world.submit()
    with clock.frozen(at(workdays.after(clock.today(), 2))):
        assert tab(above, "late") == [world.slots["library"]]
        assert endorse(world, above, person=world.province).waiting_at_id == above


# --- taking back -----------------------------------------------------------------------------------------------------


def test_a_step_is_taken_back_the_same_day_as_if_it_had_not_been(world: World) -> None:
    with clock.frozen(at(clock.today() - timedelta(days=3))):
        world.submit()
    came = world.slot().waiting_since
    endorse(world, COUNTY)
    slot = take_back(world, COUNTY)
    assert (slot.state, slot.waiting_at_id, slot.waiting_since) == ("submitted", COUNTY, came)
    assert [one.action for one in reviews.history(slot)] == ["submit", "endorse_county", "take_back_submitted"]
    assert endorse(world, COUNTY).state == "endorsed_county"


def test_figures_leave_the_totals_when_an_approval_is_taken_back(world: World) -> None:
    before = funds(world)
    world.submit()
    world.approve()
    assert funds(world) != before
    assert take_back(world, PROVINCE).state == "endorsed_county"
    assert funds(world) == before
    endorse(world, PROVINCE, person=world.province)
    assert funds(world) == "23000.50"


def test_what_the_next_level_has_acted_on_is_not_taken_back(world: World) -> None:
    world.submit()
    endorse(world, COUNTY)
    with pytest.raises(Conflict, match="taken back"):
        take_back(world, PROVINCE)
    endorse(world, PROVINCE, person=world.province)
    with pytest.raises(Conflict, match="taken back"):
        take_back(world, COUNTY)
    with pytest.raises(NotFound):
        take_back(world, OTHER_COUNTY)
    assert world.slot().state == "approved"


def test_the_next_day_nothing_is_taken_back(world: World) -> None:
    world.submit()
    with clock.frozen(at(clock.today(), 23)):
        endorse(world, COUNTY)
    with clock.frozen(at(clock.today() + timedelta(days=1), 0)), pytest.raises(Conflict, match="another day"):
        take_back(world, COUNTY)


# --- a return --------------------------------------------------------------------------------------------------------


def test_a_return_names_answers_each_with_its_reason_and_a_new_day(world: World) -> None:
    world.submit()
    seen = world.slot()
    slot = reviews.send_back(
        regions.scope(COUNTY), seen.id, world.county, seen.revision, reason="请核对两处。", reasons=FIELDS
    )
    assert slot.due == max(workdays.after(clock.today(), 5), seen.due)
    event = Event.get(Event.slot == slot, Event.action == "return")
    assert event.data["fields"] == list(FIELDS)
    assert event.data["reasons"] == FIELDS
    assert event.data["due"] == slot.due.isoformat()
    back = returns.latest([slot])[slot.id]
    assert (back.reason, back.fields, back.by) == ("请核对两处。", FIELDS, world.county.name)


def test_reasons_of_answers_can_stand_for_the_one_for_all(world: World) -> None:
    world.submit()
    seen = world.slot()
    scope = regions.scope(COUNTY)
    with pytest.raises(Invalid, match="Say why"):
        reviews.send_back(scope, seen.id, world.county, seen.revision, reasons=FIELDS)
    day = clock.today() + timedelta(days=2)
    given = {"own_funds": "与台账不符", "difficulties": "请补充"}
    slot = reviews.send_back(scope, seen.id, world.county, seen.revision, reasons=given, due=day)
    assert slot.due == day, "earlier than it was, where somebody says so"
    first, second = slot.reason.splitlines()
    assert first.endswith("：与台账不符")
    assert "自有资金" in first
    assert second.endswith("：请补充")


@pytest.mark.parametrize("path", ["nosuch", "own_funds.x", "benefits[1]", "", "benefits[1].nosuch", "own_funds\n"])
def test_only_answers_of_the_form_can_be_named(world: World, path: str) -> None:
    world.submit()
    seen = world.slot()
    with pytest.raises(Invalid, match="not in this report"):
        reviews.send_back(regions.scope(COUNTY), seen.id, world.county, seen.revision, reason="x", fields=(path,))
    assert world.slot().state == "submitted"


def test_a_new_due_date_is_not_past(world: World) -> None:
    world.submit()
    seen = world.slot()
    day = clock.today() - timedelta(days=1)
    with pytest.raises(Invalid, match="is past"):
        reviews.send_back(regions.scope(COUNTY), seen.id, world.county, seen.revision, reason="x", due=day)


# --- many at once ----------------------------------------------------------------------------------------------------


def revisions(world: World, *names: str) -> list[tuple[int, int]]:
    return [(world.slot(name).id, world.slot(name).revision) for name in names]


def test_many_are_moved_each_by_what_was_seen_and_taken_back_together(world: World) -> None:
    for name in ("library", "joint:lotus", "joint:pine"):
        submit(world, name)
        while world.slot(name).waiting_at_id != PROVINCE:
            endorse(world, str(world.slot(name).waiting_at_id), name)
    scope = regions.scope(PROVINCE)
    chosen = bulk.unflagged(
        scope, lists.Wanted(), forms.read_quantities, lambda ids: {world.slots["library"]}, page=False
    )
    assert (len(chosen.rows), chosen.flagged, chosen.fen) == (2, 1, 2 * 1_500_050)
    seen = revisions(world, "library", "joint:lotus", "joint:pine")
    slot = world.slot("joint:pine")
    reviews.send_back(scope, slot.id, world.province, slot.revision, reason="请核对。")
    before = funds(world)
    batch = bulk.move(scope, world.province, [*seen, (987654, 1)], forms.read_quantities)
    assert [world.slot(name).state for name in ("library", "joint:lotus", "joint:pine")] == [
        "approved", "approved", "returned",
    ]  # fmt: skip
    assert batch.fen == 2 * 1_500_050
    assert [one["slot"] for one in batch.refused] == [slot.id]
    _, done = bulk.done((PROVINCE,), batch.id)
    assert [(one.slot.id, one.last.action) for one in done.refused if one.last] == [(slot.id, "return")]
    with pytest.raises(NotFound):
        bulk.done((COUNTY,), batch.id)
    assert funds(world) != before
    assert bulk.undo(scope, world.province, batch.id) == (2, 0)
    assert funds(world) == before
    assert [world.slot(name).waiting_at_id for name in ("library", "joint:lotus")] == [PROVINCE, PROVINCE]
    with pytest.raises(Conflict):
        bulk.undo(scope, world.province, batch.id)


def test_an_undo_leaves_what_has_moved_on(world: World) -> None:
    world.submit()
    scope = regions.scope(COUNTY)
    batch = bulk.move(scope, world.county, revisions(world, "library"), forms.read_quantities)
    endorse(world, PROVINCE, person=world.province)
    assert bulk.undo(scope, world.county, batch.id) == (0, 1)
    assert world.slot().state == "approved"


def test_twenty_at_the_same_moment_move_each_report_once(world: World) -> None:
    """Half of them one by one, half of them both in one go; each report moves once, and nothing is lost or doubled."""
    names = ("library", "joint:lotus", "joint:pine")
    for name in names:
        submit(world, name)
        Slot.update(waiting_at=COUNTY, region=COUNTY).where(Slot.id == world.slots[name]).execute()
    seen, scope, start = revisions(world, *names), regions.scope(COUNTY), threading.Barrier(20)

    def press(number: int) -> int:
        with db.database.connection_context():
            start.wait()
            if number % 2:
                batch = bulk.move(scope, world.county, seen, forms.read_quantities)
                return ReviewBatchSlot.select().where(ReviewBatchSlot.batch == batch).count()
            try:
                reviews.endorse(scope, *_first(seen[number % 3], world.county), forms.read_quantities)
            except ReportsvcError:
                return 0
            return 1

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(press, range(20))) == 3
    for name in names:
        slot = world.slot(name)
        assert (slot.state, slot.waiting_at_id) == ("endorsed_county", PROVINCE)
        assert [one.action for one in reviews.history(slot)] == ["submit", "endorse_county"]


def _first(seen: tuple[int, int], person: Person) -> tuple[int, Person, int]:
    return seen[0], person, seen[1]


# --- lists -----------------------------------------------------------------------------------------------------------


def test_lists_are_filtered_sorted_and_never_reach_beyond_the_region(world: World) -> None:
    world.submit("library")
    world.submit("orchard")
    library, orchard = world.slots["library"], world.slots["orchard"]
    assert set(tab(PROVINCE, "below")) == {library, orchard}
    assert tab(PROVINCE, "below", place=COUNTY) == [library]
    assert tab(PROVINCE, "below", kind="foundation") == [orchard]
    assert tab(PROVINCE, "below", category="教育") == [library]
    assert tab(PROVINCE, "all", state="submitted", words="图书") == [library]
    assert tab(PROVINCE, "all", words="松树%") == []
    assert set(tab(PROVINCE, "all", round=world.now.id)) == set(world.slots.values())
    assert set(tab(CITY, "below")) == {library, orchard}
    assert tab(COUNTY, "all", state="submitted") == [library]
    with pytest.raises(NotFound):
        tab(COUNTY, "all", place=OTHER_COUNTY)
    found = lists.ids(regions.scope(PROVINCE), lists.Wanted(tab="below", flagged="no"), lambda ids: {library})
    assert found == [orchard]
    with clock.frozen(at(world.now.due + timedelta(days=30))):
        assert set(tab(PROVINCE, "owed", overdue=True)) == set(tab(PROVINCE, "owed"))
        assert set(tab(PROVINCE, "below", overdue=True)) == {library, orchard}
    assert tab(PROVINCE, "below", overdue=True) == []


def test_a_list_takes_as_many_queries_for_many_as_for_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def count() -> int:
        asked: list[str] = []
        original = type(db.database.obj).execute_sql

        def counting(self: object, sql: str, *more: object, **named: object) -> object:
            asked.append(sql)
            return original(self, sql, *more, **named)

        with monkeypatch.context() as patched:
            patched.setattr(type(db.database.obj), "execute_sql", counting)
            reviews.listing(regions.scope(PROVINCE), lists.Wanted(tab="all"), forms.read_quantities)
            reviews.standing(regions.scope(PROVINCE))
        return len(asked)

    world.submit()
    few = count()
    submit(world, "orchard", "joint:lotus", "joint:pine")
    assert count() == few <= 18


def test_a_report_knows_what_stands_before_and_after_it_in_a_list(world: World) -> None:
    scope, wanted = regions.scope(PROVINCE), lists.Wanted(tab="all", sort="due")
    order = lists.ids(scope, wanted)
    assert reviews.neighbours(scope, wanted, order[0]) == (None, order[1])
    assert reviews.neighbours(scope, wanted, order[2]) == (order[1], order[3])
    assert reviews.neighbours(scope, wanted, order[-1]) == (order[-2], None)
    assert reviews.neighbours(scope, wanted, 987654) == (None, order[0])
