"""A question answered with a file, in a browser: over a lost link and a reload it arrives once; without a script."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from reportsvc import attachments, config, files
from reportsvc.models import AnswerFile, Draft
from tests.e2e.test_accessible import faults, wide
from tests.e2e.test_photos import payload
from tests.e2e.test_whole_way import Site, site  # noqa: F401 - the fixture
from tests.support import pictures
from tests.support.attaching import PDF, use_form

OFFLINE = re.compile("存在本机|stays on this phone")
CHECKING = re.compile("正在检查|Being checked")


def opened(site: Site, *, script: bool = True) -> Page:  # noqa: F811 - the fixture's value
    use_form(site.world)
    page = site.signed_in(site.world.reporter, script=script)
    page.goto(f"{site.address}/reports/{site.world.slots['library']}/fill/start")
    if script:
        expect(page.locator("form[data-files-ready='1']")).to_be_attached()
    return page


def prepare(site: Site) -> None:  # noqa: F811
    """What the scheduler does with the tasks."""
    store = attachments.Folder(config.load({"instance_dir": site.instance, "environment": "test"}).attachments)
    for file in AnswerFile.select().where(AnswerFile.state == "raw"):
        files.prepare(store, file.id)


def choose(page: Page, name: str, content: bytes, called: str = "IMG_0001.jpg") -> None:
    page.set_input_files(f"input[name='{name}.file']", payload(content, called))


def box(page: Page, path: str) -> Any:
    return page.locator(f".form-field[data-path='{path}']")


def draft(site: Site) -> dict[str, Any]:  # noqa: F811
    found: dict[str, Any] = Draft.get(Draft.slot == site.world.slots["library"]).answers
    return found


def saved(page: Page) -> None:
    expect(page.get_by_text("已保存。")).to_be_visible(timeout=20_000)


def test_a_photo_in_a_row_of_a_row_survives_a_lost_link_and_a_reload(site: Site) -> None:  # noqa: F811
    page = opened(site)
    page.fill("input[name='village-0-village_name']", "西村")
    page.wait_for_selector("[data-followed]")
    page.locator(".form-row [data-add]").first.click()  # a second household; the first stays empty
    saved(page)
    page.context.set_offline(True)
    choose(page, "village-0-house-1-roof", pictures.phone("JPEG", (3000, 2000), 6))
    there = box(page, "village[1].house[2].roof")
    expect(there.locator("[data-said]")).to_have_text(OFFLINE, timeout=20_000)
    expect(there.locator("img")).to_be_visible()  # the phone's own picture
    assert AnswerFile.select().count() == 0
    page.route("**/files/roof", lambda route: route.abort())
    expect(page.locator("[data-saved]")).to_have_text(re.compile("网络不通"), timeout=20_000)
    page.context.set_offline(False)
    saved(page)
    page.reload()  # the server has left out the empty row before it: the answer knows its file all the same
    row = page.locator(".form-field[data-name=roof]", has=page.locator("img"))
    expect(row.locator("[data-said]")).to_have_text(OFFLINE, timeout=20_000)
    page.unroute("**/files/roof")
    page.reload()
    expect(row.locator("[data-said]")).to_have_text(CHECKING, timeout=20_000)
    saved(page)
    assert AnswerFile.select().count() == 1
    file = AnswerFile.get()
    assert file.size <= 420_000
    answer = f"{file.uuid} {file.sha256} IMG_0001.jpg"
    assert draft(site) == {"village": [{"village_name": "西村", "house": [{"roof": answer}]}]}
    prepare(site)
    expect(row.locator("a img")).to_be_visible(timeout=20_000)  # the page looks by itself
    expect(row.locator("[data-said]")).to_have_text("")


def test_the_whole_way_of_a_photo_and_a_document(site: Site) -> None:  # noqa: F811
    page = opened(site)
    choose(page, "front", pictures.phone("JPEG", (1200, 900)))
    choose(page, "minutes", PDF, "会议纪要.pdf")
    page.click("button[name=go][value=next]")  # at once: the files are sent first, then it goes on by itself
    expect(page.locator("input[name=remark]")).to_be_visible(timeout=20_000)
    assert site.work() == 1  # the scheduler makes the photo fit to be seen
    assert (AnswerFile.get(AnswerFile.kind == "image").width, AnswerFile.select().count()) == (800, 2)
    page.click("button[name=go][value=next]")
    page.wait_for_url("**/check")
    expect(page.locator("main img")).to_be_visible()
    page.click("main form button.main")
    page.wait_for_url("**/receipt")
    reviewer = site.signed_in(site.world.county)
    reviewer.goto(f"{site.address}/review/{site.world.slots['library']}")
    assert reviewer.locator("main img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 320
    with reviewer.expect_download() as download:
        reviewer.get_by_text("会议纪要.pdf").click()
    assert download.value.suggested_filename == "会议纪要.pdf"
    address = reviewer.locator("main a:has(img)").get_attribute("href")
    stranger = site.signed_in(site.world.other_reporter)
    answer = stranger.goto(f"{site.address}{address}")
    assert answer is not None
    assert answer.status == 404


def test_a_lost_reply_makes_no_second_file(site: Site) -> None:  # noqa: F811
    page = opened(site)
    lost: list[int] = []

    def lose(route: Route) -> None:
        if not lost:
            lost.append(route.fetch().status)
            route.abort()
            return
        route.continue_()

    page.route("**/files/front", lose)
    choose(page, "front", pictures.phone("JPEG", (1200, 900)))
    expect(box(page, "front").locator("[data-said]")).to_have_text(CHECKING, timeout=20_000)
    assert (lost, AnswerFile.select().count()) == ([202], 1)


def test_what_is_chosen_before_the_script_has_arrived_is_sent_too(site: Site) -> None:  # noqa: F811
    use_form(site.world)
    page = site.signed_in(site.world.reporter)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/photos/answers.js", hold)
    page.goto(f"{site.address}/reports/{site.world.slots['library']}/fill/start", wait_until="commit")
    page.wait_for_selector("input[name='front.file']")
    choose(page, "front", pictures.phone("JPEG", (1200, 900)))
    held[0].continue_()
    expect(box(page, "front").locator("[data-said]")).to_have_text(CHECKING, timeout=20_000)
    saved(page)
    assert draft(site)["front"].startswith(AnswerFile.get().uuid)


def test_a_page_put_in_the_place_of_another_takes_files_too(site: Site) -> None:  # noqa: F811
    use_form(site.world)
    page = site.signed_in(site.world.reporter)
    page.goto(f"{site.address}/reports/{site.world.slots['library']}/fill/last")
    page.click("button[name=go][value=back]")
    expect(page.locator("form[data-files-ready='1']")).to_be_attached(timeout=10_000)
    choose(page, "front", pictures.phone("JPEG", (1200, 900)))
    page.click("button[name=go][value=next]")
    expect(page.locator("input[name=remark]")).to_be_visible(timeout=20_000)
    page.click("button[name=go][value=back]")
    expect(page.locator("form[data-files-ready='1']")).to_be_attached(timeout=10_000)
    expect(box(page, "front").locator("[data-said]")).to_have_text(CHECKING)
    page.route("**/files/road", lambda route: route.abort())
    choose(page, "village-0-road", pictures.phone("JPEG", (1200, 900)))
    expect(box(page, "village[1].road").locator("[data-said]")).to_have_text(OFFLINE, timeout=20_000)
    page.click("button[name=go][value=next]")  # it is tried first
    page.wait_for_timeout(300)
    page.click("button[name=go][value=next]")  # whoever presses again does not wait
    expect(box(page, "village[1].road").locator(".form-error")).to_be_visible(timeout=20_000)
    page.unroute("**/files/road")
    expect(box(page, "village[1].road").locator("[data-said]")).to_have_text(CHECKING, timeout=30_000)
    assert AnswerFile.select().count() == 2


def test_what_is_refused_is_told_at_its_question_and_is_no_answer(site: Site) -> None:  # noqa: F811
    page = opened(site)
    choose(page, "minutes", b"MZ\0\0", "report.pdf")
    expect(box(page, "minutes").locator(".form-refused")).to_be_visible(timeout=20_000)
    choose(page, "front", pictures.bomb(), "bomb.png")
    said = box(page, "front").locator("[data-said]")
    expect(said).to_have_text(re.compile("正在检查|Being checked|5000"), timeout=30_000)
    prepare(site)
    page.fill("input[name=place]", "村里")
    saved(page)
    assert "minutes" not in draft(site)


def test_another_choice_takes_the_place_of_the_first_and_taken_away_it_is_gone(site: Site) -> None:  # noqa: F811
    page = opened(site)
    for size in ((600, 400), (400, 300)):
        choose(page, "front", pictures.phone("JPEG", size), f"{size[0]}.jpg")
    expect(box(page, "front").locator("[data-said]")).to_have_text(CHECKING, timeout=20_000)
    saved(page)
    assert draft(site)["front"].endswith(" 400.jpg")
    page.locator("[data-drop]").first.click()
    expect(box(page, "front").locator("[data-kept]")).to_be_hidden()
    with page.expect_response("**/autosave/**"):
        pass
    saved(page)
    assert "front" not in draft(site)


@pytest.mark.parametrize(
    "way", ["delete window.OffscreenCanvas;", "Object.defineProperty(window, 'indexedDB', {value: undefined});"]
)
def test_on_other_phones_it_arrives_too(site: Site, way: str) -> None:  # noqa: F811
    use_form(site.world)
    page = site.signed_in(site.world.reporter)
    page.add_init_script(way)
    page.goto(f"{site.address}/reports/{site.world.slots['library']}/fill/start")
    expect(page.locator("form[data-files-ready='1']")).to_be_attached(timeout=10_000)
    choose(page, "front", pictures.phone("JPEG", (3000, 2000), 6))
    expect(box(page, "front").locator("[data-said]")).to_have_text(CHECKING, timeout=20_000)
    assert AnswerFile.get().size <= 420_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_hindered_by_a_file_whatever_its_state(site: Site, scheme: Any) -> None:  # noqa: F811
    page = opened(site)
    page.emulate_media(color_scheme=scheme)
    assert (faults(page), wide(page)) == ([], False)
    choose(page, "front", pictures.phone("JPEG", (1200, 900)), "很长很长很长很长很长的名字" * 5 + ".jpg")
    choose(page, "minutes", b"MZ\0\0", "report.pdf")
    expect(box(page, "minutes").locator(".form-refused")).to_be_visible(timeout=20_000)
    choose(page, "minutes", PDF, "a_very_long_name_without_any_space_in_it" * 2 + ".pdf")
    expect(box(page, "minutes").locator("a")).to_be_visible(timeout=20_000)
    page.route("**/files/road", lambda route: route.abort())
    choose(page, "village-0-road", pictures.phone("JPEG", (400, 300)))
    expect(box(page, "village[1].road").locator("[data-said]")).to_have_text(OFFLINE, timeout=20_000)
    assert (faults(page), wide(page)) == ([], False)
    prepare(site)
    page.reload()
    expect(page.locator("a img")).to_be_visible(timeout=10_000)
    assert (faults(page), wide(page)) == ([], False)
    for each in page.locator("[data-drop]:visible, .form-file input:visible").all():
        size = each.bounding_box()
        assert size is not None
        assert min(size["width"], size["height"]) >= 44
    page.goto(f"{site.address}/reports/{site.world.slots['library']}/check")
    assert (faults(page), wide(page)) == ([], False)


def test_without_a_script_the_section_brings_it(site: Site) -> None:  # noqa: F811
    page = opened(site, script=False)
    page.fill("input[name=place]", "村里")
    choose(page, "front", pictures.phone("JPEG", (1200, 900)))
    choose(page, "village-0-house-0-roof", pictures.phone("JPEG", (1200, 901)), "屋顶.jpg")
    page.click("button[name=go][value=next]")
    expect(page.locator("input[name=remark]")).to_be_visible()
    prepare(site)
    assert draft(site)["village"][0]["house"][0]["roof"].endswith("屋顶.jpg")
    page.click("button[name=go][value=back]")
    expect(page.locator("main img")).to_have_count(2)
    page.locator("[data-drop]").first.click()
    expect(page.locator("main img")).to_have_count(1)
    assert "front" not in draft(site)


def test_the_first_view_of_a_form_without_files_has_no_script_for_them(site: Site) -> None:  # noqa: F811
    page = site.signed_in(site.world.reporter)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site.address}/reports/{site.world.slots['library']}/fill/state")
    assert asked
    assert not [url for url in asked if "photos/" in url]
