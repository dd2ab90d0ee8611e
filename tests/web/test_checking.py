"""The last look: what differs hugely is explained or fixed, every answer stands beside last quarter's."""

from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pdfplumber
import pytest

from reportsvc.models import Indicator, Version
from reportsvc.reports import drafts, sending
from reportsvc.web import checking, reporting
from tests.web.browsing import Element, Page, Phone
from tests.web.conftest import Site
from tests.web.test_reporting import begin, fill_in

FIELD = "why-money.own_funds:8000:150000"
WHY = "企业一次性捐建一栋教学楼，已到账。"


def doubted(phone: Phone, funds: str = "150000") -> Page:
    """The page of the check over a report whose own funds were 8,000 yuan last quarter."""
    fill_in(phone)
    page = phone.section("money")
    phone.send(page, own_funds=funds)
    return phone.get(page.answer.request.path.replace("fill/money", "check"))


def box(page: Page, name: str = FIELD) -> Element:
    return next(one for one in page.root.all("textarea") if one.attributes["name"] == name)


def buttons(page: Page) -> dict[str, str]:
    """What each button of the form sends as ``go`` → its text."""
    return {one.attributes["value"]: one.text for one in page.form.all("button") if one.attributes.get("name") == "go"}


# --- explain ---------------------------------------------------------------------------------------------------------


def test_without_an_explanation_it_is_not_sent(either: Site) -> None:
    phone = either.phone(either.world.reporter)
    page = doubted(phone)
    assert "上季度 8,000 元，本季度 150,000 元，是上季度的 18.8 倍。" in page.main
    assert "aria-invalid" not in box(page).attributes, "nothing is wrong yet"
    for text in ("", "捐建"):
        page = phone.send(page, **{FIELD: text})
        assert page.status == 422
        assert either.zh(checking.TOO_SHORT) in page.main
        assert box(page).attributes["aria-invalid"] == "true"
        assert dict(page.form.fields)[FIELD] == text, "what was written stays"
    page = phone.send(page, **{FIELD: WHY})
    assert (page.status, page.location) == (302, f"/reports/{either.world.slots['library']}/receipt")
    assert Version.get(Version.slot == either.world.slots["library"]).explanations["money.own_funds"]["text"] == WHY


def test_an_explanation_that_is_too_long_is_said_and_kept(site: Site, reporter: Phone) -> None:
    long = "捐建学校。" * 2000
    page = reporter.send(doubted(reporter), **{FIELD: long})
    assert page.status == 422
    assert "最多 500 个字，现有 10000 个字，请删减。" in page.main
    assert dict(page.form.fields)[FIELD] == long


def test_fixing_it_leads_to_the_very_field_and_back_again(site: Site, reporter: Phone) -> None:
    page = doubted(reporter)
    slot = site.world.slots["library"]
    assert buttons(page)["money#own_funds"] == "去改正 · 自有资金"
    answer = reporter.send(page, **{FIELD: WHY, "go": "money#own_funds"})
    assert answer.location == f"/reports/{slot}/fill/money?check=1#own_funds"
    money = reporter.get(answer.location)
    assert "own_funds" in {one.attributes.get("id") for one in money.root.all("input")}
    answer = reporter.send(money, own_funds="15000")
    assert answer.location == f"/reports/{slot}/check", "not through all the other pages"
    page = reporter.follow(answer)
    assert page.root.all("textarea") == []
    assert reporter.send(page).status == 302


def test_what_was_written_waits_while_something_else_is_changed(site: Site, reporter: Phone) -> None:
    page = doubted(reporter)
    for go, leads in (("text", "fill/text?check=1"), ("overview", ""), ("nosuch#x", ""), ("//evil.example", "")):
        answer = reporter.send(page, **{FIELD: WHY, "go": go})
        assert answer.location == f"/reports/{site.world.slots['library']}/{leads}".rstrip("/")
        page = reporter.get(page.answer.request.path)
        assert dict(page.form.fields)[FIELD] == WHY
    reporter.send(reporter.section("money"), own_funds="160000")
    page = reporter.get(page.answer.request.path)
    assert dict(page.form.fields)["why-money.own_funds:8000:160000"] == "", "another value is asked about again"
    assert WHY in page.main, "with what was said to the one before in sight"
    assert reporter.send(page).status == 422


