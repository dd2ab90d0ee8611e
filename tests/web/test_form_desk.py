"""The publisher's pages for forms: upload, look, publish, take away; paste; a preview that keeps nothing."""

from __future__ import annotations

import io
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from reportsvc.forms import importer, shipped
from reportsvc.models import Draft, FormProposal, FormVersion, Round
from reportsvc.reports import forms
from tests.web.browsing import Element, Page, Phone
from tests.web.conftest import Site


def changed(new: str = "自筹资金", old: str = "自有资金") -> tuple[bytes, str]:
    source, filename = shipped.quarterly_report()
    return source.replace(old.encode(), new.encode()), filename


def upload(phone: Phone, source: bytes, filename: str, *lists: tuple[bytes, str]) -> Page:
    page = phone.get("/forms")
    values: MultiDict[str, Any] = MultiDict({"csrf_token": page.values["csrf_token"], "campaign": "hebei-2026"})
    values.add("file", FileStorage(io.BytesIO(source), filename))
    for content, name in lists:
        values.add("lists", FileStorage(io.BytesIO(content), name))
    boundary, body = encode_multipart(values)
    return phone.post("/forms", body, content_type=f'multipart/form-data; boundary="{boundary}"')


def proposed(phone: Phone, *changes: str) -> Page:
    return phone.follow(upload(phone, *changed(*changes)))


def form_to(page: Page, ending: str) -> Element:
    return next(one for one in page.forms if one.attributes.get("action", "").endswith(ending))


def publish(phone: Phone, page: Page, **more: Any) -> Page:
    return phone.send(page, form_to(page, page.answer.request.path), **more)


def preview_of(page: Page) -> str:
    return page.root.all("iframe")[0].attributes["src"]


def test_an_upload_is_looked_at_and_published_for_the_rounds_chosen(province: Phone, site: Site) -> None:
    page = proposed(province)
    assert page.status == 200
    assert "自有资金 → 自筹资金" in page.main
    assert Round.get_by_id(site.world.now.id).form_version_id == site.world.form.id
    assert province.get(page.answer.request.path).status == 200  # it survives a reload
    answer = publish(province, page)
    assert answer.status == 302
    newest = FormVersion.select().order_by(FormVersion.number.desc()).first()
    assert newest.number == 2
    assert Round.get_by_id(site.world.now.id).form_version_id == newest.id
    listing = province.get("/forms")
    assert site.world.province.name in listing.main
    reporter = site.phone(site.world.reporter)
    page = reporter.send(reporter.section("state"), project_state="running", activity="yes")
    assert "自筹资金" in reporter.follow(page).main


def test_a_refused_form_is_told_cell_by_cell_and_changes_nothing(province: Phone) -> None:
    page = upload(province, *changed("${activity} ＝ 'yes'", "${activity} = 'yes'"))
    assert page.status == 422
    rows = [[cell.text for cell in row.all("td")] for row in page.root.all("tr") if row.all("td")]
    told = next(row for row in rows if "＝" in row[3])
    assert (told[0], told[1].isdigit(), told[2]) == ("survey", True, "relevant")
    assert page.root.all("mark")[0].text == "＝"
    assert FormProposal.select().count() == 0


def test_an_indicator_that_the_campaign_lacks_is_told_before_anything_is_published(province: Phone) -> None:
    page = upload(province, *changed("money.moon", "money.own_funds"))
    assert (page.status, "money.moon" in page.main) == (422, True)


def test_lists_come_with_the_form_and_can_be_taken_away_again(province: Phone) -> None:
    form = b"| survey |\n| | type | name | label |\n| | select_one_from_file towns.csv | a | A |\n"
    assert upload(province, form, "needs.md").status == 422
    towns = (b"name,label\nx,X\n", "towns.csv")
    assert upload(province, form, "needs.md", towns, towns).status == 422
    page = province.follow(upload(province, form, "needs.md", towns))
    publish(province, page)
    version = FormVersion.get(FormVersion.form_id == "needs")
    assert province.get(f"/forms/versions/{version.id}/lists/towns.csv").html == "name,label\nx,X\n"
    assert province.get(f"/forms/versions/{version.id}/lists/other.csv").status == 404


