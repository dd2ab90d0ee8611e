"""A manager's page, and the deletion of one's own data."""

from __future__ import annotations

import pytest

from reportsvc.accounts import people
from reportsvc.models import Person
from tests.web.browsing import Element, Page, Phone
from tests.web.conftest import Site
from tests.web.test_signing import ask, newest


def form(page: Page, end: str) -> Element:
    return next(one for one in page.forms if one.attributes["action"].endswith(end))


def add(phone: Phone, name: str = "钱小芳", number: str = "13900000001") -> Page:
    page = phone.get("/organization")
    return phone.send(page, form(page, "/add"), name=name, phone=number)


def test_a_colleague_reports_at_once_and_is_out_at_the_next_request(site: Site, reporter: Phone) -> None:
    assert "/organization" in reporter.get("/reports").links
    page = reporter.follow(add(reporter))
    assert "钱小芳" in page.main
    theirs = site.phone()
    page = theirs.send(ask(theirs, "13900000001"), code=newest(site))
    page = theirs.send(theirs.follow(page))  # the notice
    assert "乡村图书室" in theirs.follow(page).main
    assert "/organization" not in theirs.get("/reports").links
    page = reporter.get("/organization")
    colleague = Person.get(Person.phone == "13900000001")
    page = reporter.follow(reporter.send(page, form(page, f"/people/{colleague.id}/withdraw/reporter")))
    assert "13900000001" not in page.main
    assert page.main.count("钱小芳") == 2, "in the history"
    assert theirs.get("/reports").status == 403


def test_what_was_typed_wrongly_stays_and_is_named(site: Site, reporter: Phone) -> None:
    page = add(reporter, "钱小芳", "139")
    assert page.status == 422
    values = dict(form(page, "/add").fields)
    assert (values["name"], values["phone"]) == ("钱小芳", "139")
    invalid = [one.attributes["name"] for one in page.root.all("input") if "aria-invalid" in one.attributes]
    assert invalid == ["phone"]
    assert site.zh("A mobile number has 11 digits and starts with 1. Look at what you typed.") in page.main


def test_the_last_manager_is_told_why_they_stay(site: Site, reporter: Phone) -> None:
    page = reporter.get("/organization")
    me = site.world.reporter.id
    page = reporter.send(page, form(page, f"/people/{me}/withdraw/manager"))
    assert page.status == 409
    assert page.root.all("h1")[0].text == site.world.lotus.name
    add(reporter)
    colleague = Person.get(Person.phone == "13900000001")
    page = reporter.get("/organization")
    assert reporter.send(page, form(page, f"/people/{colleague.id}/manager")).status == 302
    page = reporter.get("/organization")
    answer = reporter.send(page, form(page, f"/people/{me}/withdraw/manager"))
    assert reporter.follow(answer).status == 200
    assert reporter.get("/organization").status == 403


def test_who_manages_several_chooses_and_sees_no_other(site: Site, reporter: Phone) -> None:
    world = site.world
    assert reporter.get(f"/organization?id={world.pine.id}").status == 404
    people.grant(world.reporter, people.MANAGER, organization=world.pine)
    page = reporter.get(f"/organization?id={world.pine.id}")
    assert page.root.all("h1")[0].text == world.pine.name
    assert "赵国强" in page.main
    assert f"/organization?id={world.lotus.id}" in page.links
    account = reporter.get("/account").main
    assert account.count(world.lotus.name) == 2
    assert account.count(world.pine.name) == 1


def test_numbers_are_not_tried_out_by_the_hundred(site: Site, reporter: Phone) -> None:
    answers = [add(reporter, "某某", f"139000001{number:02d}").status for number in range(31)]
    assert answers == [302] * 30 + [422]


@pytest.mark.parametrize("role", ["other_reporter", "county", "province"])
def test_nobody_else_comes_in(site: Site, role: str) -> None:
    phone = site.phone(getattr(site.world, role))
    assert phone.get("/organization").status == 403
    assert phone.get("/reports" if role == "other_reporter" else "/review").status == 200


def test_somebody_deletes_their_data(site: Site, reporter: Phone) -> None:
    sent, other = site.world.submit(), site.phone(site.world.reporter)
    assert "/account/leave" in reporter.get("/account").links
    page = reporter.get("/account/leave")
    assert site.world.lotus.name in page.main, "nobody could add colleagues there"
    page = reporter.send(page, digits="1234")
    assert (page.status, site.zh("These are not the last four digits of your mobile number.") in page.main) == (
        422,
        True,
    )
    page = reporter.send(page, digits="0001")
    assert page.status == 200
    assert "王素梅" not in page.text
    assert reporter.get("/reports").status == other.get("/reports").status == 302
    seen = site.phone(site.world.province).get(f"/versions/{sent.id}").main
    assert f"已注销用户 #{site.world.reporter.id}" in seen
    assert "****" not in seen


def test_staff_are_told_to_ask(site: Site, county: Phone) -> None:
    page = county.get("/account/leave")
    assert [one for one in page.forms if one.fields] == []
    token = dict(county.get("/account/password").form.fields)["csrf_token"]
    assert county.post("/account/leave", {"digits": "0003", "csrf_token": token}).status == 403
