"""The pages of a quarter's picture: for one's own region and below, numbers with lists behind them, phones guarded."""

from __future__ import annotations

from typing import Any

import pytest
import structlog

from reportsvc.accounts import people
from reportsvc.db import insert_many
from reportsvc.models import Organization, ReminderRequest, Slot
from reportsvc.projects import uscc
from tests.support.world import CITY, COUNTY, OTHER_COUNTY
from tests.web.browsing import Phone
from tests.web.conftest import Site
from tests.web.test_due import queries

PAGES = ("/picture", "/picture/amounts", "/picture/list?number=expected", "/picture/list?number=expected&numbers=1")


@pytest.fixture
def city(site: Site) -> Phone:
    person = people.create_person("钱市审", "13800000088")
    people.grant(person, people.REVIEWER, region=CITY)
    from reportsvc.accounts import notice  # noqa: PLC0415

    notice.accept(person.id, notice.Terms())
    return site.phone(person)


@pytest.mark.parametrize("path", PAGES)
def test_nobody_looks_beyond_their_region(site: Site, county: Phone, city: Phone, path: str) -> None:
    more = "&" if "?" in path else "?"
    assert county.get(path).status == 200
    for region in (OTHER_COUNTY, CITY, "130000", "999999", "110000"):
        assert county.get(f"{path}{more}region={region}").status == 404
    assert city.get(f"{path}{more}region={OTHER_COUNTY}").status == 200
    assert city.get(f"{path}{more}region=130000").status == 404
    assert site.phone(site.world.reporter).get(path).status == 403


@pytest.mark.parametrize("query", ["round=2031Q1", "round=x", "campaign=nosuch"])
@pytest.mark.parametrize("path", PAGES)
def test_what_is_not_there_is_not_found(province: Phone, path: str, query: str) -> None:
    assert province.get(f"{path}{'&' if '?' in path else '?'}{query}").status == 404
    assert province.get("/picture/list?number=nosuch").status == 404
    assert province.get("/picture/amounts?measure=nosuch").status == 404


def test_every_number_leads_to_its_list(site: Site, province: Phone) -> None:
    site.world.submit()
    site.world.submit("orchard", activity="no")
    page = province.get("/picture")
    box = next(one for one in page.root.all("ul") if one.attributes.get("class") == "numbers")
    followed = {}
    for link in box.all("a"):
        shown = int(link.all("strong")[0].text)
        listed = province.get(link.attributes["href"])
        cards = [one for one in listed.root.all("li") if one.attributes.get("class") == "card"]
        assert len(cards) == shown
        followed[link.attributes["href"].rpartition("=")[2]] = shown
    assert followed == {
        "expected": 4, "reported": 2, "on_time": 2, "late": 0, "overdue": 0, "waiting": 2, "nil": 1, "not_required": 0,
        "late_in_all": 0,
    }  # fmt: skip
    for link in (one for one in page.root.all("table")[0].all("a") if "/picture/list" in one.attributes["href"]):
        listed = province.get(link.attributes["href"])
        assert listed.main.count("样例") == 0
        assert len([one for one in listed.root.all("li") if one.attributes.get("class") == "card"]) == int(link.text)


def test_every_chart_has_its_table_beside_it(site: Site, province: Phone) -> None:
    site.world.submit()
    site.world.approve()
    for path in ("/picture", "/picture/amounts"):
        page = province.get(path)
        parts = [one for one in page.root.all("section") if one.all("svg")]
        assert len(parts) >= 4
        assert all(part.all("details")[0].all("table") for part in parts)


def test_phone_numbers_are_for_the_regions_reviewers_and_each_look_is_logged(site: Site, county: Phone) -> None:
    path = f"/picture/list?number=expected&region={COUNTY}"
    assert "13800000001" not in county.get(path).html
    with structlog.testing.capture_logs() as lines:
        page = county.get(f"{path}&numbers=1")
    assert "tel:13800000001" in page.links
    shown = [line for line in lines if line["event"] == "phone numbers shown"]
    assert [(line["person"], line["region"]) for line in shown] == [(site.world.county.id, COUNTY)]
    publisher = people.create_person("只发布", "13800000077")
    people.grant(publisher, people.PUBLISHER, region="130000")
    from reportsvc.accounts import notice  # noqa: PLC0415

    notice.accept(publisher.id, notice.Terms())
    page = site.phone(publisher).get(f"{path}&numbers=1")
    assert page.status == 200
    assert "13800000001" not in page.html
    assert "tel:" not in page.html
    assert not [link for link in page.links if "numbers" in link]


def test_a_reminder_is_noted_and_shown_with_who_asked(site: Site, county: Phone) -> None:
    path = f"/picture/list?number=waiting&region={COUNTY}"
    page = county.get(path)
    form = next(one for one in page.forms if "/remind" in one.attributes.get("action", ""))
    answer = county.send(page, form, slot=str(site.world.slots["library"]))
    assert "刘振江" in county.follow(answer).main
    assert [one.slot_id for one in ReminderRequest.select()] == [site.world.slots["library"]]
    again = county.send(page, form)
    assert again.status == 302
    assert ReminderRequest.select().count() == 1


def test_nobody_reminds_beyond_their_region(site: Site, county: Phone) -> None:
    page = county.get("/picture/list?number=expected")
    token = dict(page.forms[1].fields)["csrf_token"]
    data = {"csrf_token": token, "slot": site.world.slots["orchard"]}
    assert county.post(f"/picture/remind?number=expected&region={OTHER_COUNTY}", data).status == 404
    assert county.post(f"/picture/remind?number=expected&region={COUNTY}", data).status == 302
    assert ReminderRequest.select().count() == 0


def test_before_a_quarter_opens_the_page_says_so(site: Site, province: Phone) -> None:
    from reportsvc import clock  # noqa: PLC0415
    from reportsvc.models import Round  # noqa: PLC0415

    Round.update(opens=clock.today().replace(year=clock.today().year + 1)).execute()
    for path in PAGES:
        assert province.get(path).status == 200


def more_slots(site: Site, prefix: str, count: int) -> None:
    """Reports of as many new organizations, in one county."""
    world: Any = site.world
    codes = [uscc.build(prefix, COUNTY, f"{60000000 + number}") for number in range(count)]
    insert_many(Organization, [{"uscc": code, "name": f"样例{code}", "kind": "association"} for code in codes])
    made = Organization.select(Organization.id).where(Organization.uscc.in_(codes))
    shared = {"round": world.now, "project": world.slot().project_id, "region": COUNTY, "due": world.now.due}
    insert_many(Slot, [shared | {"organization": one.id, "role": "partner"} for one in made])


def test_a_thousand_slots_take_as_many_queries_as_ten(either: Site) -> None:
    phone = either.phone(either.world.province)
    taken: list[list[int]] = []
    for path in PAGES:
        phone.get(path)  # plans are added up once
    for prefix, count in (("51", 6), ("52", 990)):
        more_slots(either, prefix, count)
        taken.append([])
        for path in PAGES:
            with queries() as found:
                assert phone.get(path).status == 200
            taken[-1].append(len(found))
    assert Slot.select().where(Slot.round == either.world.now).count() >= 1000
    assert taken[0] == taken[1]
    assert max(taken[0]) < 30
