"""A section in the browser: what the script does at once, and that all of it also works without the script."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from werkzeug.datastructures import MultiDict

from reportsvc.forms.definition import Form, Question, Section
from tests.e2e.conftest import ORIGIN, PHONE, serve
from tests.e2e.form_page import FORM, render

Sent = list[list[tuple[str, str]]]
Opener = Callable[..., Page]


@pytest.fixture
def sent() -> Sent:
    """What the browser posted, form by form."""
    return []


@pytest.fixture
def show(page: Page, sent: Sent) -> Opener:
    """Shows a page of the form; ``show(answers, previous=…)``."""

    def open_(given: dict[str, Any], **options: Any) -> Page:
        def answer(route: Route) -> None:
            route.fulfill(body=render(given, **options), content_type="text/html")

        def keep(route: Route) -> None:
            sent.append(parse_qsl(route.request.post_data or "", keep_blank_values=True))
            route.fulfill(status=204)

        page.route("**/form", answer)
        page.route("**/save", keep)
        page.goto(ORIGIN + "/form")
        page.wait_for_function("document.readyState === 'complete'")
        return page

    return open_


@pytest.fixture
def bare(browser: Browser) -> Iterator[Page]:
    """A page in which no script runs."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    opened = context.new_page()
    opened.route("**/*", serve)
    yield opened
    context.close()


def field(page: Page, path: str) -> Any:
    return page.locator(f'[data-path="{path}"]')


# --- with the script -------------------------------------------------------------------------------------------------


def test_questions_appear_and_disappear_as_they_become_relevant(show: Opener) -> None:
    page = show({})
    expect(field(page, "why")).to_be_hidden()
    page.get_by_label("否").check()
    expect(field(page, "why")).to_be_visible()
    page.get_by_label("是", exact=True).check()
    expect(field(page, "why")).to_be_hidden()
    expect(field(page, "shown")).to_be_visible()


def test_a_total_follows_every_key_exactly(show: Opener) -> None:
    page = show({"activity": "yes", "own_funds": "0.1"})
    page.locator("#raised_funds").press_sequentially("1,000,000.2")
    expect(field(page, "shown")).to_have_text("合计 1,000,000.3 元，状态：是")


def test_numbers_of_the_rows_are_summed_outside_of_them(show: Opener) -> None:
    page = show({"benefits": [{"unit": "visits", "amount": "7"}, {"unit": "named", "amount": "5"}]})
    expect(field(page, "crowd")).to_have_text("共 12 人")
    page.locator("#benefits-1-amount").fill("1５")
    expect(field(page, "crowd")).to_have_text("共 22 人")
    expect(field(page, "benefits[2].line")).to_have_text("第 15 位")
    expect(field(page, "benefits[1].names")).to_be_hidden()
    expect(field(page, "benefits[2].names")).to_be_visible()


READ_BACK = {
    "12000.50": "12,000.50 元 ≈ 1.2 万元",
    "20000": "20,000 元 = 2 万元",
    "２１，８７５，０００": "21,875,000 元 = 2,187.5 万元",
    "234567800": "234,567,800 元 ≈ 2.35 亿元",
    "-1234": "-1,234 元",
    "999": "",
    "1,23": "",
}


def test_a_large_number_is_read_back_under_its_input(show: Opener) -> None:
    page = show({})
    for typed, aid in READ_BACK.items():
        page.locator("#own_funds").fill(typed)
        expect(field(page, "own_funds").locator("[data-reading]")).to_have_text(aid)


def test_other_languages_get_the_number_without_myriads(show: Opener) -> None:
    page = show({"own_funds": "12000.50"}, language="en")
    expect(field(page, "own_funds").locator("[data-reading]")).to_have_text("12,000.50 元")