def test_it_is_saved_while_it_is_written(site: Site, reporter: Phone) -> None:
    page = doubted(reporter)
    answer = reporter.post(page.form.attributes["data-explain"], {**dict(page.form.fields), FIELD: WHY})
    assert answer.status == 204
    assert dict(reporter.get(page.answer.request.path).form.fields)[FIELD] == WHY
    assert reporter.send(page, **{FIELD: WHY}).status == 302, "and the page that was open can still be sent"


def test_answers_changed_elsewhere_lose_no_explanation(either: Site) -> None:
    phone, other = (either.phone(either.world.reporter) for _ in range(2))
    page = doubted(phone)
    other.send(other.section("text"), difficulties="缺水")
    page = phone.send(page, **{FIELD: WHY})
    assert page.status == 409
    assert either.zh(sending.ANSWERS_CHANGED) in page.main
    assert dict(page.form.fields)[FIELD] == WHY
    assert phone.send(page).status == 302


def test_two_taps_at_the_same_moment_give_one_receipt(either: Site) -> None:
    phones = [either.phone(either.world.reporter) for _ in range(4)]
    page = doubted(phones[0])
    pages = [page, *(phone.get(page.answer.request.path) for phone in phones[1:])]
    start = threading.Barrier(len(phones))

    def tap(phone: Phone, page: Page) -> Page:
        start.wait()
        return phone.send(page, **{FIELD: WHY})

    with ThreadPoolExecutor(len(phones)) as pool:
        answers = list(pool.map(tap, phones, pages))
    slot = either.world.slots["library"]
    assert [answer.location for answer in answers] == [f"/reports/{slot}/receipt"] * 4
    assert Version.select().where(Version.slot == slot).count() == 1
    assert not drafts.has_draft(either.world.slot())


def test_a_resend_with_another_explanation_is_told(site: Site, reporter: Phone) -> None:
    page = doubted(reporter)
    first = reporter.follow(reporter.send(page, **{FIELD: WHY}))
    assert site.zh(reporting.SENT_BEFORE) not in first.main
    again = reporter.follow(reporter.send(page, **{FIELD: WHY}))
    assert site.zh(reporting.SENT_BEFORE) not in again.main
    other = reporter.follow(reporter.send(page, **{FIELD: "另一种说法。"}))
    assert site.zh(reporting.SENT_BEFORE) in other.main
    assert WHY in reporter.get(f"/reports/{site.world.slots['library']}/sent/1").main


def test_while_answers_are_missing_the_doubts_are_only_listed(site: Site, reporter: Phone) -> None:
    Indicator.update(kind="cumulative").where(Indicator.code == "benefit.visits").execute()
    begin(reporter)
    reporter.send(reporter.section("money"), own_funds="150000")
    slot = site.world.slots["library"]
    page = reporter.get(f"/reports/{slot}/check")
    assert "请说明或改正：1处" in page.main, "what is not there yet has not fallen"
    assert f"/reports/{slot}/fill/money?check=1#own_funds" in page.links
    assert page.root.all("textarea") == []
    assert "1处需要说明" in reporter.get(f"/reports/{slot}").main


def test_nobody_explains_another_organizations_report(site: Site, reporter: Phone) -> None:
    page = doubted(reporter)
    other = site.phone(site.world.other_reporter)
    token = dict(other.get("/reports").root.all("form")[0].fields)["csrf_token"]
    fields = {**dict(page.form.fields), FIELD: WHY, "csrf_token": token}
    for path in ("explanations", "check"):
        assert other.post(f"/reports/{site.world.slots['library']}/{path}", fields).status == 404
    assert drafts.opened(site.world.slot()).explanations == {}


# --- who reads it ----------------------------------------------------------------------------------------------------


