"""A quarter on the desk in a browser: named answers, a correction, three levels, many at once, by keys, and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from reportsvc import db, totals
from reportsvc.accounts import notice, people
from reportsvc.models import Campaign, Person
from tests.e2e.server import running
from tests.e2e.test_targets import small
from tests.e2e.test_whole_way import Site, fill_in, go_on
from tests.support.world import CITY, KEY, build

REASON = "自有资金与台账不符，请附说明。"


@pytest.fixture
def desk(tmp_path: Path, browser: Browser) -> Iterator[Site]:
    """The province of the tests, with a city between county and province."""
    opened = db.open_database(f"sqlite:///{tmp_path / 'reportsvc.db'}")
    db.migrate(opened)
    with running(tmp_path, KEY) as address, db.database.connection_context():
        made = Site(address, build(), tmp_path, browser)
        Campaign.update(route=["county", "city", "province"]).execute()
        yield made
        for context in made.contexts:
            context.close()


def funds(site: Site) -> str:
    through = totals.Quarter(site.world.now.year, site.world.now.quarter)
    return str(totals.headline(site.world.campaign, through)["funds_yuan"])


def all_that_are_ticked(page: Page) -> None:
    """Everything on the page of the list, flagged or not, with one confirmation."""
    for box in page.locator(".pick input").all():
        box.check()
    page.locator("button[name=which][value=ticked]").click()
    expect(page.locator("form[action*='/move'] input[name=slot]")).to_have_count(1)
    page.locator("form[action*='/move'] button.main").click()


def named_return(county: Page) -> None:
    """Two answers are to be changed; one has a reason of its own."""
    county.locator("a[data-row]").click()
    county.locator("input[name=field][value=own_funds]").check()
    county.locator("input[name='why-own_funds']").fill(REASON)
    county.locator("input[name=field][value=progress_text]").check()
    county.locator("textarea[name=reason]").fill("请改两处。")
    county.locator("#return button").click()


def correct(reporter: Page) -> None:
    """Straight to the answer that was named first, on to the next one, and off; the second stays as it was."""
    reporter.locator(".todo.returned .button").click()
    assert reporter.url.endswith("/fill/money#own_funds")
    expect(reporter.locator("[data-path=own_funds] .form-remark")).to_contain_text(REASON)
    reporter.locator("input[name=own_funds]").fill("15000")
    go_on(reporter)
    expect(reporter.locator("[data-path=progress_text] .form-remark")).to_be_visible()
    go_on(reporter)
    reporter.wait_for_url("**/check")
    reporter.locator("form[action$='/check'] button.main").click()


def pass_on_by_keys(city: Page) -> None:
    """Into the report, to the reason, help, approve; who writes is not interrupted."""
    expect(city.locator("a[data-row]")).to_be_visible()
    city.wait_for_load_state()
    city.keyboard.press("j")
    expect(city.locator("a[data-row]")).to_be_focused()
    city.keyboard.press("Enter")
    expect(city.locator("#return")).to_be_visible()
    city.wait_for_load_state()
    city.keyboard.press("r")
    reason = city.locator("textarea[name=reason]")
    expect(reason).to_be_focused()
    city.keyboard.type("a?j")
    expect(reason).to_have_value("a?j")
    city.locator("h1").click()
    city.keyboard.press("?")
    expect(city.locator("#keys dl")).to_be_visible()
    city.keyboard.press("a")


def city_reviewer() -> Person:
    person = people.create_person("周海波", "13800000009")
    notice.accept(person.id, notice.Terms())
    people.grant(person, people.REVIEWER, region=CITY)
    return person


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_quarter_from_a_named_return_to_many_approved_and_taken_back(desk: Site, script: bool) -> None:
    reporter = desk.signed_in(desk.world.reporter, script=script)
    fill_in(reporter)
    reporter.locator("main button.main").click()
    county = desk.signed_in(desk.world.county, script=script)
    named_return(county)
    reporter.goto(desk.address)
    correct(reporter)

    report = f"{desk.address}/review/{desk.world.slots['library']}"
    county.goto(report)
    expect(county.locator(".problem li")).to_have_count(1)  # the reviewer is told that one is as it was
    expect(county.locator("tr.changed").first).to_contain_text("15,000")
    county.goto(f"{desk.address}/review")
    all_that_are_ticked(county)
    city = desk.signed_in(city_reviewer(), script=script)
    if script:
        pass_on_by_keys(city)
    else:
        city.locator("a[data-row]").click()
        city.locator("form[action$='/approve'] button").click()
    expect(city.locator("[role=status]")).to_be_visible()

    before = funds(desk)
    province = desk.signed_in(desk.world.province, script=script)
    all_that_are_ticked(province)
    expect(province.locator("main")).to_contain_text("18,000.00")
    assert (before, funds(desk)) == ("8000.00", "26000.00")
    province.locator("form[action*='/undo'] button").click()
    expect(province.locator("[role=status]")).to_be_visible()
    assert funds(desk) == "8000.00", "what is taken back leaves the totals"
    province.goto(f"{desk.address}/review")
    expect(province.locator("a[data-row]")).to_have_count(1)
    county.goto(report)
    expect(county.locator("main > ul li")).to_have_count(8)


def test_what_reviewers_touch_is_large_enough(desk: Site) -> None:
    desk.world.submit()
    slot = desk.world.slots["library"]
    page = desk.signed_in(desk.world.county)
    wrong = {}
    for path in ("/review", "/review?tab=all&kind=association", f"/review/{slot}", f"/review/{slot}/comments"):
        page.goto(desk.address + path)
        # A tick's label is as large as its row; it stands beside the tick and not around it.
        if found := [one for one in small(page, 44) if 'name="field"' not in one]:
            wrong[path] = found
    assert wrong == {}