def test_a_constraint_is_hinted_at_when_the_input_is_left_and_taken_back_while_it_is_mended(show: Opener) -> None:
    page = show({})
    own = page.locator("#own_funds")
    own.fill("-3")
    expect(page.get_by_text("金额不能是负数。")).to_be_hidden()
    own.blur()
    expect(page.get_by_text("金额不能是负数。")).to_be_visible()
    expect(own).to_have_attribute("aria-invalid", "true")
    assert page.locator("#" + str(own.get_attribute("aria-describedby")).split()[-1]).inner_text() == "金额不能是负数。"
    own.fill("3")
    expect(page.get_by_text("金额不能是负数。")).to_be_hidden()
    expect(own).not_to_have_attribute("aria-invalid", "true")


def test_what_is_no_number_is_repeated_as_it_was_typed(show: Opener) -> None:
    page = show({})
    page.locator("#own_funds").fill("一万 <b>$&")
    page.locator("#own_funds").blur()
    expect(field(page, "own_funds").locator(".form-error")).to_contain_text("“一万 <b>$&” can't be read as a number")


def test_rows_come_and_go_without_a_request(show: Opener, sent: Sent) -> None:
    page = show({"benefits": [{"amount": "7"}, {"amount": "8"}]})
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Add another").click()
    page.locator("#benefits-2-amount").fill("9")
    expect(page.get_by_role("button", name="Add another")).to_be_disabled()
    page.locator("[name=remove-benefits-0]").click()
    expect(page.locator("[data-row-number]").first).to_have_text("1")
    assert [field(page, f"benefits[{row}].amount").locator("input").input_value() for row in (1, 2)] == ["8", "9"]
    page.locator("button[name=go]").click()
    page.wait_for_timeout(50)
    amounts = [(name, value) for name, value in sent[0] if name.endswith("-amount")]
    assert amounts == [("benefits-1-amount", "8"), ("benefits-2-amount", "9")]


def test_a_row_that_holds_something_goes_only_when_that_is_confirmed(show: Opener) -> None:
    page = show({"benefits": [{"amount": "7"}]})
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.locator("[name=remove-benefits-0]").click()
    expect(page.locator("#benefits-0-amount")).to_have_value("7")
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("[name=remove-benefits-0]").click()
    expect(field(page, "benefits[1].amount").locator("input")).to_have_value("")


