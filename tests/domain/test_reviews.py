"""Reviewing: one level after another, each step once, and never beyond the region."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import peewee
import pytest

from reportsvc import db, reviews
from reportsvc.errors import Conflict, Invalid, NotFound, ReportsvcError
from reportsvc.models import Event, Figure, Person, Slot, Version
from reportsvc.projects import regions
from reportsvc.reports import forms
from tests.support.world import CITY, COUNTY, OTHER_COUNTY, World, build

PROVINCE = regions.PROVINCE


@pytest.fixture
def world(database: peewee.Database) -> World:
    return build()


def endorse(world: World, code: str, person: Person, slot: Slot | None = None) -> Slot:
    seen = slot or world.slot()
    return reviews.endorse(regions.scope(code), seen.id, person, seen.revision, forms.read_quantities)


def send_back(world: World, code: str, reason: str, slot: Slot | None = None) -> Slot:
    seen = slot or world.slot()
    return reviews.send_back(regions.scope(code), seen.id, world.county, seen.revision, reason=reason)


def tabs(code: str) -> dict[str, int]:
    """What the desk of a region shows, without empty tabs."""
    standing = reviews.standing(regions.scope(code))
    return {name: getattr(standing, name) for name in reviews.TABS if getattr(standing, name)}


def test_a_report_goes_up_level_by_level_and_its_figures_count_at_the_end(world: World) -> None:
    version = world.submit()
    assert endorse(world, COUNTY, world.county).state == "endorsed_county"
    assert Figure.select().where(Figure.version == version).count() == 0
    assert endorse(world, PROVINCE, world.province).state == "approved"
    assert Figure.select().where(Figure.version == version).count() == 3
    actions = [event.action for event in reviews.history(world.slot())]
    assert actions == ["submit", "endorse_county", "approve"]


def test_the_desk_shows_who_it_waits_for(world: World) -> None:
    world.submit()
    assert tabs(COUNTY) == {"ready": 1, "done": 1, "all": 2}
    assert tabs(CITY) == {"below": 1, "done": 1, "owed": 6, "all": 8}
    assert tabs(PROVINCE) == {"below": 1, "done": 1, "owed": 6, "all": 8}
    assert tabs(OTHER_COUNTY) == {"owed": 2, "all": 2}
    endorse(world, COUNTY, world.county)
    assert tabs(COUNTY) == {"passed": 1, "done": 1, "all": 2}
    assert tabs(PROVINCE)["ready"] == 1
    reviews.send_back(
        regions.scope(PROVINCE), world.slot().id, world.province, world.slot().revision, reason="请核对。"
    )
    assert tabs(COUNTY)["returned"] == 1
    assert [row.slot.id for row in reviews.listing(regions.scope(COUNTY), reviews.Wanted(tab="returned")).rows] == [
        world.slots["library"]
    ]
    with pytest.raises(NotFound):
        reviews.listing(regions.scope(COUNTY), reviews.Wanted(tab="nosuch"))


@pytest.mark.parametrize("act", [lambda world, slot: endorse(world, COUNTY, world.county, slot),
                                 lambda world, slot: send_back(world, COUNTY, "请核对。", slot)])  # fmt: skip
def test_what_was_seen_before_it_changed_decides_nothing(world: World, act: Callable[[World, Slot], Slot]) -> None:
    world.submit()
    seen = world.slot()
    send_back(world, COUNTY, "请补充。")
    world.submit(own_funds="99999")
    with pytest.raises(Conflict, match="just worked on"):
        act(world, seen)
    assert world.slot().state == "submitted"


def test_a_report_waits_for_one_level_at_a_time(world: World) -> None:
    world.submit()
    with pytest.raises(Conflict, match="does not wait for you"):
        endorse(world, PROVINCE, world.province)
    endorse(world, COUNTY, world.county)
    with pytest.raises(Conflict, match="does not wait for you"):
        send_back(world, COUNTY, "晚了一步。")


@pytest.mark.parametrize("reason", ["", " \n\t ", "\x00", "\u200b"])
def test_a_return_needs_a_reason_that_can_be_read(world: World, reason: str) -> None:
    world.submit()
    with pytest.raises(Invalid, match="Say why"):
        send_back(world, COUNTY, reason)


def test_a_reason_has_at_most_2000_characters(world: World) -> None:
    world.submit()
    with pytest.raises(Invalid, match="has 2001 characters; at most 2000"):
        send_back(world, COUNTY, "字" * 2001)
    assert send_back(world, COUNTY, " " + "字" * 2000 + "\r\n").reason == "字" * 2000


def test_reviewers_at_the_same_moment_do_it_once(world: World, database: peewee.Database) -> None:
    version = world.submit()
    endorse(world, COUNTY, world.county)
    slot, start = world.slot(), threading.Barrier(4)

    def press(number: int) -> str:
        with db.database.connection_context():
            start.wait()
            try:
                if number % 2:
                    return send_back(world, PROVINCE, "请核对。", slot).state
                return endorse(world, PROVINCE, world.province, slot).state
            except ReportsvcError as problem:
                return type(problem).__name__

    with ThreadPoolExecutor(4) as pool:
        done = sorted(pool.map(press, range(4)))
    assert done[:3] == ["Conflict"] * 3
    assert world.slot().state == done[3]
    assert Event.select().where(Event.slot == slot, Event.action.in_(("approve", "return"))).count() == 1
    assert Figure.select().where(Figure.version == version).count() == (3 if done[3] == "approved" else 0)


def test_only_the_province_returns_what_is_approved(world: World) -> None:
    world.submit()
    world.approve()
    with pytest.raises(Conflict):
        send_back(world, COUNTY, "请核对。")
    assert send_back(world, PROVINCE, "重复计算。").state == "returned"


def test_nothing_is_there_outside_of_the_region(world: World) -> None:
    version = world.submit()
    for slot in (world.slots["library"], 987654):
        with pytest.raises(NotFound, match="no such report"):
            reviews.find_for((OTHER_COUNTY,), slot)
        with pytest.raises(NotFound, match="no such report"):
            reviews.endorse(regions.scope(OTHER_COUNTY), slot, world.other_county, 1, forms.read_quantities)
        with pytest.raises(NotFound, match="no such report"):
            reviews.send_back(regions.scope(OTHER_COUNTY), slot, world.other_county, 1, reason="x")
    for wanted in (version.id, 987654):
        with pytest.raises(NotFound, match="no such report"):
            reviews.version_for((OTHER_COUNTY,), wanted)
    assert reviews.version_for((CITY,), version.id) == version


def test_of_several_regions_the_one_that_it_waits_for_is_taken(world: World) -> None:
    world.submit()
    assert reviews.find_for((PROVINCE, COUNTY), world.slots["library"])[0].code == COUNTY
    endorse(world, COUNTY, world.county)
    assert reviews.find_for((PROVINCE, COUNTY), world.slots["library"])[0].code == PROVINCE
    assert Version.select().where(Version.slot == world.slots["library"]).count() == 1
