"""The notice on personal data comes before anything else, once, and takes nothing from anybody."""

from __future__ import annotations

import pytest

from reportsvc.accounts.notice import Terms
from reportsvc.models import Person
from tests.web.browsing import Phone
from tests.web.conftest import Site
from tests.web.test_signing import ask, newest


@pytest.fixture
def unread(site: Site) -> Site:
    Person.update(notice_version="2020-01", notice_at=None).execute()
    return site


def test_it_comes_first_and_once_and_leads_on(unread: Site) -> None:
    phone = unread.phone(unread.world.reporter)
    wanted = f"/reports/{unread.world.slots['library']}?from=list"
    for path in ("/reports", "/account", "/account/data.json", wanted):
        assert phone.get(path).location.partition("?")[0] == "/notice"
    page = phone.follow(phone.get(wanted))
    assert "10 年" in page.main
    answer = phone.send(page)
    assert answer.location == wanted
    assert phone.follow(answer).status == 200
    assert unread.phone(unread.world.reporter).get("/reports").status == 200
    read = Person.get_by_id(unread.world.reporter.id)
    assert (read.notice_version, read.notice_at is None) == (Terms().version, False)


def test_nobody_is_led_elsewhere_by_it(unread: Site) -> None:
    phone = unread.phone(unread.world.reporter)
    assert phone.send(phone.get("/notice?next=//evil.example")).location == "/"


def test_a_form_that_waits_behind_the_sign_in_waits_behind_the_notice_too(site: Site) -> None:
    phone = site.phone(site.world.reporter)
    page = phone.section("state")
    phone.forget()
    page = phone.send(page, project_state="paused")
    Person.update(notice_version=None).execute()
    page = phone.send(ask(phone, page=page), code=newest(site))
    assert page.root.all("h1")[0].text == site.zh("Your personal data")
    page = phone.send(page)
    assert dict(page.form.fields)["project_state"] == "paused"
    phone.send(page)
    assert site.draft()["project_state"] == "paused"


def test_a_notice_that_changes_while_somebody_types_loses_nothing(site: Site, reporter: Phone) -> None:
    page = reporter.section("state")
    Person.update(notice_version="2020-01").execute()
    slot = site.world.slots["library"]
    saved = reporter.send(page, page.form, project_state="paused")
    assert saved.status == 401, "which a script that saves takes for: reload the page"
    assert site.draft() == {}
    page = reporter.send(reporter.send(saved))
    assert page.status in {302, 422}
    assert reporter.get(f"/reports/{slot}").status == 200


def test_it_can_be_read_at_any_time_by_anybody(site: Site, reporter: Phone) -> None:
    stranger = site.phone()
    assert "/privacy" in stranger.get("/sign-in").links
    assert "/privacy" in reporter.get("/account").links
    text = stranger.get("/privacy").main
    assert "第十三条" in text
    assert "10 年" in text


def test_a_way_out_stays_open(unread: Site) -> None:
    phone = unread.phone(unread.world.reporter)
    page = phone.get("/notice")
    out = next(form for form in page.root.all("form") if form.attributes["action"] == "/sign-out")
    assert phone.send(page, out).status == 302
    assert phone.get("/notice").location.startswith("/sign-in")
