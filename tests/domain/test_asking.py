"""How often a code may be asked for and tried, over all processes; and that nothing tells who has an account."""

from __future__ import annotations

import multiprocessing
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import peewee
import pytest
import structlog

from reportsvc import clock, db
from reportsvc.accounts import allowances, people, signing
from reportsvc.accounts.allowances import Allowance
from reportsvc.errors import Invalid, TooMany
from reportsvc.messages.courier import Courier
from reportsvc.models import Person, SignInCode
from tests.support import asking
from tests.support.postgres import Postgres

NOON = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)
KNOWN, UNKNOWN = "13800000001", "13900000009"
SAVEPOINT = re.compile(r'SAVEPOINT "\w+"')
"""Each has a name of its own."""
Sent = list[tuple[people.Reach, str]]


@pytest.fixture
def sent() -> Sent:
    return []


@pytest.fixture
def li(database: peewee.Database) -> Person:
    return people.create_person("李兰", KNOWN)


@pytest.fixture
def desk(sent: Sent) -> Callable[..., signing.Desk]:
    def make(**limits: int) -> signing.Desk:
        return signing.Desk("k" * 40, lambda *what: sent.append(what), 10, allowance=Allowance(**limits))

    return make


# --- limits ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_four_processes_together_get_no_more_than_one(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if kind == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        url = server.create()
    else:
        url = f"sqlite:///{tmp_path / 'four.db'}"
    opened = db.open_database(url)
    db.migrate(opened)
    with opened.connection_context():
        people.create_person("李兰", asking.NUMBER)
    opened.close_all()
    with ProcessPoolExecutor(4, mp_context=multiprocessing.get_context("spawn")) as pool:
        found = [pool.submit(asking.ask, url, NOON, first) for first in range(0, 400, 100)]
        sent, allowed = zip(*(one.result() for one in found), strict=True)
    assert sum(sent) == 1, "one code a minute for a number"
    assert sum(allowed) == 40, "of 120 from one address"


def test_an_address_is_told_when_it_may_ask_again(li: Person, sent: Sent, desk: Callable[..., signing.Desk]) -> None:
    small = desk(codes_per_address=2)
    with clock.frozen(NOON + timedelta(minutes=40)):
        signing.ask(small, UNKNOWN, "203.0.113.9")
        with pytest.raises(Invalid):
            signing.ask(small, "no number", "203.0.113.9")
        signing.ask(small, UNKNOWN, "203.0.113.9")
        with pytest.raises(TooMany, match=r"Try again after 2026-11-26 13:00\.") as caught:
            signing.ask(small, KNOWN, "203.0.113.9")
        assert (caught.value.status, caught.value.until) == (429, NOON + timedelta(hours=1))
        signing.ask(small, KNOWN, "203.0.113.10")
    assert [reach.phone for reach, _ in sent] == [KNOWN], "others are let in, and none went out for the refused one"
    with clock.frozen(NOON + timedelta(hours=1)):
        signing.ask(small, KNOWN, "203.0.113.9")
    assert len(sent) == 2


def test_tries_are_counted_by_address_right_or_wrong(li: Person, sent: Sent, desk: Callable[..., signing.Desk]) -> None:
    small = desk(tries_per_address=3)
    with clock.frozen(NOON):
        signing.ask(small, KNOWN)
        code = sent[0][1]
        for number in (UNKNOWN, UNKNOWN, "13900000008"):
            with pytest.raises(Invalid):
                signing.enter(small, number, "000000", "203.0.113.9")
        with pytest.raises(TooMany, match="Too many codes were typed"):
            signing.enter(small, KNOWN, code, "203.0.113.9")
        assert signing.enter(small, KNOWN, code, "203.0.113.10") == li.id, "and the refused try spoilt nothing"


def test_a_number_is_tried_only_so_often_wherever_it_is_tried(
    li: Person, sent: Sent, desk: Callable[..., signing.Desk]
) -> None:
    with clock.frozen(NOON):
        for one in range(allowances.TRIES.most):
            with pytest.raises(Invalid):
                signing.enter(desk(), KNOWN, "000000", f"203.0.113.{one}")
        signing.ask(desk(), KNOWN)
        with pytest.raises(Invalid):
            signing.enter(desk(), KNOWN, sent[0][1], "198.51.100.1")


def test_a_day_has_an_end(database: peewee.Database, sent: Sent, desk: Callable[..., signing.Desk]) -> None:
    numbers = [f"1380000000{one}" for one in range(4)]
    for number in numbers:
        people.create_person("某人", number)
    small = desk(codes_a_day=2)
    with clock.frozen(NOON):
        for number in (UNKNOWN, *numbers[:2]):
            signing.ask(small, number)
        assert len(sent) == 2, (
            "only what goes out is counted: nobody can use the day up with numbers that are not there"
        )
        for number in (UNKNOWN, numbers[2]):
            with pytest.raises(TooMany, match=r"No more codes can be sent now\. Try again after 2026-11-27 08:00\."):
                signing.ask(small, number)
    with clock.frozen(NOON + timedelta(days=1)):
        signing.ask(small, numbers[3])
    assert len(sent) == 3


