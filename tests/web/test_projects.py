"""The pages of projects: addresses to share, forms that keep what was typed, and nothing of another county."""

from __future__ import annotations

import io
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from reportsvc import models
from reportsvc.accounts import notice, people
from reportsvc.checklist import agreements, finding
from reportsvc.difficulties import raising
from reportsvc.models import Participation, Project, ProjectEvent
from reportsvc.projects import regions
from tests.web.browsing import Element, Page, Phone
from tests.web.conftest import Site

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def project(code: str = "P1") -> Project:
    found: Project = Project.get(Project.code == code)
    return found


def form(page: Page, ending: str, name: str = "") -> Element:
    """The form that goes there, and has that button."""
    found = [one for one in page.forms if one.attributes.get("action", "").endswith(ending)]
    return next(one for one in found if not name or name in [b.attributes.get("value") for b in one.all("button")])


def upload(phone: Phone, content: bytes, name: str) -> Page:
    """Add a file to the agreement of P1, encoded here: werkzeug's client would leave a temporary file open."""
    fields = dict(form(phone.get(f"/projects/{project().id}"), "/files").fields)
    boundary, body = encode_multipart({**fields, "file": FileStorage(io.BytesIO(content), name)})
    kind = f'multipart/form-data; boundary="{boundary}"'
    return phone.post(f"/projects/{project().id}/files", body, content_type=kind)


def test_the_address_of_a_narrowed_list_holds_only_what_was_chosen(site: Site, province: Phone) -> None:
    page = province.get("/projects")
    sent = dict(page.form.fields)
    answer = province.get("/projects", query_string={**sent, "q": "图书", "category": "教育"})
    assert answer.status == 302
    assert parse_qs(urlsplit(answer.location).query) == {
        "campaign": ["hebei-2026"], "q": ["图书"], "category": ["教育"],
    }  # fmt: skip
    page = province.follow(answer)
    assert "乡村图书室" in page.main
    assert "果树品种改良" not in page.main
    assert dict(page.form.fields)["category"] == "教育"
    county = site.phone(site.world.other_county)
    shared = county.get(answer.location)
    assert shared.status == 200
    assert "乡村图书室" not in shared.main, "the same address shows each what is theirs"


def test_the_lights_are_counted_and_lead_to_their_projects(province: Phone) -> None:
    page = province.get("/projects?light=amber")
    assert [link.text for link in page.root.all("nav")[1].all("a")] == ["全部 3", "红灯 0", "黄灯 2", "绿灯 1"]
    assert "乡村图书室" not in page.main


def test_a_projects_page_tells_who_sent_which_report(site: Site, county: Phone) -> None:
    version = site.world.submit()
    page = county.get(f"/projects/{project().id}")
    assert version.receipt in page.main
    assert "王素梅" in page.main
    assert f"/versions/{version.id}" in page.links
    assert county.get(f"/projects/{project('P2').id}").status == 404
    assert site.phone(site.world.reporter).get(f"/projects/{project().id}").status == 403


def test_a_report_of_another_region_is_named_but_not_led_to(site: Site) -> None:
    """The joint clinic belongs to the city; a county that it takes place in knows of it, but does not read it."""
    version = site.world.submit("joint:lotus")
    page = site.phone(site.world.county).get(f"/projects/{project('P3').id}")
    assert page.status == 200
    assert f"/versions/{version.id}" not in page.links
    assert f"/versions/{version.id}" in site.phone(site.world.province).get(f"/projects/{project('P3').id}").links


def test_of_two_who_change_a_project_the_second_keeps_what_was_typed(either: Site) -> None:
    first, second = (either.phone(either.world.province) for _ in range(2))
    address = f"/projects/{project().id}/edit"
    pages = [first.get(address), second.get(address)]
    assert first.send(pages[0], village="东村").status == 303
    page = second.send(pages[1], village="西村", deadline="2027-01-31")
    assert page.status == 409
    assert dict(page.form.fields)["village"] == "西村"
    assert "东村" in page.main, "and sees what stands there now"
    assert second.send(page).status == 303
    assert (project().village, str(project().deadline)) == ("西村", "2027-01-31")
    log = first.get(f"/projects/{project().id}").main
    assert "东村" in log
    assert "西村" in log


