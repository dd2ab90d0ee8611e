"""Workbooks: looked at, then all or nothing; the same twice changes nothing; every wrong cell is found."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import peewee
import pytest

from reportsvc import attachments, totals
from reportsvc.audit import verifying
from reportsvc.errors import Conflict, Invalid
from reportsvc.exchange.imports import desk, template
from reportsvc.models import (
    AuditEntry,
    Event,
    Figure,
    ImportLine,
    Organization,
    Participation,
    Project,
    ProjectCounty,
    Round,
    Slot,
    Version,
)
from reportsvc.projects import uscc
from tests.support.importing import Desk, workbook
from tests.support.world import COUNTY, OTHER_COUNTY, World, build

NEW = uscc.build("51", COUNTY, "50120777")
PARTNER = uscc.build("52", "130200", "50120778")


@pytest.fixture
def world(database: peewee.Database) -> World:
    return build()


@pytest.fixture
def office(world: World, tmp_path: Path) -> Desk:
    return Desk(world, tmp_path)


def good(world: World) -> dict[str, list[list[object]]]:
    year = str(world.campaign.starts.year)
    return {
        "organizations": [
            [NEW, "丰宁新桥志愿服务协会", "社会团体", "县级", None],
            [PARTNER, "唐山明月社会工作服务中心", "agency", "", "唐山市"],
            [world.lotus.uscc, "丰宁满族自治县莲花志愿服务协会", "社会团体", "县级", ""],
        ],
        "projects": [
            ["N-1", "新桥助学", "教育", NEW, f"{COUNTY}，{OTHER_COUNTY}", "样例村", "", ""],
            ["P1", "乡村图书室（二期）", "教育", world.lotus.uscc, COUNTY, "", "", ""],
        ],
        "participations": [["N-1", PARTNER, "合作"]],
        "history": [
            [year, 1, "N-1", NEW, "自有资金", "", "1,200.50"],
            [year, 1, "N-1", NEW, "受益人次", COUNTY, 300],
            [year, 1, "N-1", NEW, "受益人次", OTHER_COUNTY, 20],
            [year, 1, "N-1", PARTNER, "money.own_funds", "", 99.5],
        ],
    }


def counted() -> list[int]:
    tables = (Organization, Project, ProjectCounty, Participation, Round, Slot, Version, Figure, Event)
    return [table.select().count() for table in tables]


def test_what_was_looked_at_is_written_and_a_second_time_nothing(world: World, office: Desk) -> None:
    source = workbook(good(world))
    made = office.upload(source)
    assert made.state == "checked", [(line.cell, line.message) for line in ImportLine.select()]
    assert made.counts["organizations"] == {"new": 2, "changed": 1}
    assert made.counts["projects"] == {"new": 1, "changed": 1}
    assert Organization.select().count() == 2
    changed = ImportLine.get(ImportLine.outcome == "changed", ImportLine.sheet == "projects")
    assert changed.details == [["项目名称", "乡村图书室", "乡村图书室（二期）"]]
    assert office.apply(made).state == "applied"
    project = Project.get(Project.code == "N-1")
    assert (project.lead.uscc, project.region_id) == (NEW, "130800")
    assert Organization.get(Organization.uscc == NEW).region_id == COUNTY
    assert Organization.get(Organization.uscc == PARTNER).region_id == "130200"
    assert Slot.select().where(Slot.round == world.now, Slot.project == project).count() == 2
    assert made.counts["due"] == 2
    through = totals.Quarter(world.campaign.starts.year, 1)
    found = totals.amounts(world.campaign, through)
    assert found["money.own_funds", ""] == 120050 + 9950
    assert totals.amounts(world.campaign, through, "region")["benefit.visits", COUNTY] == 300
    old = Slot.get(Slot.project == project, Slot.organization.in_([project.lead_id]), Slot.state == "approved")
    assert [event.action for event in Event.select().where(Event.slot == old)] == ["import"]
    assert (old.late, old.nil) == (False, False)  # nobody knows when it was reported
    entry = AuditEntry.get(AuditEntry.area == "import")
    assert (entry.action, entry.subject, entry.actor) == ("written", f"import:{made.id}", world.province.id)
    assert json.loads(entry.data)["count"] == 3 + 2 + 1 + 4
    assert verifying.verify().findings == []
    before = counted()
    again = office.upload(source)
    assert again.state == "checked"
    assert {outcome for sheet in again.counts.values() if isinstance(sheet, dict) for outcome in sheet} == {"same"}
    office.apply(again)
    assert counted() == before


def test_an_older_figure_that_was_imported_can_be_corrected(world: World, office: Desk) -> None:
    rows = good(world)
    office.apply(office.upload(workbook(rows)))
    rows["history"][1][6] = 301
    made = office.upload(workbook(rows))
    assert made.counts["history"] == {"changed": 1, "same": 3}
    line = ImportLine.get(ImportLine.work == made, ImportLine.outcome == "changed", ImportLine.sheet == "history")
    assert line.details == [[f"受益人次 {COUNTY}", "300", "301"]]
    office.apply(made)
    through = totals.Quarter(world.campaign.starts.year, 1)
    assert totals.amounts(world.campaign, through)["benefit.visits", ""] == 321


def test_nothing_is_written_while_a_single_cell_is_wrong(world: World, office: Desk) -> None:
    rows, before = good(world), counted()
    rows["projects"].append(["N-2", "没有类别", "天文", NEW, "", "", "", ""])
    made = office.upload(workbook(rows))
    assert made.state == "wrong"
    with pytest.raises(Conflict):
        desk.apply(office.codes, made.id, made.digest)
    assert counted() == before


def test_what_changed_since_the_preview_is_shown_before_it_is_written(world: World, office: Desk) -> None:
    made = office.upload(workbook(good(world)))
    Project.update(name="有人先改了").where(Project.code == "P1").execute()
    before = counted()
    shown = office.apply(made)
    assert (shown.state, shown.digest == made.digest, counted()) == ("checked", False, before)
    line = ImportLine.get(ImportLine.outcome == "changed", ImportLine.sheet == "projects")
    assert line.details[0][1] == "有人先改了"
    assert office.apply(shown).state == "applied"


def wrong_rows(world: World) -> tuple[dict[str, list[list[object]]], dict[str, list[str]]]:
    """Rows with something wrong in each, and the cells where that is."""
    code = lambda number, prefix="51", region=COUNTY: uscc.build(prefix, region, f"5012{number:04d}")  # noqa: E731
    flawed = code(1)
    swap = {"0": "1"}
    year = world.campaign.starts.year
    organizations: list[tuple[str, list[object]]] = [
        ("B", [None, "没有代码的协会", "社会团体", "", ""]),
        ("B", [5.11308265012034e17, "变成数字的协会", "社会团体", "", ""]),
        ("B", ["5.1E+17", "变成文字的协会", "社会团体", "", ""]),
        ("B", [code(2)[:17], "少一位的协会", "社会团体", "", ""]),
        ("B", [code(3)[:10] + "O" + code(3)[11:], "字母错的协会", "社会团体", "", ""]),
        ("B", ["41" + code(4)[2:], "前缀错的协会", "社会团体", "", ""]),
        ("D", [code(5, "53"), "类型不符的协会", "社会团体", "", ""]),
        ("B", ["51139999" + code(6)[8:], "地区错的协会", "社会团体", "", ""]),
        ("B", [flawed[:16] + swap.get(flawed[16], "0") + flawed[17], "校验位错一的协会", "社会团体", "", ""]),
        ("B", [flawed[:17] + swap.get(flawed[17], "0"), "校验位错二的协会", "社会团体", "", ""]),
        ("B", [NEW, "重复的协会", "社会团体", "", ""]),
        ("C", [code(7), "", "社会团体", "", ""]),
        ("C", [code(8), "长" * 201, "社会团体", "", ""]),
        ("C", [code(9), "#N/A", "社会团体", "", ""]),
        ("D", [code(10), "没有类型的协会", "", "", ""]),
        ("D", [code(11), "类型乱写的协会", "俱乐部", "", ""]),
        ("E", [code(12), "级别乱写的协会", "社会团体", "乡级", ""]),
        ("F", [code(13), "地区不存在的协会", "社会团体", "", "火星县"]),
        ("F", [code(14), "地区重名的协会", "社会团体", "", "桥西区"]),
        ("F", [code(15), "地区撤销的协会", "社会团体", "", "130223"]),
        ("F", [code(16), "地区拆分的协会", "社会团体", "", "130421"]),
    ]
    projects: list[tuple[str, list[object]]] = [
        ("B", ["", "没有编号", "教育", NEW, "", "", "", ""]),
        ("B", ["X" * 41, "编号太长", "教育", NEW, "", "", "", ""]),
        ("B", ["A B", "编号有空格", "教育", NEW, "", "", "", ""]),
        ("B", ["P1", "编号重复", "教育", world.lotus.uscc, "", "", "", ""]),
        ("C", ["W1", "", "教育", NEW, "", "", "", ""]),
        ("C", ["W2", "长" * 201, "教育", NEW, "", "", "", ""]),
        ("D", ["W3", "没有类别", None, NEW, "", "", "", ""]),
        ("D", ["W4", "类别不对", "天文", NEW, "", "", "", ""]),
        ("E", ["W5", "没有牵头", "教育", "", "", "", "", ""]),
        ("E", ["W6", "牵头不在", "教育", code(900), "", "", "", ""]),
        ("E", ["W7", "牵头变数字", "教育", 5.1e17, "", "", "", ""]),
        ("E", ["P2", "换了牵头", "产业", world.lotus.uscc, "", "", "", ""]),
        ("F", ["W8", "县不存在", "教育", NEW, "999999", "", "", ""]),
        ("F", ["W9", "写了市", "教育", NEW, "130800", "", "", ""]),
        ("F", ["W10", "县已撤销", "教育", NEW, f"{COUNTY},130223", "", "", ""]),
        ("F", ["W11", "县写两遍", "教育", NEW, f"{COUNTY},{COUNTY}", "", "", ""]),
        ("G", ["W12", "村名太长", "教育", NEW, "", "村" * 61, "", ""]),
        ("H", ["W13", "企业太长", "教育", NEW, "", "", "企" * 201, ""]),
        ("I", ["W14", "组织方太长", "教育", NEW, "", "", "", "组" * 201]),
    ]
    participations: list[tuple[str, list[object]]] = [
        ("B", ["没有", NEW, "合作"]),
        ("C", ["P1", code(901), "合作"]),
        ("D", ["P1", NEW, "旁观"]),
        ("C", ["P1", NEW, "合作"]),
        ("D", ["P2", NEW, "牵头"]),
        ("D", ["P3", world.pine.uscc, "合作"]),
    ]
    history: list[tuple[str, list[object]]] = [
        ("B", ["二〇二五", 1, "P1", world.lotus.uscc, "自有资金", "", 1]),
        ("C", [year, 5, "P1", world.lotus.uscc, "自有资金", "", 1]),
        ("C", [2099, 1, "P1", world.lotus.uscc, "自有资金", "", 1]),
        ("F", [year, 1, "P1", world.lotus.uscc, "掌声", "", 1]),
        ("H", [year, 1, "P1", world.lotus.uscc, "自有资金", "", "很多"]),
        ("H", [year, 1, "P1", world.lotus.uscc, "自有资金", "", -5]),
        ("H", [year, 1, "P1", world.lotus.uscc, "自有资金", "", 1.005]),
        ("G", [year, 1, "P1", world.lotus.uscc, "受益人次", OTHER_COUNTY, 5]),
        ("G", [year, 1, "P1", world.lotus.uscc, "自有资金", COUNTY, 5]),
        ("E", [year, 1, "P1", world.pine.uscc, "自有资金", "", 5]),
        ("F", [year, 1, "P3", world.lotus.uscc, "受益人次", COUNTY, 5]),
        ("D", [world.before.year, world.before.quarter, "P1", world.lotus.uscc, "自有资金", "", 5]),
    ]
    sheets = {"organizations": organizations, "projects": projects, "participations": participations}
    sheets["history"] = history
    first: dict[str, list[list[object]]] = {
        "organizations": [[NEW, "第一行没有错", "社会团体", "", ""]],
        "projects": [["P1", "乡村图书室", "教育", world.lotus.uscc, "", "", "", ""]],
        "participations": [["P1", NEW, "合作"]],
        "history": [[year, 1, "P1", world.lotus.uscc, "募集资金", "", 1]],
    }
    rows = {key: [*first[key], *(row for _, row in wrong)] for key, wrong in sheets.items()}
    cells = {key: [f"{cell}{number}" for number, (cell, _) in enumerate(wrong, 3)] for key, wrong in sheets.items()}
    return rows, cells


def test_forty_kinds_of_wrong_rows_are_each_found_with_their_cell(world: World, office: Desk) -> None:
    rows, cells = wrong_rows(world)
    made = office.upload(workbook(rows))
    found: dict[str, list[str]] = {}
    lines = list(ImportLine.select().where(ImportLine.outcome == "wrong").order_by(ImportLine.id))
    for line in lines:
        found.setdefault(line.sheet, []).append(line.cell)
    assert found == cells
    assert len({(line.message, line.sheet, line.column) for line in lines}) >= 40
    assert made.state == "wrong"
    marked = openpyxl.load_workbook(io.BytesIO(attachments.read(office.store, made.marked)))
    assert marked["单位"]["B4"].fill.fgColor.rgb == "FFFFC7CE"
    assert marked["单位"]["B4"].value == "5.11E+17"
    assert "5.11E+17" in marked["单位"]["G4"].value
    assert marked["单位"]["B4"].comment is not None
    assert marked["单位"]["B2"].fill.fgColor.rgb != "FFFFC7CE"
    assert marked["问题清单"].max_row == len(lines) + 1


def test_a_marked_workbook_that_was_put_right_is_taken(world: World, office: Desk) -> None:
    rows = good(world)
    rows["organizations"][0][0] = NEW[:17]
    made = office.upload(workbook(rows))
    marked = openpyxl.load_workbook(io.BytesIO(attachments.read(office.store, made.marked)))
    marked["单位"]["B2"].value = NEW
    stream = io.BytesIO()
    marked.save(stream)
    assert office.upload(stream.getvalue()).state == "checked"


def test_the_template_as_it_is_has_nothing_to_import_but_its_cells_are_text(world: World, office: Desk) -> None:
    source = template.make(world.campaign)
    made = office.upload(source)
    assert made.state == "wrong"
    assert "nothing to import" in ImportLine.get().message
    book = openpyxl.load_workbook(io.BytesIO(source))
    assert book.sheetnames == ["单位", "项目", "参与", "往期数据", "代码"]
    assert book["单位"]["A2"].value == "示例"
    assert book["单位"].column_dimensions["B"]._style or book["单位"]["B2"].number_format == "@"
    lists = {str(one.sqref): one.formula1 for one in book["项目"].data_validations.dataValidation if one.type == "list"}
    assert list(lists) == ["D2:D20001"]
    column = book["代码"]["C"]
    assert [cell.value for cell in column[1:3]] == ["教育", "产业"]


@pytest.mark.parametrize(
    "heads",
    [
        ["统一社会信用代码", "单位名称", "类型", "登记级别", "所在地"],
        ["统一社会信用代码", "单位名称", "类型", "类型", "所在地区"],
    ],
)
def test_a_head_that_nobody_knows_is_told(world: World, office: Desk, heads: list[str]) -> None:
    office.upload(workbook(good(world), {"organizations": heads}))
    place = "F1" if heads[4] == "所在地" else "E1"
    assert place in [line.cell for line in ImportLine.select().where(ImportLine.outcome == "wrong")]


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    "source",
    [
        zipped({"xl/worksheets/sheet1.xml": b"<c/>" * 3_000_000}),
        zipped({"big.bin": b"\0" * 130_000_000}),
        zipped({"xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'}),
        zipped({"nothing.txt": b"x"}),
        b"PK broken",
    ],
    ids=["cells", "bytes", "entities", "no workbook", "no zip"],
)
def test_a_hostile_workbook_is_refused_with_a_sentence(office: Desk, source: bytes) -> None:
    made: Any = office.upload(source)
    assert made.state == "wrong"
    assert ImportLine.get().message.startswith("The file")


def test_what_is_no_workbook_is_refused_at_once(world: World, office: Desk) -> None:
    with pytest.raises(Invalid):
        desk.upload(office.store, world.campaign, world.province, "x.xls", b"\xd0\xcf\x11\xe0")