def test_every_version_is_taken_away_as_a_workbook_and_as_it_was(province: Phone, site: Site) -> None:
    address = f"/forms/versions/{site.world.form.id}"
    assert {f"{address}/workbook", f"{address}/original"} <= set(province.get("/forms").links)
    workbook = province.get(f"{address}/workbook").answer.data
    assert importer.read(workbook, "quarterly_report.xlsx") == forms.form_of(site.world.form)
    original = province.get(f"{address}/original").answer
    assert (original.data, original.mimetype) == (shipped.quarterly_report()[0], "text/markdown")
    assert "attachment" in original.headers["Content-Disposition"]


def test_who_publishes_second_is_shown_what_changed_meanwhile(province: Phone, site: Site) -> None:
    first, second = proposed(province), proposed(province, "本单位资金")
    publish(province, first)
    again = publish(province, first)
    assert (again.status, "2" in again.main) == (409, True)
    page = publish(province, second)
    assert page.status == 409
    assert "自筹资金 → 本单位资金" in page.main
    assert FormVersion.select().count() == 2
    assert publish(province, page).status == 302
    assert FormVersion.select().count() == 3


def test_a_proposal_is_discarded(province: Phone) -> None:
    page = proposed(province)
    assert province.send(page, form_to(page, "/discard")).status == 302
    assert province.get(page.answer.request.path).status == 404
    assert FormVersion.select().count() == 1


def test_reporters_and_reviewers_have_no_part_in_it(reporter: Phone, county: Phone) -> None:
    for phone in (reporter, county):
        assert phone.get("/forms").status == 403
        assert phone.get("/forms/proposals/1/preview/state").status == 403


@pytest.mark.parametrize("name", ["", "form.pdf", "form.xlsx"])
def test_what_is_no_form_is_refused_with_a_sentence(province: Phone, name: str) -> None:
    page = upload(province, b"\x00\xff not a form", name)
    assert (page.status, len(page.root.all("main")[0].all("form")) > 0) == (422, True)
    assert "problem" in page.html


def test_a_file_that_is_too_large_is_refused_in_words(province: Phone, site: Site) -> None:
    page = upload(province, bytes(6 * 1024 * 1024), "form.csv")
    assert page.status == 422
    page = upload(province, bytes(12 * 1024 * 1024), "form.csv")
    assert page.status == 413


# --- the phone -------------------------------------------------------------------------------------------------------


def test_the_preview_may_stand_in_a_page_of_ours_and_nothing_else_may(province: Phone) -> None:
    page = proposed(province)
    assert "frame-ancestors 'none'" in page.answer.headers["Content-Security-Policy"]
    inside = province.get(preview_of(page))
    assert "frame-ancestors 'self'" in inside.answer.headers["Content-Security-Policy"]
    assert inside.root.all("h1")[0].text == forms.form_of(FormVersion.get()).sections[0].label


def test_the_preview_checks_what_is_typed_page_by_page_and_keeps_nothing(province: Phone, site: Site) -> None:
    page = province.get(preview_of(proposed(province)))
    page = province.send(page, project_state="running", activity="yes", go="next")
    assert "自筹资金" in page.main
    page = province.send(page, own_funds="-5", go="next")
    assert (page.status, "金额不能小于 0。" in page.main, page.values["own_funds"]) == (422, True, "-5")
    page = province.send(page, own_funds="1,200", go="next")
    assert (page.status, "benefits-0-benefit_amount" in page.values) == (200, True)
    page = province.send(page, **{"add-benefits": "1"})
    assert "benefits-1-benefit_amount" in page.values
    named = [
        one.attributes for one in page.root.all("input") if one.attributes.get("name", "").endswith("-0-benefit_county")
    ]
    row = {"unit": "visits", "amount": "320", "county": named[0]["value"]}
    page = province.send(page, go="next", **{f"benefits-0-benefit_{name}": value for name, value in row.items()})
    page = province.send(page, go="next")
    page = province.send(page, progress_text="好", go="next")
    page = province.send(page, may_publish="yes", go="next")
    assert "1,200" in page.main
    assert province.send(page, go="again").values["may_publish"] == "yes"
    assert Draft.select().count() == 0


