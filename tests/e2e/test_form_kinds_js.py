"""The rarer kinds of question in the browser: choices that follow answers, ranks, places, rows within rows."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from reportsvc.forms import importer
from reportsvc.forms.answers.state import work_out
from reportsvc.forms.definition import to_json
from tests.e2e.conftest import PHONE, serve
from tests.e2e.form_page import KINDS, TODAY, render

SECURE = "http://localhost"  # browsers ask for a position on such an origin only
FORM = importer.read(KINDS.encode(), "kinds.md")
HOUSEHOLD = {"n": "2", "people": [{"name": "甲", "jobs": [{"pay": "1200"}, {"pay": "3"}]}, {"name": "乙"}]}
Sent = list[list[tuple[str, str]]]


@pytest.fixture
def sent() -> Sent:
    """What the browser posted, form by form."""
    return []


def opened(browser: Browser, sent: Sent, given: dict[str, Any], **options: Any) -> Page:
    context = browser.new_context(viewport=PHONE, locale="zh-CN", **options)
    page = context.new_page()

    def keep(route: Route) -> None:
        sent.append(parse_qsl(route.request.post_data or "", keep_blank_values=True))
        route.fulfill(status=204)

    page.route("**/*", serve)
    page.route("**/form", lambda route: route.fulfill(body=render(given, form=FORM), content_type="text/html"))
    page.route("**/save", keep)
    page.goto(SECURE + "/form")
    return page


@pytest.fixture
def page(browser: Browser, sent: Sent) -> Iterator[Page]:
    """The form with its script, where the phone says where it is."""
    position = {"latitude": 38.0428123, "longitude": 114.5149, "accuracy": 12}
    found = opened(browser, sent, HOUSEHOLD, permissions=["geolocation"], geolocation=position)
    errors: list[str] = []
    found.on("pageerror", lambda error: errors.append(str(error)))
    found.wait_for_selector("[data-followed]")
    yield found
    found.context.close()
    assert errors == []


def values(page: Page, selector: str) -> list[str]:
    found: list[str] = page.eval_on_selector_all(selector, "all => all.map((each) => each.value)")
    return found


def field(page: Page, path: str) -> Any:
    return page.locator(f'[data-path="{path}"]')


def test_choices_follow_the_answer_they_depend_on(page: Page) -> None:
    assert values(page, "#county option") == [""]
    page.select_option("#city", "sjz")
    assert values(page, "#county option") == ["", "zhengding", "pingshan"]
    page.select_option("#county", "pingshan")
    page.get_by_label("平山县").check()
    page.select_option("#city", "cd")
    assert values(page, "#county option") == ["", "fengning"]
    expect(page.locator("#county")).to_have_value("")
    assert values(page, "#counties input") == ["fengning"]


def test_a_choice_that_need_not_be_made_can_be_taken_back(page: Page, sent: Sent) -> None:
    clear = field(page, "poor").get_by_role("button", name="Clear this answer")
    expect(clear).to_be_hidden()
    expect(page.get_by_text("No answer")).to_be_hidden()
    page.get_by_label("是", exact=True).check()
    clear.click()
    expect(clear).to_be_hidden()
    page.locator("button[name=go]").click()
    page.wait_for_timeout(50)
    assert dict(sent[0])["poor"] == ""


def test_places_in_a_rank_are_swapped_and_the_last_one_fills_itself(page: Page) -> None:
    page.select_option("#needs-0", "water")
    page.select_option("#needs-1", "road")
    assert values(page, "#needs select") == ["water", "road", "school"]
    page.select_option("#needs-2", "water")
    assert values(page, "#needs select") == ["school", "road", "water"]


def test_the_phone_says_where_it_is(page: Page) -> None:
    page.get_by_role("button", name="Use my position").click()
    expect(page.locator("#place")).to_have_value("38.0428123 114.5149 0 12")


def test_rows_are_as_many_as_are_asked_for_and_a_trigger_fills_in(page: Page) -> None:
    page.fill("#n", "3")
    page.locator("#n").blur()
    expect(page.locator("#people-2")).to_be_visible()
    expect(page.locator("#doubled")).to_have_value("6")
    page.fill("#n", "1")
    page.locator("#n").blur()
    expect(page.locator("#people-1")).to_be_hidden()


def test_rows_within_rows_are_summed_and_numbered(page: Page) -> None:
    expect(field(page, "people[1].told_pay")).to_have_text("甲一共 1,203 元")
    page.locator("#people-1-jobs").get_by_role("button", name="Add another").click()
    page.locator("#people-1-jobs-1-pay").fill("1.5万")
    expect(field(page, "people[2].told_pay")).to_have_text("乙一共 15,000 元")
    expect(field(page, "total")).to_have_text("全家 16,203 元")
    expect(field(page, "people[2].jobs[2].pay")).to_have_count(1)
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("[name=remove-people-0-jobs-0]").click()
    expect(field(page, "total")).to_have_text("全家 15,003 元")
    expect(field(page, "people[1].jobs[1].pay").locator("input")).to_have_value("3")


def test_everything_fits_and_can_be_touched(page: Page) -> None:
    page.get_by_label("是", exact=True).check()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    small = page.evaluate(
        """() => [...document.querySelectorAll('.form-input, .form-choice, button, summary')]
        .filter((each) => each.checkVisibility() && !each.closest('.form-away'))
        .filter((each) => each.getBoundingClientRect().height < 43.9)
        .map((each) => each.outerHTML)"""
    )
    assert small == []


def test_without_a_script_there_is_a_button_for_no_answer(browser: Browser, sent: Sent) -> None:
    bare = opened(browser, sent, {**HOUSEHOLD, "poor": "yes", "city": "cd"}, java_script_enabled=False)
    assert values(bare, "#county option") == ["", "fengning"]
    bare.get_by_label("No answer").check()
    bare.locator("[name=remove-people-0-jobs-1]").click()
    bare.wait_for_timeout(50)
    assert ("remove-people-0-jobs-1", "1") in sent[0]
    assert dict(sent[0])["poor"] == ""
    bare.context.close()


WORK_OUT = """async ([form, today, cases]) => {
  const { parts, State } = await import("/static/forms/state.js");
  const known = parts(form);
  return cases.map(([answers, asked]) => {
    const state = new State(known, answers, today);
    const value = (name, row) => (known.get(name).part.kind ? state.value(name, row) : "");
    return asked.map(([name, row]) => [state.relevant(name, row), value(name, row)]);
  });
}"""


def test_rows_within_rows_come_out_as_on_the_server(page: Page) -> None:
    chance = random.Random(20260405)  # noqa: S311 - samples, not secrets
    cases, expected = [], []
    for _ in range(200):
        people = [
            {
                "name": chance.choice("甲乙丙"),
                "jobs": [{"pay": chance.choice(["1", "2.5", "x", "1200"])} for _ in range(chance.randrange(3))],
            }
            for _ in range(chance.randrange(4))
        ]
        given: dict[str, Any] = {"n": chance.choice(["0", "1", "2", "3", "", "x"]), "people": people}
        state = work_out(FORM, given, supplied={}, today=TODAY)
        asked: list[tuple[str, list[int]]] = [("all_pay", []), ("people", [])]
        found: list[list[Any]] = [[True, state.value("all_pay")], [True, ""]]
        for row in range(state.rows["people"]):
            for name in ("name", "earned", "told_pay"):
                asked.append((name, [row]))
                found.append([state.is_relevant(name, row), state.value(name, row)])
            for number, inner in enumerate(state.span("jobs", row)):
                asked.append(("pay", [row, number]))
                found.append([state.is_relevant("pay", inner), state.value("pay", inner)])
        cases.append([given, asked])
        expected.append(found)
    assert page.evaluate(WORK_OUT, [to_json(FORM), TODAY.isoformat(), cases]) == expected
    assert len({str(found) for found in expected}) > 50
