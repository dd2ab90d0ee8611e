"""What a circular says of a small campaign, of an empty one, and who may ask for it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import peewee
import pytest

from reportsvc import totals
from reportsvc.circulars import annexes, compiling, compose, snapshot
from reportsvc.circulars.document import CircularDocument, Paragraph
from reportsvc.errors import NotFound
from reportsvc.models import Campaign, Circular, Version
from reportsvc.projects import regions
from tests.support.world import COUNTY, World, build

BASE = "https://reports.example.cn"


@pytest.fixture
def world(database: peewee.Database) -> World:
    return build()


def through(world: World) -> totals.Quarter:
    return totals.Quarter(world.now.year, world.now.quarter)


def compiled(world: World, quarter: totals.Quarter | None = None, **words: Any) -> CircularDocument:
    """The circular, with these words of the campaign's own."""
    Campaign.update(circular=world.campaign.circular | words).execute()
    frozen = snapshot.freeze(Campaign.get(), quarter or through(world))
    return compose.document(snapshot.load(frozen), BASE, frozen.id)


def text(document: CircularDocument) -> str:
    return "\n".join(part.text for part in document.body)


def case(document: CircularDocument) -> Paragraph:
    return next(part for part in document.body if isinstance(part, Paragraph) and "“乡村图书室”" in part.lead)


def rows(*given: tuple[str, str, str]) -> list[dict[str, str]]:
    return [dict(zip(("benefit_unit", "benefit_amount", "benefit_who"), each, strict=True)) for each in given]


def outputs(*given: tuple[str, str, str]) -> list[dict[str, str]]:
    return [dict(zip(("output_name", "output_quantity", "output_unit"), each, strict=True)) for each in given]


CASES = [{"project": "P1"}]


def test_a_case_tells_of_all_its_reports_and_each_figure_leads_back(world: World) -> None:
    first = Version.get()
    newest = world.submit(
        "library",
        benefits=rows(("persons", "40", "小学生"), ("persons", "2", "教师"), ("visits", "30", "村民")),
        outputs=outputs(("图书", "500", "册")),
    )
    world.approve("library")
    found = case(compiled(world, cases=CASES))
    assert found.lead == "（一）丰宁满族自治县莲花志愿服务协会“乡村图书室”。"
    assert found.text.removeprefix(found.lead) == (
        "属教育类项目，在丰宁满族自治县实施；投入自有资金20000.5元，投入募集资金3000元；"
        "受益方面，村民350人次，小学生、教师42人；成果方面，图书室2间、图书500册。"
    )
    addresses = {run.text: run.href for run in found.runs if run.href}
    assert addresses["42人"] == f"{BASE}/figures/1/project.P1.benefit.persons"
    assert addresses["2间"] == f"{BASE}/versions/{first.id}"
    assert addresses["500册"] == f"{BASE}/versions/{newest.id}"


def test_what_was_built_is_told_as_the_newest_report_gives_it(world: World) -> None:
    world.submit("library", outputs=outputs(("图书室", "3", "间"), ("图书室", "120", "平方米")))
    world.approve("library")
    assert case(compiled(world, cases=CASES)).text.endswith("成果方面，图书室3间、图书室120平方米。")


def test_words_that_may_not_be_published_are_left_out_but_the_figures_count(world: World) -> None:
    world.submit(
        "library", may_publish="no",
        benefits=rows(("households", "12", "王家村的五保户"), ("visits", "30", "患病老人")),
        outputs=outputs(("张老汉家的新房", "1", "间")),
    )  # fmt: skip
    world.approve("library")
    document = compiled(world, cases=CASES)
    assert case(document).text.endswith("受益方面，村民350人次，共12户；成果方面，图书室2间。")
    assert not re.search("五保户|患病老人|张老汉", str(document))


def test_how_a_case_is_printed_is_the_campaigns_word(world: World) -> None:
    printed = {"money.own_funds": ["more", 1000, "余"], "beneficiary_visits": ["more", 100, "多"]}
    found = case(compiled(world, cases=[{"project": "P1", "lead": "莲花协会等", "printed": printed}]))
    assert found.lead == "（一）莲花协会等“乡村图书室”。"
    assert "投入自有资金8000元；受益方面，村民300多人次；" in found.text, "nothing remains of 8000, so it is exact"


def test_a_case_without_an_approved_report_is_left_out(world: World) -> None:
    assert "典型项目" not in text(compiled(world, cases=[{"project": "P2"}, {"project": "nosuch"}]))


