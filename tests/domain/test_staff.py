"""Staff get in with a password and a code that works once; nothing else of theirs opens the door."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import argon2
import peewee
import pytest

from reportsvc import clock
from reportsvc.accounts import passwords, people, sessions, signing, staff
from reportsvc.errors import Conflict, Invalid
from reportsvc.models import Grant, Person, RecoveryCode, StaffLogin
from tests.domain.test_sessions import LIFETIMES
from tests.support.staffing import PASSWORD, Enrolled, enrol, quick_hashes
from tests.support.world import KEY, World, build

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
HERE = "10.0.0.1"
WRONG = "number or the password is wrong"


@pytest.fixture
def world(database: peewee.Database) -> Iterator[World]:
    with quick_hashes():
        yield build()


@pytest.fixture
def county(world: World) -> Iterator[Enrolled]:
    with clock.frozen(NOON):
        yield enrol(world.county, NOON - timedelta(hours=1))


def refused(county: Enrolled, code: str) -> bool:
    with pytest.raises(Invalid, match="wrong or was used before"):
        staff.check_code(KEY, county.person.id, code)
    return True


# --- the invitation ---------------------------------------------------------------------------------------------------


def test_an_invitation_is_for_staff_only_and_good_once_for_three_days(world: World) -> None:
    for phone in (world.reporter.phone, "13900000009"):
        with pytest.raises(Invalid, match="Nobody who reviews"):
            staff.invite(KEY, phone)
    with clock.frozen(NOON):
        _, first = staff.invite(KEY, world.county.phone)
        _, second = staff.invite(KEY, world.county.phone)
        with pytest.raises(Invalid, match="used before or is too old"):
            staff.invited(KEY, first)
    with clock.frozen(NOON + timedelta(days=3)), pytest.raises(Invalid, match="too old"):
        staff.choose_password(KEY, second, PASSWORD)
    with clock.frozen(NOON):
        assert staff.invited(KEY, second) == world.county
        Grant.delete().where(Grant.person == world.county).execute()
        with pytest.raises(Invalid):
            staff.invited(KEY, second)


def test_a_password_alone_opens_nothing_and_the_link_stays_good_until_the_first_code(world: World) -> None:
    with clock.frozen(NOON):
        _, token = staff.invite(KEY, world.county.phone)
        with pytest.raises(Invalid, match="at least 12"):
            staff.choose_password(KEY, token, "short")
        staff.choose_password(KEY, token, PASSWORD)
        with pytest.raises(Invalid, match=WRONG):
            staff.check_password(KEY, world.county.phone, PASSWORD, HERE)
        with pytest.raises(Invalid, match="does not fit"):
            staff.join(KEY, token, "000000")
        staff.choose_password(KEY, token, PASSWORD + " again")
    found = enrol(world.county, NOON)
    assert len(set(found.recovery)) == 8
    with pytest.raises(Conflict, match="has a password already"):
        staff.invite(KEY, world.county.phone)


def test_nothing_that_opens_the_door_can_be_read_in_the_database(county: Enrolled) -> None:
    kept = " ".join(str(row.__data__) for table in (StaffLogin, RecoveryCode) for row in table.select())
    for secret in (PASSWORD, county.secret, *county.recovery, *(code.replace("-", "") for code in county.recovery)):
        assert secret not in kept


def test_a_reset_takes_everything_and_signs_out_everywhere(county: Enrolled) -> None:
    token = sessions.begin(LIFETIMES, county.person.id, "")
    staff.invite(KEY, county.person.phone, reset=True)
    assert sessions.find(LIFETIMES, token) is None
    with pytest.raises(Invalid, match=WRONG):
        staff.check_password(KEY, county.person.phone, PASSWORD, HERE)
    refused(county, county.recovery[0])


# --- signing in -------------------------------------------------------------------------------------------------------


def test_the_same_sentence_answers_every_failure(world: World, county: Enrolled) -> None:
    for phone, password in (
        (county.person.phone, PASSWORD + "!"),
        (county.person.phone, ""),
        (world.province.phone, PASSWORD),  # has no password yet
        (world.reporter.phone, PASSWORD),
        ("13900000009", PASSWORD),
    ):
        with pytest.raises(Invalid, match=WRONG):
            staff.check_password(KEY, phone, password, HERE)
    assert staff.check_password(KEY, " 138-0000-0003", PASSWORD, HERE) == county.person.id
    Person.update(active=False).where(Person.id == county.person.id).execute()
    with pytest.raises(Invalid, match=WRONG):
        staff.check_password(KEY, county.person.phone, PASSWORD, HERE)


def test_tries_are_counted_by_number_and_by_address(county: Enrolled) -> None:
    for _ in range(10):
        with pytest.raises(Invalid, match=WRONG):
            staff.check_password(KEY, county.person.phone, "guess", HERE)
    with pytest.raises(Invalid, match="Too many"):
        staff.check_password(KEY, county.person.phone, PASSWORD, "10.0.0.2")
    for number in range(50):
        with pytest.raises(Invalid, match=WRONG):
            staff.check_password(KEY, f"139000000{number:02d}", "guess", HERE)
    with pytest.raises(Invalid, match="Too many"):
        staff.check_password(KEY, "13900000099", "guess", HERE)
    with clock.frozen(NOON + timedelta(minutes=15)):
        assert staff.check_password(KEY, county.person.phone, PASSWORD, HERE) == county.person.id


def test_a_code_is_taken_once_even_if_the_clock_is_half_a_minute_off(county: Enrolled) -> None:
    person, half = county.person.id, timedelta(seconds=30)
    early, late = county.code(NOON - half), county.code(NOON + half)
    assert refused(county, county.code(NOON + 2 * half))
    assert refused(county, county.code(NOON - 2 * half))
    assert staff.check_code(KEY, person, early) == "app"
    assert staff.check_code(KEY, person, f" {late[:3]} {late[3:]}") == "app"
    assert refused(county, late)
    assert refused(county, early), "and none from before one that was taken"


def test_guessing_codes_is_stopped(county: Enrolled) -> None:
    wrong = f"{(int(county.code()) + 1) % 10**6:06d}"
    for _ in range(10):
        refused(county, wrong)
    with pytest.raises(Invalid, match="Too many"):
        staff.check_code(KEY, county.person.id, county.code())


def test_a_recovery_code_works_once_however_it_is_typed(county: Enrolled) -> None:
    first, second = county.recovery[:2]
    assert staff.check_code(KEY, county.person.id, f" {first.lower().replace('-', ' ')} ") == "recovery"
    assert refused(county, first)
    assert staff.check_code(KEY, county.person.id, second) == "recovery"


def test_of_somebody_elses_nothing_fits(world: World, county: Enrolled) -> None:
    other = enrol(world.province, NOON - timedelta(hours=1))
    assert refused(county, other.code())
    assert refused(county, other.recovery[0])
    assert staff.check_code(KEY, other.person.id, other.recovery[0]) == "recovery"


def test_with_another_key_of_the_service_the_authenticator_is_lost_and_nothing_breaks(county: Enrolled) -> None:
    with pytest.raises(Invalid, match="wrong or was used before"):
        staff.check_code("another key " * 4, county.person.id, county.code())


def test_whoever_is_no_longer_staff_gets_no_further_than_the_password(county: Enrolled) -> None:
    Grant.delete().where(Grant.person == county.person).execute()
    assert refused(county, county.code())


def test_a_password_hashed_more_weakly_is_hashed_anew(county: Enrolled, monkeypatch: pytest.MonkeyPatch) -> None:
    before = StaffLogin.get().password_hash
    monkeypatch.setattr(passwords, "_hasher", argon2.PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    staff.check_password(KEY, county.person.phone, PASSWORD, HERE)
    after = StaffLogin.get().password_hash
    assert before != after
    assert "t=2" in after
    staff.check_password(KEY, county.person.phone, PASSWORD, HERE)
    assert StaffLogin.get().password_hash == after


def test_a_code_to_the_phone_lets_no_staff_in(world: World) -> None:
    sent: list[tuple[str, str]] = []
    desk = signing.Desk(KEY, lambda number, code: sent.append((number, code)), 10)
    assert signing.ask(desk, world.county.phone) == world.county.phone
    assert sent == []
    signing.ask(desk, world.reporter.phone)
    people.grant(world.reporter, people.REVIEWER, region="130826")
    with pytest.raises(Invalid, match="wrong or too old"):
        signing.enter(desk, sent[0][0].phone, sent[0][1])


def test_a_phone_that_was_signed_in_by_code_opens_nothing_to_who_became_staff_since(world: World) -> None:
    token = sessions.begin(LIFETIMES, world.reporter.id, "")
    people.grant(world.reporter, people.REVIEWER, region="130826")
    assert sessions.find(LIFETIMES, token) is None
    assert sessions.find(LIFETIMES, sessions.begin(LIFETIMES, world.reporter.id, "")) is not None


# --- later changes ----------------------------------------------------------------------------------------------------


def test_a_password_is_changed_by_who_knows_the_old_one(county: Enrolled) -> None:
    person = county.person.id
    with pytest.raises(Invalid, match="not your password"):
        staff.change_password(KEY, person, "guess", PASSWORD + " 2")
    with pytest.raises(Invalid, match="at least 12"):
        staff.change_password(KEY, person, PASSWORD, "short")
    staff.change_password(KEY, person, PASSWORD, PASSWORD + " 2")
    assert staff.check_password(KEY, county.person.phone, PASSWORD + " 2", HERE) == person


def test_another_app_counts_from_its_first_code_and_not_before(county: Enrolled) -> None:
    person = county.person.id
    with pytest.raises(Invalid):
        staff.begin_authenticator(KEY, person, PASSWORD, "000000")
    with pytest.raises(Invalid):
        staff.begin_authenticator(KEY, person, "guess", county.recovery[0])
    staff.begin_authenticator(KEY, person, PASSWORD, county.recovery[0])
    assert staff.check_code(KEY, person, county.code()) == "app"
    new = Enrolled(county.person, staff.pending_secret(KEY, person), [])
    staff.confirm_authenticator(KEY, person, new.code())
    with clock.frozen(NOON + timedelta(minutes=1)):
        assert refused(county, county.code())
        assert staff.check_code(KEY, person, new.code()) == "app"
    with pytest.raises(Invalid, match="does not fit"):
        staff.confirm_authenticator(KEY, person, new.code())
