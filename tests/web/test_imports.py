"""The pages for imports: a workbook goes up, is looked at, put right, applied; a spreadsheet of one's own is mapped."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from reportsvc import attachments
from reportsvc.audit import verifying
from reportsvc.exchange import workbooks
from reportsvc.exchange.imports import desk
from reportsvc.jobs import imports, scheduler
from reportsvc.models import ImportLine, Organization, SheetImport, Slot, Version
from reportsvc.projects import uscc
from tests.support.importing import workbook
from tests.support.world import COUNTY
from tests.web.browsing import Page, Phone
from tests.web.conftest import Site

CODE = uscc.build("51", COUNTY, "50120999")
ROW = [CODE, "丰宁新来志愿服务协会", "社会团体", "县级", ""]


def upload(phone: Phone, source: bytes, path: str = "/data/imports", to: str = "", **more: str) -> Page:
    page = phone.get(path)
    values: MultiDict[str, Any] = MultiDict({"csrf_token": page.values["csrf_token"], "campaign": "hebei-2026", **more})
    values.add("file", FileStorage(io.BytesIO(source), "名单.xlsx"))
    boundary, body = encode_multipart(values)
    return phone.post(to or path, body, content_type=f'multipart/form-data; boundary="{boundary}"')


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "attachments"


def run(folder: Path) -> int:
    means = desk.Work(attachments.Folder(folder), lambda text, **values: text % values if values else text)
    shop = scheduler.Workshop({desk.TASK: imports.handler(means)}, imports.GIVE_UP, (), timedelta(minutes=2), "w")
    return scheduler.tick(shop)


def button(page: Page, ending: str) -> Any:
    return next(form for form in page.forms if form.attributes["action"].endswith(ending))


def test_a_workbook_is_checked_looked_at_and_imported(site: Site, folder: Path) -> None:
    phone = site.phone(site.world.province)
    page = phone.follow(upload(phone, workbook({"organizations": [ROW]})))
    assert page.root.all("progress")
    assert phone.get(f"{page.answer.request.path}/progress").answer.get_json()["state"] == "asked"
    assert run(folder) == 1
    page = phone.get(page.answer.request.path)
    assert "丰宁新来志愿服务协会" in page.main
    assert Organization.select().where(Organization.uscc == CODE).count() == 0
    page = phone.follow(phone.send(page, button(page, "/apply")))
    assert run(folder) == 1
    assert Organization.select().where(Organization.uscc == CODE).count() == 1
    assert not [form for form in phone.get(page.answer.request.path).forms if form.fields]


def test_wrong_cells_are_told_and_the_marked_file_can_be_taken(site: Site, folder: Path) -> None:
    phone = site.phone(site.world.province)
    page = phone.follow(upload(phone, workbook({"organizations": [[5.1e17, *ROW[1:]]]})))
    run(folder)
    page = phone.get(page.answer.request.path)
    cells = [[cell.text for cell in row.all("td")] for row in page.root.all("tr") if row.all("td")]
    assert ["单位", "B2", "统一社会信用代码"] in [row[:3] for row in cells]
    marked = phone.get(f"{page.answer.request.path}/marked")
    assert marked.answer.headers["Content-Disposition"].encode("latin-1")  # what a server can send
    book = openpyxl.load_workbook(io.BytesIO(marked.answer.get_data()))
    assert book["单位"]["B2"].value == "5.10E+17"
    phone.send(page, button(page, "/discard"))
    assert ImportLine.select().count() == 0
    assert page.answer.request.path not in phone.get("/data/imports").links


def test_a_preview_that_is_not_the_newest_is_not_applied(site: Site, folder: Path) -> None:
    phone = site.phone(site.world.province)
    page = phone.follow(upload(phone, workbook({"organizations": [ROW]})))
    run(folder)
    page = phone.get(page.answer.request.path)
    assert phone.send(page, button(page, "/apply"), seen="0" * 64).status == 409
    assert phone.send(page, button(page, "/apply")).status == 302
    assert phone.send(page, button(page, "/apply")).status == 409


def test_who_does_not_publish_here_sees_no_import(site: Site, folder: Path) -> None:
    phone = site.phone(site.world.province)
    path = phone.follow(upload(phone, workbook({"organizations": [ROW]}))).answer.request.path
    assert site.phone(site.world.county).get(path).status == 403
    assert upload(phone, b"no workbook").status == 422


def test_a_file_that_is_too_large_is_refused_on_the_page(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "LARGEST", 100)
    assert upload(site.phone(site.world.province), b"PK" + b"x" * 200).status == 422
    monkeypatch.undo()
    assert upload(site.phone(site.world.province), b"PK" + b"x" * (workbooks.LARGEST + 200_000)).status == 413


def test_the_template_can_be_taken(site: Site) -> None:
    answer = site.phone(site.world.province).get("/data/imports/template/hebei-2026").answer
    assert openpyxl.load_workbook(io.BytesIO(answer.get_data())).sheetnames[0] == "单位"


# --- a spreadsheet of one's own --------------------------------------------------------------------------------------

HEADS = ["序号", "项目编码", "信用代码", "进度", "本季自有资金", "服务人次", "做了什么"]


def own(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "季报"
    book.active.append(["河北省社会组织帮扶季报表"])
    for row in (HEADS, *rows):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def mapped(phone: Phone) -> Page:
    page = upload(phone, own(), "/data/legacy")
    assert page.status == 200, page.main
    chosen = {
        "column.project": "#项目编码", "column.organization": "#信用代码", "column.project_state": "#进度",
        "column.activity": "=yes", "column.may_publish": "=no", "column.own_funds": "#本季自有资金",
        "column.progress_text": "#做了什么", "column.benefits.benefit_unit": "=visits",
        "column.benefits.benefit_amount": "#服务人次", "value.benefits.benefit_who": "村民", "name": "省厅季报表",
    }  # fmt: skip
    return phone.follow(phone.send(page, **chosen))


def import_own(phone: Phone, site: Site, page: Page, source: bytes) -> Page:
    to = button(page, "/upload").attributes["action"]
    return phone.follow(upload(phone, source, "/data/legacy", to, round=str(site.world.now.id)))


def test_a_spreadsheet_of_ones_own_is_mapped_once_and_its_rows_are_reports(either: Site, folder: Path) -> None:
    world, phone = either.world, either.phone(either.world.province)
    listing = mapped(phone)
    assert "省厅季报表" in listing.main
    row = [1, "P1", world.lotus.uscc, "正在实施", "1,200.5", 30, "送书下乡"]
    page = import_own(phone, either, listing, own(row))
    assert run(folder) == 1
    page = phone.get(page.answer.request.path)
    assert "送书下乡" in page.main
    assert world.slot().state == "open"
    phone.send(page, button(page, "/apply"))
    assert run(folder) == 1
    version = Version.get(Version.slot == world.slot())
    assert (version.source, version.answers["own_funds"]) == ("import", "1200.5")
    assert version.answers["benefits"] == [{"benefit_unit": "visits", "benefit_amount": "30", "benefit_who": "村民"}]
    assert world.slot().state == "submitted"
    assert world.approve().state == "approved"
    import_own(phone, either, listing, own(row))
    run(folder)
    again = SheetImport.select().order_by(SheetImport.created_at.desc()).first()
    assert again.counts["legacy"] == {"same": 1}


def test_a_row_that_tells_of_no_activity_is_a_nil_report_in_time(site: Site, folder: Path) -> None:
    world, phone = site.world, site.phone(site.world.province)
    page = upload(phone, own(), "/data/legacy")
    chosen = {"column.project": "#项目编码", "column.organization": "#信用代码", "column.project_state": "#进度"}
    listing = phone.follow(
        phone.send(page, **chosen, **{"column.activity": "=no", "column.may_publish": "=no", "name": "零报告表"})
    )
    page = import_own(phone, site, listing, own([1, "P1", world.lotus.uscc, "正在实施", "", "", ""]))
    run(folder)
    page = phone.get(page.answer.request.path)
    phone.send(page, button(page, "/apply"))
    run(folder)
    assert (world.slot().state, world.slot().nil, world.slot().late) == ("submitted", True, False)
    assert verifying.verify().findings == []


def test_rows_of_ones_own_spreadsheet_are_checked_like_any_report(site: Site, folder: Path) -> None:
    world, phone = site.world, site.phone(site.world.province)
    lotus = world.lotus.uscc
    page = import_own(
        phone, site, mapped(phone),
        own(
            [1, "P1", lotus, "不知道", 5, 1, "x"],
            [2, "P9", lotus, "正在实施", 5, 1, "x"],
            [3, "P3", 5.1e17, "正在实施", 5, 1, "x"],
            [4, "P2", world.pine.uscc, "正在实施", "很多", 1, ""],
            [5, "P2", world.pine.uscc, "正在实施", 1, 1, "x"],
        ),
    )  # fmt: skip
    run(folder)
    page = phone.get(page.answer.request.path)
    cells = [line.cell for line in ImportLine.select().where(ImportLine.outcome == "wrong").order_by(ImportLine.id)]
    assert cells == ["D3", "B4", "C5", "E6", "G6", "B7"]
    assert Slot.select().where(Slot.state == "submitted").count() == 0


def test_a_mapping_needs_a_name_of_its_own_and_can_be_removed(site: Site) -> None:
    phone = site.phone(site.world.province)
    listing = mapped(phone)
    page = upload(phone, own(), "/data/legacy")
    keys = {"column.project": "#项目编码", "column.organization": "#信用代码"}
    again = phone.send(page, name="省厅季报表", **keys)
    assert (again.status, again.values["column.project"]) == (422, "#项目编码")
    assert phone.send(page, name="没有代码", **{"column.project": "", "column.organization": ""}).status == 422
    phone.send(listing, button(listing, "/remove"))
    assert "省厅季报表" not in phone.get("/data/legacy").main
    assert upload(phone, b"no", "/data/legacy").status == 422
