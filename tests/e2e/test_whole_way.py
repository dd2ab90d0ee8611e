"""The whole way in a browser: a quarter is reported by phone, returned, corrected, approved; it is in the circular."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pdfplumber
import pikepdf
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from reportsvc import config, db, totals
from reportsvc.cli.wiring import workshop
from reportsvc.jobs import scheduler
from reportsvc.models import Person
from tests.e2e.conftest import PHONE
from tests.e2e.server import running
from tests.support.world import KEY, World, build

FONTS = Path(__file__).parents[2] / "instance" / "fonts"


class Site:
    """The running service with its world."""

    def __init__(self, address: str, world: World, instance: Path, browser: Browser) -> None:
        self.address, self.world, self.instance, self.browser = address, world, instance, browser
        self.contexts: list[BrowserContext] = []

    def signed_in(self, person: Person, *, script: bool = True, worker: bool = False) -> Page:
        context = self.browser.new_context(
            viewport=PHONE, locale="zh-CN", java_script_enabled=script, service_workers="allow" if worker else "block"
        )
        self.contexts.append(context)
        page = context.new_page()
        page.goto(self.address + self.world.link(person))
        page.click("main button")
        return page

    def work(self) -> int:
        """What the scheduler's process does at a tick."""
        settings = config.load({
            "instance_dir": self.instance, "environment": "test", "secret_key": KEY, "font_dir": FONTS,
            "base_url": self.address,
        })  # fmt: skip
        # Rounds of the past would ask for their own circulars here; this test watches the one that is asked for.
        return scheduler.tick(replace(workshop(settings), look=()))


@pytest.fixture
def site(tmp_path: Path, browser: Browser) -> Iterator[Site]:
    opened = db.open_database(f"sqlite:///{tmp_path / 'reportsvc.db'}")
    db.migrate(opened)
    # The server binds the models to a database object of its own, over the same file: that one the test uses too.
    with running(tmp_path, KEY) as address, db.database.connection_context():
        made = Site(address, build(), tmp_path, browser)
        yield made
        for context in made.contexts:
            context.close()


def go_on(page: Page) -> None:
    page.click("button[name=go][value=next]")
    expect(page.locator("button[aria-busy=true]")).to_have_count(0)  # whoever leaves at once takes the answer back


def fill_in(page: Page) -> None:
    """From the list of what is due to the page of the check, as somebody does who has never seen it."""
    page.click("a.card:has-text('乡村图书室')")
    page.get_by_role("link", name="开始填报").click()
    page.get_by_text("正在实施", exact=True).click()
    page.get_by_role("radiogroup", name=re.compile("本季度开展工作了吗")).get_by_text("是", exact=True).click()
    go_on(page)
    expect(page.get_by_text("上季度：8,000")).to_be_visible()
    page.get_by_label("自有资金").fill("１２，０００.５")
    page.get_by_label("募集资金").fill("3,000")
    go_on(page)
    page.locator("input[name$=benefit_amount]").first.fill("320")
    page.get_by_text("人次（来一次算一次）", exact=True).first.click()
    go_on(page)
    page.locator("input[name$=output_name]").first.fill("图书室")
    page.locator("input[name$=output_quantity]").first.fill("2")
    page.locator("input[name$=output_unit]").first.fill("间")
    go_on(page)
    page.locator("textarea[name=progress_text]").fill("为两个村配齐图书。")
    go_on(page)
    page.get_by_text("是", exact=True).click()
    go_on(page)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_quarter_reported_by_phone_becomes_a_circular(site: Site, script: bool) -> None:
    reporter = site.signed_in(site.world.reporter, script=script)
    fill_in(reporter)
    expect(reporter.get_by_text("12,000.5 元")).to_be_visible()
    reporter.get_by_role("button", name="提交").click()
    expect(reporter.get_by_role("heading", name="季报已收到")).to_be_visible()
    receipt = reporter.locator(".big").inner_text()
    assert receipt.endswith("-1")

    county = site.signed_in(site.world.county, script=script)
    county.click("a.card:has-text('乡村图书室')")
    expect(county.get_by_role("cell", name="12,000.5 元")).to_be_visible()
    expect(county.get_by_role("cell", name="8,000").first).to_be_visible()
    county.get_by_role("button", name="退回").click()
    expect(county.get_by_role("alert")).to_be_visible()  # a reason is needed
    county.get_by_label("退回：请写明需要修改的内容").fill("自有资金与台账不符，请核对。")
    county.get_by_role("button", name="退回").click()

    reporter.goto(site.address)
    expect(reporter.get_by_text("自有资金与台账不符")).to_be_visible()
    reporter.click("a.card:has-text('乡村图书室')")
    reporter.get_by_role("link", name="本季度投入").click()
    expect(reporter.get_by_label("自有资金")).to_have_value("12000.5")
    reporter.get_by_label("自有资金").fill("15000")
    go_on(reporter)
    reporter.goto(f"{site.address}/reports/{site.world.slots['library']}/check")
    reporter.get_by_role("button", name="提交").click()
    assert reporter.locator(".big").inner_text().endswith("-2")

    county.reload()
    county.click("a.card:has-text('乡村图书室')")
    expect(county.get_by_role("row", name="自有资金 12,000.5 15,000")).to_be_visible()
    county.get_by_role("button", name="通过").click()

    province = site.signed_in(site.world.province, script=script)
    before = totals.headline(site.world.campaign, _through(site))
    province.click("a.card:has-text('乡村图书室')")
    province.get_by_role("button", name="通过").click()
    after = totals.headline(site.world.campaign, _through(site))
    assert (before["funds_yuan"], after["funds_yuan"]) == ("8000.00", "26000.00")

    check_circular(site, province, after)


def _through(site: Site) -> totals.Quarter:
    return totals.Quarter(site.world.now.year, site.world.now.quarter)


def check_circular(site: Site, province: Page, figures: dict[str, int | str]) -> None:
    province.get_by_role("link", name="通报", exact=True).click()
    province.get_by_role("button", name="生成通报").click()
    expect(province.locator("progress")).to_be_visible()
    assert site.work() == 1
    province.reload()
    with province.expect_download() as download:
        province.get_by_role("link", name="下载 PDF").click()
    content = download.value.path().read_bytes()
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        text = "".join((page.extract_text() or "") for page in pdf.pages[:3]).replace("\n", "")
    assert "投入资金约2.6万元" in text
    assert f"实施项目{figures['projects']}个" in text
    addresses = [
        str(note.A.URI)
        for page in pikepdf.open(io.BytesIO(content)).pages
        for note in page.get("/Annots", [])
        if "/A" in note and "/URI" in note.A
    ]
    funds = next(one for one in addresses if one.endswith("/funds_yuan"))
    assert funds.startswith(site.address)
    province.goto(funds)
    expect(province.get_by_text("26,000.00 元")).to_be_visible()
    province.get_by_role("link", name=re.compile("-2$")).click()
    expect(province.get_by_text("138****0001")).to_be_visible()  # the phone that sent it
    expect(province.get_by_text("15,000")).to_be_visible()
    assert json.loads(json.dumps(figures))["beneficiary_visits"] == 640
