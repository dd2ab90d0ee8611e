"""The pages around a code: too many were asked for, none comes, and an e-mail address that it may come to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from email import message_from_string, policy
from pathlib import Path

import pytest

from reportsvc import clock
from reportsvc.accounts import people
from tests.support import gateways
from tests.support.gateways import MailServer
from tests.web.browsing import Page, Phone
from tests.web.conftest import Site, running

NOON = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)
EMAIL_FIELD = "email"

Start = Callable[..., Site]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts the service with settings of one's own."""
    with ExitStack() as stack:

        def begin(**settings: object) -> Site:
            url = f"sqlite:///{tmp_path / 'site.db'}"
            return stack.enter_context(running(url, tmp_path, monkeypatch, **settings))

        yield begin


def by_mail(box: MailServer, channel: str = "email") -> dict[str, object]:
    return {
        "code_channel": channel,
        "smtp_host": "127.0.0.1",
        "smtp_port": box.port,
        "smtp_security": "none",
        "smtp_from": "reports@example.cn",
    }


def ask(phone: Phone, number: str, **more: str) -> Page:
    return phone.send(phone.get("/sign-in"), phone=number, **more)


def test_an_address_that_asks_too_often_is_told_until_when_and_loses_nothing(start: Start) -> None:
    site = start(codes_per_address=2)
    phone = site.phone()
    message = "Too many codes were asked for from your network. Try again after %(time)s."
    with clock.frozen(NOON):
        for number in ("13900000001", "13900000002"):
            assert ask(phone, number).status == 200
        page = ask(phone, "138 0000 0001", kept="what was typed before")
    assert page.status == 429
    assert site.zh(message, time="2026-11-26 13:00") in page.main
    assert page.values["phone"] == "138 0000 0001"
    assert page.values["kept"] == "what was typed before"
    assert site.sent == []


def test_too_many_tries_at_an_address_are_told_on_the_page_of_the_code(start: Start) -> None:
    site = start(tries_per_address=2)
    phone = site.phone()
    message = "Too many codes were typed from your network. Try again after %(time)s."
    with clock.frozen(NOON):
        page = ask(phone, "13800000001")
        for _ in range(2):
            page = phone.send(page, code="1")
            assert page.status == 422
        page = phone.send(page, code=site.sent[-1][1])
    assert page.status == 429
    assert site.zh(message, time="2026-11-26 13:00") in page.main
    assert page.values["phone"] == "13800000001"


def test_behind_a_trusted_proxy_each_phone_is_counted_by_its_own_address(start: Start) -> None:
    site = start(codes_per_address=1, trusted_proxies=1)
    phone = site.phone()
    page = phone.get("/sign-in")
    fields = dict(page.form.fields)
    statuses = [
        phone.post("/sign-in", fields | {"phone": "13900000001"}, headers={"X-Forwarded-For": f"6.6.6.6, {address}"})
        for address in ("203.0.113.1", "203.0.113.2", "203.0.113.1")
    ]
    assert [one.status for one in statuses] == [200, 200, 429], "and what the phone claims itself is not believed"


def test_who_gets_no_code_reads_what_to_do(site: Site) -> None:
    page = ask(site.phone(), "13900000009")
    assert site.zh("If no code comes") in page.main
    assert (
        site.zh(
            "Still nothing? The number may not be registered. Ask your county's civil-affairs department to look it up."
        )
        in page.main
    )
    assert site.zh("If you have given us your e-mail address, look there, and among the junk mail.") not in page.main


# --- e-mail ----------------------------------------------------------------------------------------------------------


def test_a_code_comes_to_the_address_that_somebody_gave(start: Start) -> None:
    with gateways.mail(MailServer()) as box:
        site = start(**by_mail(box))
        account = site.phone(site.world.reporter)
        page = account.get("/account")
        form = next(form for form in page.forms if form.attributes["action"].endswith("/email"))
        page = account.follow(account.send(page, form, email=" wang@example.cn "))
        assert site.zh("Your e-mail address is kept.") in page.main
        phone = site.phone()
        page = ask(phone, "13800000001")
        assert site.zh("If you have given us your e-mail address, look there, and among the junk mail.") in page.main
        message = message_from_string(box.got[0], policy=policy.default)
        assert (len(box.got), message["To"]) == (1, "wang@example.cn")
        code = re.search(r"\b\d{6}\b", message.get_body(("plain",)).get_content())
        assert code is not None
        assert phone.send(page, code=code[0]).status == 302
    assert "wang@example.cn" in account.get("/account/data.json").html


def test_who_gave_no_address_gets_the_code_by_the_next_channel(start: Start) -> None:
    with gateways.mail(MailServer()) as box:
        site = start(**by_mail(box, "email,console"))
        ask(site.phone(), "13800000001")
    assert (len(box.got), len(site.sent)) == (0, 1)


def test_a_mail_server_that_is_away_is_not_the_pages_trouble(start: Start) -> None:
    with gateways.mail(MailServer()) as box:
        settings = by_mail(box, "email,console")
    site = start(**settings)
    people.set_email(site.world.reporter.id, "wang@example.cn")
    assert ask(site.phone(), "13800000001").status == 200
    assert len(site.sent) == 1


def test_what_is_no_address_is_said_and_stays(start: Start) -> None:
    site = start(**by_mail(MailServer()))
    phone = site.phone(site.world.reporter)
    page = phone.get("/account")
    form = next(form for form in page.forms if form.attributes["action"].endswith("/email"))
    page = phone.send(page, form, email="wang at example")
    assert page.status == 422
    assert site.zh("An e-mail address looks like name@example.cn. Look at what you typed.") in page.main
    field = next(one for one in page.root.all("input") if one.attributes.get("name") == EMAIL_FIELD)
    assert (field.attributes["value"], field.attributes["aria-invalid"]) == ("wang at example", "true")
    assert people.person_by_id(site.world.reporter.id).email is None


def test_nobody_is_asked_for_an_address_that_is_of_no_use(site: Site) -> None:
    phone = site.phone(site.world.reporter)
    asked = site.zh("E-mail address (not required)")
    assert asked not in phone.get("/account").main
    people.set_email(site.world.reporter.id, "wang@example.cn")
    page = phone.get("/account")
    assert asked in page.main, "but one that is kept can be removed"
    form = next(form for form in page.forms if form.attributes["action"].endswith("/email"))
    page = phone.follow(phone.send(page, form, email=""))
    assert site.zh("Your e-mail address is removed.") in page.main
    assert asked not in page.main
