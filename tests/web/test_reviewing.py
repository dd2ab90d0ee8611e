"""Reviewing: who was quicker is told kindly, a reason is never lost, and nobody sees beyond their region."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from reportsvc.models import Event, Figure, Version
from reportsvc.web.reviewing import MOVED
from tests.web.browsing import Element, Page, Phone
from tests.web.conftest import Site

NO_REASON = "请说明退回原因，以便填报单位修改。"


def opened(phone: Phone, slot: int) -> Page:
    page = phone.get(f"/review/{slot}")
    assert page.status == 200
    return page


def approving(page: Page) -> Element:
    return next(form for form in page.forms if form.attributes["action"].endswith("/approve"))


def returning(page: Page) -> Element:
    return next(form for form in page.forms if form.attributes["action"].endswith("/return"))


@pytest.fixture
def slot(site: Site) -> int:
    """A report that waits for the county."""
    site.world.submit()
    return site.world.slots["library"]


def test_a_report_is_passed_up_and_approved(site: Site, county: Phone, province: Phone, slot: int) -> None:
    answer = county.send(opened(county, slot), approving(opened(county, slot)))
    assert "已审核通过，转上一级。" in county.follow(answer).main
    left = [form.attributes["action"] for form in opened(county, slot).forms if form.fields]
    assert left == [f"/review/{slot}/take-back"], "it is not the county's turn any more"
    answer = province.send(opened(province, slot), approving(opened(province, slot)))
    assert "已通过，数据即时计入汇总。" in province.follow(answer).main
    assert site.world.slot().state == "approved"


def test_of_two_reviewers_the_second_is_told(either: Site) -> None:
    either.world.submit()
    slot = either.world.slots["library"]
    first, second = (either.phone(either.world.county) for _ in range(2))
    seen = [opened(first, slot), opened(second, slot)]
    assert first.send(seen[0], approving(seen[0])).status == 302
    page = second.send(seen[1], approving(seen[1]))
    assert page.status == 409
    assert either.zh(MOVED) in page.main
    assert "县级已通过" in page.main, "and sees how it stands now"
    page = second.send(seen[1], returning(seen[1]), reason="金额与台账不符。")
    assert page.status == 409
    assert "金额与台账不符。" in page.main
    assert either.world.slot().state == "endorsed_county"
    assert second.get(f"/review/{slot}/return").location == f"/review/{slot}"


@pytest.mark.parametrize("step", ["endorse", "approve"])
def test_reviewers_at_the_same_moment_do_it_once(either: Site, step: str) -> None:
    either.world.submit()
    slot = either.world.slots["library"]
    person = either.world.county
    if step == "approve":
        phone = either.phone(either.world.county)
        phone.send(opened(phone, slot), approving(opened(phone, slot)))
        person = either.world.province
    phones = [either.phone(person) for _ in range(3)]
    pages = [opened(phone, slot) for phone in phones]
    start = threading.Barrier(len(phones))

    def press(phone: Phone, page: Page) -> int:
        start.wait()
        return phone.send(page, approving(page)).status

    with ThreadPoolExecutor(len(phones)) as pool:
        assert sorted(pool.map(press, phones, pages)) == [302, 409, 409]
    done = Event.select().where(Event.slot == slot, Event.action.in_(("endorse_county", "approve"))).count()
    assert done == (1 if step == "endorse" else 2)
    figures = Figure.select().join(Version).where(Version.slot == slot).count()
    assert figures == (0 if step == "endorse" else 3)


def test_a_report_that_was_sent_anew_is_not_approved_unseen(site: Site, county: Phone, slot: int) -> None:
    seen = opened(county, slot)
    other = site.phone(site.world.county)
    page = opened(other, slot)
    assert other.send(page, returning(page), reason="请补充图书数量。").status == 302
    site.world.submit(own_funds="99999")
    page = county.send(seen, approving(seen))
    assert page.status == 409
    assert site.zh(MOVED) in page.main
    assert "99,999" in page.main
    assert "12,000.5" in page.main, "beside what it was"
    assert site.world.slot().state == "submitted"
    assert county.send(page, approving(page)).status == 302


def test_a_return_needs_a_reason(site: Site, county: Phone, slot: int) -> None:
    page = opened(county, slot)
    page = county.send(page, returning(page), reason=" \r\n ")
    assert page.status == 422
    assert NO_REASON in page.main
    box = page.root.all("textarea")[0]
    assert box.attributes["aria-invalid"] == "true"
    assert box.attributes["aria-describedby"] == "reason-error"
    assert "autofocus" in box.attributes
    assert site.world.slot().state == "submitted"


def test_a_reason_that_is_too_long_is_said_and_kept(site: Site, county: Phone, slot: int) -> None:
    long = "请核对。" * 2500
    page = opened(county, slot)
    page = county.send(page, returning(page), reason=long)
    assert page.status == 422
    assert "最多 2000 个字，现有 10000 个字，请删减。" in page.main
    assert dict(returning(page).fields)["reason"] == long
    page = county.send(page, returning(page), reason="一、金额不符\x00；\r\n二、缺图书数量。")
    assert page.status == 302
    assert site.world.slot().reason == "一、金额不符；\n二、缺图书数量。"


def test_the_province_may_return_what_it_approved(site: Site, province: Phone, slot: int) -> None:
    site.world.approve()
    page = opened(province, slot)
    answer = province.send(page, returning(page), reason="重复计算。")
    assert "已退回，社会组织可以看到您写的原因。" in province.follow(answer).main
    page = province.send(page, returning(page), reason="再退一次。")
    assert page.status == 409
    assert "再退一次。" in page.main


# --- whose it is -----------------------------------------------------------------------------------------------------


def body(page: Page) -> str:
    """A page without its own address and without the number of its request."""
    lines = [line for line in page.html.splitlines() if 'class="hint"' not in line]
    text = "\n".join(lines).replace(page.answer.request.path, "")
    return re.sub(r'name="csrf_token" value="[^"]*"', "", text)  # a token tells the second in which it was made


def test_another_countys_report_is_not_there(site: Site, slot: int) -> None:
    elsewhere = site.phone(site.world.other_county)
    theirs, nobodys = elsewhere.get(f"/review/{slot}"), elsewhere.get("/review/987654")
    assert theirs.status == nobodys.status == 404
    assert "没有这份报告。" in theirs.main
    assert body(theirs) == body(nobodys)
    version = Version.get(Version.slot == slot).id
    theirs, nobodys = elsewhere.get(f"/versions/{version}"), elsewhere.get("/versions/987654")
    assert theirs.status == nobodys.status == 404
    assert body(theirs) == body(nobodys)
    assert site.phone(site.world.county).get(f"/versions/{version}").status == 200


def test_another_countys_report_can_neither_be_approved_nor_returned(site: Site, county: Phone, slot: int) -> None:
    fields = dict(returning(opened(county, slot)).fields)
    elsewhere = site.phone(site.world.other_county)
    fields["csrf_token"] = dict(elsewhere.get("/review").root.all("form")[-1].fields)["csrf_token"]
    for action in ("approve", "return"):
        assert elsewhere.post(f"/review/{slot}/{action}", fields | {"reason": "x"}).status == 404
    assert site.world.slot().state == "submitted"


def test_a_region_that_is_not_theirs_has_no_desk(county: Phone) -> None:
    for region in ("130000", "130822", "999999", "x"):
        assert county.get(f"/review?region={region}").status == 404
    assert county.get("/review?tab=nosuch").status == 404


@pytest.mark.parametrize("page", ["0", "-3", "9", "9" * 30, "x", "2²"])
def test_a_page_number_that_makes_no_sense_gives_a_page_that_is_there(county: Phone, slot: int, page: str) -> None:
    answer = county.get("/review", query_string={"page": page})
    assert answer.status == 200
    assert f"/review/{slot}" in answer.links


@pytest.mark.parametrize("revision", ["", "x", "9" * 40, "-1"])
def test_a_revision_that_makes_no_sense_changes_nothing(site: Site, county: Phone, slot: int, revision: str) -> None:
    page = opened(county, slot)
    assert county.send(page, approving(page), revision=revision).status == 409
    assert site.world.slot().state == "submitted"
