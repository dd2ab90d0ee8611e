"""A reporter's list: what came back, what is due by when, what is being written, what is done; one tap to go on."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from reportsvc import clock
from reportsvc.accounts import people
from reportsvc.models import Organization, Project, Slot
from reportsvc.projects import campaigns
from reportsvc.reports import transitions
from tests.support.world import COUNTY
from tests.web.browsing import Element, Page, Phone
from tests.web.conftest import Site
from tests.web.test_reporting import begin, fill_in


def cards(page: Page) -> list[Element]:
    return [one for one in page.root.all("div") if one.attributes.get("class", "").startswith("todo")]


def ways(card: Element) -> list[tuple[str, str]]:
    """(address, text) of a card's links: its overview, and the one tap to go on."""
    return [(link.attributes["href"], link.text) for link in card.all("a")]


def card_of(page: Page, slot: int) -> Element:
    return next(card for card in cards(page) if ways(card)[0][0] == f"/reports/{slot}")


def tap(page: Page, slot: int) -> tuple[str, str]:
    return ways(card_of(page, slot))[1]


def give_back(site: Site, name: str, *fields: str) -> None:
    slot = site.world.slot(name)
    move = transitions.Move(
        action="return", person=site.world.county, revision=slot.revision, reason="请核对金额。", fields=fields
    )
    transitions.apply(slot, move)


def test_one_tap_leads_to_the_first_page_that_needs_something(site: Site, reporter: Phone) -> None:
    slot = site.world.slots["library"]
    assert tap(reporter.get("/reports"), slot) == (f"/reports/{slot}/fill/state", "开始填报 · 乡村图书室")
    begin(reporter)
    page = reporter.get("/reports")
    assert tap(page, slot) == (f"/reports/{slot}/fill/money", "继续填报：本季度投入 · 乡村图书室")
    assert "共6页，已完成1页" in card_of(page, slot).text
    fill_in(reporter)
    assert tap(reporter.get("/reports"), slot) == (f"/reports/{slot}/check", "核对并提交 · 乡村图书室")
    reporter.send(reporter.section("text"), progress_text="")
    page = reporter.get("/reports")
    assert tap(page, slot)[0] == f"/reports/{slot}/fill/text"
    assert "共6页，已完成5页" in card_of(page, slot).text


def test_what_came_back_stands_first_with_its_reason_and_leads_to_what_was_named(site: Site, reporter: Phone) -> None:
    site.world.submit()
    give_back(site, "library", "nosuch", "benefits[1].benefit_amount")
    page = reporter.get("/reports")
    slot = site.world.slots["library"]
    assert cards(page)[0] is card_of(page, slot)
    assert "请核对金额。" in cards(page)[0].text
    assert "被退回：1份" in page.main
    assert tap(page, slot)[0] == f"/reports/{slot}/fill/benefit#benefits-0-benefit_amount"
    reporter.send(reporter.section("benefit"), **{"benefits-0-benefit_amount": "300"})
    assert tap(reporter.get("/reports"), slot)[0] == f"/reports/{slot}/check", "once it is changed"


def test_without_named_fields_what_came_back_begins_at_its_first_page(site: Site, reporter: Phone) -> None:
    site.world.submit()
    give_back(site, "library")
    slot = site.world.slots["library"]
    assert tap(reporter.get("/reports"), slot)[0] == f"/reports/{slot}/fill/state"


@pytest.mark.parametrize(
    ("days", "said"),
    [(10, "还剩10天"), (2, "还剩2天"), (1, "明天截止"), (0, "今天截止"), (-1, "昨天已截止"), (-4, "已逾期4天")],
)
def test_days_are_said_in_words(site: Site, reporter: Phone, days: int, said: str) -> None:
    due = site.world.now.due
    with clock.frozen(clock.now() + timedelta(days=(due - clock.today()).days - days)):
        page = reporter.get("/reports")
    assert said in page.main
    assert "已逾期" in page.main, "last quarter's other report is still owed"


def test_a_report_with_a_day_of_its_own_says_it(site: Site, reporter: Phone) -> None:
    slot = site.world.slots["library"]
    Slot.update(due=clock.today() + timedelta(days=3)).where(Slot.id == slot).execute()
    assert "还剩3天" in card_of(reporter.get("/reports"), slot).text


