"""One difficulty in a browser: raised on a phone, silent county, answered by the city, confirmed on the phone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from reportsvc import clock
from reportsvc.accounts import notice, people
from reportsvc.difficulties import overdue, pictures
from reportsvc.models import Difficulty, Person
from tests.e2e.test_whole_way import Site, site  # noqa: F401 - the fixture
from tests.support import pictures as samples
from tests.support.world import CITY


def city(site: Site) -> Person:  # noqa: F811
    person = people.create_person("杨城", "13800000077")
    notice.accept(person.id, notice.Terms())
    people.grant(person, people.REVIEWER, region=CITY)
    return person


def no_wider_than_the_phone(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_from_the_phone_to_confirmed(site: Site, script: bool, tmp_path: Path) -> None:  # noqa: F811
    above = city(site)
    (tmp_path / "pump.jpg").write_bytes(samples.phone())
    phone = site.signed_in(site.world.reporter, script=script)
    phone.goto(site.address + "/reports")
    phone.get_by_role("link", name="我的困难").click()
    phone.get_by_role("link", name="反映困难").click()
    phone.get_by_label("遇到什么困难？").fill("图书室没有暖气，孩子们冬天来不了。")
    phone.get_by_role("button", name="提交").click()
    expect(phone.get_by_text("请检查下面标出的地方。")).to_be_visible()
    expect(phone.get_by_label("遇到什么困难？")).to_have_value("图书室没有暖气，孩子们冬天来不了。")
    no_wider_than_the_phone(phone)
    phone.get_by_label("哪个项目？").select_option(label="乡村图书室")
    phone.get_by_text("物资设备", exact=True).click()
    phone.get_by_text("紧急：工作已停").click()
    phone.get_by_text("受援方：县、乡、村").click()
    phone.set_input_files("#photo", tmp_path / "pump.jpg")
    phone.get_by_role("button", name="提交").click()
    expect(phone.get_by_text("正由丰宁满族自治县办理。")).to_be_visible()
    assert site.work() == 1, "the photo is made fit to be seen"
    phone.reload()
    expect(phone.get_by_alt_text("困难照片")).to_be_visible()

    found = Difficulty.get()
    with clock.frozen(clock.now() + timedelta(days=(found.due - clock.today()).days + 1)):
        assert overdue.enqueue() == 1
        assert overdue.act(found.id, found.revision)
    desk = site.signed_in(above, script=script)
    desk.goto(site.address + "/difficulties")
    no_wider_than_the_phone(desk)
    desk.locator("a.card", has_text="没有暖气").click()
    expect(desk.get_by_text("自动上转承德市", exact=False)).to_be_visible()
    desk.get_by_role("button", name="接手办理").click()
    desk.get_by_label("给填报单位的答复").fill("两台取暖器周五送到。")
    desk.get_by_role("button", name="答复").click()
    no_wider_than_the_phone(desk)

    phone.goto(site.address + "/reports")
    phone.get_by_role("link", name="1 条答复待确认").click()
    phone.locator("a.card", has_text="没有暖气").click()
    expect(phone.get_by_text("两台取暖器周五送到。").first).to_be_visible()
    phone.get_by_role("button", name="已解决").click()
    expect(phone.locator("h1 + .marks").get_by_text("已解决")).to_be_visible()
    assert Difficulty.get().state == "solved"
    assert pictures.of(Difficulty.get()).state == "ready"