def test_what_is_wrong_stands_beside_its_field(province: Phone) -> None:
    page = province.get(f"/projects/{project().id}/edit")
    page = province.send(page, **{"name": "", "deadline": "bald", "plan.benefit.visits": "x"})
    assert page.status == 422
    wrong = {one.attributes["name"] for one in page.form.all("input") if "aria-invalid" in one.attributes}
    assert wrong == {"name", "deadline", "plan.benefit.visits"}
    assert dict(page.form.fields)["plan.benefit.visits"] == "x"


def test_a_county_proposes_and_the_province_adopts(site: Site, county: Phone, province: Phone) -> None:
    page = county.get(f"/projects/{project().id}/edit")
    county.send(page, village="东村")
    assert project().village == ""
    page = province.get(f"/projects/{project().id}")
    assert "刘振江的修改建议" in page.main
    proposal = ProjectEvent.get(ProjectEvent.action == "proposed").id
    page = province.send(page, form(page, f"/proposals/{proposal}"), do="decline")
    assert page.status == 422
    province.send(page, form(page, f"/proposals/{proposal}"), do="adopt")
    assert project().village == "东村"


def test_closing_from_the_lead_to_the_county_and_back(site: Site, county: Phone, reporter: Phone) -> None:
    page = reporter.get(f"/my/projects/{project().id}")
    page = reporter.send(page, outcome="ended_early", reason=" ")
    assert page.status == 422
    assert (
        next(o for o in page.form.all("input") if o.attributes.get("value") == "ended_early").attributes.get("checked")
        == ""
    )
    assert reporter.send(page, reason="村里已经有图书室了。").status == 303
    page = county.get(f"/projects/{project().id}")
    assert "村里已经有图书室了。" in page.main
    page = county.send(page, form(page, "/closing", "refuse"), do="refuse", reason="")
    assert page.status == 422
    assert county.send(page, form(page, "/closing", "close"), do="close").status == 303
    assert "已销号（提前终止）" in reporter.get(f"/my/projects/{project().id}").main
    page = county.get(f"/projects/{project().id}")
    county.send(page, form(page, "/closing", "reopen"), do="reopen", reason="还要再做一期。")
    assert project().closing == ""


def test_a_reporter_sees_only_projects_of_their_organization(site: Site, reporter: Phone) -> None:
    page = reporter.get("/my/projects")
    assert "乡村图书室" in page.main
    assert "果树品种改良" not in page.main
    assert reporter.get(f"/my/projects/{project('P2').id}").status == 404
    page = reporter.get(f"/my/projects/{project('P3').id}")
    assert not [one for one in page.forms if one.fields], "only the lead asks for closing"


def raised(site: Site, code: str, text: str) -> int:
    """A difficulty of 莲花 with one of its projects."""
    part = Participation.get(Participation.project == project(code), Participation.organization == site.world.lotus)
    told = raising.Raised(str(uuid4()), part.id, "goods", "normal", "helper", text)
    return raising.on_the_spot([site.world.lotus.id], site.world.reporter, told).id


def test_open_difficulties_stand_on_a_projects_page_for_whom_they_concern(
    site: Site, county: Phone, province: Phone, reporter: Phone
) -> None:
    number, address = raised(site, "P1", "书架还没有运到，图书室不能开门。"), f"/projects/{project('P1').id}"
    for staff in (county, province):
        assert f"/difficulties/{number}" in staff.get(address).links
    assert f"/difficulties/mine/{number}" in reporter.get(f"/my{address}").links


def test_a_difficulty_that_somebody_may_not_open_does_not_stand_on_the_projects_page(
    site: Site, county: Phone, province: Phone
) -> None:
    raised(site, "P3", "药柜还没有运到，卫生室不能开门。")  # of two counties, so it is their city's
    address = f"/projects/{project('P3').id}"
    assert "药柜" in province.get(address).main
    assert county.get(address).status == 200
    assert "药柜" not in county.get(address).main
    assert "药柜" not in site.phone(site.world.other_reporter).get(f"/my{address}").main


