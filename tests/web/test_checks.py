"""Reviewers see what the checks found beside the value and close it; publishers set the checks and try them."""

from __future__ import annotations

import json

import pytest

from reportsvc import attachments
from reportsvc.models import AuditEntry, Campaign, CheckRule, CheckTrial, Flag, Slot, Task
from reportsvc.projects import rules
from reportsvc.reports.checks import running, trials
from reportsvc.web import check_desk, reviewing
from tests.web.browsing import Element, Page, Phone
from tests.web.conftest import Site
from tests.web.test_checking import FIELD, WHY, doubted
from tests.web.test_reporting import fill_in


def strict(kind: str, severity: str, **parameters: str) -> None:
    rule = CheckRule.get(CheckRule.kind == kind)
    rule.severity, rule.parameters = severity, rule.parameters | parameters
    rule.save()


def sent(site: Site) -> int:
    """A report that was explained, and has no photo; gives its slot."""
    strict("evidence", "look", floor="100")
    phone = site.phone(site.world.reporter)
    phone.send(doubted(phone), **{FIELD: WHY})
    return site.world.slots["library"]


def closing(page: Page) -> list[Element]:
    return [form for form in page.forms if "/flags/" in form.attributes.get("action", "")]


def test_a_flag_stands_with_its_arithmetic_and_what_was_said(site: Site, county: Phone) -> None:
    slot = sent(site)
    page = county.get(f"/review/{slot}")
    cell = next(
        one for one in page.root.all("td") if "flag explain" in [x.attributes.get("class") for x in one.all("div")]
    )
    assert "上季度 8,000 元，本季度 150,000 元，是上季度的 18.8 倍。" in cell.text
    assert WHY in cell.text
    assert "照片和文件共 0 个" in page.main
    listed = county.get("/review").main
    assert "需要说明 1" in listed
    assert "请查看 2" in listed, "no photo; nobody who benefited"


def test_a_flag_is_closed_with_a_word(either: Site) -> None:
    slot = sent(either)
    county = either.phone(either.world.county)
    page = county.get(f"/review/{slot}")
    first = closing(page)[0]
    refused = county.send(page, first, word="")
    assert refused.status == 422
    assert [one for one in refused.root.all("input") if one.attributes.get("aria-invalid")]
    answer = county.send(page, first, word="电话核实过")
    assert (answer.status, answer.location.partition("#")[0]) == (302, f"/review/{slot}")
    shown = county.follow(answer)
    assert either.zh(reviewing.CLOSED) in shown.text
    assert f"{either.world.county.name}已于" in shown.main
    assert "电话核实过" in shown.main
    assert len(closing(shown)) == len(closing(page)) - 1
    again = county.send(page, first, word="另一种说法")
    assert again.status == 409
    assert "电话核实过" in again.main


def test_another_countys_reviewer_closes_nothing(site: Site, county: Phone) -> None:
    slot = sent(site)
    form = closing(county.get(f"/review/{slot}"))[0]
    stranger = site.phone(site.world.other_county)
    token = stranger.get("/review")
    values = dict(token.root.all("form")[-1].fields)
    assert stranger.post(form.attributes["action"], values | {"word": "没有问题"}).status == 404
    assert Flag.select().where(Flag.closed_at.is_null(False)).count() == 0


def test_a_report_from_outside_the_region_is_not_named(site: Site, county: Phone, province: Phone) -> None:
    text = "为两个村配齐图书，组织志愿者辅导，每周六上午开放，借阅登记由村妇联负责，照片和签收表随季报存档，很好。"
    site.world.submit(progress_text=text)
    site.world.submit("orchard", progress_text=text)
    store = attachments.Folder(site.app.extensions["reportsvc"].attachments)
    running.quarter(site.world.now.id, store, lambda *_: None)
    slot = site.world.slots["library"]
    mine, all_of_it = county.get(f"/review/{slot}").main, province.get(f"/review/{slot}")
    assert "本地区以外" in mine
    assert site.world.pine.name not in mine
    assert f"{site.world.pine.name}“果树品种改良”" in all_of_it.main
    assert f"/review/{site.world.slots['orchard']}" in all_of_it.links


# --- before it is sent -----------------------------------------------------------------------------------------------


def test_what_must_be_fixed_is_listed_with_the_way_to_it(site: Site, reporter: Phone) -> None:
    strict("jump", "must_fix")
    strict("evidence", "must_fix", floor="100")
    page = doubted(reporter)
    slot = site.world.slots["library"]
    assert f"/reports/{slot}/fill/money?check=1#own_funds" in page.links
    assert f"/reports/{slot}/photos" in page.links
    assert "是上季度的 18.8 倍" in page.main
    assert not [form for form in page.forms if form.attributes.get("action", "").endswith("/check")]
    CheckRule.update(active=False).where(CheckRule.kind.in_(("jump", "evidence"))).execute()
    ready = reporter.get(f"/reports/{slot}/check")
    CheckRule.update(active=True).execute()
    refused = reporter.send(ready)
    assert refused.status == 422
    assert "必须先改正" in refused.main
    assert Slot.get_by_id(slot).state == "draft"


