"""From a circular's figure to the reports under it: what each gave, who may look, and what was corrected since."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from urllib.parse import quote

import pytest

from reportsvc import attachments, clock, totals
from reportsvc.circulars import compiling, snapshot, walk
from reportsvc.jobs import circulars, tasks
from reportsvc.models import Snapshot
from tests.support.world import CITY, COUNTY, OTHER_COUNTY
from tests.web.browsing import Element, Page, Phone
from tests.web.conftest import Site
from tests.web.test_reviewing import opened, returning

HEADLINE = (
    "organizations", "projects", "funds_yuan", "key_counties", "beneficiary_visits",
    "member_enterprise_investment_yuan", "coordination_meetings",
)  # fmt: skip


@dataclass
class Frozen:
    """A snapshot, and the site that it was made of."""

    site: Site
    snapshot: Snapshot

    def path(self, key: str) -> str:
        return f"/figures/{self.snapshot.id}/{quote(key)}"


def benefit(amount: str, county: str) -> dict[str, str]:
    return {"benefit_county": county, "benefit_unit": "visits", "benefit_amount": amount, "benefit_who": "村民"}


@pytest.fixture
def frozen(site: Site) -> Frozen:
    """Four approved reports: two of the library, and both of the joint project."""
    world = site.world
    world.submit("library")
    world.submit("joint:pine", own_funds="100", benefits=[benefit("5", COUNTY), benefit("6", OTHER_COUNTY)])
    world.submit("joint:lotus", own_funds="50.05", raised_funds="", benefits=[])
    for name in ("library", "joint:pine", "joint:lotus"):
        world.approve(name)
    return Frozen(site, snapshot.freeze(world.campaign, totals.Quarter(world.now.year, world.now.quarter)))


def number(text: str) -> Decimal:
    return Decimal(re.sub("[^0-9.]", "", text))


def big(page: Page) -> str:
    return next(one for one in page.root.all("p") if one.attributes.get("class") == "big").text


def lines(page: Page) -> list[list[Element]]:
    """The table's rows, without its head."""
    return [row.all("td") for row in page.root.all("tr") if row.all("td")]


def test_every_figure_of_the_snapshot_has_a_page_with_its_value(frozen: Frozen, province: Phone) -> None:
    figures = snapshot.load(frozen.snapshot)["figures"]
    assert set(HEADLINE) < set(figures)
    for key, figure in figures.items():
        page = province.get(frozen.path(key))
        assert page.status == 200, key
        assert number(big(page)) == Decimal(figure["value"]).scaleb(-figure["scale"]), key
        assert big(page).endswith(figure["unit"])


WHAT = {
    "funds_yuan": ("投入资金", "26,150.55 元", 4),
    f"county.{COUNTY}.funds_yuan": ("丰宁满族自治县 · 投入资金", "23,000.50 元", 2),
    f"county.{OTHER_COUNTY}.beneficiary_visits": ("兴隆县 · 受益人次", "6 人次", 1),
    f"city.{CITY}.funds_yuan": ("承德市 · 投入资金", "26,150.55 元", 4),
    f"county.{CITY}.funds_yuan": ("承德市 · 投入资金", "3,150.05 元", 2),
    "project.P3.funds_yuan": ("两县联建卫生室 · 投入资金", "3,150.05 元", 2),
    "project.P3.beneficiary_visits": ("两县联建卫生室 · 受益人次", "11 人次", 1),
    "category.教育.projects": ("教育 · 项目", "2 个", 4),
    "kind.foundation.organizations": ("基金会 · 社会组织", "1 家", 1),
}


def test_what_a_figure_is_and_how_many_reports_it_is_made_of(frozen: Frozen, province: Phone) -> None:
    for key, (heading, value, reports) in WHAT.items():
        page = province.get(frozen.path(key))
        assert (page.root.all("h1")[0].text, big(page), len(lines(page))) == (heading, value, reports), key
        assert frozen.site.zh("From %(count)s approved reports", count=reports) in page.main


ADDED_UP = (
    "funds_yuan", "beneficiary_visits", "money.own_funds", "category.教育.funds_yuan", "kind.association.funds_yuan",
    f"city.{CITY}.beneficiary_visits", f"county.{COUNTY}.beneficiary_visits", f"county.{CITY}.funds_yuan",
    "project.P3.funds_yuan",
)  # fmt: skip


def test_what_the_reports_gave_adds_up_over_the_pages(
    frozen: Frozen, province: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "PAGE", 1)
    for key in ADDED_UP:
        first = page = province.get(frozen.path(key))
        found = [(cells[0].text, number(cells[-1].text)) for cells in lines(page)]
        while forward := [link.attributes["href"] for link in page.root.all("a") if link.text == "下一页"]:
            page = province.get(frozen.path(key) + forward[0])
            found += [(cells[0].text, number(cells[-1].text)) for cells in lines(page)]
            assert forward == [f"?page={len(found)}"]
        assert len(found) == len(dict(found)) == number(first.root.all("h2")[0].text), key
        assert sum(gave for _, gave in found) == number(big(first)), key
        assert all(gave for _, gave in found), f"{key}: each gave something"


