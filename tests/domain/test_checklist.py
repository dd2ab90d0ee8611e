"""Projects as a checklist: found, worked out, changed, closed; by scope, with a log, and never over somebody's head."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import peewee
import pytest

from reportsvc import attachments, clock
from reportsvc.checklist import agreements, closing, editing, events, finding, searching, standing, sums
from reportsvc.errors import Conflict, Forbidden, Invalid, NotFound
from reportsvc.models import Indicator, Organization, Project, ProjectFile, ProjectPlan, Slot
from reportsvc.projects import campaigns, regions
from reportsvc.reports import transitions
from reportsvc.totals import Quarter, amounts
from tests.support.pictures import phone
from tests.support.world import COUNTY, OTHER_COUNTY, World, build

PROVINCE = finding.Staff((regions.PROVINCE,), (regions.PROVINCE,))
HOME, ELSEWHERE = finding.Staff((COUNTY,), ()), finding.Staff((OTHER_COUNTY,), ())


@pytest.fixture
def world(database: peewee.Database) -> World:
    return build()


def project(code: str = "P1") -> Project:
    found: Project = Project.get(Project.code == code)
    return found


def codes(staff: finding.Staff, world: World, **filters: str) -> list[str]:
    found = searching.search(staff, world.campaign, searching.Filters(**{"sort": "code", **filters}))
    assert found.count == sum(found.lights.values()) or filters.get("light")
    return [row.project.code for row in found.rows]


# --- finding ---------------------------------------------------------------------------------------------------------


def test_each_sees_the_projects_of_their_counties(world: World) -> None:
    assert codes(PROVINCE, world) == ["P1", "P2", "P3"]
    assert codes(HOME, world) == ["P1", "P3"]
    assert codes(ELSEWHERE, world) == ["P2", "P3"]
    with pytest.raises(NotFound):
        finding.find(ELSEWHERE, project("P1").id)
    with pytest.raises(NotFound):
        finding.find(finding.Staff((), ()), project("P1").id)


def test_words_find_the_same_on_both_databases(world: World) -> None:
    Project.update(name="Book（图书）100%_Ä", village="Big Village").where(Project.code == "P1").execute()
    for words, found in {
        "图书": ["P1"],
        "BOOK": ["P1"],
        "book(图书)": ["P1"],
        "Ｂｏｏｋ（图书）": ["P1"],
        "100%_": ["P1"],
        "%": ["P1"],
        "_": ["P1"],
        "ä": [],
        "p1": ["P1"],
        "big 图书": ["P1"],
        "图书 果树": [],
        "松树公益": ["P2", "P3"],
        "莲花": ["P1", "P3"],
        world.pine.uscc.lower(): ["P2", "P3"],
        "'": [],
        "\\": [],
    }.items():
        assert codes(PROVINCE, world, q=words) == found, words


def test_filters_narrow_the_list_together(world: World) -> None:
    today = clock.today()
    for code, days in (("P1", -1), ("P2", 30), ("P3", 31)):
        Project.update(deadline=today + timedelta(days=days)).where(Project.code == code).execute()
    assert codes(PROVINCE, world, deadline="passed") == ["P1"]
    assert codes(PROVINCE, world, deadline="30") == ["P2"]
    assert codes(PROVINCE, world, deadline="90") == ["P2", "P3"]
    assert codes(PROVINCE, world, deadline="none") == []
    assert codes(PROVINCE, world, region=OTHER_COUNTY, category="教育") == ["P3"]
    assert codes(HOME, world, region=OTHER_COUNTY) == [], "another region than their own"
    assert codes(PROVINCE, world, lead="松树") == ["P2", "P3"]
    assert codes(PROVINCE, world, key="1") == codes(PROVINCE, world)
    assert codes(PROVINCE, world, state="slow") == ["P1"]


def test_names_come_in_one_order(world: World) -> None:
    for code, name in (("P1", "b"), ("P2", "B"), ("P3", "a（")):
        Project.update(name=name).where(Project.code == code).execute()
    found = searching.search(PROVINCE, world.campaign, searching.Filters(sort="name"))
    assert [row.project.name for row in found.rows] == ["B", "a（", "b"]


def test_the_list_takes_as_many_queries_for_many_projects_as_for_few(
    world: World, database: peewee.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    execute = database.execute_sql

    def counting(sql: str, *args: Any, **more: Any) -> Any:
        asked.append(sql)
        return execute(sql, *args, **more)

    searching.search(PROVINCE, world.campaign, searching.Filters())
    monkeypatch.setattr(database, "execute_sql", counting)
    searching.search(PROVINCE, world.campaign, searching.Filters(q="树"))
    few = len(asked)
    spec = campaigns.ProjectSpec
    for number in range(25):
        campaigns.create_project(world.campaign, spec(f"Q{number}", f"树{number}", "教育", (world.pine,), (COUNTY,)))
    searching.search(PROVINCE, world.campaign, searching.Filters())
    asked.clear()
    found = searching.search(PROVINCE, world.campaign, searching.Filters(q="树"))
    assert found.count == 27
    assert len(asked) == few <= 5


# --- working out -----------------------------------------------------------------------------------------------------


def test_what_happens_to_a_report_is_seen_in_the_list(world: World) -> None:
    found = {
        row.project.code: row.project for row in searching.search(PROVINCE, world.campaign, searching.Filters()).rows
    }
    assert (found["P1"].state, found["P1"].light) == ("on_track", "green")
    assert (found["P2"].state, found["P2"].light) == ("not_started", "amber")
    world.submit(project_state="paused")
    assert codes(PROVINCE, world, state="stalled") == ["P1"]
    slot = world.slot()
    move = transitions.Move(action="return", person=world.county, revision=slot.revision, reason="再看看。")
    transitions.apply(slot, move)
    assert codes(PROVINCE, world, state="stalled") == []


def test_time_passes_over_a_project(world: World) -> None:
    Project.update(deadline=clock.today()).where(Project.code == "P1").execute()
    standing.refresh_old()
    assert project().light == "amber"
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert standing.refresh_old() == 3
        assert project().light == "red"
        assert standing.refresh_old() == 0


def test_the_plan_is_measured_where_it_is_furthest_behind(world: World) -> None:
    for code, amount in (("money.own_funds", 800_000), ("benefit.visits", 640)):
        indicator = Indicator.get(Indicator.code == code)
        ProjectPlan.create(project=project(), indicator=indicator, amount=amount)
    assert standing.progress([project().id]) == {project().id: 0.5}


def test_a_projects_sums_are_those_of_the_totals(world: World) -> None:
    world.submit()
    world.approve()
    for rule in ("sum", "last", "max"):
        Indicator.update(time_rule=rule).execute()
        added: dict[str, int] = {}
        for each in sums.of([one.id for one in Project.select()]).values():
            for code, value in each.items():
                added[code] = added.get(code, 0) + value
        assert added == {code: value for (code, _), value in amounts(world.campaign, Quarter(2100, 1)).items()}


# --- changing --------------------------------------------------------------------------------------------------------


def typed(code: str = "P1", **texts: str) -> editing.Typed:
    now = editing.standing(project(code))
    return editing.Typed({**now.texts, **texts}, now.counties, now.plan)


def test_a_change_is_stored_with_what_was_there_before(world: World) -> None:
    wanted = typed(name="  乡村\n图书馆 ", deadline="2027-06-30", owner=str(world.county.id))
    wanted = editing.Typed(wanted.texts, (COUNTY, OTHER_COUNTY), {"money.own_funds": "1，200.50"})
    changes = editing.edit(PROVINCE, project().id, world.province, 0, wanted)
    assert changes == [
        ["name", "乡村图书室", "乡村 图书馆"],
        ["deadline", "", "2027-06-30"],
        ["owner", "", "刘振江"],
        ["counties", "丰宁满族自治县", "兴隆县、丰宁满族自治县"],
        ["plan.money.own_funds", "", "1200.5"],
    ]
    found = project()
    assert (found.region_id, found.revision) == ("130800", 1)
    assert ProjectPlan.get(ProjectPlan.project == found).amount == 120_050
    event = events.history(found)[0]
    assert (event.action, event.person_id, event.data["changes"]) == ("edited", world.province.id, changes)
    assert editing.edit(PROVINCE, found.id, world.province, 1, editing.standing(found)) == []
    assert len(events.history(found)) == 1


def test_of_two_at_once_the_second_is_told(world: World) -> None:
    editing.edit(PROVINCE, project().id, world.province, 0, typed(village="一村"))
    with pytest.raises(Conflict, match="just changed this project"):
        editing.edit(PROVINCE, project().id, world.province, 0, typed(village="二村"))
    assert project().village == "一村"


def test_everything_that_is_wrong_is_told_at_once(world: World) -> None:
    wrong = typed(name=" ", category="没有", deadline="明天", owner="999", executor="字" * 201)
    with pytest.raises(editing.Wrong) as caught:
        editing.edit(
            PROVINCE,
            project().id,
            world.province,
            0,
            editing.Typed(wrong.texts, ("999999",), {"benefit.visits": "1.5", "money.own_funds": "Infinity"}),
        )
    assert set(caught.value.problems) == {
        "name", "category", "deadline", "owner", "executor", "counties", "plan.benefit.visits", "plan.money.own_funds",
    }  # fmt: skip
    assert project().revision == 0


def test_a_county_proposes_and_a_publisher_adopts_or_declines(world: World) -> None:
    with pytest.raises(Forbidden):
        editing.edit(HOME, project().id, world.county, 0, typed(village="一村"))
    editing.propose(HOME, project().id, world.county, typed(village="一村"))
    editing.propose(HOME, project().id, world.county, typed(executor="某公司"))
    assert project().village == "", "nothing has changed yet"
    second, first = editing.proposals(events.history(project()))
    with pytest.raises(Forbidden):
        editing.answer(HOME, project().id, first.id, world.county, 0, declined=None)
    editing.answer(PROVINCE, project().id, first.id, world.province, 0, declined=None)
    assert (project().village, project().executor) == ("一村", ""), "only what it proposes"
    with pytest.raises(Invalid, match="declined"):
        editing.answer(PROVINCE, project().id, second.id, world.province, 1, declined=" ")
    editing.answer(PROVINCE, project().id, second.id, world.province, 1, declined="公司名称不对。")
    assert editing.proposals(events.history(project())) == []
    with pytest.raises(Conflict, match="answered"):
        editing.answer(PROVINCE, project().id, second.id, world.province, 1, declined=None)


def test_a_proposal_that_is_out_of_date_is_not_adopted(world: World) -> None:
    editing.propose(HOME, project().id, world.county, typed(village="一村"))
    editing.edit(PROVINCE, project().id, world.province, 0, typed(village="二村"))
    proposal = editing.proposals(events.history(project()))[0]
    with pytest.raises(Conflict, match="changed since"):
        editing.answer(PROVINCE, project().id, proposal.id, world.province, 1, declined=None)
    assert project().village == "二村"


# --- closing ---------------------------------------------------------------------------------------------------------


def ask(world: World, outcome: str = "done") -> None:
    closing.ask_as_lead(
        (world.lotus.id,), project().id, world.reporter, project().revision, outcome=outcome, reason="做完了。"
    )


def owed_next(world: World, number: int) -> set[str]:
    opened = campaigns.open_round(world.campaign, world.form, campaigns.RoundSpec(2098, number, *(clock.today(),) * 3))
    return {slot.project.code for slot in Slot.select().where(Slot.round == opened)}


def test_a_closed_project_owes_no_report_until_it_is_opened_again(world: World) -> None:
    ask(world, "ended_early")
    assert owed_next(world, 1) == {"P1", "P2", "P3"}, "asking alone closes nothing"
    closing.decide(HOME, project().id, world.county, 1, close=True, reason="")
    assert codes(PROVINCE, world, state="ended_early", light="green") == ["P1"]
    assert owed_next(world, 2) == {"P2", "P3"}
    with pytest.raises(Invalid, match="Say why"):
        closing.reopen(HOME, project().id, world.county, 2, reason="")
    closing.reopen(HOME, project().id, world.county, 2, reason="还有一期工程。")
    assert owed_next(world, 3) == {"P1", "P2", "P3"}
    assert [one.action for one in events.history(project())] == ["reopened", "closed", "closing_asked"]


def test_a_refusal_needs_a_reason_and_nobody_decides_what_they_asked_for(world: World) -> None:
    closing.ask(HOME, project().id, world.county, 0, outcome="done", reason="已完成。")
    with pytest.raises(Forbidden, match="somebody else"):
        closing.decide(HOME, project().id, world.county, 1, close=True, reason="")
    with pytest.raises(Invalid, match="Say why"):
        closing.decide(PROVINCE, project().id, world.province, 1, close=False, reason=" ")
    closing.decide(PROVINCE, project().id, world.province, 1, close=False, reason="缺验收材料。")
    assert (project().closing, project().outcome) == ("", "")
    with pytest.raises(Conflict):
        closing.decide(PROVINCE, project().id, world.province, 2, close=True, reason="")


def test_closing_is_asked_for_by_the_lead_and_decided_where_the_project_belongs(world: World) -> None:
    joint = project("P3")
    with pytest.raises(Forbidden, match="leads"):
        closing.ask_as_lead((world.lotus.id,), joint.id, world.reporter, 0, outcome="done", reason="做完了。")
    closing.ask_as_lead((world.pine.id,), joint.id, world.other_reporter, 0, outcome="done", reason="做完了。")
    with pytest.raises(Forbidden, match="for the reviewers of the region"):
        closing.decide(HOME, joint.id, world.county, 1, close=True, reason="")
    with pytest.raises(NotFound):
        closing.ask_as_lead(
            (world.pine.id,), project("P1").id, world.other_reporter, 0, outcome="done", reason="做完了。"
        )


def test_a_person_may_know_better_than_the_rules_and_says_why(world: World) -> None:
    with pytest.raises(Invalid, match="Say why"):
        closing.override(HOME, project().id, world.county, 0, state="slow", light="red", reason="")
    with pytest.raises(Invalid, match="lists"):
        closing.override(HOME, project().id, world.county, 0, state="slow", light="blue", reason="进度慢。")
    closing.override(HOME, project().id, world.county, 0, state="slow", light="red", reason="现场看过，进度慢。")
    assert codes(PROVINCE, world, state="slow", light="red") == ["P1"]
    assert project().why["state"] == "on_track"
    closing.override(HOME, project().id, world.county, 1, state="", light="", reason="已赶上。")
    assert codes(PROVINCE, world, state="on_track", light="green") == ["P1"]


# --- the agreement ---------------------------------------------------------------------------------------------------

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def test_an_agreement_is_judged_by_its_bytes(world: World, tmp_path: Path) -> None:
    store = attachments.Folder(tmp_path)

    def add(name: str, content: bytes) -> ProjectFile:
        return agreements.add(store, HOME, project().id, world.county, (name, content))

    kept = add(r"C:\协议\对接 协议.docx", PDF)
    assert (kept.name, kept.kind, agreements.content(store, kept)) == ("对接 协议.pdf", "pdf", PDF)
    assert add("again.pdf", PDF) == kept
    photo = add("页1.png", phone())
    assert (photo.name, photo.kind) == ("页1.jpg", "jpg")
    assert agreements.content(store, photo) != phone(), "made anew from its pixels"
    for content, message in ((b"", "Choose a file"), (b"hello", "PDF or as photos"), (b"MZ\x00\x01", "not taken")):
        with pytest.raises(Invalid, match=message):
            add("x.pdf", content)
    agreements.remove(HOME, project().id, kept.id, world.county)
    assert [one.id for one in agreements.listed(project())] == [photo.id]
    with pytest.raises(NotFound):
        agreements.find(project(), kept.id)
    with pytest.raises(NotFound):
        agreements.add(store, ELSEWHERE, project().id, world.other_county, ("x.pdf", PDF))
    assert [one.action for one in events.history(project())] == ["file_removed", "file_added", "file_added"]
    assert Organization.select().count() == 2