def test_codes_that_were_asked_for_at_the_same_moment_stop_at_the_days_end(
    database: peewee.Database, sent: Sent, desk: Callable[..., signing.Desk]
) -> None:
    waiting: list[Callable[[], None]] = []
    small = signing.Desk("k" * 40, lambda *what: sent.append(what), 10, waiting.append, Allowance(codes_a_day=1))
    with clock.frozen(NOON), structlog.testing.capture_logs() as lines:
        for number in (KNOWN, UNKNOWN):
            people.create_person("某人", number)
            signing.ask(small, number)
        for job in waiting:
            job()
    assert len(sent) == 1
    assert "REPORTSVC_CODES_A_DAY" in lines[0]["event"]


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_an_address_is_counted_as_the_network_that_somebody_holds(address: str, counted: str) -> None:
    assert allowances.network(address) == counted


# --- the same for everybody ------------------------------------------------------------------------------------------


@contextmanager
def queries(database: peewee.Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The statements that run, without their values."""
    ran: list[str] = []
    execute = database.execute_sql

    def note(sql: str, *more: Any, **named: Any) -> Any:
        ran.append(SAVEPOINT.sub("SAVEPOINT", sql))
        return execute(sql, *more, **named)

    with monkeypatch.context() as patch:
        patch.setattr(database, "execute_sql", note)
        yield ran


def test_asking_does_the_same_for_every_number_until_the_answer(
    database: peewee.Database, li: Person, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: list[Callable[[], None]] = []
    desk = signing.Desk("k" * 40, lambda *what: sent.append(what), 10, waiting.append)
    people.create_person("离职", "13800000003")
    Person.update(active=False).where(Person.phone == "13800000003").execute()
    ran = {}
    with clock.frozen(NOON):
        for number in (KNOWN, UNKNOWN, "13800000003"):
            with queries(database, monkeypatch) as ran[number]:
                signing.ask(desk, number)
    assert len(ran[KNOWN]) > 3
    assert ran[KNOWN] == ran[UNKNOWN] == ran["13800000003"]
    assert (sent, len(waiting)) == ([], 3), "who has an account is looked up later"
    for job in waiting:
        job()
    assert [reach.phone for reach, _ in sent] == [KNOWN]


def test_a_wrong_code_costs_the_same_for_every_number(
    database: peewee.Database, li: Person, desk: Callable[..., signing.Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    people.create_person("没有验证码", "13800000003")
    signing.ask(desk(), KNOWN)
    ran = {}
    for number in (KNOWN, UNKNOWN, "13800000003"):
        with queries(database, monkeypatch) as ran[number], pytest.raises(Invalid):
            signing.enter(desk(), number, "no digits")
    assert len(ran[KNOWN]) > 5
    assert ran[KNOWN] == ran[UNKNOWN] == ran["13800000003"]
    assert SignInCode.get().tries == 1


# --- where it goes ---------------------------------------------------------------------------------------------------


def test_a_code_knows_the_persons_address(li: Person, sent: Sent, desk: Callable[..., signing.Desk]) -> None:
    assert people.set_email(li.id, " li.lan@example.cn ") == "li.lan@example.cn"
    signing.ask(desk(), KNOWN)
    assert sent[0][0] == people.Reach(KNOWN, "li.lan@example.cn")
    people.set_email(li.id, "")
    assert people.person_by_id(li.id).email is None


@pytest.mark.parametrize(
    "typed", ["li", "li@", "@example.cn", "li@example", "li lan@example.cn", "a@b.cn\nBcc: c@d.cn", "a@b.cn,c@d.cn",
              "a" * 250 + "@b.cn", "李@例子.中国"]
)  # fmt: skip
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match="looks like"):
        people.email_address(typed)


def test_a_thread_of_the_courier_has_a_connection_of_its_own_and_gives_it_back(
    database: peewee.Database, li: Person, sent: Sent
) -> None:
    open_before = len(database._in_use)
    with ThreadPoolExecutor(1) as pool:
        desk = signing.Desk("k" * 40, lambda *what: sent.append(what), 10, Courier(pool))
        signing.ask(desk, KNOWN)
    assert [reach.phone for reach, _ in sent] == [KNOWN]
    assert signing.enter(desk, KNOWN, sent[0][1]) == li.id
    assert len(database._in_use) == open_before
