"""What is typed is saved while it is typed; without a link it waits in the phone, across a reload."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from reportsvc.models import Draft, Round, Slot
from reportsvc.reports import forms
from tests.e2e.test_whole_way import Site, go_on, site  # noqa: F401 - the fixture


def open_money(site: Site) -> Page:  # noqa: F811 - the fixture's value
    page = site.signed_in(site.world.reporter)
    page.goto(f"{site.address}/reports/{site.world.slots['library']}/fill/state")
    page.get_by_text("正在实施", exact=True).click()
    page.locator("input[name=activity][value=yes]").check()
    go_on(page)
    expect(page.get_by_label("自有资金")).to_be_visible()
    return page


def draft(site: Site) -> dict[str, object]:  # noqa: F811
    found: dict[str, object] = Draft.get(Draft.slot == site.world.slots["library"]).answers
    return found


def test_what_is_typed_is_saved_without_a_button(site: Site) -> None:  # noqa: F811
    page = open_money(site)
    page.get_by_label("自有资金").fill("１，２００")
    expect(page.get_by_text("已保存。")).to_be_visible()
    assert draft(site)["own_funds"] == "1200"
    page.reload()
    expect(page.get_by_label("自有资金")).to_have_value("1200")


def test_without_a_link_it_waits_in_the_phone_and_goes_up_later(site: Site) -> None:  # noqa: F811
    page = open_money(site)
    page.context.set_offline(True)
    page.get_by_label("自有资金").fill("7")
    expect(page.get_by_text("网络不通")).to_be_visible()
    assert "own_funds" not in draft(site)
    page.context.set_offline(False)
    expect(page.get_by_text("已保存。")).to_be_visible(timeout=15000)
    assert draft(site)["own_funds"] == "7"


def test_it_survives_a_reload_that_happened_before_it_went_up(site: Site) -> None:  # noqa: F811
    page = open_money(site)
    page.route("**/autosave/**", lambda route: route.abort())
    page.get_by_label("自有资金").fill("15")
    expect(page.get_by_text("网络不通")).to_be_visible()
    page.unroute("**/autosave/**")
    page.reload()
    expect(page.get_by_label("自有资金")).to_have_value("15")
    expect(page.get_by_text("已保存。")).to_be_visible(timeout=15000)
    assert draft(site)["own_funds"] == "15"


def test_rows_come_back_too(site: Site) -> None:  # noqa: F811
    page = open_money(site)
    go_on(page)
    page.route("**/autosave/**", lambda route: route.abort())
    page.locator("input[name$=benefit_amount]").first.fill("5")
    page.wait_for_selector("[data-followed]")
    page.locator("[data-add]").first.click()
    page.locator("input[name$=benefit_amount]").nth(1).fill("6")
    expect(page.get_by_text("网络不通")).to_be_visible()
    page.unroute("**/autosave/**")
    page.reload()
    expect(page.locator("input[name$=benefit_amount]").nth(1)).to_have_value("6")


def test_what_is_typed_before_the_script_has_arrived_is_saved_too(site: Site) -> None:  # noqa: F811
    page = open_money(site)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/forms/page.js", hold)
    page.goto(f"{site.address}/reports/{site.world.slots['library']}/fill/money", wait_until="commit")
    page.get_by_label("自有资金").fill("88")
    page.wait_for_timeout(300)
    for route in held:
        route.continue_()
    expect(page.get_by_text("已保存。")).to_be_visible(timeout=15000)
    assert draft(site)["own_funds"] == "88"


NESTED = """
| survey |
| | type | name | label |
| | begin_group | page | 农户 |
| | rank thing | order | 排一排 |
| | begin_repeat | homes | 农户 |
| | text | head | 户主 |
| | begin_repeat | people | 家庭成员 |
| | text | person | 姓名 |
| | end_repeat | | |
| | end_repeat | | |
| | end_group | | |

| choices |
| | list_name | name | label |
| | thing | road | 路 |
| | thing | water | 水 |
| | thing | light | 灯 |

| settings |
| | form_id | form_title |
| | quarterly_report | 季度报告 |
"""


def test_ranks_and_rows_within_rows_come_back_in_their_places(site: Site) -> None:  # noqa: F811
    version = forms.publish(NESTED.encode(), "nested.md")
    Round.update(form_version=version).where(Round.id == site.world.now.id).execute()
    page = site.signed_in(site.world.reporter)
    address = f"{site.address}/reports/{site.world.slots['library']}/fill/page"
    page.goto(address)
    page.route("**/autosave/**", lambda route: route.abort())
    for select, thing in zip(page.locator("select[name=order]").all(), ("light", "road", "water"), strict=True):
        select.select_option(thing)
    page.locator("[name='homes-0-head']").fill("王")
    page.wait_for_selector("[data-followed]")
    page.get_by_role("button", name="再添加一项").first.click()
    page.locator("[name='homes-0-people-1-person']").fill("小王")
    expect(page.get_by_text("网络不通")).to_be_visible()
    page.unroute("**/autosave/**")
    page.goto(address)
    expect(page.locator("[name='homes-0-people-1-person']")).to_have_value("小王")
    assert [select.input_value() for select in page.locator("select[name=order]").all()] == ["light", "road", "water"]


def test_two_devices_never_overwrite_each_other_silently(site: Site) -> None:  # noqa: F811
    one, other = open_money(site), site.signed_in(site.world.reporter)
    other.goto(f"{site.address}/reports/{site.world.slots['library']}/fill/money")
    one.get_by_label("自有资金").fill("100")
    expect(one.get_by_text("已保存。")).to_be_visible()
    other.get_by_label("自有资金").fill("200")
    expect(other.get_by_text("此页已在别的设备上修改")).to_be_visible()
    assert draft(site)["own_funds"] == "100"
    go_on(other)
    expect(other.get_by_role("group", name="自有资金")).to_contain_text("100")
    go_on(other)
    expect(other.get_by_role("heading", name="受益情况")).to_be_visible()
    assert draft(site)["own_funds"] == "200"


def test_the_copy_is_gone_once_the_page_was_saved_by_its_button(site: Site) -> None:  # noqa: F811
    page = open_money(site)
    page.get_by_label("自有资金").fill("30")
    go_on(page)
    page.goto(f"{site.address}/reports/{site.world.slots['library']}/fill/money")
    expect(page.get_by_label("自有资金")).to_have_value("30")
    expect(page.locator("[data-held]")).to_be_hidden()
    expect(page.get_by_text("已恢复")).to_have_count(0)


@pytest.mark.parametrize("cookie", ["vanished"])
def test_a_lapsed_session_keeps_what_was_typed_in_the_phone(site: Site, cookie: str) -> None:  # noqa: F811
    page = open_money(site)
    page.context.clear_cookies()
    page.get_by_label("自有资金").fill("44")
    expect(page.get_by_text("请重新登录")).to_be_visible()
    page.goto(site.address + site.world.link(site.world.reporter))
    page.click("main button")
    page.goto(f"{site.address}/reports/{site.world.slots['library']}/fill/money")
    expect(page.get_by_label("自有资金")).to_have_value("44")
    expect(page.get_by_text("已保存。")).to_be_visible(timeout=15000)
    assert Slot.get_by_id(site.world.slots["library"]).state == "draft"
