"""An administrator's people, an auditor who looks on, and the log that says what both did."""

from __future__ import annotations

import pytest

from reportsvc.accounts import notice, people
from reportsvc.models import AuditEntry, Event, Grant, Person
from tests.support.world import COUNTY, OTHER_COUNTY
from tests.web.browsing import Element, Page, Phone
from tests.web.conftest import Site
from tests.web.test_due import queries


def somebody(site: Site, role: str, region: str, phone: str = "13700000001") -> Phone:
    person = people.create_person(f"{role}甲", phone)
    notice.accept(person.id, notice.Terms())
    people.grant(person, role, region=region)
    return site.phone(person)


@pytest.fixture
def admin(site: Site) -> Phone:
    return somebody(site, people.ADMINISTRATOR, "130000")


@pytest.fixture
def auditor(site: Site) -> Phone:
    return somebody(site, people.AUDITOR, "130000", "13700000002")


def form(page: Page, end: str) -> Element:
    return next(one for one in page.forms if one.attributes.get("action", "").endswith(end))


def add(browser: Phone, **typed: str) -> Page:
    given = {"name": "周志强", "phone": "13900000001", "role": "reviewer", "over": COUNTY} | typed
    return browser.send(browser.get("/people/new"), **given)


def test_somebody_is_added_invited_given_a_role_and_relieved_of_it(site: Site, admin: Phone) -> None:
    page = admin.follow(add(admin))
    person = Person.get(Person.phone == "13900000001")
    assert "周志强" in page.main
    link = admin.send(page, form(page, "/invitation"))
    shown = next(one for one in link.root.all("input") if one.attributes.get("id") == "link")
    assert "/staff/join/" in shown.attributes["value"]
    page = admin.get(f"/people/{person.id}")
    page = admin.follow(admin.send(page, form(page, "/roles"), role="publisher", over="丰宁满族自治县"))
    assert {one.role for one in Grant.select().where(Grant.person == person)} == {"reviewer", "publisher"}
    held = Grant.get(Grant.person == person, Grant.role == "publisher")
    admin.follow(admin.send(page, form(page, f"/roles/{held.id}/withdraw")))
    assert [one.role for one in Grant.select().where(Grant.person == person)] == ["reviewer"]
    done = [
        f"{one.area}.{one.action}" for one in AuditEntry.select().where(AuditEntry.subject == f"person:{person.id}")
    ]
    assert done == ["person.created", "grant.given", "person.invited", "grant.given", "grant.withdrawn"]
    assert {one.actor for one in AuditEntry.select().where(AuditEntry.subject == f"person:{person.id}")} == {
        Person.get(Person.phone == "13700000001").id
    }


def test_an_account_is_closed_only_by_who_says_that_they_are_sure(site: Site, admin: Phone) -> None:
    page = admin.get(f"/people/{site.world.county.id}")
    closing = form(page, "/close")
    assert admin.send(page, closing).status == 422
    assert admin.send(page, closing, sure="yes").status == 302
    assert people.actor(site.world.county.id) is None
    assert "刘振江" in admin.get("/people?q=刘振江").main, "the name stays under what was done"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"over": "131000000"}, "over"),
        ({"over": "不存在的县"}, "over"),
        ({"role": "reporter", "over": COUNTY}, "over"),
        ({"role": "reviewer", "over": "丰宁满族自治县莲花志愿服务协会"}, "over"),
    ],
)
def test_what_was_typed_wrongly_stays(site: Site, admin: Phone, typed: dict[str, str], field: str) -> None:
    page = add(admin, **typed)
    assert page.status == 422
    values = dict(next(one for one in page.forms if one.fields).fields)
    assert (values["name"], values["phone"], values[field]) == ("周志强", "13900000001", typed[field])
    assert Person.get_or_none(Person.phone == "13900000001") is None


def test_a_county_gives_no_role_beyond_itself(site: Site) -> None:
    admin = somebody(site, people.ADMINISTRATOR, COUNTY)
    for over in ("130000", "130800", OTHER_COUNTY):
        assert add(admin, over=over).status == 422
    assert add(admin, role="reporter", over=site.world.pine.uscc).status == 422
    assert add(admin).status == 302
    assert admin.get(f"/people/{site.world.province.id}").status == 404
    people.grant(site.world.county, people.REVIEWER, region=OTHER_COUNTY)
    page = admin.get(f"/people/{site.world.county.id}")
    assert "兴隆县" not in page.main, "what they do elsewhere"
    assert admin.send(page, form(page, "/invitation")).status == 403, "their sign-in is not this county's alone"


def test_who_gives_roles_has_no_other_and_none_for_themselves(site: Site, admin: Phone) -> None:
    me = Person.get(Person.phone == "13700000001")
    page = admin.get(f"/people/{me.id}")
    assert [one for one in page.forms if one.fields] == []
    token = admin.get("/people/new").values["csrf_token"]
    answer = admin.post(f"/people/{me.id}/roles", {"csrf_token": token, "role": "reviewer", "over": COUNTY})
    assert answer.status == 403
    assert add(admin, phone="13700000001").status == 403
    page = admin.get(f"/people/{site.world.county.id}")
    refused = admin.send(page, form(page, "/roles"), role="administrator", over=COUNTY)
    assert (refused.status, Grant.select().where(Grant.person == site.world.county).count()) == (422, 1)


