"""From page to page on a link that comes and goes: nothing is lost or sent twice, and pages seen once open again."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Route, expect

from tests.e2e.test_never_lost import draft, open_money
from tests.e2e.test_whole_way import Site, go_on, site  # noqa: F401 - the fixture


def address(site: Site, name: str) -> str:  # noqa: F811 - the fixture's value
    return f"{site.address}/reports/{site.world.slots['library']}/fill/{name}"


def test_the_next_page_comes_in_one_round_trip_under_its_own_address(site: Site) -> None:  # noqa: F811
    page = open_money(site)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.resource_type}"))
    page.get_by_label("自有资金").fill("100")
    go_on(page)
    expect(page.get_by_role("heading", name="受益情况")).to_be_focused()
    assert page.url == address(site, "benefit")
    assert "受益情况" in page.title()
    assert not [one for one in asked if one.endswith("document")]
    page.go_back()
    expect(page.get_by_label("自有资金")).to_have_value("100")
    assert page.url == address(site, "money")
    page.go_forward()
    expect(page.get_by_role("heading", name="受益情况")).to_be_visible()


def test_without_a_link_the_page_stays_and_goes_on_later(site: Site) -> None:  # noqa: F811
    page = open_money(site)
    page.get_by_label("自有资金").fill("7")
    page.context.set_offline(True)
    go_on(page)
    expect(page.get_by_text("网络不通")).to_be_visible()
    expect(page.get_by_label("自有资金")).to_have_value("7")
    assert page.url == address(site, "money")
    page.context.set_offline(False)
    expect(page.get_by_text("已保存。")).to_be_visible(timeout=15000)
    assert draft(site)["own_funds"] == "7"
    go_on(page)
    expect(page.get_by_role("heading", name="受益情况")).to_be_visible()


def test_a_lost_reply_is_no_other_device(site: Site) -> None:  # noqa: F811
    page = open_money(site)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/fill/money", lose)
    page.route("**/autosave/**", lambda route: route.abort())
    page.get_by_label("自有资金").fill("70")
    go_on(page)
    expect(page.get_by_text("网络不通")).to_be_visible()
    assert draft(site)["own_funds"] == "70"
    page.unroute("**/fill/money")
    page.get_by_label("自有资金").fill("71")
    go_on(page)
    expect(page.get_by_role("heading", name="受益情况")).to_be_visible()
    assert draft(site)["own_funds"] == "71"


def test_what_one_page_left_behind_goes_up_from_any_other(site: Site) -> None:  # noqa: F811
    page = open_money(site)
    page.route("**/autosave/**", lambda route: route.abort())
    page.get_by_label("自有资金").fill("15")
    expect(page.get_by_text("网络不通")).to_be_visible()
    page.goto(f"{site.address}/reports/{site.world.slots['library']}/check")
    expect(page.get_by_text("没有传上去")).to_be_visible()
    page.unroute("**/autosave/**")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("15 元").first).to_be_visible()
    expect(page.get_by_text("没有传上去")).to_be_hidden()
    assert draft(site)["own_funds"] == "15"


def test_whoever_leaves_while_a_page_is_on_its_way_loses_nothing(site: Site) -> None:  # noqa: F811
    page = open_money(site)
    page.route("**/fill/money", lambda route: None if route.request.method == "POST" else route.continue_())
    page.route("**/autosave/**", lambda route: route.abort())
    page.get_by_label("自有资金").fill("77")
    page.click("button[name=go][value=next]")
    page.unroute("**/autosave/**")
    page.goto(f"{site.address}/reports/{site.world.slots['library']}/check")
    expect(page.get_by_text("77 元").first).to_be_visible()
    assert draft(site)["own_funds"] == "77"


def test_two_taps_send_a_page_once(site: Site) -> None:  # noqa: F811
    page = open_money(site)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/fill/money") else None)
    page.evaluate("() => { const b = document.querySelector('button[value=next]'); b.click(); b.click(); }")
    expect(page.get_by_role("heading", name="受益情况")).to_be_visible()
    assert len(sent) == 1


def test_whoever_signs_in_again_lands_on_the_same_input(site: Site) -> None:  # noqa: F811
    page = open_money(site)
    page.context.clear_cookies()
    page.get_by_label("募集资金").fill("44")
    page.get_by_role("link", name="重新登录").click()
    expect(page.get_by_label("手机号")).to_be_visible()
    assert "fill%2Fmoney" in page.url or "fill/money" in page.url
    page.goto(
        f"{site.address}{site.world.link(site.world.reporter)}?next={address(site, 'money')[len(site.address) :]}"
    )
    page.click("main button")
    expect(page.get_by_label("募集资金")).to_have_value("44")
    expect(page.get_by_label("募集资金")).to_be_focused()
    expect(page.get_by_text("已保存。")).to_be_visible(timeout=15000)
    assert draft(site)["raised_funds"] == "44"


def test_a_page_that_lapsed_is_sent_by_the_button_after_signing_in(site: Site) -> None:  # noqa: F811
    page = open_money(site)
    page.context.clear_cookies()
    page.get_by_label("自有资金").fill("45")
    go_on(page)
    expect(page.get_by_text("填写的内容已保留", exact=False)).to_be_visible()


def kept(page: Page) -> list[str]:
    """Addresses of the pages that the browser keeps."""
    found: list[str] = page.evaluate(
        """async () => (await (await caches.open("pages")).keys()).map((one) => new URL(one.url).pathname)"""
    )
    return found


def test_a_form_that_was_seen_opens_without_a_link_where_a_browser_allows_it(site: Site) -> None:  # noqa: F811
    page = site.signed_in(site.world.reporter, worker=True)
    page.goto(address(site, "state"))
    page.evaluate("navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.get_by_text("正在实施", exact=True).click()
    page.locator("input[name=activity][value=yes]").check()
    go_on(page)
    expect(page.get_by_label("自有资金")).to_be_visible()
    page.reload()
    expect(page.get_by_label("自有资金")).to_be_visible()
    page.context.set_offline(True)
    page.reload()
    page.get_by_label("自有资金").fill("63")
    expect(page.get_by_text("网络不通")).to_be_visible()
    page.reload()
    expect(page.get_by_label("自有资金")).to_have_value("63")
    page.goto(f"{site.address}/reports/{site.world.slots['joint:lotus']}")
    expect(page.get_by_role("heading", name="网络不通")).to_be_visible()
    page.context.set_offline(False)
    page.goto(address(site, "money"))
    expect(page.get_by_label("自有资金")).to_have_value("63")
    for _ in range(60):
        if draft(site).get("own_funds") == "63":
            break
        page.wait_for_timeout(250)
    assert draft(site)["own_funds"] == "63"
    assert re.search("/fill/money", " ".join(kept(page)))
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("link", name="登录")).to_be_visible()
    assert kept(page) == ["/offline"]
