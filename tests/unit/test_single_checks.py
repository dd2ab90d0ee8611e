"""Each check of one report fires where it should, and nowhere else; each says what it found in its arithmetic."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from reportsvc.forms.quantities import Quantity
from reportsvc.projects import rules
from reportsvc.reports.checks import single, spread
from reportsvc.reports.doubts import Doubt, Measure

MONEY = Measure("money.own_funds", "自有资金", "元", "flow", "sum", "money", 2, "each")
GOODS = Measure("money.in_kind", "捐赠物资折价", "元", "flow", "sum", "money", 2, "each")
VISITS = Measure("benefit.visits", "受益人次", "人次", "flow", "sum", "benefit")
ROADS = Measure("output.roads", "修路", "公里", "cumulative", "last", "result")
LONG = "为两个村配齐图书，组织志愿者辅导，每周六上午开放，借阅登记由村妇联负责，照片和签收表随季报存档。"


def amount(measure: Measure, value: str, place: str | None = None) -> Quantity:
    return Quantity(measure.code, Decimal(value), place, f"{measure.code}.path")


def sight(**changes: Any) -> single.Sight:
    """A report that nothing is to be said to."""
    fit = single.Sight(
        role="lead",
        measures=(MONEY, GOODS, VISITS, ROADS),
        now=[amount(MONEY, "20000"), amount(VISITS, "300")],
        before=[amount(MONEY, "18000"), amount(VISITS, "280")],
        texts={"progress_text": LONG},
        texts_before={
            "progress_text": "上季度完成了选址和采购，走访了三个村，和学校签了协议，物资分两批送达，签收单已经留存。"
        },
        labels={"progress_text": "工作进展", "difficulties": "困难"},
        files=1,
        counties={"130826": "丰宁满族自治县"},
    )
    return replace(fit, **changes)


def found(kind: str, seen: single.Sight, **limits: str) -> list[Doubt]:
    spec = rules.KINDS[kind]
    parameters = {one.name: Decimal(limits.get(one.name, one.default)) for one in spec.parameters}
    return single.find([rules.Rule(7, kind, spec.severity, True, parameters)], seen)


def words(kind: str, seen: single.Sight, **limits: str) -> list[str]:
    return [one.rule for one in found(kind, seen, **limits)]


@pytest.mark.parametrize("kind", sorted(single.CHECKS))
def test_a_fit_report_passes(kind: str) -> None:
    assert found(kind, sight()) == []


def test_each_kind_that_is_early_is_done_here() -> None:
    assert set(single.CHECKS) == {kind.name for kind in rules.KINDS.values() if kind.early}


def test_missing_evidence() -> None:
    rich = [amount(MONEY, "100000")]
    assert words("evidence", sight(files=0, now=rich)) == ["no_photo"]
    assert words("evidence", sight(files=0)) == [], "small sums need no photo"
    assert words("evidence", sight(files=0), floor="0") == ["no_photo"]
    assert words("evidence", sight(texts={"progress_text": "  已完成！！！！！！ "})) == ["no_text"]
    assert [one.path for one in found("evidence", sight(files=0, now=rich, texts={}))] == ["photos", "progress_text"]


def test_a_cumulative_figure_that_fell() -> None:
    assert words("fell", sight(before=[amount(ROADS, "5")], now=[amount(ROADS, "4.9")])) == ["fell"]
    assert words("fell", sight(before=[amount(VISITS, "500")])) == [], "what is of one quarter may fall"
    assert words("fell", sight(before=None, now=[amount(ROADS, "1")])) == []


def test_money_ten_times_or_a_tenth() -> None:
    assert words("jump", sight(before=[amount(MONEY, "2000")])) == ["tenfold"]
    assert words("jump", sight(before=[amount(MONEY, "200000")])) == ["tenth"]
    assert words("jump", sight(before=[amount(MONEY, "2001")])) == []
    assert words("jump", sight(before=[amount(MONEY, "9000")]), times="2") == ["tenfold"]
    assert words("jump", sight(before=[amount(MONEY, "2000")]), floor="30000") == []


def around(count: int = 40, median: str = "15000", distance: str = "6000") -> dict[str, spread.Spread]:
    return {MONEY.code: spread.Spread(count, Decimal(median), Decimal(distance))}


def test_far_above_its_category() -> None:
    far = sight(now=[amount(MONEY, "150000")], spreads=around())
    (doubt,) = found("category", far)
    assert (doubt.before, doubt.now, doubt.rule) == (15000, 150000, "above_category")
    assert doubt.data == {"count": "40", "distance": "6000", "score": "15.2", "limit": "3.5", "times": "10.0"}
    assert words("category", sight(now=[amount(MONEY, "149999")], spreads=around())) == [], "not ten times the median"
    assert words("category", replace(far, spreads=around(distance="60000"))) == [], "all of them differ that much"
    assert words("category", replace(far, spreads=around(count=4))) == []
    assert words("category", replace(far, spreads=around(distance="0"))) == []
    assert words("category", replace(far, now=[amount(MONEY, "1")])) == [], "small is no matter"


def test_far_from_its_own_quarters() -> None:
    history = [{MONEY.code: Decimal(value)} for value in (20000, 22000, 18000, 21000, 19000)]
    assert words("own", sight(now=[amount(MONEY, "28000")], history=history)) == ["unlike_own"]
    assert words("own", sight(now=[amount(MONEY, "9000")], history=history)) == ["unlike_own"]
    assert words("own", sight(now=[amount(MONEY, "24000")], history=history)) == []
    assert words("own", sight(now=[amount(MONEY, "28000")], history=history[:4])) == [], "four are too few"
    assert words("own", sight(now=[], history=history)) == []


def test_benefit_without_money_and_the_reverse() -> None:
    (doubt,) = found("unpaid", sight(now=[amount(VISITS, "300")]))
    assert (doubt.before, doubt.unit, doubt.path) == (300, "人次", "benefit.visits.path")
    assert words("unpaid", sight(now=[amount(VISITS, "300"), amount(GOODS, "1")])) == []
    assert words("unpaid", sight(now=[amount(VISITS, "300")]), least="301") == []
    assert words("unused", sight(now=[amount(MONEY, "20000"), amount(GOODS, "1")])) == ["unused"]
    assert words("unused", sight(now=[amount(MONEY, "10000")])) == []
    assert words("unused", sight(now=[amount(MONEY, "20000"), amount(ROADS, "2")])) == []
    assert words("unused", sight(now=[amount(MONEY, "20000")], role="partner")) == [], "partners are not asked"


def test_the_quarters_against_the_plan() -> None:
    over = sight(planned={MONEY.code: Decimal(100000)}, so_far={MONEY.code: Decimal(101000)})
    (doubt,) = found("plan", over)
    assert (doubt.rule, doubt.before, doubt.now) == ("over_plan", 100000, 121000)
    assert doubt.data == {"percent": "121", "limit": "120", "mine": "20000"}
    assert words("plan", replace(over, so_far={MONEY.code: Decimal(100000)})) == [], "120 percent is not over it"
    under = replace(over, so_far={MONEY.code: Decimal(59999)})
    assert words("plan", under) == [], "it is not over yet"
    assert words("plan", replace(under, finished=True)) == ["under_plan"]
    assert words("plan", replace(under, finished=True, so_far={MONEY.code: Decimal(60000)})) == []
    benefit = sight(planned={VISITS.code: Decimal(100)})
    assert words("plan", benefit) == ["over_plan"]
    assert words("plan", replace(benefit, role="partner")) == [], "a partner's outcomes do not count"


def test_a_place_outside_the_projects_counties() -> None:
    outside = sight(now=[amount(VISITS, "30", "130822"), amount(VISITS, "40", "130822"), amount(VISITS, "9", "130826")])
    (doubt,) = found("place", outside)
    assert (doubt.data["place"], doubt.subject) == ("130822", "benefit.visits~elsewhere~130822")
    assert found("place", sight(now=[amount(VISITS, "30", "130826"), amount(VISITS, "30")])) == []


def test_text_copied_from_last_quarter() -> None:
    (doubt,) = found("copied", sight(texts_before={"progress_text": LONG.replace("，", " ")}))
    assert (doubt.rule, doubt.now, doubt.before, doubt.name) == ("copied", 100, 90, "工作进展")
    assert words("copied", sight(texts_before={"difficulties": LONG})) == [], "another question's answer"
    short = {"progress_text": LONG[:39]}
    assert words("copied", sight(texts=short, texts_before=short)) == []


def test_what_is_put_aside_finds_nothing_and_each_finding_names_its_rule() -> None:
    rule = rules.Rule(7, "fell", "must_fix", False, {})
    fallen = sight(before=[amount(ROADS, "5")], now=[amount(ROADS, "4")])
    assert single.find([rule], fallen) == []
    (doubt,) = single.find([replace(rule, active=True)], fallen)
    assert (doubt.check, doubt.severity) == (7, "must_fix")
