"""Photos over HTTP: with and without script, who may see them, and how much one address takes."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from reportsvc import attachments, photos
from reportsvc.models import Photo
from reportsvc.photos.limited import REASONS
from tests.support import pictures
from tests.web.browsing import Element, Page, Phone
from tests.web.conftest import Site

JSON = {"Accept": "application/json"}


def address(site: Site, slot: str = "library") -> str:
    return f"/reports/{site.world.slots[slot]}/photos"


def store(site: Site) -> attachments.Folder:
    return attachments.Folder(site.app.extensions["reportsvc"].attachments)


def token(phone: Phone, site: Site) -> str:
    return phone.get(address(site)).values["csrf_token"]


def upload(phone: Phone, site: Site, content: bytes, name: str = "IMG_1.jpg", **more: Any) -> TestResponse:
    headers = more.pop("headers", JSON)
    form = {"csrf_token": token(phone, site), "uuid": str(uuid.uuid4()), "photo": (io.BytesIO(content), name), **more}
    return posted(phone, site, form, headers)


def posted(phone: Phone, site: Site, form: dict[str, Any], headers: dict[str, str]) -> TestResponse:
    # Encoded here: werkzeug's client would leave a temporary file open.
    stream, name = form["photo"]
    boundary, body = encode_multipart({**form, "photo": FileStorage(stream, name)})
    return phone.client.post(
        address(site), data=body, headers=headers, content_type=f'multipart/form-data; boundary="{boundary}"'
    )


def ready(phone: Phone, site: Site) -> int:
    number = int(upload(phone, site, pictures.phone()).get_json()["id"])
    photos.prepare(store(site), number)
    return number


def changing(page: Page, number: int) -> Element:
    return next(form for form in page.forms if form.attributes["action"].endswith(f"/photos/{number}"))


def test_without_script_a_photo_is_sent_captioned_moved_and_deleted(reporter: Phone, site: Site) -> None:
    page = reporter.get(address(site))
    file = next(one for one in page.root.all("input") if one.attributes.get("type") == "file")
    assert (file.attributes["accept"], "capture" in file.attributes) == ("image/*", False)
    answer = reporter.send(
        page, photo=(io.BytesIO(pictures.phone("JPEG", (800, 600))), "村里.jpg"), caption="图书室", consent="yes"
    )
    assert answer.status == 303
    page = reporter.follow(answer)
    assert site.zh("The photo has arrived. It is shown as soon as it has been checked.") in page.main
    photo = Photo.get()
    assert (photo.caption, photo.consent, photo.state) == ("图书室", True, "raw")
    assert not page.root.all("img")
    photos.prepare(store(site), photo.id)
    page = reporter.get(address(site))
    assert [one.attributes["src"] for one in page.root.all("img")] == [f"/photos/{photo.id}/small"]
    assert page.root.all("img")[0].attributes["alt"] == "图书室"

    answer = reporter.send(page, changing(page, photo.id), caption="新说明", do="save")
    assert (answer.status, answer.location) == (303, f"{address(site)}#photo-{photo.id}")
    assert Photo.get().caption == "新说明"
    page = reporter.get(address(site))
    reporter.send(page, changing(page, photo.id), do="delete")
    assert photos.of_slot(site.world.slot()) == []


def test_without_a_file_it_is_said_and_nothing_is_kept(reporter: Phone, site: Site) -> None:
    answer = reporter.send(reporter.get(address(site)), caption="没有照片")
    assert answer.status == 422
    assert site.zh("Choose a photo first.") in answer.main


def test_a_script_gets_few_bytes_and_a_resend_the_same(reporter: Phone, site: Site) -> None:
    name = str(uuid.uuid4())
    first = upload(reporter, site, pictures.phone(), uuid=name)
    again = upload(reporter, site, pictures.phone(), uuid=name)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.get_json() == again.get_json() == {"id": Photo.get().id, "uuid": name, "state": "raw"}
    other = upload(reporter, site, b"other", uuid=name)
    assert (other.status_code, "error" in other.get_json()) == (409, True)


def test_only_this_address_takes_twelve_megabytes(reporter: Phone, site: Site) -> None:
    assert upload(reporter, site, bytes(11_900_000)).status_code == 202
    for content, status in ((bytes(12_000_001), 422), (bytes(50_000_000), 413)):
        answer = upload(reporter, site, content)
        assert (answer.status_code, answer.get_json()) == (status, {"error": site.zh(REASONS["heavy"])})
    page = Page(upload(reporter, site, bytes(13_000_000), headers={}))
    assert (page.status, site.zh(REASONS["heavy"]) in page.main) == (413, True)
    slot = site.world.slots["library"]
    elsewhere = reporter.client.post(
        f"/reports/{slot}/fill/state", data={"csrf_token": token(reporter, site), "x": "1" * 1_100_000}
    )
    assert elsewhere.status_code == 413
    assert Photo.select().count() == 1


def test_a_lapsed_session_answers_401_also_to_a_large_photo(reporter: Phone, site: Site) -> None:
    form = {"csrf_token": token(reporter, site), "uuid": str(uuid.uuid4())}
    reporter.forget()
    answer = posted(reporter, site, {**form, "photo": (io.BytesIO(bytes(3_000_000)), "a.jpg")}, JSON)
    assert answer.status_code == 401
    assert Photo.select().count() == 0


def test_a_ready_photo_comes_as_a_jpeg_that_is_nothing_else(reporter: Phone, site: Site) -> None:
    number = ready(reporter, site)
    for path in (f"/photos/{number}", f"/photos/{number}/small"):
        answer = reporter.client.get(path)
        assert answer.status_code == 200
        assert answer.content_type == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"] == f"inline; filename=photo-{number}.jpg"
        assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.data.startswith(b"\xff\xd8\xff")
        assert pictures.PLACE.encode() not in answer.data


def test_nobody_sees_a_raw_or_refused_one(reporter: Phone, site: Site) -> None:
    number = upload(reporter, site, b"no photo").get_json()["id"]
    assert reporter.get(f"/photos/{number}").status == 404
    photos.prepare(store(site), number)
    assert reporter.get(f"/photos/{number}").status == 404
    assert site.zh(REASONS["format"]) in reporter.get(address(site)).main


def test_only_the_organization_sees_a_draft_and_reviewers_in_scope_what_was_sent(reporter: Phone, site: Site) -> None:
    number = ready(reporter, site)
    world = site.world
    names = ("other_reporter", "other_county", "county", "province")
    others = {name: site.phone(getattr(world, name)) for name in names}

    def seen() -> dict[str, int]:
        return {name: phone.client.get(f"/photos/{number}").status_code for name, phone in others.items()}

    assert set(seen().values()) == {404}
    assert others["other_reporter"].get(address(site)).status == 404
    photos.freeze(world.submit())
    assert seen() == {"other_reporter": 404, "other_county": 404, "county": 200, "province": 200}
    assert site.phone().client.get(f"/photos/{number}").status_code == 302
    page = others["county"].get(f"/review/{world.slots['library']}")
    assert f"/photos/{number}/small" in [one.attributes["src"] for one in page.root.all("img")]


def test_after_submitting_the_page_only_shows(reporter: Phone, site: Site) -> None:
    number = ready(reporter, site)
    csrf = token(reporter, site)
    site.world.submit()
    page = reporter.get(address(site))
    assert page.forms == []
    answer = reporter.post(f"{address(site)}/{number}", {"csrf_token": csrf, "do": "delete"}, headers=JSON)
    assert answer.status == 409
    assert len(photos.of_slot(site.world.slot())) == 1


@pytest.mark.parametrize("slot", ["orchard", "joint:pine"])
def test_another_organizations_report_is_not_there(reporter: Phone, site: Site, slot: str) -> None:
    assert reporter.get(address(site, slot)).status == 404
    form = {"csrf_token": token(reporter, site), "uuid": str(uuid.uuid4()), "photo": (io.BytesIO(b"x"), "x.jpg")}
    assert reporter.client.post(address(site, slot), data=form).status_code == 404


def test_the_report_leads_to_its_photos(reporter: Phone, site: Site) -> None:
    assert address(site) in reporter.get(f"/reports/{site.world.slots['library']}").links