def test_reviewers_read_it_beside_the_value(site: Site, reporter: Phone, county: Phone) -> None:
    reporter.send(doubted(reporter), **{FIELD: f"{WHY}\n<b>第二句</b>"})
    slot = site.world.slots["library"]
    rows = [row.text for row in county.get(f"/review/{slot}").root.all("tr")]
    place = next(number for number, row in enumerate(rows) if row.startswith("自有资金"))
    assert "150,000 元 8,000 元" in rows[place]
    assert "是上季度的 18.8 倍。" in rows[place + 1]
    assert "<b>第二句</b>" in rows[place + 1]
    version = Version.get(Version.slot == slot)
    assert WHY in county.get(f"/versions/{version.id}").main
    Version.update(explanations={"x": {**version.explanations["money.own_funds"], "path": "gone"}}).execute()
    assert WHY in county.get(f"/review/{slot}").main, "even where its value is not on the page"


def test_the_receipt_says_it(site: Site, reporter: Phone, tmp_path: Path) -> None:
    (tmp_path / "fonts").symlink_to(Path(__file__).parents[2] / "instance" / "fonts")
    reporter.post(
        "/language/en", {"csrf_token": dict(reporter.get("/reports").root.all("form")[0].fields)["csrf_token"]}
    )
    reporter.send(doubted(reporter), **{FIELD: WHY})
    answer = reporter.client.get(f"/reports/{site.world.slots['library']}/sent/1/receipt.pdf")
    with pdfplumber.open(io.BytesIO(answer.data)) as pdf:
        text = "".join(page.extract_text() or "" for page in pdf.pages).replace("\n", "")
    assert "上季度 8,000 元，本季度 150,000 元，是上季度的 18.8 倍" in text, "in Chinese, for the office"
    assert WHY in text


# --- marks -----------------------------------------------------------------------------------------------------------


def marks(page: Page) -> dict[str, str]:
    """Label → what stands beside it."""
    return {
        label.text: value.text
        for label, value in zip(page.root.all("dt"), page.root.all("dd"), strict=True)
    }  # fmt: skip


def test_every_answer_is_marked_against_last_quarter(site: Site, reporter: Phone) -> None:
    page = fill_in(reporter)
    found = marks(page)
    assert found["项目现在到哪一步了？"] == "正在实施 与上季度相同"
    assert found["自有资金"] == "12,000.50 元 有变化 上季度：8,000 元"
    assert found["成果 1 · 成果名称"] == "— 本季度未填 上季度：图书室"
    assert found["工作进展"].startswith("为两个村配齐图书。 有变化")
    reporter.send(reporter.section("money"), raised_funds="5")
    page = reporter.get(page.answer.request.path)
    assert marks(page)["募集资金"] == "5 元 新增"
    counts = next(one for one in page.root.all("p") if one.attributes.get("class") == "counts").text
    shown = list(marks(page).values())
    for word in ("有变化", "新增", "本季度未填", "与上季度相同"):
        assert f"{word} {sum(word in value for value in shown)}" in counts


def test_a_first_report_bears_no_marks(site: Site) -> None:
    phone = site.phone(site.world.other_reporter)
    phone.send(phone.section("state", "orchard"), project_state="running", activity="no")
    page = phone.get(f"/reports/{site.world.slots['orchard']}/check")
    assert marks(page)["项目现在到哪一步了？"] == "正在实施"
    assert "与上季度相比" not in page.main


@pytest.mark.parametrize("section", ["state", "money", "benefit", "output", "text", "publish"])
def test_each_section_can_be_changed_from_the_check(site: Site, reporter: Phone, section: str) -> None:
    page = fill_in(reporter)
    assert f"/reports/{site.world.slots['library']}/fill/{section}?check=1" in page.links
    assert reporter.get(f"/reports/{site.world.slots['library']}/fill/{section}?check=1").status == 200


def test_what_is_wrong_stands_beside_its_field_when_it_is_turned_to(site: Site, reporter: Phone) -> None:
    begin(reporter)
    reporter.send(reporter.section("benefit"), **{"benefits-0-benefit_who": "村民"})
    slot = site.world.slots["library"]
    page = reporter.get(f"/reports/{slot}/check")
    place = f"/reports/{slot}/fill/benefit?check=1#benefits-0-benefit_amount"
    assert place in page.links
    there = reporter.get(place)
    wrong = next(one for one in there.root.all("input") if one.attributes.get("id") == "benefits-0-benefit_amount")
    assert wrong.attributes["aria-invalid"] == "true"