def test_a_form_is_sent_once_however_often_it_is_touched(show: Opener, sent: Sent) -> None:
    page = show({})
    button = page.locator("button[name=go]")
    page.evaluate("() => { const b = document.querySelector('button[name=go]'); b.click(); b.click(); }")
    expect(button).to_be_disabled()
    assert [dict(form)["go"] for form in sent] == ["next"]
    page.evaluate("() => window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(button).to_be_enabled()
    button.click()
    page.wait_for_timeout(50)
    assert len(sent) == 2


def test_enter_saves_and_takes_no_row_away(show: Opener, sent: Sent) -> None:
    page = show({"benefits": [{"amount": "7"}]})
    page.locator("#own_funds").press("Enter")
    page.wait_for_timeout(50)
    assert not [name for name, _ in sent[0] if name.startswith(("add-", "remove-"))]


def test_inputs_named_like_parts_of_a_form_do_no_harm(show: Opener, sent: Sent) -> None:
    names = ("submit", "elements", "dataset", "addEventListener", "action", "closest", "id", "constructor", "__proto__")
    form = Form("odd", "odd", (Section("odd", "odd", tuple(Question(name, "text", name) for name in names)),))
    page = show({}, form=form)
    page.locator('[name="submit"]').fill("here")
    page.locator("button[name=go]").click()
    expect(page.locator("button[name=go]")).to_be_disabled()
    assert dict(sent[0])["submit"] == "here"


def test_the_summary_leads_to_the_input(show: Opener) -> None:
    page = show({"own_funds": "-1", "benefits": [{"amount": "0"}]}, checked=True)
    expect(page.locator(".form-summary")).to_be_focused()
    page.get_by_role("link", name="自有资金").click()
    expect(page.locator("#own_funds")).to_be_focused()
    page.get_by_role("link", name="受益情况 1 · 数量").click()
    expect(page.locator("#benefits-0-amount")).to_be_focused()
    page.get_by_role("link", name="是否开展工作").click()
    expect(page.locator("#activity-0")).to_be_focused()


def test_at_a_phones_width_everything_fits_and_can_be_touched(show: Opener) -> None:
    given = {"activity": "no", "own_funds": "-1", "benefits": [{"unit": "named", "amount": "0"}, {"amount": "1"}]}
    long = replace(FORM.sections[0], label="很长的标题" * 30, hint="没有空格的提示abcdefghijklmnopqrstuvwxyz" * 5)
    page = show(given, form=Form("sample", "", (long,)), previous={"own_funds": "9,999,999,999.99"}, checked=True)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    small = page.evaluate(
        """() => [...document.querySelectorAll('.form-input, .form-choice, button, .form-summary a')]
        .filter((each) => each.checkVisibility() && !each.closest('.form-away'))
        .filter((each) => each.getBoundingClientRect().height < 43.9)
        .map((each) => each.outerHTML)"""
    )
    assert small == []
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('.form-input :is(input, select, textarea)')]
        .map((each) => parseFloat(getComputedStyle(each).fontSize))"""
    )
    assert min(sizes) >= 16


# --- without it ------------------------------------------------------------------------------------------------------


def test_without_scripts_the_server_has_decided_what_is_shown(bare: Page) -> None:
    bare.set_content(render({"activity": "no", "benefits": [{"unit": "named", "amount": "3"}]}))
    assert field(bare, "why").is_visible()
    assert field(bare, "benefits[1].names").is_visible()
    assert not field(bare, "shown").is_visible()


def test_without_scripts_the_buttons_of_the_rows_are_the_servers(bare: Page) -> None:
    sent: Sent = []

    def answer(route: Route) -> None:
        posted = parse_qsl(route.request.post_data or "", keep_blank_values=True)
        sent.append(posted)
        route.fulfill(body=render({}, formdata=MultiDict(posted) if posted else None), content_type="text/html")

    bare.route("**/save", answer)
    bare.goto(ORIGIN + "/save")
    bare.locator("#benefits-0-amount").fill("7")
    bare.get_by_role("button", name="Add another").click()
    bare.locator("#benefits-1-amount").fill("8")
    bare.locator("[name=remove-benefits-0]").click()
    assert bare.locator("#benefits-0-amount").input_value() == "8"
    assert bare.locator("#benefits-1-amount").count() == 0
    assert [name for posted in sent for name, _ in posted if "-benefits" in name] == [
        "add-benefits",
        "remove-benefits-0",
    ]


def test_what_a_person_typed_or_an_author_wrote_is_text_and_never_markup(bare: Page) -> None:
    nasty = "\"'><script>alert(1)</script>${own_funds}%(x)s{{ 7 * 7 }}"
    questions = tuple(replace(item, label=nasty, hint=nasty) for item in FORM.sections[0].items)
    form = Form("sample", nasty, (Section("money", nasty, questions, nasty),))
    given = {"own_funds": nasty, "why": f"\n{nasty}", "activity": nasty, "benefits": [{"amount": nasty, "unit": nasty}]}
    bare.set_content(
        render(given, form=form, previous={"own_funds": nasty, "why": nasty, "benefits": nasty}, checked=True)
    )
    assert bare.locator("script:not([src]):not([type='application/json'])").count() == 0
    assert bare.locator("#own_funds").input_value() == nasty
    assert bare.locator("#why").input_value() == f"\n{nasty}"
    assert json.loads(bare.locator("#form-definition").text_content() or "")["form"]["sections"][0]["label"] == nasty


def test_errors_hints_and_last_quarter_belong_to_their_input(bare: Page) -> None:
    bare.set_content(render({"own_funds": "-1"}, previous={"own_funds": "12,000"}, checked=True))
    own = bare.locator("#own_funds")
    told = " ".join(
        bare.locator(f"#{each}").inner_text() for each in str(own.get_attribute("aria-describedby")).split()
    )
    assert (own.get_attribute("aria-invalid"), told) == ("true", "金额不能是负数。 元 Last quarter: 12,000")
    assert (own.get_attribute("inputmode"), own.get_attribute("type")) == ("decimal", "text")
    assert bare.get_by_role("radiogroup", name="是否开展工作").get_attribute("aria-describedby") == "activity-error"
