"""The reviewer's desk: answers that are named, many at once, a report by telephone, comments, lists as links."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

import pytest

from reportsvc import clock
from reportsvc.models import Campaign, Event, Slot, Version
from reportsvc.web import standing
from reportsvc.web.reviewing import batches, exceptions, report
from reportsvc.web.reviewing.common import FLAGGED
from reportsvc.web.words import EVENTS
from tests.web.browsing import Element, Page, Phone
from tests.web.conftest import Site
from tests.web.test_reporting import fill_in

FIELDS = {"field": ["own_funds", "benefits[1].benefit_amount"], "why-own_funds": "与台账不符，请核对。"}


@pytest.fixture
def slot(site: Site) -> int:
    """A report that waits for the county."""
    site.world.submit()
    return site.world.slots["library"]


def to(page: Page, end: str) -> Element:
    """The form of a page that is sent to an address with this end."""
    return next(one for one in page.forms if one.attributes.get("action", "").partition("?")[0].endswith(end))


def give_back(county: Phone, slot: int, **typed: object) -> Page:
    page = county.get(f"/review/{slot}")
    return county.send(page, to(page, "/return"), **(FIELDS | {"reason": "请核对两处。"} | typed))


# --- answers that are named ------------------------------------------------------------------------------------------


def test_every_answer_can_be_named_but_not_what_is_calculated(county: Phone, slot: int) -> None:
    page = county.get(f"/review/{slot}")
    boxes = {one.attributes["value"] for one in page.root.all("input") if one.attributes.get("name") == "field"}
    assert {"own_funds", "benefits[1].benefit_amount", "progress_text", "difficulties"} <= boxes
    assert "total_funds" not in {box for box in boxes if box.startswith("total")}
    assert all(
        one.attributes["form"] == "return" for one in page.root.all("input") if one.attributes.get("name") == "field"
    )


def test_named_answers_lead_the_organization_and_come_back_with_what_was_not_changed(
    site: Site, county: Phone, reporter: Phone, slot: int
) -> None:
    assert give_back(county, slot).status == 302
    page = reporter.get(f"/reports/{slot}")
    money, benefit = f"/reports/{slot}/fill/money#own_funds", f"/reports/{slot}/fill/benefit#benefits-0-benefit_amount"
    assert [link for link in page.links if link in {money, benefit}][:2] == [money, benefit]
    assert "与台账不符，请核对。" in page.main
    page = reporter.section("money")
    field = next(one for one in page.root.all("div") if one.attributes.get("data-path") == "own_funds")
    assert "与台账不符，请核对。" in field.text
    other = next(one for one in page.root.all("div") if one.attributes.get("data-path") == "raised_funds")
    assert "与台账不符" not in other.text
    page = reporter.send(page, own_funds="9000")
    assert page.location == f"/reports/{slot}/fill/benefit", "the next page that has a named answer"
    page = reporter.send(reporter.section("benefit"))
    assert page.location == f"/reports/{slot}/check", "and after the last of them the check"
    page = reporter.get(f"/reports/{slot}/check")
    assert reporter.send(page, to(page, "/check")).status == 302
    page = county.get(f"/review/{slot}")
    named = next(one for one in page.root.all("div") if one.attributes.get("class") == "problem")
    assert "数量" in named.text
    assert "自有资金" not in named.text
    assert "9,000" in page.main


def test_a_return_that_is_refused_keeps_everything_that_was_typed(county: Phone, slot: int) -> None:
    past = (clock.today() - timedelta(days=1)).isoformat()
    page = give_back(county, slot, due=past)
    assert page.status == 422
    assert dict(to(page, "/return").fields)["due"] == past
    inputs = {one.attributes.get("name"): one.attributes for one in page.root.all("input")}
    assert inputs["why-own_funds"]["value"] == "与台账不符，请核对。"
    ticked = [one.attributes["value"] for one in page.root.all("input") if "checked" in one.attributes]
    assert ticked == FIELDS["field"]
    assert give_back(county, slot, due="2026-13-99").status == 422
    assert give_back(county, slot, field=["nosuch"]).status == 422
    assert Slot.get_by_id(slot).state == "submitted"


def test_the_second_reviewer_sees_who_did_what(site: Site, county: Phone, slot: int) -> None:
    page = county.get(f"/review/{slot}")
    assert give_back(site.phone(site.world.county), slot).status == 302
    page = county.send(page, to(page, "/return"), reason="我的原因", **FIELDS)
    assert page.status == 409
    assert site.world.county.name in page.main
    assert site.zh(EVENTS["return"]) in page.main
    assert "我的原因" in page.main
    assert "与台账不符，请核对。" in page.main


# --- many at once ----------------------------------------------------------------------------------------------------


def test_many_are_approved_after_one_look_and_taken_back(either: Site) -> None:
    world = either.world
    for name in ("library", "joint:lotus"):
        world.submit(name)
        Slot.update(waiting_at="130000").where(Slot.id == world.slots[name]).execute()
    province = either.phone(world.province)
    page = province.get("/review")
    page = province.send(page, to(page, "/bulk"), slot=[world.slots["library"], world.slots["joint:lotus"]])
    assert page.status == 200
    assert world.slot("library").state == "submitted", "nothing is done yet"
    assert "30,001.00" in page.main
    seen = page
    page = province.follow(province.send(page, to(page, "/move")))
    assert [world.slot(name).state for name in ("library", "joint:lotus")] == ["approved", "approved"]
    again = province.follow(province.send(seen, to(seen, "/move")))
    assert "乡村图书室" in again.main, "what could not be moved is listed"
    assert either.zh(EVENTS["approve"]) in again.main
    page = province.follow(province.send(page, to(page, "/undo")))
    assert either.zh(batches.TAKEN_BACK, count=2) in page.main
    assert [world.slot(name).waiting_at_id for name in ("library", "joint:lotus")] == ["130000", "130000"]
    assert either.phone(world.county).get(page.answer.request.path).status == 404


def test_what_is_flagged_is_left_out_of_all_and_marked(site: Site, county: Phone, slot: int) -> None:
    asked: list[int] = []

    def flagged(ids: Sequence[int]) -> Collection[int]:
        asked.extend(ids)
        return {slot}

    site.app.extensions[FLAGGED] = flagged
    page = county.get("/review")
    assert slot in asked
    assert site.zh("has flags") in page.main
    answer = county.send(page, to(page, "/bulk"), which="filter")
    assert answer.status == 302, "there is nothing else"
    page = county.send(page, to(page, "/bulk"), slot=[slot])
    assert page.status == 200, "somebody who ticks it has looked"
    assert "乡村图书室" not in county.get("/review?flagged=no").main
    assert "乡村图书室" in county.get("/review?flagged=yes").main


def test_reports_of_others_can_not_be_slipped_in(site: Site, slot: int) -> None:
    elsewhere = site.phone(site.world.other_county)
    page = elsewhere.get("/review?tab=owed")
    token = dict(page.root.all("form")[-1].fields)["csrf_token"]
    assert elsewhere.post("/review/bulk", {"csrf_token": token, "slot": [slot]}).status == 302
    answer = elsewhere.post("/review/bulk/move", {"csrf_token": token, "slot": [f"{slot}:1", "x:1", "1", ":"]})
    assert "乡村图书室" not in elsewhere.follow(answer).main
    assert site.world.slot().state == "submitted"


# --- lists as links --------------------------------------------------------------------------------------------------


def test_a_list_is_a_link_and_a_report_knows_what_comes_next(site: Site, province: Phone) -> None:
    world = site.world
    for name in ("library", "orchard"):
        world.submit(name)
        Slot.update(waiting_at="130000").where(Slot.id == world.slots[name]).execute()
    page = province.get("/review?sort=due&kind=association")
    assert f"/review/{world.slots['library']}?kind=association&sort=due" in page.links
    assert "果树" not in page.main
    first, second = world.slots["library"], world.slots["orchard"]
    page = province.get(f"/review/{first}?sort=due")
    assert f"/review/{second}?sort=due" in page.links
    answer = province.send(page, to(page, "/approve"))
    assert answer.location == f"/review/{second}?sort=due"
    page = province.follow(answer)
    assert site.zh(report.APPROVED) in page.main
    answer = province.send(page, to(page, "/approve"))
    assert answer.location.startswith("/review?")


@pytest.mark.parametrize("query", ["tab=all&page=0", "tab=all&round=x", "tab=all&words=%25%00", "tab=all&sort=nosuch"])
def test_an_address_that_makes_no_sense_still_gives_a_list(county: Phone, slot: int, query: str) -> None:
    assert county.get(f"/review?{query}").status == 200


def test_a_level_that_is_late_can_be_replaced(site: Site, province: Phone, slot: int) -> None:
    Campaign.update(review_days=1).execute()
    Slot.update(waiting_since=clock.today() - timedelta(days=30)).where(Slot.id == slot).execute()
    assert "乡村图书室" in province.get("/review?tab=late").main
    page = province.get(f"/review/{slot}?tab=late")
    page = province.follow(province.send(page, to(page, "/approve")))
    assert site.zh(report.IN_PLACE) in page.main
    assert site.zh("in place of %(region)s", region="丰宁满族自治县") in page.main
    assert province.send(page, to(page, "/approve")).status == 302
    assert site.world.slot().state == "approved"


# --- beside the review -----------------------------------------------------------------------------------------------


def decide(phone: Phone, slot: int, what: str, why: str = "王素梅来电。", **more: object) -> Page:
    page = phone.get(f"/review/{slot}")
    return phone.send(page, to(page, "/decide"), what=what, why=why, **more)


def test_a_report_is_entered_for_who_telephones(site: Site, county: Phone, reporter: Phone) -> None:
    slot = site.world.slots["library"]
    assert county.get(f"/reports/{slot}/fill/state").status == 404, "not before it was begun"
    assert decide(county, slot, "begin", why=" ").status == 422
    assert decide(county, slot, "begin").location == f"/reports/{slot}"
    assert site.zh("Back to the review") in county.get(f"/reports/{slot}").main
    for path in ("", "/photos", "/fill/state", "/check"):
        assert site.phone(site.world.other_county).get(f"/reports/{slot}{path}").status == 404
        assert site.phone(site.world.province).get(f"/reports/{slot}{path}").status == 404
    page = fill_in(county)
    answer = county.send(page, to(page, "/check"))
    assert answer.location == f"/review/{slot}"
    assert "王素梅来电。" in county.follow(answer).main
    version = Version.get(Version.slot == slot)
    assert (version.source, version.person) == ("on behalf", site.world.county)
    assert county.get(f"/reports/{slot}/fill/state").status == 404, "and not after it is sent"
    page = reporter.get(f"/reports/{slot}")
    assert site.world.county.name in page.main
    assert "王素梅来电。" in page.main
    assert site.zh(standing.SENT, region="丰宁满族自治县") in page.main, "and why it is locked"


def test_no_report_more_time_and_a_nil_report(site: Site, county: Phone, reporter: Phone) -> None:
    slot = site.world.slots["library"]
    due = site.world.slot().due
    later = (due + timedelta(days=3)).isoformat()
    assert decide(county, slot, "extend", until="x").status == 422
    assert decide(county, slot, "extend", until=due.isoformat()).status == 422
    assert decide(county, slot, "extend", until=later).status == 302
    assert site.world.slot().due.isoformat() == later
    assert decide(county, slot, "excuse", why="项目结束。").status == 302
    page = reporter.get(f"/reports/{slot}")
    assert "项目结束。" in page.main
    assert site.zh(standing.NEEDLESS) in page.main
    assert decide(county, slot, "require").status == 302
    assert site.zh(exceptions.DECIDED["nil"]) in county.follow(decide(county, slot, "nil")).main
    assert Event.select().where(Event.slot == slot, Event.action == "nil_on_behalf").count() == 1


def test_a_whole_place_gets_more_time(site: Site, county: Phone) -> None:
    slot = site.world.slots["library"]
    page = county.get("/review/extend")
    assert county.send(page, until="", why="汛期。").status == 422
    later = (site.world.slot().due + timedelta(days=3)).isoformat()
    asked = county.send(county.get("/review/extend"), until=later, why="汛期。", round=site.world.now.id)
    assert site.zh("Give %(count)s reports more time?", count=1) in asked.main
    assert Slot.get_by_id(slot).due.isoformat() != later, "nothing is done before it was looked at"
    assert county.send(asked).status == 302
    assert Slot.get_by_id(slot).due.isoformat() == later
    page = county.get("/review/extend")
    again = county.send(page, until=later, why="x", round=site.world.now.id)
    assert again.status == 422
    assert site.zh("No report of this place and quarter is still owed and due before that day.") in again.main
    assert county.send(page, until=later, why="x", place="130822", round=site.world.now.id).status == 404


def test_both_sides_talk_and_notes_stay_with_the_reviewers(
    site: Site, county: Phone, reporter: Phone, slot: int
) -> None:
    address = f"/review/{slot}/comments"

    def write(**typed: str) -> int:
        page = county.get(address)
        return county.send(page, to(page, "/comments"), **typed).status

    assert write(text=" ") == 422
    assert write(path="own_funds", text="请附凭证。") == 302
    assert write(path="own_funds", text="去年也漏过。", internal="yes") == 302
    page = reporter.get(f"/reports/{slot}/comments")
    assert "请附凭证。" in page.main
    assert "去年也漏过。" not in page.html
    assert site.world.county.name in page.main
    assert reporter.send(page, path="own_funds", text="已附。", internal="yes").status == 302
    page = county.get(f"/review/{slot}")
    assert all(text in page.main for text in ("请附凭证。", "去年也漏过。", "已附。"))
    assert site.zh("%(count)s comments", count=2) in county.get("/review").main
    page = county.get(address)
    close = next(one for one in page.forms if one.attributes.get("id", "").startswith("close-"))
    assert county.send(page, close, resolved="yes").status == 302
    assert site.zh("%(count)s comments", count=1) in county.get("/review").main
    elsewhere = site.phone(site.world.other_county)
    assert elsewhere.get(address).status == 404
    assert site.phone(site.world.other_reporter).get(f"/reports/{slot}/comments").status == 404
