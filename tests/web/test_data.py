"""Lists as files and the campaign as a zip: complete, in scope, harmless, with persons only for who may see them."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reportsvc import attachments, clock
from reportsvc.accounts import notice, people
from reportsvc.exchange import campaign, files
from reportsvc.exchange.lists import BY_NAME, LISTINGS
from reportsvc.jobs import campaigns, scheduler
from reportsvc.models import CheckRule, Difficulty, Grant, Organization, Project
from reportsvc.reports import doubts
from reportsvc.reports.checks import flags
from tests.support.world import COUNTY, OTHER_COUNTY
from tests.web.browsing import Phone
from tests.web.conftest import Site

LISTS = "/data/lists"
IN = "?campaign=hebei-2026"


def read_csv(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def take_csv(phone: Phone, name: str, more: str = "") -> list[dict[str, str]]:
    page = phone.get(f"{LISTS}/{name}.csv{IN}{more}")
    assert page.status == 200, page.html
    return read_csv(page.answer.get_data().decode())


def take_json(phone: Phone, name: str, more: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(phone.get(f"{LISTS}/{name}.json{IN}{more}").html)
    return found


def test_the_three_kinds_of_file_say_the_same(either: Site) -> None:
    phone = either.phone(either.world.province)
    for name in ("slots", "organizations", "projects", "figures", "participations", "answers", "indicators", "rounds"):
        objects, lines = take_json(phone, name), take_csv(phone, name)
        book = openpyxl.load_workbook(io.BytesIO(phone.get(f"{LISTS}/{name}.xlsx{IN}").answer.get_data()))
        rows = list(book.active.iter_rows(values_only=True))
        assert len(objects) == len(lines) == len(rows) - 1 > 0, name
        assert [str(cell) for cell in rows[0]] == list(lines[0])
        assert len(objects[0]) == len(rows[0])


def test_a_list_is_read_page_by_page(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = site.phone(site.world.province)
    whole = take_json(phone, "slots")
    monkeypatch.setattr("reportsvc.exchange.lists.shape.records.__defaults__", (3,))
    assert take_json(phone, "slots") == whole
    assert len(whole) == 8


def test_answers_come_with_a_list_for_each_question_of_rows(site: Site) -> None:
    phone = site.phone(site.world.province)
    (report,) = take_json(phone, "answers")
    assert report["answer.own_funds"] == "8000"
    assert report["answer.benefits"] == [{"benefit_unit": "visits", "benefit_amount": "320", "benefit_who": "村民"}]
    (row,) = take_json(phone, "answers", "&part=benefits")
    assert (row["row"], row["answer.benefit_amount"]) == (1, "320")


def test_each_sees_their_regions_and_persons_only_where_they_review(site: Site) -> None:
    world = site.world
    county, province = site.phone(world.county), site.phone(world.province)
    assert {one["project"] for one in take_json(county, "slots")} == {"P1"}
    assert [one["code"] for one in take_json(county, "projects")] == ["P1"]
    assert len(take_json(province, "projects")) == 3
    approved = [one for one in take_json(county, "slots") if one["state"] == "approved"]
    assert [one["reporter_phone"] for one in approved] == [world.reporter.phone]
    Grant.delete().where(Grant.person == world.province, Grant.role == people.REVIEWER).execute()
    assert "reporter_phone" not in take_json(province, "slots")[0]
    people.grant(world.province, people.REVIEWER, region="130822")
    assert [one["reporter_phone"] for one in take_json(province, "slots") if one["project"] == "P1"] == [None, None]


def test_an_auditor_gets_what_was_found_and_asked_for_without_who(either: Site) -> None:
    world, rule = either.world, CheckRule.get(CheckRule.campaign == either.world.campaign)
    fell = doubts.Doubt("money.own_funds", "自有资金", "元", "fell", Decimal(2), Decimal(1), "own_funds", check=rule.id)
    sent = world.submit()
    flags.record(sent, [fell])
    project = world.slot("library").project
    raised = Difficulty.create(
        campaign=world.campaign, project=project, organization=world.lotus, region=COUNTY, raised_by=world.reporter,
        raised_at=clock.now(), kind="other", urgency="normal", asked="helper", text="缺少书架。", state="open",
        owner_region=COUNTY,
    )  # fmt: skip
    county, auditors = either.phone(world.county), {}
    for place in ("130000", OTHER_COUNTY):
        auditor = people.create_person("审计员", f"1370000000{len(auditors)}")
        notice.accept(auditor.id, notice.Terms())
        people.grant(auditor, people.AUDITOR, region=place)
        auditors[place] = either.phone(auditor)
    for name in ("flags", "difficulties"):
        reviewed, audited = take_json(county, name), take_json(auditors["130000"], name)
        assert len(reviewed) == len(audited) == 1, name
        personal = {column.key for column in BY_NAME[name].columns if column.personal}
        assert personal
        assert personal <= set(reviewed[0])
        assert not personal & set(audited[0])
        assert audited[0] == {key: value for key, value in reviewed[0].items() if key not in personal}
        assert take_json(auditors[OTHER_COUNTY], name) == []
    assert take_json(county, "difficulties")[0]["number"] == raised.id


def test_a_reporter_takes_nothing_away(site: Site) -> None:
    phone = site.phone(site.world.reporter)
    assert phone.get("/data").status == 403
    assert phone.get(f"{LISTS}/slots.csv{IN}").status == 403


@pytest.mark.parametrize("path", ["moon.csv", "slots.pdf", "slots.csv", "answers.csv", "circular_figures.csv"])
def test_a_list_that_is_not_there_is_told_as_a_page(site: Site, path: str) -> None:
    assert site.phone(site.world.county).get(f"{LISTS}/{path}").status == 404


EVIL = ("=1+1", "+86", "-2", "@SUM(A1)", "\tx", "＝1+1", "=cmd|' /C calc'!A0")


def test_cells_that_would_be_formulas_are_made_harmless(site: Site) -> None:
    phone = site.phone(site.world.province)
    for name in EVIL:
        Organization.update(name=name).where(Organization.id == site.world.lotus.id).execute()
        cells = [cell for row in take_csv(phone, "organizations") for cell in row.values()]
        assert f"'{name}" in cells
        assert not [cell for cell in cells if cell.startswith(files.HARMFUL)]
        book = openpyxl.load_workbook(io.BytesIO(phone.get(f"{LISTS}/organizations.xlsx{IN}").answer.get_data()))
        assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {"s", "n", "b"}
        assert name in [one["name"] for one in take_json(phone, "organizations")]


def test_codes_stay_texts_and_numbers_numbers_in_a_workbook(site: Site) -> None:
    phone = site.phone(site.world.province)
    book = openpyxl.load_workbook(io.BytesIO(phone.get(f"{LISTS}/figures.xlsx{IN}").answer.get_data()))
    rows = list(book.active.iter_rows(values_only=True))
    values = [value for row in rows[1:] for value in row]
    assert 8000 in values
    assert site.world.lotus.uscc in values


def run(site: Site, folder: Path) -> int:
    means = campaign.Work(attachments.Folder(folder), lambda text, **values: text % values if values else text)
    shop = scheduler.Workshop(
        {campaigns.HANDLES: campaigns.handler(means)}, campaigns.GIVE_UP, (), timedelta(minutes=2), "w"
    )
    return scheduler.tick(shop)


def test_a_campaign_comes_as_a_zip_with_every_column_explained(either: Site, tmp_path: Path) -> None:
    Project.update(name="=危险").where(Project.code == "P1").execute()
    phone = either.phone(either.world.province)
    form = next(form for form in phone.get("/data").forms if form.attributes["action"] == "/data/campaigns")
    page = phone.follow(phone.send(phone.get("/data"), form))
    assert page.status == 200
    assert page.root.all("progress")
    again = phone.send(phone.get("/data"), form)
    assert again.location == page.answer.request.path
    assert run(either, tmp_path / "attachments") == 1
    content = phone.get(f"{page.answer.request.path}/file").answer.get_data()
    archive = zipfile.ZipFile(io.BytesIO(content))
    read = {name: archive.read(name).decode() for name in archive.namelist()}
    explained = read_csv(read["dictionary.csv"])
    for name, text in read.items():
        if name in {"dictionary.csv", "codes.csv", "README.txt"}:
            continue
        heads = next(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
        assert [row["Head"] for row in explained if row["File"] == name] == heads
    assert all(row["What it is"] for row in explained)
    lists = {row["Values"] for row in explained} - {""}
    assert lists <= {row["List"] for row in read_csv(read["codes.csv"])}
    assert {f"answers_{either.world.form.form_id}_1_benefits.csv", "figures.csv", "slots.csv"} <= set(read)
    assert {f"{name}.csv" for name in ("late", "flags", "checklist", "plans", "difficulties")} <= set(read)
    assert "'=危险" in read["projects.csv"]
    assert either.world.reporter.phone in read["slots.csv"]
    assert either.phone(either.world.county).get(f"{page.answer.request.path}/file").status == 404
    Grant.delete().where(Grant.person == either.world.province, Grant.role == people.REVIEWER).execute()
    assert phone.get(f"{page.answer.request.path}/file").status == 404


def test_a_countys_zip_holds_the_county(site: Site, tmp_path: Path) -> None:
    phone = site.phone(site.world.county)
    form = next(form for form in phone.get("/data").forms if form.attributes["action"] == "/data/campaigns")
    page = phone.follow(phone.send(phone.get("/data"), form))
    run(site, tmp_path / "attachments")
    archive = zipfile.ZipFile(io.BytesIO(phone.get(f"{page.answer.request.path}/file").answer.get_data()))
    projects = read_csv(archive.read("projects.csv").decode())
    assert {row["Region"] for row in projects} == {COUNTY}
    assert not [name for name in archive.namelist() if name.startswith("circular_")]


def test_every_column_has_words_of_its_own() -> None:
    for listing in LISTINGS:
        keys = [column.key for column in listing.columns]
        assert len(keys) == len(set(keys))
        assert all(len(column.about) > 4 for column in listing.columns)
