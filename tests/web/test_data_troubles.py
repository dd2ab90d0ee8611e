"""What needs somebody, as files: late reports, flags, the checklist, plans, difficulties; as their pages show them."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import openpyxl

from reportsvc import attachments, clock, totals
from reportsvc.accounts import people
from reportsvc.checklist import standing
from reportsvc.circulars import compiling, snapshot
from reportsvc.db import insert_many
from reportsvc.difficulties import handling, raising
from reportsvc.models import (
    Circular,
    Difficulty,
    Flag,
    Grant,
    Indicator,
    Participation,
    Project,
    ProjectPlan,
    ReminderRequest,
    Slot,
)
from reportsvc.projects import regions
from tests.support.world import COUNTY, OTHER_COUNTY
from tests.web.browsing import Page
from tests.web.conftest import Site
from tests.web.test_checking import WHY
from tests.web.test_checks import closing, sent
from tests.web.test_data import IN, LISTS, take_csv, take_json
from tests.web.test_difficulties import many as many_difficulties
from tests.web.test_due import queries
from tests.web.test_picture import more_slots

NEW = ("late", "flags", "checklist", "plans", "difficulties")


def troubled(site: Site) -> None:
    """Something of everything: a flag, a plan, a difficulty with an answer, reports that did not come."""
    world = site.world
    sent(site)
    library = world.slot().project_id
    part = Participation.get(Participation.project == library, Participation.organization == world.lotus)
    raised = raising.Raised(
        submission=str(uuid4()), participation=part.id, kind="goods", urgency="soon", asked="receiver",
        text="缺两台电脑，想请县里协调。",
    )  # fmt: skip
    found = raising.on_the_spot((world.lotus.id,), world.reporter, raised)
    hand = handling.Hand(regions.scope(COUNTY), world.county, found.revision)
    handling.answer(hand, found.id, "县教育局下周送到。")
    plan(library)
    Project.update(owner=world.county).where(Project.code == "P1").execute()
    Slot.update(due=clock.today() - timedelta(days=7)).where(Slot.id == world.slots["orchard"]).execute()


def this_quarter(site: Site) -> str:
    return f"&quarter={site.world.now.year}Q{site.world.now.quarter}"


def plan(project: int) -> None:
    indicator = Indicator.get(Indicator.code == "money.own_funds")
    ProjectPlan.create(project=project, indicator=indicator, amount=20_000 * 10**indicator.scale)


def taken_away(page: Page) -> list[str]:
    """The addresses of files on a page, without their endings."""
    found = [link for link in page.links if link.startswith(LISTS)]
    assert {re.search(r"\.(\w+)\?", link)[1] for link in found} <= {"xlsx", "csv"}  # type: ignore[index]
    return [link for link in found if ".csv" in link]


def test_the_three_kinds_of_file_say_the_same(either: Site) -> None:
    troubled(either)
    phone = either.phone(either.world.province)
    for name in NEW:
        objects, lines = take_json(phone, name), take_csv(phone, name)
        book = openpyxl.load_workbook(io.BytesIO(phone.get(f"{LISTS}/{name}.xlsx{IN}").answer.get_data()))
        rows = list(book.active.iter_rows(values_only=True))
        assert len(objects) == len(lines) == len(rows) - 1 > 0, name
        assert [str(cell) for cell in rows[0]] == list(lines[0])


def test_what_they_hold(either: Site) -> None:
    troubled(either)
    ReminderRequest.create(
        slot=either.world.slots["orchard"], person=either.world.province, day=clock.today(), asked_at=clock.now()
    )
    phone = either.phone(either.world.province)
    (late,) = take_json(phone, "late", this_quarter(either))
    assert (late["project"], late["outcome"], late["reminded"]) == ("P2", "overdue", clock.today().isoformat())
    assert 0 < late["days"] < 7
    flags = {one["check"]: one for one in take_json(phone, "flags")}
    jump = flags["jump"]
    assert (jump["value"], jump["against"], jump["explanation"]) == ("150000", "8000", WHY)
    assert (jump["project"], jump["severity"], jump["report"]) == ("P1", "explain", either.world.slots["library"])
    (planned,) = take_json(phone, "plans")
    assert (planned["planned"], planned["reached"]) in {("20000", "8000"), ("20000.00", "8000.00")}
    (difficulty,) = take_json(phone, "difficulties")
    assert (difficulty["state"], difficulty["answer"]) == ("answered", "县教育局下周送到。")
    assert (difficulty["raised_by"], difficulty["turn"], difficulty["overdue"]) == ("王素梅", None, False)
    first = next(one for one in take_json(phone, "checklist") if one["project"] == "P1")
    assert (first["owner"], first["owner_name"]) == (either.world.county.id, "刘振江")
    assert either.world.county.phone not in phone.get(f"{LISTS}/checklist.json{IN}").html


def test_a_closed_flag_says_who_closed_it_and_why(site: Site) -> None:
    county = site.phone(site.world.county)
    page = county.get(f"/review/{sent(site)}")
    county.send(page, closing(page)[0], word="电话核实过")
    (closed,) = [one for one in take_json(county, "flags") if one["closed_at"]]
    assert (closed["word"], closed["closed_by"]) == ("电话核实过", site.world.county.name)


def test_each_gets_their_regions_and_only_reviewers_what_only_they_see(either: Site) -> None:
    troubled(either)
    world = either.world
    county, other, province = (either.phone(one) for one in (world.county, world.other_county, world.province))
    assert {one["project"] for one in take_json(county, "checklist")} == {"P1", "P3"}, "one is partly there"
    assert {one["project"] for one in take_json(other, "checklist")} == {"P2", "P3"}
    assert [one["project"] for one in take_json(county, "late", this_quarter(either))] == []
    assert [one["project"] for one in take_json(other, "late", this_quarter(either))] == ["P2"]
    for name in ("flags", "plans", "difficulties"):
        assert take_json(county, name)
        assert take_json(other, name) == [], name
    Grant.delete().where(Grant.person == world.province, Grant.role == people.REVIEWER).execute()
    for name in ("flags", "difficulties"):
        assert take_json(province, name) == [], "a publisher has no page of these"
    first = next(one for one in take_json(province, "checklist") if one["project"] == "P1")
    assert first["owner"] == world.county.id
    assert "owner_name" not in first


def test_a_project_is_worked_out_as_it_is_read_and_nothing_is_stored(either: Site) -> None:
    world = either.world
    standing.refresh()
    Slot.update(due=clock.today() - timedelta(days=9)).where(Slot.project == world.slot().project_id).execute()
    Project.update(worked_out=None, state="", light="", why={}).where(Project.code == "P1").execute()
    read = {one["project"]: one for one in take_json(either.phone(world.province), "checklist")}
    assert Project.get(Project.code == "P1").worked_out is None
    standing.refresh()
    stored = Project.get(Project.code == "P1")
    assert (read["P1"]["state"], read["P1"]["light"]) == (stored.state, stored.light) == ("slow", "amber")
    assert read["P1"]["why"] == ["missed"]


def test_a_page_leads_to_the_file_of_just_what_it_shows(site: Site) -> None:
    troubled(site)
    many_difficulties(site, 30)
    phone = site.phone(site.world.province)
    for address, number in (
        ("/projects", 3),
        ("/projects?category=%E6%95%99%E8%82%B2", 2),
        (f"/projects?region={OTHER_COUNTY}", 2),
        ("/projects?q=P2", 1),
        ("/difficulties", 31),
        (f"/difficulties?view=table&county={COUNTY}&state=closed", 8),
        (f"/difficulties?owner=me&region={COUNTY}", None),
        ("/picture/list", 1),
        ("/picture/list?number=reported", 1),
        ("/picture/list?number=expected&words=%E6%9E%9C%E6%A0%91", 1),
        ("/picture/list?number=expected&undivided=1&region=130000", None),
        (f"/picture/list?number=expected&region={COUNTY}", 1),
        ("/review?tab=all", 4),
        ("/review?tab=all&state=open", 3),
    ):
        page = phone.get(address)
        assert page.status == 200
        for link in taken_away(page)[:1]:
            lines = phone.get(link).answer.get_data().decode().strip().splitlines()
            assert number is None or len(lines) - 1 == number, (address, link)
        assert taken_away(page) or number is None, address


def test_owner_me_is_whoever_takes_the_file(site: Site) -> None:
    troubled(site)
    many_difficulties(site, 5)
    county, province = site.phone(site.world.county), site.phone(site.world.province)
    mine = take_json(county, "difficulties", "&owner=me")
    assert (
        len(mine)
        == Difficulty.select().where(Difficulty.owner == site.world.county, Difficulty.region == COUNTY).count()
    )
    assert mine
    assert take_json(province, "difficulties", "&owner=me") == []


def test_a_filter_never_widens_what_is_seen(site: Site) -> None:
    troubled(site)
    county = site.phone(site.world.county)
    elsewhere = f"&region={OTHER_COUNTY}"
    assert take_json(county, "checklist", elsewhere) == []
    assert take_json(county, "late", f"{elsewhere}&number=expected") == []
    other = site.phone(site.world.other_county)
    for more in (f"&region={COUNTY}", "&region=130000", f"&county={COUNTY}"):
        assert take_json(other, "difficulties", more) == []
    assert county.get(f"{LISTS}/late.csv{IN}&number=moon").status == 404


def test_a_circulars_page_leads_to_its_figures(site: Site, tmp_path: Path) -> None:
    world = site.world
    kept = snapshot.freeze(world.campaign, totals.Quarter(world.before.year, world.before.quarter))
    circular = compiling.request(world.campaign, totals.Quarter(world.before.year, world.before.quarter), None)
    paper = attachments.keep(attachments.Folder(tmp_path), b"%PDF-", "application/pdf", "x.pdf")
    Circular.update(state="compiled", snapshot=kept, attachment=paper).execute()
    phone = site.phone(world.province)
    (link,) = taken_away(phone.get(f"/circulars/{circular.id}"))
    assert "8000" in phone.get(link).html


def multiplied(site: Site, prefix: str, count: int) -> None:
    """More of everything."""
    more_slots(site, prefix, count)
    Slot.update(due=clock.today() - timedelta(days=7)).where(Slot.state == "open").execute()
    many_difficulties(site, count)
    project: Project = Project.get(Project.code == "P1")
    shared = {"campaign": project.campaign_id, "category": "教育", "lead": project.lead_id, "region": COUNTY}
    insert_many(Project, [shared | {"code": f"{prefix}-{n}", "name": f"样例{n}"} for n in range(count)])
    for one in Project.select().where(Project.code.startswith(f"{prefix}-")):
        plan(one.id)
    flag = Flag.select().where(Flag.version.is_null(False)).order_by(Flag.id).dicts().get()
    rows = [{**flag, "key": f"{prefix}-{n}", "word": ""} for n in range(count)]
    insert_many(Flag, [{name: value for name, value in row.items() if name != "id"} for row in rows])


def test_many_take_as_many_queries_as_few(either: Site) -> None:
    troubled(either)
    phone = either.phone(either.world.province)
    taken: list[dict[str, int]] = []
    for prefix, count in (("51", 3), ("52", 200)):
        multiplied(either, prefix, count)
        taken.append({})
        for name in NEW:
            with queries() as found:
                assert len(take_json(phone, name)) > count
            taken[-1][name] = len(found)
    assert taken[0] == taken[1]
    assert max(taken[0].values()) < 35