def test_a_missing_photo_that_is_asked_about_leads_to_the_photos(site: Site, reporter: Phone) -> None:
    strict("evidence", "explain", floor="100", text="0")
    fill_in(reporter)
    slot = site.world.slots["library"]
    page = reporter.get(f"/reports/{slot}/check")
    box = page.root.all("textarea")[0].attributes["name"]
    answer = reporter.send(page, **{box: "下雨没有拍。", "go": "photos#"})
    assert answer.location == f"/reports/{slot}/photos"
    page = reporter.get(f"/reports/{slot}/check")
    assert "下雨没有拍。" in dict(page.form.fields).values()
    assert reporter.send(page).status == 302


# --- the publishers' page --------------------------------------------------------------------------------------------


def test_checks_are_tried_and_kept(either: Site, tmp_path: object) -> None:
    phone = either.phone(either.world.province)
    page = phone.get("/checks")
    fields = dict(page.form.fields)
    assert set(fields) >= {f"{kind}.severity" for kind in rules.KINDS}
    answer = phone.send(page, **{"evidence.floor": "1", "fell.severity": "must_fix", "go": "try"})
    trial = CheckTrial.get()
    assert (answer.status, answer.location) == (302, f"/checks?trial={trial.id}")
    waiting = phone.follow(answer)
    assert "正在用" in waiting.main
    trials.run(trial.id, lambda *_: None)
    done = phone.get(f"/checks?trial={trial.id}")
    assert dict(done.form.fields)["evidence.floor"] == "1"
    assert "份（共 1 份季报）" in done.main
    assert CheckRule.get(CheckRule.kind == "fell").severity == "explain", "nothing is kept yet"
    answer = phone.send(done, go="keep")
    assert either.zh(check_desk.KEPT) in phone.follow(answer).text
    kept = CheckRule.get(CheckRule.kind == "fell")
    assert (kept.severity, kept.person_id) == ("must_fix", either.world.province.id)
    assert Task.select().where(Task.kind == running.TASK).count() == 1
    answer = phone.send(phone.get("/checks"), go="keep")
    assert either.zh(check_desk.UNCHANGED) in phone.follow(answer).text


@pytest.mark.parametrize("go", ["try", "keep"])
def test_a_limit_that_can_not_be_is_said_beside_its_input(site: Site, province: Phone, go: str) -> None:
    page = province.send(province.get("/checks"), **{"jump.times": "0.5", "own.limit": "", "go": go})
    assert page.status == 422
    wrong = [one for one in page.root.all("input") if one.attributes.get("aria-invalid") == "true"]
    assert [(one.attributes["name"], one.attributes["value"]) for one in wrong] == [
        ("jump.times", "0.5"),
        ("own.limit", ""),
    ]
    assert "请填写 2 到 1000 之间的整数。" in page.main
    assert CheckTrial.select().count() == 0


def test_another_provinces_campaign_is_not_there(site: Site, province: Phone) -> None:
    assert province.get("/checks?campaign=elsewhere").status == 404
    assert province.get("/checks?trial=1").status == 404


@pytest.mark.parametrize("typed", ["", "0", "61", "五", "3.5", "-2", "9" * 40])
def test_days_of_review_that_make_no_sense_are_kept_as_typed_and_said(site: Site, province: Phone, typed: str) -> None:
    page = province.get("/checks")
    refused = province.send(page, days_form(page), review_days=typed)
    assert refused.status == 422
    assert [one.attributes["value"] for one in refused.root.all("input") if one.attributes.get("aria-invalid")] == [
        typed
    ]
    assert "1 至 60" in refused.main
    assert Campaign.get_by_id(site.world.campaign.id).review_days == 5


def test_days_of_review_hold_at_once_and_are_in_the_log(either: Site) -> None:
    province = either.phone(either.world.province)
    page = province.get("/checks")
    answer = province.send(page, days_form(page), review_days="３")
    assert either.zh(check_desk.DAYS_KEPT) in province.follow(answer).main
    assert Campaign.get_by_id(either.world.campaign.id).review_days == 3
    again = province.send(province.get("/checks"), days_form(page), review_days="3")
    assert either.zh(check_desk.UNCHANGED) in province.follow(again).main
    (entry,) = AuditEntry.select().where(AuditEntry.area == "campaign", AuditEntry.action == "review_days")
    assert (entry.actor, json.loads(entry.data)) == (either.world.province.id, {"days": 3, "were": 5})


def days_form(page: Page) -> Element:
    return next(form for form in page.forms if form.attributes.get("action", "").endswith("/checks/days"))