def test_an_auditor_reads_a_project_and_finds_nothing_to_press(site: Site) -> None:
    person = people.create_person("审计", "13800000099")
    notice.accept(person.id, notice.Terms())
    people.grant(person, people.AUDITOR, region=regions.PROVINCE)
    page = site.phone(person).get(f"/projects/{project().id}")
    assert page.status == 200
    assert "莲花" in page.main
    here = f"/projects/{project().id}/"
    assert [one for one in page.forms if one.attributes.get("action", "").startswith(here)] == []
    assert f"{here}edit" not in page.links


def test_an_agreement_is_only_ever_taken_away_as_a_file(site: Site, county: Phone) -> None:
    assert upload(county, b"<html>", "协议.pdf").status == 422
    assert upload(county, PDF, "协议.html").status == 303
    staff = finding.Staff((regions.PROVINCE,), ())
    file = agreements.listed(finding.find(staff, project().id))[0]
    answer = county.client.get(f"/projects/{project().id}/files/{file.id}")
    assert answer.data == PDF
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert ".html" not in answer.headers["Content-Disposition"]
    other = site.phone(site.world.other_county)
    assert other.get(f"/projects/{project().id}/files/{file.id}").status == 404
    assert county.get(f"/projects/{project('P3').id}/files/{file.id}").status == 404


def test_a_file_that_is_too_large_is_told_beside_its_input(county: Phone) -> None:
    for size, status in ((12_000_001, 422), (13_000_000, 422)):
        page = upload(county, PDF + bytes(size), "x.pdf")
        assert (page.status, "12MB" in page.main) == (status, True)


def test_merging_is_looked_at_with_its_arithmetic_then_done_and_taken_back(either: Site) -> None:
    either.world.submit()
    either.world.approve()
    province = either.phone(either.world.province)
    here, other = project("P3"), project("P1")
    page = province.get(f"/projects/{here.id}/merge?q=图书")
    assert f"/projects/{here.id}/merge?other={other.id}" in page.links
    before = [list(model.select().tuples()) for model in (models.Slot, models.Project)]
    page = province.get(f"/projects/{here.id}/merge?other={other.id}")
    assert [list(model.select().tuples()) for model in (models.Slot, models.Project)] == before
    assert "20,000.5 元" in page.main, "8,000 of the last quarter and 12,000.50 of this one"
    slot = either.world.slots["library"]
    page = province.get(f"/projects/{here.id}/merge?other={other.id}&double={slot}")
    assert "− 12,000.5 元" in page.main
    assert "= 8,000 元" in page.main
    unticked = [field for field in page.forms[-1].fields if field[0] == "double"]
    assert unticked == [("double", str(slot))]
    answer = province.send(page, page.forms[-1], do="merge", reason="同一个项目。", double=[])
    assert (answer.status, project("P1").merged_into_id) == (409, None), "not worked out with this choice yet"
    assert "同一个项目。" in answer.main
    answer = province.send(answer, answer.forms[-1], do="look", double=str(slot))
    assert "− 12,000.5 元" in answer.main
    answer = province.send(answer, answer.forms[-1], do="merge", reason="")
    assert answer.status == 422
    done = province.send(answer, answer.forms[-1], do="merge", reason="同一个项目。")
    assert done.status == 303
    page = province.follow(done)
    assert "填报时的项目：乡村图书室" in page.main
    moved = province.get(f"/projects/{other.id}")
    assert urlsplit(moved.location).path == f"/projects/{here.id}"
    reporter = either.phone(either.world.reporter)
    assert urlsplit(reporter.get(f"/my/projects/{other.id}").location).path == f"/my/projects/{here.id}"
    assert province.send(page, form(page, "/undo")).status == 303
    assert project("P1").merged_into_id is None
    assert either.world.slot().state == "approved"


@pytest.mark.parametrize("address", ["/projects?campaign=nosuch", "/projects/987654", "/projects/987654/edit"])
def test_what_is_not_there_is_told_as_any_other(province: Phone, address: str) -> None:
    assert province.get(address).status == 404
