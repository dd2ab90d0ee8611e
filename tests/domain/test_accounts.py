"""Signing in: a code or a link works once, for its person, for a while; nobody learns who has an account."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import peewee
import pytest

from reportsvc import clock
from reportsvc.accounts import people, signing
from reportsvc.errors import Invalid
from reportsvc.models import Person, SignInCode
from reportsvc.projects import organizations, regions, uscc

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)


class Phones:
    """Where the codes arrive."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str]] = []

    def send(self, reach: people.Reach, code: str) -> None:
        self.got.append((reach.phone, code))


@pytest.fixture
def phones() -> Phones:
    return Phones()


@pytest.fixture
def desk(phones: Phones) -> signing.Desk:
    return signing.Desk("k" * 40, phones.send, 10)


@pytest.fixture
def li(database: peewee.Database) -> Person:
    return people.create_person("李兰", "138 0000 0001")


@pytest.mark.parametrize("typed", ["13800000001", " 138-0000-0001", "+86 138 0000 0001", "１３８００００００01"])
def test_a_number_is_kept_in_one_form(typed: str) -> None:
    assert people.phone_number(typed) == "13800000001"


@pytest.mark.parametrize("typed", ["", "1380000000", "23800000001", "12800000001", "电话"])
def test_what_is_no_mobile_number_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match="11 digits"):
        people.phone_number(typed)


def test_a_code_works_once(desk: signing.Desk, phones: Phones, li: Person) -> None:
    signing.ask(desk, "13800000001")
    [(number, code)] = phones.got
    assert number == "13800000001"
    assert signing.enter(desk, number, f" {code[:3]} {code[3:]}") == li.id
    with pytest.raises(Invalid):
        signing.enter(desk, number, code)
    assert code not in {row.secret_hash for row in SignInCode.select()}


def test_a_code_ends(desk: signing.Desk, phones: Phones, li: Person) -> None:
    with clock.frozen(NOON):
        signing.ask(desk, li.phone)
    with clock.frozen(NOON + timedelta(minutes=10)), pytest.raises(Invalid, match="too old"):
        signing.enter(desk, li.phone, phones.got[0][1])


def test_five_wrong_tries_spoil_a_code(desk: signing.Desk, phones: Phones, li: Person) -> None:
    signing.ask(desk, li.phone)
    code = phones.got[0][1]
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(signing.MOST_TRIES):
        with pytest.raises(Invalid):
            signing.enter(desk, li.phone, wrong)
    with pytest.raises(Invalid):
        signing.enter(desk, li.phone, code)


def test_an_unknown_number_gets_the_same_answer_and_nothing_is_sent(
    desk: signing.Desk, phones: Phones, li: Person
) -> None:
    assert signing.ask(desk, "13900000009") == "13900000009"
    assert phones.got == []
    with pytest.raises(Invalid, match="wrong or too old"):
        signing.enter(desk, "13900000009", "123456")


def test_codes_come_at_most_once_a_minute_and_five_times_an_hour(
    desk: signing.Desk, phones: Phones, li: Person
) -> None:
    for minute in range(10):
        for second in (0, 30):
            with clock.frozen(NOON + timedelta(minutes=2 * minute, seconds=second)):
                signing.ask(desk, li.phone)
    assert len(phones.got) == 5


def test_a_link_works_once_and_not_for_a_person_who_left(desk: signing.Desk, li: Person) -> None:
    token = signing.make_link(desk, li)
    assert signing.use_link(desk, token) == li.id
    with pytest.raises(Invalid, match="used before"):
        signing.use_link(desk, token)
    Person.update(active=False).where(Person.id == li.id).execute()
    with pytest.raises(Invalid):
        signing.use_link(desk, signing.make_link(desk, li))
    assert people.actor(li.id) is None


def test_what_somebody_may_do(li: Person) -> None:
    regions.load()
    lotus = organizations.register(organizations.NewOrganization(_uscc(), "丰宁满族自治县莲花志愿协会", "association"))
    for _ in range(2):
        people.grant(li, people.REPORTER, organization=lotus)
        people.grant(li, people.REVIEWER, region="130826")
    with pytest.raises(Invalid, match="over a region"):
        people.grant(li, people.PUBLISHER, organization=lotus)
    found = people.actor(li.id)
    assert found == people.Actor(li.id, "李兰", (lotus.id,), ("130826",), ())
    assert found.roles == {"reporter", "reviewer"}


def _uscc() -> str:
    body = "51130826MJ000000"
    body += uscc.code_check_digit(body[8:16])
    return body + uscc.last_check_digit(body)
