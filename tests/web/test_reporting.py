"""Filling in a report: what is wrong is said in Chinese beside the answer, and nothing that was typed is lost."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from reportsvc.forms import shipped
from reportsvc.models import Round, Version
from reportsvc.reports import drafts, forms, sending, transitions
from reportsvc.web import standing
from tests.support.world import ANSWERS
from tests.web.browsing import Page, Phone
from tests.web.conftest import Site

SUBMITTED = "季报已提交，退回后才能修改。"
CHANGED = "填报期间表单有更新。您填写的内容已保留，请再核对这一页。"


def fill_in(phone: Phone, slot: str = "library") -> Page:
    """Every page of the form in turn, to the page of the check."""
    page = phone.send(phone.section("state", slot), project_state="running", activity="yes")
    page = phone.send(phone.follow(page), own_funds="12000.50")
    page = phone.send(phone.follow(page), **{"benefits-0-benefit_unit": "visits", "benefits-0-benefit_amount": "320"})
    page = phone.send(phone.follow(page))
    page = phone.send(phone.follow(page), progress_text="为两个村配齐图书。")
    page = phone.follow(phone.send(phone.follow(page), may_publish="yes"))
    assert page.answer.request.path.endswith("/check")
    return page


def begin(phone: Phone) -> None:
    phone.send(phone.section("state"), project_state="running", activity="yes")


def publish_changed(site: Site, old: str, new: str) -> int:
    """Staff upload a changed spreadsheet, and the round uses it from now on."""
    source, filename = shipped.quarterly_report()
    changed = source.decode().replace(old, new)
    assert changed.encode() != source
    version = forms.publish(changed.encode(), filename)
    Round.update(form_version=version).where(Round.id == site.world.now.id).execute()
    return int(version.id)


# --- what is wrong ---------------------------------------------------------------------------------------------------


def test_a_negative_amount_is_named_and_kept(site: Site, reporter: Phone) -> None:
    begin(reporter)
    page = reporter.send(reporter.section("money"), own_funds="-5", raised_funds="300")
    assert page.status == 422
    assert "有 1 处需要检查" in page.main
    assert "金额不能小于 0。" in page.main
    assert page.values["own_funds"] == "-5"
    wrong = next(one for one in page.root.all("input") if one.attributes.get("name") == "own_funds")
    assert wrong.attributes["aria-invalid"] == "true"
    assert f"{wrong.attributes['id']}-error" in wrong.attributes["aria-describedby"].split()
    assert site.draft()["own_funds"] == "-5"
    assert site.draft()["raised_funds"] == "300"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("1,234.50", "1234.50"), ("１２，０００．５", "12000.5"), (" 12 000 ", "12000"), ("007", "7"), ("12。5", "12.5")],
)
def test_numbers_are_read_as_people_type_them(site: Site, reporter: Phone, typed: str, kept: str) -> None:
    begin(reporter)
    page = reporter.send(reporter.section("money"), own_funds=typed)
    assert (page.status, page.location) == (302, f"/reports/{site.world.slots['library']}/fill/benefit")
    assert site.draft()["own_funds"] == kept
    assert reporter.section("money").values["own_funds"] == kept


def test_what_is_no_number_is_named_and_kept(site: Site, reporter: Phone) -> None:
    begin(reporter)
    page = reporter.send(reporter.section("money"), own_funds="大约三万")
    assert page.status == 422
    assert "“大约三万”无法识别为数字，请用阿拉伯数字填写，如 12000.50。" in page.main
    assert page.values["own_funds"] == "大约三万" == site.draft()["own_funds"]


def test_ten_thousand_characters_are_too_many_but_none_is_lost(site: Site, reporter: Phone) -> None:
    begin(reporter)
    long = "为村里修路。" * 1666 + "完工啦。"
    page = reporter.send(reporter.section("text"), progress_text=long, difficulties="缺\r\n水")
    assert page.status == 422
    assert "最多 2000 个字，现有 10000 个字，请删减。" in page.main
    assert page.values["progress_text"] == long == site.draft()["progress_text"]
    assert page.values["difficulties"] == "缺\n水"


def test_an_answer_that_is_missing_is_named(site: Site, reporter: Phone) -> None:
    page = reporter.send(reporter.section("state"), activity="no")
    assert page.status == 422
    assert "请选择项目现在的进展。" in page.main
    assert page.values["activity"] == "no" == site.draft()["activity"]


def test_going_back_keeps_what_is_wrong(site: Site, reporter: Phone) -> None:
    begin(reporter)
    page = reporter.send(reporter.section("money"), own_funds="-5", go="back")
    assert page.location == f"/reports/{site.world.slots['library']}/fill/state"
    assert site.draft()["own_funds"] == "-5"
    check = reporter.get(f"/reports/{site.world.slots['library']}/check")
    assert "自有资金 ：金额不能小于 0。" in check.main
    assert "同意公开本次填写的文字内容吗？ 请选择“是”或“否”。" in check.main
    assert not [form for form in check.forms if form.fields], "what is wrong can't be submitted"


def test_what_no_database_takes_is_left_out(either: Site) -> None:
    phone = either.phone(either.world.reporter)
    begin(phone)
    money = phone.section("money")
    phone.send(phone.section("state"), project_state="running", activity="no")
    phone.send(money, own_funds="1\x002", raised_funds="a\ud800b".encode("utf-8", "surrogatepass"))
    assert either.draft()["own_funds"] == "12"
    page = phone.send(phone.section("text"), difficulties="缺\x00水\x07")
    assert page.status == 302
    assert either.draft()["difficulties"] == "缺水"


def test_rows_are_added_and_taken_away_without_script(site: Site, reporter: Phone) -> None:
    begin(reporter)
    page = reporter.section("benefit")
    page = reporter.send(
        page, **{"benefits-0-benefit_amount": "三百", "benefits-0-benefit_who": "村民", "add-benefits": "1"}
    )
    assert page.status == 200
    assert page.values["benefits-0-benefit_amount"] == "三百"
    assert "benefits-1-benefit_who" in page.values
    page = reporter.send(page, **{"benefits-1-benefit_who": "学生", "remove-benefits-0": "1"})
    assert [name for name in page.values if name.endswith("benefit_who")] == ["benefits-0-benefit_who"]
    assert page.values["benefits-0-benefit_who"] == "学生"
    assert site.draft()["benefits"] == [{"benefit_who": "学生"}]


def test_an_answer_changed_and_changed_back_finds_the_rest_again(site: Site, reporter: Phone) -> None:
    fill_in(reporter)
    page = reporter.send(reporter.section("state"), activity="no")
    slot = site.world.slots["library"]
    assert page.location == f"/reports/{slot}/fill/text"
    assert reporter.get(f"/reports/{slot}/fill/money").location == f"/reports/{slot}"
    reporter.send(reporter.section("state"), activity="yes")
    assert reporter.section("money").values["own_funds"] == "12000.50"


# --- a form that changes meanwhile -----------------------------------------------------------------------------------


def test_the_form_changes_while_a_page_is_filled_in(either: Site) -> None:
    phone = either.phone(either.world.reporter)
    begin(phone)
    page = phone.section("money")
    publish_changed(either, "| 自有资金 |", "| 单位自筹资金 |")
    answer = phone.send(page, own_funds="12000.50")
    assert answer.location == f"/reports/{either.world.slots['library']}/fill/money"
    page = phone.follow(answer)
    assert CHANGED in page.main
    assert "单位自筹资金" in page.main
    assert page.values["own_funds"] == "12000.50" == either.draft()["own_funds"]


def test_what_a_page_asked_is_kept_though_the_newer_form_asks_it_elsewhere(site: Site, reporter: Phone) -> None:
    begin(reporter)
    page = reporter.section("money")
    publish_changed(site, "| begin_group | money |", "| begin_group | cash |")
    answer = reporter.send(page, own_funds="12000.50")
    assert answer.location == f"/reports/{site.world.slots['library']}"
    overview = reporter.follow(answer)
    assert CHANGED in overview.main
    assert "开始填报后表单有更新。已填内容均已保留，请逐页再核对一遍。" in overview.main
    assert reporter.section("cash").values["own_funds"] == "12000.50"
    assert reporter.get(f"/reports/{site.world.slots['library']}/fill/money").status == 404


def test_a_question_that_the_newer_form_has_not_is_no_conflict(site: Site, reporter: Phone) -> None:
    begin(reporter)
    reporter.send(reporter.section("money"), member_enterprise_investment="70", own_funds="10")
    page = reporter.section("money")
    publish_changed(site, "| decimal | member_enterprise_investment |", "| decimal | enterprises |")
    answer = reporter.send(page, own_funds="20")
    assert answer.status == 302
    assert (site.draft()["own_funds"], site.draft()["member_enterprise_investment"]) == ("20", "70")


def test_the_form_changes_before_the_report_is_submitted(either: Site) -> None:
    phone = either.phone(either.world.reporter)
    check = fill_in(phone)
    newer = publish_changed(either, "| 自有资金 |", "| 单位自筹资金 |")
    page = phone.send(check)
    assert page.status == 409
    assert either.zh(sending.FORM_CHANGED) in page.main
    assert "单位自筹资金" in page.main
    assert "12,000.50" in page.main
    assert Version.select().where(Version.slot == either.world.slots["library"]).count() == 0
    answer = phone.send(page)
    assert phone.follow(answer).main.startswith("我的季报")
    assert transitions.slot_by_id(either.world.slots["library"]).state == "submitted"
    assert Version.get(Version.slot == either.world.slots["library"]).form_version_id == newer


# --- two devices -----------------------------------------------------------------------------------------------------


def test_two_devices_on_one_page_see_both_and_choose(either: Site) -> None:
    morning, evening = (either.phone(either.world.reporter) for _ in range(2))
    begin(morning)
    first, second = morning.section("money"), evening.section("money")
    assert morning.send(first, own_funds="12000", raised_funds="500").status == 302
    page = evening.send(second, own_funds="1,3000.5", raised_funds="５００")
    assert page.status == 409
    assert either.zh(drafts.ELSEWHERE) in page.main
    assert [one.text for one in page.form.all("fieldset")] == [
        "自有资金 本机所填： 1,3000.5 元 别处保存的： 12,000 元"
    ], "only what differs"
    assert page.values["own_funds"] == "1,3000.5"
    assert either.draft()["own_funds"] == "12000", "nothing is overwritten"
    assert evening.send(page, own_funds="13000.5").status == 302
    assert either.draft()["own_funds"] == "13000.5", "saved once more, it is what they chose"


def test_two_devices_on_different_pages_do_not_meet(site: Site) -> None:
    morning, evening = (site.phone(site.world.reporter) for _ in range(2))
    begin(morning)
    money, text = morning.section("money"), evening.section("text")
    assert morning.send(money, own_funds="12000").status == 302
    assert evening.send(text, progress_text="为两个村配齐图书。").status == 302
    assert site.draft()["own_funds"] == "12000"
    assert site.draft()["progress_text"] == "为两个村配齐图书。"


def test_the_same_page_saved_twice_is_no_conflict(site: Site, reporter: Phone) -> None:
    begin(reporter)
    page = reporter.section("money")
    assert [reporter.send(page, own_funds="12000").status for _ in range(2)] == [302, 302]


def test_a_change_on_the_other_device_is_seen_before_submitting(site: Site, reporter: Phone) -> None:
    check = fill_in(reporter)
    other = site.phone(site.world.reporter)
    other.send(other.section("money"), own_funds="66666")
    page = reporter.send(check)
    assert page.status == 409
    assert site.zh(sending.ANSWERS_CHANGED) in page.main
    assert "66,666" in page.main
    assert reporter.send(page).status == 302


# --- submitting ------------------------------------------------------------------------------------------------------


def test_submitting_twice_gives_one_version_and_one_receipt(either: Site) -> None:
    phone = either.phone(either.world.reporter)
    check = fill_in(phone)
    pages = [phone.follow(phone.send(check)) for _ in range(2)]
    version = Version.get(Version.slot == either.world.slots["library"])
    for page in pages:
        assert "季报已收到" in page.main
        assert version.receipt in page.main


def test_two_taps_at_the_same_moment_give_one_version(either: Site) -> None:
    phones = [either.phone(either.world.reporter) for _ in range(4)]
    check = fill_in(phones[0])
    checks = [check, *(phone.get(check.answer.request.path) for phone in phones[1:])]
    start = threading.Barrier(len(phones))

    def tap(phone: Phone, page: Page) -> Page:
        start.wait()
        return phone.send(page)

    with ThreadPoolExecutor(len(phones)) as pool:
        pages = list(pool.map(tap, phones, checks))
    assert [page.location for page in pages] == [f"/reports/{either.world.slots['library']}/receipt"] * len(phones)
    assert Version.select().where(Version.slot == either.world.slots["library"]).count() == 1


def test_two_devices_saving_at_the_same_moment_never_overwrite(either: Site) -> None:
    phones = [either.phone(either.world.reporter) for _ in range(4)]
    pages = [phone.section("state") for phone in phones]
    start = threading.Barrier(len(phones))

    def save(phone: Phone, page: Page, answer: str) -> int:
        start.wait()
        return phone.send(page, project_state=answer, activity="no").status

    with ThreadPoolExecutor(len(phones)) as pool:
        saved = list(pool.map(save, phones, pages, ("preparing", "running", "paused", "stopped")))
    assert sorted(saved) == [302, 409, 409, 409]


def test_what_is_incomplete_is_listed_with_the_way_to_it(site: Site, reporter: Phone) -> None:
    begin(reporter)
    slot = site.world.slots["library"]
    check = reporter.get(f"/reports/{slot}/check")
    assert "提交前还有 2 处需要处理：" in check.main
    assert f"/reports/{slot}/fill/text?check=1#progress_text" in check.links, "to the very field"
    token = dict(check.root.all("form")[0].fields)["csrf_token"]
    form = {"csrf_token": token, "submission": "no-uuid\x00", "form": str(site.world.form.id)}
    assert reporter.post(f"/reports/{slot}/check", form).status == 409


def test_the_back_button_after_submitting(site: Site, reporter: Phone) -> None:
    check = fill_in(reporter)
    old = reporter.section("money")
    reporter.send(check)
    slot = site.world.slots["library"]
    assert reporter.get(f"/reports/{slot}/fill/money").location == f"/reports/{slot}"
    assert reporter.get(f"/reports/{slot}/check").location == f"/reports/{slot}"
    overview = reporter.get(f"/reports/{slot}")
    assert site.zh(standing.SENT, region="丰宁满族自治县") in overview.main
    page = reporter.send(old, own_funds="777")
    assert page.status == 409
    assert SUBMITTED in page.main
    assert page.values["own_funds"] == "777", "it can still be copied"
    assert "own_funds" not in site.draft() or site.draft()["own_funds"] == "12000.50"


def test_a_returned_report_is_corrected_from_what_was_sent(site: Site, reporter: Phone, county: Phone) -> None:
    site.world.submit()
    slot = site.world.slots["library"]
    county.send(county.get(f"/review/{slot}"), county.get(f"/review/{slot}").forms[1], reason="金额与台账不符。")
    assert "金额与台账不符。" in reporter.get("/reports").main
    page = reporter.section("money")
    assert "已退回，请按以下意见修改：" in page.main
    assert page.values["own_funds"] == ANSWERS["own_funds"]
    reporter.send(page, own_funds="15000")
    check = reporter.get(f"/reports/{slot}/check")
    receipt = reporter.follow(reporter.send(check))
    assert "-2" in receipt.main
    assert [one.number for one in Version.select().where(Version.slot == slot).order_by(Version.number)] == [1, 2]


# --- whose it is -----------------------------------------------------------------------------------------------------


def _body(page: Page) -> str:
    """A page without the number of its request."""
    html = re.sub(r'name="csrf_token" value="[^"]*"', "", page.html)  # a token tells the second in which it was made
    return "".join(part for part in html.splitlines(keepends=True) if 'class="hint"' not in part)


@pytest.mark.parametrize("path", ["", "/fill/money", "/check", "/receipt", "/sent/1"])
def test_another_organizations_report_is_not_there(site: Site, reporter: Phone, path: str) -> None:
    theirs, nobodys = (reporter.get(f"/reports/{slot}{path}") for slot in (site.world.slots["orchard"], 987654))
    assert theirs.status == nobodys.status == 404
    assert "没有这份报告。" in theirs.main
    assert _unaddressed(theirs) == _unaddressed(nobodys)
    huge = reporter.get(f"/reports/{10**30}{path}")
    assert huge.status == 404


def _unaddressed(page: Page) -> str:
    return _body(page).replace(page.answer.request.path, "")


def test_nothing_of_another_organization_can_be_sent(site: Site, reporter: Phone) -> None:
    begin(reporter)
    page, slot = reporter.section("money"), site.world.slots["orchard"]
    fields = dict(page.form.fields)
    for path in (f"/reports/{slot}/fill/money", f"/reports/{slot}/check"):
        assert reporter.post(path, fields).status == 404
    assert site.draft("orchard") == {}