def test_a_page_that_is_not_there_is_the_nearest(frozen: Frozen, province: Phone) -> None:
    for page in ("0", "-3", "99", "9" * 40, "x", ""):
        assert len(lines(province.get(f"{frozen.path('funds_yuan')}?page={page}"))) == 4


def test_what_is_not_there_is_not_found(frozen: Frozen, province: Phone) -> None:
    for key in (
        "nosuch", "county.130826.nosuch", "county.999999.funds_yuan", "project.P2.funds_yuan", "category..projects",
    ):  # fmt: skip
        assert province.get(frozen.path(key)).status == 404, key
    for absent in (999, 10**9, 10**30):
        assert province.get(f"/figures/{absent}/funds_yuan").status == 404
        assert province.get(f"/versions/{absent}").status == 404


def test_a_county_sees_no_figure_of_the_province_but_its_own_reports(frozen: Frozen, county: Phone) -> None:
    assert county.get(frozen.path("funds_yuan")).status == 404
    assert county.get(frozen.path(f"county.{COUNTY}.funds_yuan")).status == 404
    mine = frozen.site.world.slot("library").versions.get()
    assert county.get(f"/versions/{mine.id}").status == 200
    other = frozen.site.phone(frozen.site.world.other_county)
    assert other.get(f"/versions/{mine.id}").status == 404


def test_a_reporter_and_a_stranger_see_neither(frozen: Frozen, reporter: Phone) -> None:
    for path in (frozen.path("funds_yuan"), "/versions/1"):
        assert reporter.get(path).status == 403
        answer = frozen.site.phone().get(path)
        assert answer.status == 302
        assert "/sign-in" in answer.location


def test_what_was_returned_or_corrected_since_is_marked_and_the_figure_stays(frozen: Frozen, province: Phone) -> None:
    path, revised = frozen.path("project.P1.funds_yuan"), frozen.site.zh("revised since")
    assert revised not in province.get(path).main
    slot = frozen.site.world.slots["library"]
    page = opened(province, slot)
    assert province.send(page, returning(page), reason="自有资金与台账不符。").status == 302
    returned = province.get(path)
    assert [revised in cells[0].text for cells in lines(returned)] == [False, True]
    frozen.site.world.submit("library", own_funds="15000")
    frozen.site.world.approve("library")
    corrected = province.get(path)
    assert [revised in cells[0].text for cells in lines(corrected)] == [False, True]
    assert big(corrected) == "23,000.50 元", "as it was printed"
    assert lines(corrected)[1][-1].text == "15,000.50"
    (link,) = lines(corrected)[1][0].all("a")
    assert frozen.site.zh("There is a newer version of this report.") in province.get(link.attributes["href"]).main


def test_the_page_of_a_version_shows_receipt_sender_and_history_but_no_whole_number(
    frozen: Frozen, province: Phone
) -> None:
    version = frozen.site.world.slot("library").versions.get()
    page = province.get(f"/versions/{version.id}")
    assert version.receipt in page.main
    assert version.sha256 in page.main
    assert "王素梅 · 138****0001" in page.main
    assert not re.search("1380000000[0-9]", page.html)
    assert "12,000.5" in page.main
    assert "刘振江" in page.main
    assert "高文静" in page.main
    assert frozen.site.zh("There is a newer version of this report.") not in page.main


def test_a_name_that_is_markup_is_shown_as_text(frozen: Frozen, province: Phone) -> None:
    slot = frozen.site.world.slot("library")
    slot.project.name = "<b>乡村</b>"
    slot.project.save()
    page = province.get(frozen.path("project.P1.funds_yuan"))
    assert "<b>乡村</b>" in page.main
    assert page.root.all("b") == []


def test_a_circular_that_failed_says_why_and_can_be_asked_for_again(site: Site, province: Phone) -> None:
    def fail(*_: object) -> bytes:
        raise OSError("<no typefaces>")

    store = attachments.Folder(site.app.extensions["reportsvc"].attachments)
    handlers = {circulars.HANDLES: circulars.handler(compiling.Press(fail, store, "http://localhost"))}
    page = province.follow(province.send(province.get("/circulars")))
    path, now = page.answer.request.path, clock.now()
    for tried in range(1, tasks.MOST_TRIES + 1):
        with clock.frozen(now + timedelta(hours=tried)):
            work = tasks.claim("w", timedelta(minutes=1))
            assert work is not None
            assert not tasks.do(work, handlers, circulars.GIVE_UP)
        assert "<no typefaces>" in province.get(path).main
        assert (province.get(path).root.all("progress") == []) is (tried == tasks.MOST_TRIES)
    assert province.get(f"{path}/progress").answer.get_json()["state"] == "failed"
    again = province.send(province.get("/circulars"))
    assert again.location != path
    assert province.get(f"{again.location}/progress").answer.get_json()["state"] == "asked"
