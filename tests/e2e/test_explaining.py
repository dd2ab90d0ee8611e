"""Explain or fix, and choosing between two devices, in a browser: with and without a script, for everybody."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from reportsvc.models import Draft, Version
from reportsvc.reports import drafts, forms
from tests.e2e.test_accessible import faults, wide
from tests.e2e.test_whole_way import Site, go_on, site  # noqa: F401 - the fixture
from tests.support.world import ANSWERS

WHY = "企业一次性捐建一栋教学楼。"


def check(site: Site, *, script: bool = True) -> Page:  # noqa: F811 - the fixture's value
    """The page of the check over a draft that is doubted."""
    answers = {**ANSWERS, "own_funds": "150000"}
    for part in forms.form_of(site.world.form).sections:
        mark = drafts.mark(part, drafts.opened(site.world.slot()).answers)
        typed = drafts.Typed(part, drafts.part(part, answers), mark, site.world.form)
        drafts.save(site.world.slot(), site.world.reporter, typed)
    page = site.signed_in(site.world.reporter, script=script)
    page.get_by_role("link", name="核对并提交 · 乡村图书室").click()
    return page


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_explained_fixed_and_sent(site: Site, script: bool) -> None:  # noqa: F811
    page = check(site, script=script)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_label("没有填错的话，请说明原因")).to_be_focused()
    page.get_by_label("没有填错的话，请说明原因").fill(WHY)
    page.get_by_role("button", name="去改正").click()
    expect(page.get_by_label("自有资金")).to_have_value("150000")
    expect(page.get_by_label("自有资金")).to_be_in_viewport()
    page.get_by_role("button", name="保存，返回核对").click()
    expect(page.get_by_label("没有填错的话，请说明原因")).to_have_value(WHY)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", name="季报已收到")).to_be_visible()
    version = Version.get(Version.slot == site.world.slots["library"])
    assert version.explanations["money.own_funds"]["text"] == WHY


def test_an_explanation_is_saved_while_it_is_written(site: Site) -> None:  # noqa: F811
    page = check(site)
    expect(page.get_by_role("heading", name="核对并提交")).to_be_visible()
    page.wait_for_load_state()  # offline sooner, the script that saves would never have come
    page.context.set_offline(True)
    page.get_by_label("没有填错的话，请说明原因").fill(WHY)
    expect(page.get_by_text("网络不通")).to_be_visible(timeout=15000)
    page.context.set_offline(False)
    expect(page.get_by_text("已保存。")).to_be_visible(timeout=15000)
    assert list(Draft.get().explanations.values()) == [WHY]
    page.reload()
    expect(page.get_by_label("没有填错的话，请说明原因")).to_have_value(WHY)


def test_what_was_written_before_the_script_came_is_saved(site: Site) -> None:  # noqa: F811
    page = check(site)
    expect(page.get_by_role("heading", name="核对并提交")).to_be_visible()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/explain*.js*", hold)
    with page.expect_request("**/explain*.js*"):
        page.reload(wait_until="commit")
    page.get_by_label("没有填错的话，请说明原因").fill(WHY)
    assert held, "the script would have come before"
    for route in held:
        route.continue_()
    expect(page.get_by_text("已保存。")).to_be_visible(timeout=15000)
    assert list(Draft.get().explanations.values()) == [WHY]


def conflict(site: Site, script: bool) -> Page:  # noqa: F811
    page = check(site, script=script)
    address = f"{site.address}/reports/{site.world.slots['library']}/fill/money"
    page.goto(address)
    other = site.signed_in(site.world.reporter, script=False)
    other.goto(address)
    other.get_by_label("自有资金").fill("100")
    other.get_by_label("募集资金").fill("200")
    go_on(other)
    page.get_by_label("自有资金").fill("111")
    page.get_by_label("募集资金").fill("222")
    go_on(page)
    return page


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_two_devices_answers_are_chosen_one_by_one(site: Site, script: bool) -> None:  # noqa: F811
    page = conflict(site, script)
    page.get_by_role("group", name="募集资金").get_by_text("200").click()
    if script:
        expect(page.get_by_text("此页已在别的设备上修改", exact=False).last).to_be_visible()
    assert Draft.get().answers["own_funds"] == "100", "nothing is saved by itself before the choice"
    go_on(page)
    expect(page.get_by_role("heading", name="受益情况")).to_be_visible()
    answers = Draft.get().answers
    assert (answers["own_funds"], answers["raised_funds"]) == ("111", "200")


@pytest.mark.parametrize("way", ["plain", "dark", "english", "large"])
def test_these_pages_hinder_nobody(site: Site, way: str) -> None:  # noqa: F811
    page = conflict(site, script=True)
    if way == "dark":
        page.emulate_media(color_scheme="dark")
    if way in {"english", "large"}:
        page.goto(site.address + "/reports")
        page.get_by_role("button", name="English" if way == "english" else "大字版").click()
    wrong = {}
    slot = site.world.slots["library"]
    for path in ("/reports", f"/reports/{slot}", f"/reports/{slot}/check"):
        page.goto(site.address + path)
        wrong[path] = faults(page) + (["wider than the phone"] if wide(page) else [])
    for address, change in ((f"/reports/{slot}/fill/money", "own_funds"),):
        page.goto(site.address + address)
        other = site.signed_in(site.world.reporter, script=False)
        other.goto(site.address + address)
        other.locator(f"[name={change}]").fill("333")
        go_on(other)
        page.locator(f"[name={change}]").fill("160000")
        go_on(page)
        expect(page.locator(f"[name=take-{change}]")).to_have_count(2)
        wrong[address] = faults(page) + (["wider than the phone"] if wide(page) else [])
    go_on(page)
    page.goto(f"{site.address}/reports/{slot}/check")
    page.locator("main .main").click()
    expect(page.locator("textarea[aria-invalid]")).to_have_count(1)
    wrong["refused"] = faults(page)
    page.locator("textarea").fill(WHY)
    page.locator("main .main").click()
    page.goto(f"{site.address}/reports/{slot}/sent/1")
    wrong["sent"] = faults(page)
    reviewer = site.signed_in(site.world.county)
    reviewer.emulate_media(color_scheme="dark" if way == "dark" else "light")
    reviewer.goto(f"{site.address}/review/{slot}")
    wrong["review"] = faults(reviewer) + (["wider than the phone"] if wide(reviewer) else [])
    assert {where: found for where, found in wrong.items() if found} == {}
