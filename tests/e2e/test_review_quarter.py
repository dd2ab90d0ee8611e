"""A quarter on the desk in a browser: named answers, a correction, three levels, many at once, by keys, and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from reportsvc import db, totals
from reportsvc.accounts import notice, people
from reportsvc.models import Campaign
from tests.e2e.server import running
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


def all_of_the_page(page: Page) -> None:
    """Everything on the page of the list, with one confirmation."""
    page.locator("button[name=which][value=page]").click()
    expect(page.locator("input[name=slot]")).to_have_count(1)
    page.locator("main button.main").click()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_quarter_from_a_named_return_to_many_approved_and_taken_back(desk: Site, script: bool) -> None:
    reporter = desk.signed_in(desk.world.reporter, script=script)
    fill_in(reporter)
    reporter.locator("main button.main").click()
    slot = desk.world.slots["library"]

    county = desk.signed_in(desk.world.county, script=script)
    county.locator("a[data-row]").click()
    county.locator("input[name=field][value=own_funds]").check()
    county.locator("input[name='why-own_funds']").fill(REASON)
    county.locator("input[name=field][value=progress_text]").check()
    county.locator("textarea[name=reason]").fill("请改两处。")
    county.locator("#return button").click()

    reporter.goto(desk.address)
    reporter.locator(".todo.returned .button").click()  # straight to the field that was named first
    assert reporter.url.endswith("/fill/money#own_funds")
    expect(reporter.locator("[data-path=own_funds] .form-remark")).to_contain_text(REASON)
    reporter.locator("input[name=own_funds]").fill("15000")
    go_on(reporter)
    expect(reporter.locator("[data-path=progress_text] .form-remark")).to_be_visible()  # and on to the next of them
    go_on(reporter)
    reporter.wait_for_url("**/check")
    reporter.locator("form[action$='/check'] button.main").click()

    county.goto(f"{desk.address}/review/{slot}")
    untouched = county.locator(".problem").filter(has=county.locator("li"))
    expect(untouched.locator("li")).to_have_count(1)  # the progress text is as it was, and the reviewer is told
    expect(county.locator("tr.changed").first).to_contain_text("15,000")
    county.goto(f"{desk.address}/review")
    all_of_the_page(county)

    city_reviewer = people.create_person("周海波", "13800000009")
    notice.accept(city_reviewer.id, notice.Terms())
    people.grant(city_reviewer, people.REVIEWER, region=CITY)
    city = desk.signed_in(city_reviewer, script=script)
    if script:  # by keys: into the report, approve, and back in the list
        expect(city.locator("a[data-row]")).to_be_visible()
        city.wait_for_load_state()
        city.keyboard.press("j")
        expect(city.locator("a[data-row]")).to_be_focused()
        city.keyboard.press("Enter")
        expect(city.locator("#return")).to_be_visible()
        city.keyboard.press("r")
        expect(city.locator("textarea[name=reason]")).to_be_focused()
        city.keyboard.type("a?j")  # who writes is not interrupted
        expect(city.locator("textarea[name=reason]")).to_have_value("a?j")
        city.locator("h1").click()
        city.keyboard.press("?")
        expect(city.locator("#keys dl")).to_be_visible()
        city.keyboard.press("a")
    else:
        city.locator("a[data-row]").click()
        city.locator("form[action$='/approve'] button").click()
    expect(city.locator("[role=status]")).to_be_visible()

    before = funds(desk)
    province = desk.signed_in(desk.world.province, script=script)
    all_of_the_page(province)
    assert (before, funds(desk)) == ("8000.00", "26000.00")
    expect(province.locator("main")).to_contain_text("18,000.00")
    province.locator("form[action*='/undo'] button").click()
    assert funds(desk) == "8000.00", "what is taken back leaves the totals"
    province.goto(f"{desk.address}/review")
    expect(province.locator("a[data-row]")).to_have_count(1)
    county.goto(f"{desk.address}/review/{slot}")
    expect(county.locator("main > ul li")).to_have_count(8)