def test_a_partner_is_shown_a_partner_s_form(province: Phone) -> None:
    page = proposed(province)
    lead, partner = (province.get(f"{page.answer.request.path}{query}") for query in ("", "?role=partner"))
    assert preview_of(lead).endswith("role=lead")
    assert preview_of(partner).endswith("role=partner")
    assert province.get(preview_of(partner)).status == 200


@pytest.mark.parametrize(
    "answers", ["", "[]", "{", '{"benefits": 5, "own_funds": [1]}', '{"benefits": [1, {"a": {}}]}', "[" * 9999]
)
def test_whatever_is_sent_as_earlier_answers_breaks_nothing(province: Phone, answers: str) -> None:
    page = province.get(preview_of(proposed(province)))
    page = province.send(page, answers=answers, project_state="running", activity="yes", go="next")
    assert page.status == 200


def test_the_preview_begins_with_the_first_page_that_is_asked(province: Phone) -> None:
    form = (
        b"| survey |\n| | type | name | label | relevant |\n| | hidden | role | | |\n"
        b"| | begin_group | one | One | ${role} = 'lead' |\n| | text | a | A | |\n| | end_group | | | |\n"
        b"| | begin_group | two | Two | |\n| | text | b | B | |\n| | end_group | | | |\n"
    )
    page = province.follow(upload(province, form, "needs.md"))
    address = f"{page.answer.request.path}/preview/one"
    for role, title in (("lead", "One"), ("partner", "Two")):
        assert province.get(f"{address}?role={role}").root.all("h1")[0].text == title


# --- pasted text -----------------------------------------------------------------------------------------------------

TEXT = "需求调查\n1. 您的姓名*[填空题]\n2. 需要什么？[多选题]\n□ 图书\n□ 其他____\n3. 热力图[热力图题]\n"


def paste(phone: Phone, text: str = TEXT, **more: Any) -> Page:
    return phone.send(phone.get("/forms/paste"), text=text, name="needs_2026", campaign="hebei-2026", **more)


def test_pasted_text_becomes_a_form_with_its_remarks_by_line(province: Phone) -> None:
    page = province.follow(paste(province, do="look"))
    assert "需求调查" in page.main
    rows = [[cell.text for cell in row.all("td")] for row in page.root.all("tr") if row.all("td")]
    assert [row[1] for row in rows] == ["6"]
    inside = province.get(preview_of(page))
    assert {"您的姓名", "需要什么？", "图书"} <= set(inside.root.texts())
    publish(province, page)
    assert FormVersion.get(FormVersion.form_id == "needs_2026").title == "需求调查"


def test_pasted_text_is_taken_away_as_a_workbook(province: Phone) -> None:
    values = province.get("/forms/paste").values | {"text": TEXT, "name": "needs_2026", "do": "workbook"}
    answer = province.client.post("/forms/paste", data=values)
    assert answer.headers["Content-Disposition"].endswith("needs_2026.xlsx")
    assert importer.read(answer.data, "needs_2026.xlsx").title == "需求调查"
    assert FormProposal.select().count() == 0


def test_text_without_a_question_is_told_and_stays(province: Phone) -> None:
    page = paste(province, "没有题目的一段话", do="look")
    assert (page.status, page.values["text"]) == (422, "没有题目的一段话")


def test_what_pasted_text_can_t_become_is_told_by_its_line(province: Phone) -> None:
    jumps = "\n".join(f"{number}. 题[单选题]\n○ 是 (跳到第400题)\n○ 否" for number in range(1, 120))
    page = paste(province, jumps, do="look")
    rows = [[cell.text for cell in row.all("td")] for row in page.root.all("tr") if row.all("td")]
    assert page.status == 422
    assert {row[0] for row in rows} == {"粘贴的文本"} or {row[0] for row in rows} == {"pasted text"}
    assert (int(rows[0][1]) - 1) % 3 == 0
    assert page.values["name"] == "needs_2026"


def test_a_long_text_is_taken(province: Phone) -> None:
    text = "".join(f"{number}. 第{number}个问题{'很长' * 600}[填空题]\n" for number in range(1, 150))
    assert paste(province, text, do="look").status == 302
