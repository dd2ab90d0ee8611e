"""Files in questions over HTTP: with and without script, who may see them, how they are handed out, and how large."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from reportsvc import attachments, db, files
from reportsvc.files.kinds import REASONS
from reportsvc.models import AnswerFile, Draft
from reportsvc.photos.limited import REASONS as PHOTO_REASONS
from tests.support import pictures
from tests.support.attaching import PDF, office, use_form
from tests.web.browsing import Page, Phone
from tests.web.conftest import Site

JSON = {"Accept": "application/json"}


@pytest.fixture
def site(site: Site) -> Iterator[Site]:
    with db.database.connection_context():
        use_form(site.world)
    return site


def store(site: Site) -> attachments.Folder:
    return attachments.Folder(site.app.extensions["reportsvc"].attachments)


def prepare(site: Site) -> None:
    for file in AnswerFile.select().where(AnswerFile.state == "raw"):
        files.prepare(store(site), file.id)


def posted(phone: Phone, path: str, form: Any, sent: dict[str, tuple[bytes, str]], headers: Any = JSON) -> TestResponse:
    # Encoded here: werkzeug's client would leave a temporary file open.
    whole = MultiDict(form)
    for key, (content, name) in sent.items():
        whole.add(key, FileStorage(io.BytesIO(content), name))
    boundary, body = encode_multipart(whole)
    kind = f'multipart/form-data; boundary="{boundary}"'
    return phone.client.post(path, data=body, headers=headers, content_type=kind)


def upload(
    phone: Phone,
    site: Site,
    question: str,
    content: bytes,
    name: str = "IMG_1.jpg",
    *,
    slot: str = "library",
    **more: Any,
) -> TestResponse:
    token = phone.section("start").values["csrf_token"]
    form = {"csrf_token": token, "uuid": str(uuid.uuid4()), **more}
    return posted(phone, f"/reports/{site.world.slots[slot]}/files/{question}", form, {"file": (content, name)})


def section(phone: Phone, page: Page, sent: dict[str, tuple[bytes, str]], **typed: str) -> Page:
    """Send the section with files, as a browser without a script does."""
    empty = {
        one.attributes["name"]: (b"", "")
        for one in page.form.all("input")
        if one.attributes.get("type") == "file" and one.attributes["name"] not in sent
    }
    assert page.form.attributes["enctype"] == "multipart/form-data"
    return Page(posted(phone, page.form.attributes["action"], {**page.values, **typed}, {**empty, **sent}, {}))


def sent_in(phone: Phone, site: Site) -> dict[str, str]:
    """A report with a photo and a document, sent in; gives the UUIDs."""
    page = phone.section("start")
    photo, minutes = (pictures.phone("JPEG", (300, 200)), "门口.jpg"), (PDF, "会议纪要.pdf")
    assert section(phone, page, {"front.file": photo, "minutes.file": minutes}, go="next").status == 302
    prepare(site)
    check = phone.get(f"/reports/{site.world.slots['library']}/check")
    assert phone.send(check).status == 302
    return {file.kind: file.uuid for file in AnswerFile.select()}


def test_only_a_section_that_takes_files_is_any_heavier(reporter: Phone) -> None:
    there, elsewhere = reporter.section("start"), reporter.section("last")
    assert "photos/answers.js" in there.html
    for mark in ("photos/answers.js", "enctype", "data-file-texts", "data-upload"):
        assert mark not in elsewhere.html


def test_inputs_are_plain_ones_and_their_labels_lead_to_them(reporter: Phone) -> None:
    page = reporter.section("start")
    inputs = [one.attributes for one in page.form.all("input") if one.attributes.get("type") == "file"]
    assert [one["name"] for one in inputs] == [
        "front.file", "minutes.file", "village-0-road.file", "village-0-house-0-roof.file",
    ]  # fmt: skip
    assert [one.get("accept") for one in inputs] == ["image/*", None, "image/*", "image/*"]
    assert not any({"capture", "multiple"} & one.keys() for one in inputs)
    labels = {one.attributes.get("for") for one in page.form.all("label")}
    assert {one["id"] for one in inputs} <= labels


def test_without_script_the_section_brings_its_files_into_their_rows(reporter: Phone, site: Site) -> None:
    page = reporter.section("start")
    photo = (pictures.phone("JPEG", (300, 200)), "屋顶.jpg")
    answer = section(
        reporter, page, {"front.file": photo, "village-0-house-0-roof.file": photo}, place="东头", go="next"
    )
    assert (answer.status, answer.location) == (302, f"/reports/{site.world.slots['library']}/fill/last")
    draft = site.draft()
    assert draft["front"].endswith(" 屋顶.jpg")
    assert draft["village"][0]["house"][0]["roof"].endswith(" 屋顶.jpg")
    assert site.zh("Arrived. Being checked; nobody else sees it before that.") in reporter.section("start").main
    prepare(site)
    page = reporter.section("start")
    shown = [one.attributes["src"] for one in page.root.all("img")]
    assert len(shown) == 2
    assert all(reporter.client.get(src).content_type == "image/jpeg" for src in shown)


def test_two_taps_are_one_file(reporter: Phone, site: Site) -> None:
    page = reporter.section("start")
    for _ in range(2):
        section(reporter, page, {"minutes.file": (PDF, "会议纪要.pdf")}, go="next")
    assert AnswerFile.select().count() == 1


def test_a_refused_file_is_told_beside_its_input_and_what_was_typed_stays(reporter: Phone, site: Site) -> None:
    page = reporter.section("start")
    sent = {"front.file": (pictures.phone("JPEG", (90, 60)), "a.jpg"), "minutes.file": (b"MZ\0", "a.pdf")}
    answer = section(reporter, page, sent, place="东头", go="next")
    assert answer.status == 422
    assert site.zh(REASONS["format"]) in answer.main
    wrong = next(one for one in answer.form.all("input") if one.attributes.get("name") == "minutes.file")
    assert wrong.attributes["aria-invalid"] == "true"
    assert answer.values["place"] == "东头"
    assert answer.values["front"] == site.draft()["front"]  # and the good one has arrived
    assert "minutes" not in site.draft()


def test_taken_away_it_is_not_shown_any_more(reporter: Phone, site: Site) -> None:
    section(reporter, reporter.section("start"), {"front.file": (pictures.phone("JPEG", (90, 60)), "a.jpg")}, go="next")
    page = reporter.section("start")
    answer = section(reporter, page, {}, **{"drop-front": "1"})
    assert answer.status == 200
    assert site.draft().get("front") is None
    assert not answer.root.all("img")
    checked = reporter.get(f"/reports/{site.world.slots['library']}/check")
    assert site.zh("Please answer this question.") in checked.main


def test_a_script_gets_the_answer_and_a_resend_the_same(reporter: Phone, site: Site) -> None:
    name = str(uuid.uuid4())
    first = upload(reporter, site, "roof", pictures.phone(), "屋顶.jpg", uuid=name)
    again = upload(reporter, site, "roof", pictures.phone(), "屋顶.jpg", uuid=name)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.get_json() == again.get_json()
    assert first.get_json()["answer"].startswith(f"{name} ")
    other = upload(reporter, site, "roof", pictures.phone("PNG", (50, 50)), uuid=name)
    assert (other.status_code, "error" in other.get_json()) == (409, True)
    assert reporter.client.get(f"/files/{name}/state").get_json() == {"state": "raw", "error": ""}
    prepare(site)
    assert reporter.client.get(f"/files/{name}/state").get_json() == {"state": "ready", "error": ""}


@pytest.mark.parametrize(
    ("question", "content", "reason"),
    [
        ("front", b"<svg xmlns='http://www.w3.org/2000/svg'/>", PHOTO_REASONS["format"]),
        ("front", pictures.phone("JPEG", (80, 60)) + pictures.archive(), PHOTO_REASONS["foreign"]),
        ("front", PDF, PHOTO_REASONS["format"]),
        ("minutes", office("word/vbaProject.bin"), REASONS["macros"]),
        ("minutes", pictures.archive(), REASONS["archive"]),
        ("minutes", PDF + pictures.archive(), REASONS["foreign"]),
    ],
)
def test_a_script_is_told_why_not(reporter: Phone, site: Site, question: str, content: bytes, reason: str) -> None:
    answer = upload(reporter, site, question, content)
    assert (answer.status_code, answer.get_json()) == (422, {"error": site.zh(reason)})
    assert AnswerFile.select().count() == 0


def test_a_photo_refused_by_its_work_is_told_to_whoever_asks(reporter: Phone, site: Site) -> None:
    answer = upload(reporter, site, "front", pictures.bomb(), "bomb.png").get_json()["answer"]
    prepare(site)
    name = answer.split()[0]
    assert reporter.client.get(f"/files/{name}/state").get_json() == {
        "state": "refused", "error": site.zh(PHOTO_REASONS["pixels"]),
    }  # fmt: skip
    assert reporter.get(f"/files/{name}").status == 404
    page = section(reporter, reporter.section("start"), {}, front=answer, go="next")
    assert (page.status, site.zh(PHOTO_REASONS["pixels"]) in page.main) == (422, True)


def test_only_these_addresses_take_more(reporter: Phone, site: Site) -> None:
    assert upload(reporter, site, "minutes", PDF[:-6] + bytes(11_900_000) + b"%%EOF\n", "a.pdf").status_code == 202
    for content, status in ((PDF + bytes(12_000_001), 422), (PDF + bytes(50_000_000), 413)):
        answer = upload(reporter, site, "minutes", content, "a.pdf")
        assert (answer.status_code, answer.get_json()) == (status, {"error": site.zh(REASONS["heavy"])})
    page = reporter.section("start")
    large = (PDF[:-6] + b"." * 11_900_000 + b"%%EOF\n", "b.pdf")
    assert section(reporter, page, {"minutes.file": large, "front.file": (pictures.phone(), "a.jpg")}).status == 302
    answer = section(reporter, page, {"minutes.file": (PDF + bytes(26_000_000), "a.pdf")})
    assert (answer.status, "24" in answer.main) == (413, True)
    path = page.form.attributes["action"]
    assert reporter.post(path, {**page.values, "place": "1" * 1_100_000}).status == 413
    autosave = path.replace("/fill/", "/autosave/")
    assert posted(reporter, autosave, page.values, {"x": (bytes(1_100_000), "x")}).status_code == 413


def test_a_long_text_beside_a_file_still_has_its_limit(reporter: Phone) -> None:
    page = reporter.section("start")
    assert section(reporter, page, {"minutes.file": (PDF, "a.pdf")}, place="1" * 1_100_000).status == 413


def test_only_the_organization_sees_a_draft_and_reviewers_in_scope_what_was_sent(reporter: Phone, site: Site) -> None:
    world = site.world
    draft = upload(reporter, site, "minutes", office(), "不用.docx").get_json()["answer"].split()[0]
    names = ("other_reporter", "other_county", "county", "province")
    others = {name: site.phone(getattr(world, name)) for name in names}

    def seen(uuid_: str, end: str = "") -> dict[str, int]:
        return {name: phone.client.get(f"/files/{uuid_}{end}").status_code for name, phone in others.items()}

    assert set(seen(draft).values()) == {404}
    assert reporter.client.get(f"/files/{draft}").status_code == 200
    sent = sent_in(reporter, site)
    allowed = {"other_reporter": 404, "other_county": 404, "county": 200, "province": 200}
    for end in ("", "/state"):
        assert seen(sent["pdf"], end) == seen(sent["image"], end) == allowed
    assert seen(sent["image"], "/small") == allowed
    assert set(seen(draft).values()) == {404}  # it is no answer of what was sent
    asked = [
        ("county", draft),
        ("county", uuid.uuid4()),
        ("other_county", sent["pdf"]),
        ("other_county", sent["image"]),
    ]
    pages = [others[name].get(f"/files/{file}") for name, file in asked]
    # The same words, whether there is such a file or not; only the number of the request differs.
    assert len({page.main.partition(site.zh("There is no such file."))[0] for page in pages}) == 1
    assert all(site.zh("There is no such file.") in page.main for page in pages)
    assert site.phone().client.get(f"/files/{sent['pdf']}").status_code == 302


def test_a_document_is_handed_out_and_never_shown(reporter: Phone, site: Site) -> None:
    sent = sent_in(reporter, site)
    answer = reporter.client.get(f"/files/{sent['pdf']}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=file.pdf; filename*=UTF-8''%E4%BC%9A")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"].startswith("private")
    photo = reporter.client.get(f"/files/{sent['image']}")
    assert (photo.content_type, photo.data[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert pictures.PLACE.encode() not in photo.data
    assert "sandbox" in photo.headers["Content-Security-Policy"]


def test_files_are_on_every_page_that_shows_the_report(reporter: Phone, site: Site, tmp_path: Path) -> None:
    (tmp_path / "fonts").symlink_to(Path(__file__).parents[2] / "instance" / "fonts")
    sent = sent_in(reporter, site)
    slot = site.world.slots["library"]
    review = site.phone(site.world.county).get(f"/review/{slot}")
    for page in (review, reporter.get(f"/reports/{slot}/sent/1")):
        assert f"/files/{sent['image']}/small" in [one.attributes["src"] for one in page.root.all("img")]
        assert {f"/files/{sent['image']}", f"/files/{sent['pdf']}"} <= set(page.links)
        assert "会议纪要.pdf · " in page.main
    paper = reporter.client.get(f"/reports/{slot}/sent/1/receipt.pdf")
    with pdfplumber.open(io.BytesIO(paper.data)) as pdf:
        text = "".join(page.extract_text() for page in pdf.pages).replace("\n", "")
    digest = AnswerFile.get(AnswerFile.kind == "pdf").sha256[:12]
    assert "会议纪要.pdf" in text
    assert digest in text


def test_another_organizations_report_takes_nothing_and_is_not_there(reporter: Phone, site: Site) -> None:
    assert upload(reporter, site, "front", pictures.phone(), slot="orchard").status_code == 404
    assert upload(reporter, site, "place", pictures.phone()).status_code == 404  # no question that takes a file
    assert AnswerFile.select().count() == 0


def test_a_lapsed_session_answers_401(reporter: Phone, site: Site) -> None:
    page = reporter.section("start")
    reporter.forget()
    form = {"csrf_token": page.values["csrf_token"], "uuid": str(uuid.uuid4())}
    path = f"/reports/{site.world.slots['library']}/files/front"
    assert posted(reporter, path, form, {"file": (pictures.phone(), "a.jpg")}).status_code == 401
    answer = section(reporter, page, {"front.file": (pictures.phone(), "a.jpg")}, place="东头", go="next")
    assert answer.status == 401
    assert answer.root.all("main")[0].all("form")  # signing in, with what was typed carried through
    assert AnswerFile.select().count() == 0


def test_an_answer_whose_file_is_on_its_way_is_kept_but_not_sent(reporter: Phone, site: Site) -> None:
    page = reporter.section("start")
    name = str(uuid.uuid4())
    path = page.form.attributes["action"].replace("/fill/", "/autosave/")
    assert reporter.post(path, {**page.values, "front": name}, headers=JSON).status == 200
    assert Draft.get().answers == {"front": name}
    page = reporter.section("start")
    assert (
        site.zh("This file has not arrived yet. Open this page on the phone that has it, or choose it again.")
        in page.main
    )
    assert section(reporter, page, {}, go="next").status == 422
    whole = upload(reporter, site, "front", pictures.phone(), "门口.jpg", uuid=name).get_json()["answer"]
    assert reporter.section("start").values["front"] == whole
