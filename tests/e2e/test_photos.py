"""Photos in a browser: made smaller, upright, sent one by one, kept over a lost link and a reload; without script."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from reportsvc import attachments, config, photos
from reportsvc.models import Photo
from tests.e2e.test_whole_way import Site, site  # noqa: F401 - the fixture
from tests.support import pictures


def payload(content: bytes, name: str = "IMG_0001.jpg", kind: str = "image/jpeg") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


def opened(site: Site, *, script: bool = True) -> Page:  # noqa: F811
    page = site.signed_in(site.world.reporter, script=script)
    page.goto(f"{site.address}/reports/{site.world.slots['library']}/photos")
    return page


def store(site: Site) -> attachments.Folder:  # noqa: F811
    return attachments.Folder(config.load({"instance_dir": site.instance, "environment": "test"}).attachments)


def prepare(site: Site) -> None:  # noqa: F811
    """What the scheduler does with the tasks."""
    for photo in Photo.select().where(Photo.state == "raw"):
        photos.prepare(store(site), photo.id)


def original(site: Site, photo: Photo) -> bytes:  # noqa: F811
    assert photo.original is not None
    return attachments.read(store(site), photo.original)


def arrived(page: Page, count: int) -> None:
    expect(page.locator("#photos > li")).to_have_count(count, timeout=20_000)
    expect(page.locator("#queue > li")).to_have_count(0)


WAYS = {
    "in the worker": "",
    "without a worker": "delete window.OffscreenCanvas;",
    "with an old decoder": "delete window.OffscreenCanvas; delete window.createImageBitmap;",
    "without a database": "Object.defineProperty(window, 'indexedDB', {value: undefined});",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_large_photo_is_sent_small_upright_and_without_its_place(site: Site, way: str) -> None:  # noqa: F811
    page = site.signed_in(site.world.reporter)
    page.add_init_script(WAYS[way])
    page.goto(f"{site.address}/reports/{site.world.slots['library']}/photos")
    expect(page.locator("[data-plain]")).to_be_hidden()
    page.set_input_files("#photo", payload(pictures.phone("JPEG", (3000, 2000), 6)))
    arrived(page, 1)
    content = original(site, Photo.get())
    image = Image.open(io.BytesIO(content))
    assert image.size == (1067, 1600)
    assert len(content) <= 420_000
    assert not image.getexif()
    for place, is_red in (((200, 200), False), ((900, 200), True), ((200, 1400), False), ((900, 1400), False)):
        pixel = image.getpixel(place)
        assert isinstance(pixel, tuple)
        assert (pixel[0] - pixel[1] > 90) == is_red


def test_several_go_one_by_one_and_are_captioned_moved_and_deleted(site: Site) -> None:  # noqa: F811
    page = opened(site)
    page.set_input_files(
        "#photo", [payload(pictures.phone("JPEG", (900, 600 + step)), f"{step}.jpg") for step in range(3)]
    )
    arrived(page, 3)
    prepare(site)
    expect(page.locator("#photos img")).to_have_count(3, timeout=20_000)  # the page looks by itself
    page.locator("#photos input[name=caption]").first.fill("村图书室")
    page.locator("#photos input[name=consent]").first.check()
    page.wait_for_timeout(500)
    first = photos.of_slot(site.world.slot())[0]
    assert (first.caption, first.consent) == ("村图书室", True)
    page.locator("#photos button[value=later]").first.click()
    expect(page.locator("#photos > li").nth(1).locator("[name=caption]")).to_have_value("村图书室")
    page.locator("#photos button[value=delete]").first.click()
    arrived(page, 2)
    assert [one.caption for one in photos.of_slot(site.world.slot())] == ["村图书室", ""]


def test_without_a_link_it_waits_over_a_reload_with_its_caption(site: Site) -> None:  # noqa: F811
    page = opened(site)
    page.context.set_offline(True)
    page.set_input_files("#photo", payload(pictures.phone("JPEG", (1200, 900))))
    expect(page.locator("#queue .state")).to_have_text(re.compile("存在本机|stays on this phone"), timeout=20_000)
    page.locator("#queue input[type=text]").fill("断网时写的说明")
    page.locator("#queue input[type=checkbox]").check()
    page.wait_for_timeout(300)
    assert Photo.select().count() == 0
    uuid_before = page.locator("#queue input[type=text]").get_attribute("id")
    page.route("**/photos", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("#queue input[type=text]")).to_have_value("断网时写的说明")
    assert page.locator("#queue input[type=text]").get_attribute("id") == uuid_before
    page.unroute("**/photos")
    page.reload()
    arrived(page, 1)
    photo = Photo.get()
    assert (photo.caption, photo.consent) == ("断网时写的说明", True)


def test_a_lost_reply_makes_no_second_photo(site: Site) -> None:  # noqa: F811
    page = opened(site)
    lost = []

    def lose(route: object) -> None:
        if route.request.method == "POST" and not lost:  # type: ignore[attr-defined]
            lost.append(route.fetch().status)  # type: ignore[attr-defined]
            route.abort()  # type: ignore[attr-defined]
            return
        route.continue_()  # type: ignore[attr-defined]

    page.route("**/photos", lose)
    page.set_input_files("#photo", payload(pictures.phone("JPEG", (1200, 900))))
    arrived(page, 1)
    assert lost == [202]
    assert Photo.select().count() == 1


def test_what_is_no_photo_is_refused_with_the_reason(site: Site) -> None:  # noqa: F811
    page = opened(site)
    page.set_input_files("#photo", payload(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "x.svg", "image/svg+xml"))
    page.wait_for_timeout(500)
    page.set_input_files("#photo", payload(b"\xff\xd8\xff" + bytes(12_000_001), "large.jpg"))
    expect(page.locator("#queue .problem")).to_have_text(re.compile("12 ?MB"), timeout=20_000)
    prepare(site)
    page.reload()
    assert all(one.state == "refused" for one in photos.of_slot(site.world.slot()) if one.width == 0)


def test_without_script_the_form_does_it(site: Site) -> None:  # noqa: F811
    page = opened(site, script=False)
    page.set_input_files("#photo", payload(pictures.phone("JPEG", (1200, 900))))
    page.fill("#caption", "无脚本")
    page.click("[data-plain] button")
    expect(page.locator("#photos > li")).to_have_count(1)
    prepare(site)
    page.click("a.again")
    expect(page.locator("#photos img")).to_have_count(1)
    expect(page.locator("#photos [name=caption]")).to_have_value("无脚本")