def test_what_is_due_first_stands_first(site: Site, reporter: Phone) -> None:
    quarters = [one.text for one in reporter.get("/reports").root.all("h2")]
    earlier, now = (f"{one.year}年第{one.quarter}季度" for one in (site.world.before, site.world.now))
    assert quarters == [earlier, now, "已完成"]


def test_several_organizations_are_told_apart(site: Site, reporter: Phone) -> None:
    page = reporter.get("/reports")
    assert page.root.all("h3") == []
    assert page.main.count(site.world.lotus.name) == 1, "the only one is named once"
    people.grant(site.world.reporter, people.REPORTER, organization=site.world.pine)
    page = site.phone(site.world.reporter).get("/reports")
    headings = [one.text for one in page.root.all("h2", "h3")]
    assert headings[1:3] == [site.world.lotus.name, site.world.pine.name]
    assert all(site.world.pine.name not in card.text for card in cards(page))


def test_what_is_done_is_at_hand_but_not_in_the_way(site: Site, reporter: Phone) -> None:
    site.world.submit()
    page = reporter.get("/reports")
    done = page.root.all("details")
    assert [one.all("summary")[0].text for one in done] == [
        f"{one.year}年第{one.quarter}季度 · 已提交：1 份" for one in (site.world.now, site.world.before)
    ]
    assert "open" in done[0].attributes
    assert "open" not in done[1].attributes
    assert f"/reports/{site.world.slots['library']}" in [link.attributes["href"] for link in done[0].all("a")]


# --- many ------------------------------------------------------------------------------------------------------------


@contextmanager
def queries() -> Iterator[list[str]]:
    """The statements that reach the database inside."""
    found: list[str] = []

    class Counting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record.getMessage())

    log, handler = logging.getLogger("peewee"), Counting()
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    try:
        yield found
    finally:
        log.removeHandler(handler)
        log.setLevel(level)


def test_many_reports_take_as_many_queries_as_few(either: Site) -> None:
    phone = either.phone(either.world.reporter)
    begin(phone)
    either.world.submit("joint:lotus", benefits=[], outputs=[])
    give_back(either, "joint:lotus", "own_funds")
    phone.get("/reports")  # the form is read once
    with queries() as few:
        phone.get("/reports")
    add_projects(either, 30)
    with queries() as many:
        page = phone.get("/reports")
    assert len(cards(page)) == 33
    assert page.main.count("共6页，已完成1页") == 16
    assert len(many) == len(few) > 5, "\n".join(many)


def add_projects(site: Site, count: int) -> None:
    """Projects of one organization in a round of their own, every other report begun."""
    world = site.world
    for number in range(count):
        spec = campaigns.ProjectSpec(f"N{number}", f"样例项目{number}" * 12, "教育", (world.lotus,), (COUNTY,))
        campaigns.create_project(world.campaign, spec)
    known = set(Slot.select(Slot.id).tuples())
    days = (clock.today() - timedelta(days=1), world.now.due, world.now.closes)
    year = clock.today().year + 1
    campaigns.open_round(world.campaign, world.form, campaigns.RoundSpec(year, 1, *days))
    added = Slot.select().where(Slot.organization == world.lotus).order_by(Slot.id)
    phone = site.phone(world.reporter)
    fresh = [slot for slot in added if (slot.id,) not in known and slot.project.code.startswith("N")]
    Slot.delete().where(
        Slot.round == added[-1].round_id, Slot.project.not_in([one.project_id for one in fresh])
    ).execute()
    for slot in fresh[: count // 2]:
        world.slots[slot.project.code] = slot.id
        phone.send(phone.section("state", slot.project.code), project_state="running", activity="yes")


def test_somebody_with_nothing_due_is_told(site: Site, reporter: Phone) -> None:
    Slot.delete().where(Slot.state != "approved", Slot.organization == site.world.lotus).execute()
    assert "应报的季报已全部提交。" in reporter.get("/reports").main
    Project.update(name="长" * 200).execute()
    Organization.update(name="名" * 200).execute()
    assert reporter.get("/reports").status == 200
