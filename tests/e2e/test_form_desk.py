"""The desk for forms in a browser: a trial in the phone's frame, and the language of a form while somebody types."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from reportsvc.forms import shipped
from reportsvc.models import Draft, FormVersion, Round
from reportsvc.reports import forms
from tests.e2e.test_whole_way import Site, site  # noqa: F401 - the fixture
from tests.web.test_form_languages import SOURCE


def test_a_form_is_tried_out_in_the_frame_with_its_script_and_published(site: Site, tmp_path: Path) -> None:  # noqa: F811
    source, filename = shipped.quarterly_report()
    (tmp_path / filename).write_bytes(source.replace("自有资金".encode(), "自筹资金".encode()))
    page = site.signed_in(site.world.province)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{site.address}/forms")
    page.set_input_files("#file", tmp_path / filename)
    page.click("form.card button.main")
    phone = page.frame_locator("iframe")
    phone.get_by_text("正在实施", exact=True).click()
    phone.locator("input[name=activity][value=yes]").check()
    phone.locator("button[name=go][value=next].main").click()
    phone.get_by_label("自筹资金").fill("1200")
    phone.get_by_label("募集资金").fill("300")
    expect(phone.get_by_text("以上合计：1,500 元")).to_be_visible()
    assert page.evaluate("document.querySelector('iframe').clientWidth") == 360
    assert Draft.select().count() == 0
    page.locator("form:has(input[name=seen]) button.main").click()
    expect(page).to_have_url(f"{site.address}/forms#version-{FormVersion.get(FormVersion.number == 2).id}")


def test_the_form_s_language_changes_under_what_is_being_typed(site: Site) -> None:  # noqa: F811
    version = forms.publish(SOURCE.encode(), "quarterly_report.md")
    Round.update(form_version=version).where(Round.id == site.world.now.id).execute()
    for script in (True, False):
        page = site.signed_in(site.world.reporter, script=script)
        page.goto(f"{site.address}/reports/{site.world.slots['library']}/fill/one")
        page.get_by_label("几头牛？").fill("12")
        page.locator("button[name=form_language][value='English (en)']").click()
        expect(page.get_by_label("How many cows?")).to_have_value("12")
        page.get_by_label("How many cows?").fill("13")
        page.get_by_label("How many cows?").press("Enter")
        expect(page.get_by_label("Anything else?")).to_be_visible()
        assert Draft.get(Draft.slot == site.world.slots["library"]).answers["cows"] == "13"
        page.locator("button[name=form_language][value='中文 (zh)']").click()
        expect(page.get_by_label("其他")).to_be_visible()