def test_an_auditor_reads_what_reviewers_read_and_finds_no_button(site: Site, auditor: Phone) -> None:
    world = site.world
    world.submit()
    slot = world.slots["library"]
    assert "乡村图书室" in auditor.get("/review?tab=below").main
    pages = [f"/review/{slot}", "/review", "/people", f"/people/{world.county.id}", "/circulars", "/forms", "/log"]
    for path in pages:
        page = auditor.get(path)
        assert page.status == 200, path
        assert [one for one in page.forms if one.attributes.get("method") == "post"] == [], path
    token = auditor.get("/account/password").values["csrf_token"]
    before = Event.select().count()
    for what in ("approve", "return"):
        answer = auditor.post(f"/review/{slot}/{what}", {"csrf_token": token, "revision": 1, "reason": "不行"})
        assert answer.status == 403
    assert Event.select().count() == before


def test_an_approved_report_is_not_returned_by_an_auditor_of_the_province(site: Site, auditor: Phone) -> None:
    site.world.submit()
    site.world.approve()
    page = auditor.get(f"/review/{site.world.slots['library']}")
    assert [one for one in page.forms if one.attributes.get("method") == "post"] == []


# --- the log ----------------------------------------------------------------------------------------------------------


def numbers(page: Page) -> list[int]:
    return [int(row.all("td")[0].text.replace(",", "")) for row in page.root.all("tr") if row.all("td")]


def test_the_log_is_searched_by_person_time_and_matter(site: Site, auditor: Phone) -> None:
    world = site.world
    world.submit()
    world.approve()
    everything = numbers(auditor.get("/log"))
    assert everything == sorted(everything, reverse=True)
    county = {one.sequence for one in AuditEntry.select().where(AuditEntry.actor == world.county.id)}
    mine = {one.sequence for one in AuditEntry.select().where(AuditEntry.subject == f"person:{world.county.id}")}
    assert set(numbers(auditor.get("/log?person=刘振江"))) == county | mine
    approved = numbers(auditor.get("/log?area=slot&action=approve"))
    assert approved == [
        one.sequence
        for one in AuditEntry.select().where(AuditEntry.action == "approve").order_by(AuditEntry.sequence.desc())
    ]
    assert numbers(auditor.get("/log?until=2020-01-01")) == []
    assert site.zh("Nothing was found.") in auditor.get("/log?until=2020-01-01").main
    assert numbers(auditor.get("/log?since=2020-01-01")) == everything
    slot = world.slots["library"]
    assert len(numbers(auditor.get(f"/log?subject=slot:{slot}"))) == 3


def test_a_number_that_is_typed_does_not_stay_in_the_address(site: Site, auditor: Phone) -> None:
    page = auditor.get("/log?person=138+0000+0003&area=grant")
    assert page.status == 302
    assert "138" not in page.location
    assert len(numbers(auditor.follow(page))) == 1
    assert numbers(auditor.follow(auditor.get("/log?person=13900000009"))) == []


def test_pages_of_the_log_follow_one_another(site: Site, auditor: Phone) -> None:
    for number in range(70):
        people.set_email(site.world.reporter.id, f"a{number}@example.cn")
    seen, page = [], auditor.get("/log?area=person")
    while True:
        seen += numbers(page)
        older = [link for link in page.links if "before=" in link]
        if not older:
            break
        page = auditor.get(older[-1])
    wanted = AuditEntry.select().where(AuditEntry.area == "person").order_by(AuditEntry.sequence.desc())
    assert seen == [one.sequence for one in wanted]


def test_each_sees_the_part_of_their_scope(site: Site) -> None:
    site.world.submit()
    site.world.submit("orchard")
    auditor = somebody(site, people.AUDITOR, COUNTY)
    page = auditor.get("/log?area=slot")
    assert "乡村图书室" in page.main
    assert "果树品种改良" not in page.main
    assert "赵国强" not in auditor.get("/log").main


def test_the_table_holds_what_the_page_found_and_is_itself_an_entry(site: Site, auditor: Phone) -> None:
    people.grant(people.create_person("=1+1", "13900000005"), people.REVIEWER, region=COUNTY)
    site.world.submit()
    answer = auditor.get("/log/export.csv?area=slot").answer
    text = answer.get_data().decode()
    wanted = AuditEntry.select().where(AuditEntry.area == "slot").count()
    assert text.startswith("\ufeffsequence,at,")
    assert len(text.strip().splitlines()) == 1 + wanted
    newest = AuditEntry.select().order_by(AuditEntry.sequence.desc()).get()
    assert (newest.area, newest.action, newest.data) == ("export", "log", '{"area":"slot"}')


def test_the_log_takes_as_many_queries_for_many_as_for_few(site: Site, auditor: Phone) -> None:
    site.world.submit()
    with queries() as few:
        assert auditor.get("/log").status == 200
    site.world.submit("orchard")
    for number in range(30):
        people.grant(people.create_person(f"甲{number}", f"1390001{number:04d}"), people.REVIEWER, region=COUNTY)
    with queries() as many:
        assert auditor.get("/log").status == 200
        assert auditor.get("/people").status == 200
    with queries() as listed:
        assert auditor.get("/people").status == 200
    assert len(many) - len(listed) <= len(few)
    assert len(listed) <= 15