def test_without_any_report_it_says_so_in_whole_sentences(world: World) -> None:
    document = compiled(world, totals.Quarter(2020, 1), cases=CASES)
    assert "共有0家社会组织参与，实施项目0个，投入资金0元，覆盖重点县0个，受益0人次。" in text(document)
    assert not re.search("[，、；：]。|。。|（一）", text(document))
    assert [len(annex.table.rows) for annex in document.annexes] == [0, 0]


def test_within_one_city_nothing_is_said_of_several(world: World) -> None:
    world.submit("joint:pine", benefits=[])
    world.approve("joint:pine")
    said = text(compiled(world))
    assert "承德市项目2个" in said
    assert "在各市分别计数" not in said


def test_difficulties_are_counted_by_project_and_lead_to_their_reports(world: World) -> None:
    world.submit("library", difficulties="图书运输车辆不足。")
    world.approve("library")
    assert "有1个项目填报了困难" in text(compiled(world))
    assert "图书运输车辆不足" not in text(compiled(world))


def test_who_writes_that_there_is_no_difficulty_is_not_counted_with_those_who_have_one(world: World) -> None:
    world.submit("library", difficulties="暂无困难。")
    world.approve("library")
    assert "填报了困难" not in text(compiled(world))


def test_cells_without_anything_are_a_dash(world: World) -> None:
    world.submit("joint:pine", own_funds="", raised_funds="", activities="visit", benefits=[], outputs=[])
    world.approve("joint:pine")
    counties, projects = compiled(world).annexes
    library, joint = projects.table.rows
    assert library == (
        "1", "乡村图书室", "丰宁满族自治县莲花志愿服务协会", "教育", "丰宁满族自治县", "1", "0.80", "320人次",
    )  # fmt: skip
    assert joint == (
        "2", "两县联建卫生室", "河北省松树公益基金会", "教育", "兴隆县、丰宁满族自治县", "2", "—", "—",
    )  # fmt: skip
    assert projects.table.total == ("", "合计", "", "", "", "", "0.80", "320人次")
    assert [row[1:] for row in counties.table.rows] == [
        ("承德市", "兴隆县", "是", "1", "1", "—", "—"),
        ("承德市", "丰宁满族自治县", "是", "2", "2", "0.80", "320"),
    ]


def test_each_unit_of_benefit_stands_for_itself(world: World) -> None:
    world.submit("library", benefits=rows(("persons", "40", ""), ("households", "34", ""), ("named", "5", "")))
    world.approve("library")
    _, projects = compiled(world).annexes
    assert projects.table.rows[0][-1] == "320人次、40人、34户、5名"
    assert projects.table.total is not None
    assert projects.table.total[-1] == "320人次"


@pytest.mark.parametrize(
    ("fen", "printed"), [(1_234_500, "1.23"), (1_235_000, "1.24"), (1_050_000_0000, "10500.00"), (4_999, "0.00")]
)
def test_money_in_ten_thousands_is_rounded_half_up(fen: int, printed: str) -> None:
    assert annexes.ten_thousands(fen) == printed


def test_only_who_publishes_for_the_province_finds_and_asks(world: World) -> None:
    mine = compiling.request_for((regions.PROVINCE,), "hebei-2026", through(world), world.province)
    assert [one.id for one in compiling.listing((regions.PROVINCE,))] == [mine.id]
    assert compiling.find((regions.PROVINCE,), mine.id).id == mine.id
    assert compiling.listing((COUNTY,)) == []
    assert compiling.offers((COUNTY,)) == []
    for refused in (
        lambda: compiling.find((COUNTY,), mine.id),
        lambda: compiling.find((), mine.id),
        lambda: compiling.request_for((COUNTY,), "hebei-2026", through(world), world.county),
        lambda: compiling.request_for((regions.PROVINCE,), "nosuch", through(world), world.province),
        lambda: compiling.request_for((regions.PROVINCE,), "hebei-2026", totals.Quarter(2031, 1), world.province),
        lambda: compiling.request_by_code("nosuch", through(world), None),
        lambda: compiling.by_id(mine.id + 1),
    ):
        with pytest.raises(NotFound):
            refused()
    assert Circular.select().count() == 1


def test_quarters_on_offer_are_those_that_have_opened_newest_first(world: World) -> None:
    ((campaign, quarters),) = compiling.offers((regions.PROVINCE,))
    assert campaign.code == "hebei-2026"
    assert quarters == [through(world), totals.Quarter(world.before.year, world.before.quarter)]


def test_the_same_snapshot_gives_the_same_document(world: World) -> None:
    frozen = snapshot.freeze(world.campaign, through(world))
    first, second = (compose.document(snapshot.load(frozen), BASE, frozen.id) for _ in range(2))
    assert first == second
    assert first != replace(second, title="另一个")
