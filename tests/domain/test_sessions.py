"""A device stays signed in as long as its owner's part allows, and an ended session never comes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import peewee
import pytest

from reportsvc import clock
from reportsvc.accounts import mine, people, sessions
from reportsvc.models import Person, Session
from tests.support.world import World, build

LIFETIMES = sessions.Lifetimes("k" * 40, timedelta(days=90), timedelta(minutes=30), timedelta(hours=12))


@pytest.fixture
def world(database: peewee.Database) -> World:
    return build()


def holder(token: str) -> int | None:
    found = sessions.find(LIFETIMES, token)
    return None if found is None else found.id


def test_a_token_is_known_only_to_its_device(world: World) -> None:
    token = sessions.begin(LIFETIMES, world.reporter.id, "微信 · Android")
    assert holder(token) == world.reporter.id
    assert holder(token + "x") is None
    assert token not in str(Session.get().__data__)


def test_a_reporters_phone_stays_signed_in_while_it_is_used_and_90_days_beyond(world: World) -> None:
    start = clock.now()
    token = sessions.begin(LIFETIMES, world.reporter.id, "")
    for days in (80, 160, 249):
        with clock.frozen(start + timedelta(days=days)):
            assert holder(token) == world.reporter.id
    with clock.frozen(start + timedelta(days=249 + 90)):
        assert holder(token) is None


def test_a_desk_is_signed_out_after_half_an_hour_of_nothing_and_after_twelve_hours_of_work(world: World) -> None:
    start = datetime(2026, 11, 24, 1, tzinfo=UTC)
    with clock.frozen(start):
        idle, busy = (sessions.begin(LIFETIMES, world.county.id, "") for _ in range(2))
    for minutes in range(0, 12 * 60, 20):
        with clock.frozen(start + timedelta(minutes=minutes)):
            assert holder(busy) == world.county.id
    with clock.frozen(start + timedelta(minutes=31)):
        assert holder(idle) is None
    with clock.frozen(start + timedelta(hours=12)):
        assert holder(busy) is None


def test_after_signing_out_the_token_is_dead(world: World) -> None:
    token = sessions.begin(LIFETIMES, world.reporter.id, "")
    sessions.end(LIFETIMES, token)
    assert holder(token) is None


def test_devices_are_listed_and_ended_from_elsewhere_but_only_ones_own(world: World) -> None:
    phone, tablet = (sessions.begin(LIFETIMES, world.reporter.id, name) for name in ("手机", "平板"))
    foreign = sessions.begin(LIFETIMES, world.other_reporter.id, "别人的手机")
    listed = sessions.devices(LIFETIMES, world.reporter.id, phone)
    assert {(one.name, one.here) for one in listed} == {("手机", True), ("平板", False)}
    theirs = Session.get(Session.device == "别人的手机")
    sessions.end_device(world.reporter.id, theirs.id)
    assert holder(foreign) == world.other_reporter.id
    sessions.end_others(LIFETIMES, world.reporter.id, phone)
    assert (holder(phone), holder(tablet)) == (world.reporter.id, None)


def test_somebody_who_left_is_out_at_once(world: World) -> None:
    token = sessions.begin(LIFETIMES, world.reporter.id, "")
    Person.update(active=False).where(Person.id == world.reporter.id).execute()
    assert holder(token) is None


def test_what_is_kept_of_somebody_can_be_taken_away(world: World) -> None:
    sessions.begin(LIFETIMES, world.reporter.id, "手机")
    sent = world.submit()
    data = mine.export(world.reporter.id)
    assert (data["name"], data["phone"]) == ("王素梅", "13800000001")
    assert [(one["role"], one["over"]) for one in data["roles"]] == [
        (role, "丰宁满族自治县莲花志愿服务协会") for role in (people.REPORTER, people.MANAGER)
    ]
    assert sent.receipt in {one["receipt"] for one in data["reports_sent"]}
    assert [one["device"] for one in data["devices"]] == ["手机"]
    assert all(one["receipt"] != sent.receipt for one in mine.export(world.other_reporter.id)["reports_sent"])
