"""Two devices on one page: for every answer that differs the person says which stays, and nothing is lost unseen."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.web.browsing import Page, Phone
from tests.web.conftest import Site
from tests.web.test_reporting import begin


@pytest.fixture
def met(site: Site, reporter: Phone) -> tuple[Phone, Page]:
    """A page of money that came back because another device was quicker with two of its three answers."""
    return meet(site, reporter)


def meet(site: Site, phone: Phone) -> tuple[Phone, Page]:
    begin(phone)
    mine = phone.section("money")
    other = site.phone(site.world.reporter)
    other.send(other.section("money"), own_funds="100", raised_funds="200", pooled_funds="5")
    page = phone.send(mine, own_funds="111", raised_funds="222", pooled_funds="5")
    assert page.status == 409
    return phone, page


def offered(page: Page, name: str) -> list[str]:
    """The values of the choice of one question: what is here first."""
    return [one.attributes["value"] for one in page.form.all("input") if one.attributes.get("name") == f"take-{name}"]


def test_each_answer_is_chosen_by_itself(either: Site) -> None:
    phone, page = meet(either, either.phone(either.world.reporter))
    assert offered(page, "pooled_funds") == [], "only what differs is asked about"
    here, there = offered(page, "raised_funds")
    assert (here, dict(page.form.fields)["take-raised_funds"]) == ("here", "here"), "what is here stays by itself"
    answer = phone.send(page, **{"take-raised_funds": there})
    assert answer.location.endswith("/fill/benefit")
    draft = either.draft()
    assert (draft["own_funds"], draft["raised_funds"], draft["pooled_funds"]) == ("111", "200", "5")


def test_what_was_typed_after_comparing_is_asked_about_again(site: Site, met: tuple[Phone, Page]) -> None:
    phone, page = met
    _, there = offered(page, "own_funds")
    page = phone.send(page, **{"take-own_funds": there, "own_funds": "112"})
    assert page.status == 409
    assert site.draft()["own_funds"] == "100", "nothing is saved yet"
    assert "112" in page.form.all("fieldset")[0].text
    assert page.values["own_funds"] == "112"
    assert phone.send(page).status == 302
    assert site.draft()["own_funds"] == "112"


def test_nothing_is_saved_by_itself_before_the_choice(site: Site, met: tuple[Phone, Page]) -> None:
    phone, page = met
    fields = {**dict(page.form.fields), "own_funds": "113"}
    answer = phone.post(page.form.attributes["data-autosave"], fields)
    assert answer.status == 409
    assert site.draft()["own_funds"] == "100"


def test_a_third_change_is_seen_too(site: Site, met: tuple[Phone, Page]) -> None:
    phone, page = met
    other = site.phone(site.world.reporter)
    other.send(other.section("money"), raised_funds="300")
    _, there = offered(page, "own_funds")
    page = phone.send(page, **{"take-own_funds": there})
    assert page.status == 409
    assert offered(page, "own_funds") == [], "that one is settled"
    assert json.loads(offered(page, "raised_funds")[1]) == "300"
    assert (page.values["own_funds"], site.draft()["own_funds"]) == ("100", "100")


def test_a_repeat_is_chosen_as_a_whole(site: Site, reporter: Phone) -> None:
    begin(reporter)
    mine, other = reporter.section("output"), site.phone(site.world.reporter)
    page = other.send(other.section("output"), **row(0, "图书室", "2"), **{"add-outputs": "1"})
    other.send(page, **row(1, "卫生室", "1"))
    page = reporter.send(mine, **row(0, "村内道路", "3"))
    assert page.status == 409
    assert page.form.all("fieldset")[0].text == "成果 本机所填： 村内道路 3 间 别处保存的： 图书室 2 间；卫生室 1 间"
    page = reporter.send(page, **{"add-outputs": "1"})
    assert page.status == 409, "a row may be added while one thinks, and is not saved"
    assert "outputs-1-output_name" in page.values
    assert [row["output_name"] for row in site.draft()["outputs"]] == ["图书室", "卫生室"]
    _, there = offered(page, "outputs")
    assert reporter.send(page, **{"take-outputs": there}).status == 302
    assert [row["output_name"] for row in site.draft()["outputs"]] == ["图书室", "卫生室"]


def row(number: int, name: str, quantity: str) -> dict[str, Any]:
    given = {"output_name": name, "output_quantity": quantity, "output_unit": "间"}
    return {f"outputs-{number}-{key}": value for key, value in given.items()}


def test_an_answer_that_was_taken_away_elsewhere_can_be_taken_away_here(site: Site, reporter: Phone) -> None:
    begin(reporter)
    reporter.send(reporter.section("money"), own_funds="100")
    mine, other = reporter.section("money"), site.phone(site.world.reporter)
    other.send(other.section("money"), own_funds="")
    page = reporter.send(mine, own_funds="111")
    assert reporter.send(page, **{"take-own_funds": offered(page, "own_funds")[1]}).status == 302
    assert "own_funds" not in site.draft()


@pytest.mark.parametrize("value", ["", "x", "[", "[" * 100_000, "5", "null", '[{"a": 1}]', '{"a": 1}', '"-7"'])
def test_a_choice_that_makes_no_sense_breaks_nothing(site: Site, met: tuple[Phone, Page], value: str) -> None:
    phone, page = met
    answer = phone.send(page, **{"take-own_funds": value})
    assert answer.status in {302, 422}
    assert site.draft()["own_funds"] in {"111", "-7"}, "what is chosen is checked as if it were typed"
