"""What is doubted against last quarter, and what was said to it: pure comparison."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reportsvc.forms.quantities import Quantity
from reportsvc.reports import doubts

MONEY = doubts.Measure("money.own_funds", "自有资金", "元", "flow", "sum")
VISITS = doubts.Measure("benefit.visits", "受益人次", "人次", "flow", "sum")
ROADS = doubts.Measure("output.roads", "修路", "公里", "cumulative", "last")
VILLAGES = doubts.Measure("places.villages", "覆盖村", "个", "stock", "max")


def quantity(measure: doubts.Measure, *values: str, path: str = "one") -> list[Quantity]:
    return [
        Quantity(measure.code, Decimal(value), None, f"{path}[{number}].value")
        for number, value in enumerate(values, start=1)
    ]


def rules(measure: doubts.Measure, before: list[str], now: list[str]) -> list[str]:
    return [one.rule for one in doubts.find([measure], quantity(measure, *before), quantity(measure, *now))]


@pytest.mark.parametrize(
    ("before", "now", "rule"),
    [
        ("1000", "10000", "tenfold"),
        ("1000", "9999.99", None),
        ("999", "9999", None),  # both sums are small
        ("5", "60", None),
        ("5", "10000", "tenfold"),
        ("10000", "1000", "tenth"),
        ("10000", "1000.01", None),
        ("0.01", "10000", "tenfold"),
    ],
)
def test_money_is_doubted_when_a_digit_may_have_slipped(before: str, now: str, rule: str | None) -> None:
    assert rules(MONEY, [before], [now]) == ([rule] if rule else [])


def test_money_where_there_was_none_is_no_slip() -> None:
    assert rules(MONEY, [], ["5000000"]) == []
    assert rules(MONEY, ["5000000"], []) == []
    assert rules(MONEY, ["-5"], ["5000000"]) == []


def test_what_is_no_money_may_grow_as_it_likes() -> None:
    assert rules(VISITS, ["10"], ["100000"]) == []


@pytest.mark.parametrize("measure", [ROADS, VILLAGES])
def test_what_only_grows_must_not_fall(measure: doubts.Measure) -> None:
    assert rules(measure, ["12.5"], ["12.4"]) == ["fell"]
    assert rules(measure, ["12.5"], []) == ["fell"], "not even to nothing"
    assert rules(measure, ["12.5"], ["12.5"]) == []
    assert rules(measure, [], ["1"]) == []


def test_rows_and_counties_are_summed_first() -> None:
    assert rules(MONEY, ["6000", "6000"], ["40000", "40000", "40000"]) == ["tenfold"]
    assert rules(ROADS, ["5", "5"], ["10"]) == []


def test_a_doubt_says_where_the_value_comes_from() -> None:
    (found,) = doubts.find([MONEY], quantity(MONEY, "1000.50"), quantity(MONEY, "20000", "0.10", path="costs"))
    assert (found.before, found.now, found.path) == (Decimal("1000.5"), Decimal("20000.1"), "costs[1].value")
    assert found.key == "money.own_funds:1000.5:20000.1"
    (gone,) = doubts.find([ROADS], quantity(ROADS, "3", path="roads"), [])
    assert gone.path == "roads[1].value", "where it stood last quarter"


def test_an_explanation_belongs_to_the_two_values() -> None:
    (first,) = doubts.find([MONEY], quantity(MONEY, "1000"), quantity(MONEY, "20000"))
    (other,) = doubts.find([MONEY], quantity(MONEY, "1000"), quantity(MONEY, "30000"))
    texts = doubts.merged({}, {first.key: "企业一次性捐建。"})
    assert doubts.open_ones(doubts.explained([first], texts)) == []
    (asked,) = doubts.open_ones(doubts.explained([other], texts))
    assert asked.text == ""
    assert doubts.earlier_text(other, texts) == "企业一次性捐建。"
    texts = doubts.merged(texts, {other.key: "两笔捐款同时到账。"})
    assert texts == {other.key: "两笔捐款同时到账。"}, "the newest of each indicator is kept"
    assert doubts.merged(texts, {other.key: ""}) == {}


@pytest.mark.parametrize(("length", "still_open"), [(0, True), (3, True), (4, False), (500, False), (501, True)])
def test_an_explanation_is_a_sentence_or_two(length: int, still_open: bool) -> None:
    found = doubts.find([MONEY], quantity(MONEY, "1000"), quantity(MONEY, "20000"))
    texts = {found[0].key: "字" * length}
    assert bool(doubts.open_ones(doubts.explained(found, texts))) is still_open


@pytest.mark.parametrize("key", ["", "x", "money.own_funds:1", "a b:1:2", "money.own_funds:1:2:3", "m:1e9:2", "m::"])
def test_what_is_no_key_is_not_kept(key: str) -> None:
    assert doubts.merged({}, {key: "说明说明"}) == {}


def test_what_a_version_keeps_reads_back_in_its_order() -> None:
    measures = [ROADS, MONEY]
    before = quantity(ROADS, "5") + quantity(MONEY, "1000.5")
    found = doubts.explained(
        doubts.find(measures, before, quantity(MONEY, "20000")), {"money.own_funds:1000.5:20000": "捐建"}
    )
    kept = doubts.to_json(found)
    assert list(kept) == ["output.roads", "money.own_funds"]
    assert doubts.from_json(dict(sorted(kept.items()))) == found
