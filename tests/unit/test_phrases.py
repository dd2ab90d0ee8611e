"""Printed forms of quantities; amounts as in a published circular of 2020."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reportsvc.circulars.phrases import Qualifier, Remainder, count, holds, money, parse

QUALIFIERS = st.sampled_from(["exact", "about", "more", "over", "reached"])
WORDS = st.sampled_from(["多", "余"])
STEPS = st.none() | st.integers(0, 9).map(lambda power: 10**power)
VALUES = st.integers(0, 10**13) | st.decimals(0, 10**11, places=2) | st.integers(0, 10**7).map(lambda n: n * 10**5)

YUAN = 100
"""fen"""


@pytest.mark.parametrize(
    ("printed", "value", "unit", "qualifier", "how"),
    [
        ("6300多家", 6342, "家", "more", {"step": 100}),
        ("5367个", 5367, "个", "exact", {}),
        ("62个", 62, "个", "exact", {}),
        ("280多万人次", 2_843_117, "人次", "more", {"step": 100_000}),
        ("10余次", 11, "次", "more", {"step": 10, "word": "余"}),
        ("1.5万户", 15_000, "户", "exact", {}),
        ("120多次", 126, "次", "more", {"step": 10}),
        ("60余个", 63, "个", "more", {"step": 10, "word": "余"}),
        ("9000多人", 9_240, "人", "more", {"step": 1000}),
        ("2000余户", 2_031, "户", "more", {"step": 100, "word": "余"}),
        ("21040名", 21_040, "名", "exact", {}),
        ("30多家", 34, "家", "more", {}),
        ("约1万户", 9_999, "户", "about", {"step": 10}),
        ("达9999户", 9_999, "户", "reached", {}),
        ("12.5亩", Decimal("12.50"), "亩", "exact", {}),
    ],
)
def test_counts(printed: str, value: int | Decimal, unit: str, qualifier: Qualifier, how: dict[str, Any]) -> None:
    assert count(value, unit, qualifier, **how) == printed
    assert holds(printed, value)


@pytest.mark.parametrize(
    ("printed", "yuan", "qualifier", "how"),
    [
        ("约21.88亿元", 2_187_650_321, "about", {}),
        ("超过30亿元", 3_042_500_000, "over", {"step": 100_000_000}),
        ("1.05亿元", 105_000_000, "exact", {}),
        ("达1.05亿元", 105_000_000, "reached", {}),
        ("3000余万元", 30_450_000, "more", {"step": 1_000_000, "word": "余"}),
        ("72万元", 720_000, "exact", {}),
        ("56万余元", 563_000, "more", {"step": 10_000, "word": "余"}),
        ("3亿元", 300_000_000, "exact", {}),
        ("4.5亿元", 450_000_000, "exact", {}),
        ("2.5亿元", 250_000_000, "exact", {}),
        ("800余万元", 8_260_000, "more", {"step": 1_000_000, "word": "余"}),
        ("30多亿元", 3_042_500_000, "more", {"step": 100_000_000}),
        ("3亿多元", 304_250_000, "more", {"step": 100_000_000}),
        ("约1亿元", 99_999_999, "about", {}),
        ("0元", 0, "about", {}),
    ],
)
def test_money(printed: str, yuan: int, qualifier: Qualifier, how: dict[str, Any]) -> None:
    assert money(yuan * YUAN, qualifier, **how) == printed
    assert holds(printed, yuan)


def test_the_digits_needed_are_printed_when_the_form_claims_to_be_exact() -> None:
    assert money(105_000_123_45) == "105000123.45元"
    assert money(12_340_50 * 1000) == "1234.05万元"
    assert money(9_999_90) == "9999.9元"


@pytest.mark.parametrize("qualifier", ["more", "over"])
def test_where_nothing_remains_the_plain_form_is_printed(qualifier: Qualifier) -> None:
    assert count(6300, "家", qualifier, step=100) == "6300家"
    assert count(7, "次", qualifier, step=10) == "7次"
    assert money(30 * 10**8 * YUAN, qualifier) == "30亿元"


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("6300多家", 6300),
        ("6300多家", 6400),
        ("6300多家", 6299),
        ("280多万人次", 2_900_000),
        ("280多万人次", 2_800_000),
        ("约21.88亿元", 2_187_499_999),
        ("约21.88亿元", 2_188_500_000),
        ("超过30亿元", 3_000_000_000),
        ("5367个", 5366),
        ("56万余元", 570_000),
        ("56万余元", 560_000),
        ("达1.05亿元", 104_999_999),
        ("1.5万户", 15_001),
    ],
)
def test_a_form_is_false_of_other_values(printed: str, value: int) -> None:
    assert not holds(printed, value)


def test_the_step_takes_away_the_benefit_of_the_doubt() -> None:
    assert holds("约30亿元", 3_400_000_000)
    assert not holds("约30亿元", 3_400_000_000, step=10**8)


@pytest.mark.parametrize(
    "text", ["约6300多家", "超过10余次", "10余多次", "多家", "6300", "6300家多", "万元", "56万", "-5个", "1,000个", ""]
)
def test_other_texts_are_no_printed_forms(text: str) -> None:
    with pytest.raises(ValueError, match="not a printed form"):
        holds(text, 6342)


def test_what_cannot_be_printed_is_refused() -> None:
    with pytest.raises(ValueError, match="prints no -1"):
        count(-1, "个")
    with pytest.raises(ValueError, match="prints no NaN"):
        count(Decimal("NaN"), "个")
    for step in (0, -10, 500):
        with pytest.raises(ValueError, match="not a power of ten"):
            count(6342, "个", "more", step=step)


@given(VALUES, QUALIFIERS, STEPS, WORDS)
def test_what_is_printed_is_true(value: int | Decimal, qualifier: Qualifier, step: int | None, word: Remainder) -> None:
    printed = count(value, "元", qualifier, step=step, word=word)
    assert holds(printed, value)
    assert parse(printed).qualifier in {qualifier, "exact"}
    if step is not None:
        assert holds(printed, value, step=step)


@given(st.integers(0, 10**15), QUALIFIERS, STEPS)
def test_money_is_a_count_of_yuan(fen: int, qualifier: Qualifier, step: int | None) -> None:
    assert money(fen, qualifier, step=step) == count(Decimal(fen) / 100, "元", qualifier, step=step)


@given(VALUES, VALUES, QUALIFIERS, STEPS)
def test_more_never_prints_less(one: Decimal, other: Decimal, qualifier: Qualifier, step: int | None) -> None:
    low, high = sorted((Decimal(one), Decimal(other)))
    assert parse(count(low, "个", qualifier, step=step)).number <= parse(count(high, "个", qualifier, step=step)).number


@given(VALUES, STEPS, WORDS)
def test_truncated_forms_never_exaggerate(value: int | Decimal, step: int | None, word: Remainder) -> None:
    more, over = (parse(count(value, "个", each, step=step, word=word)) for each in ("more", "over"))
    assert more.number == over.number <= value
    assert (more.number == value) == (more.qualifier == "exact") == (over.qualifier == "exact")


@given(VALUES, QUALIFIERS)
def test_at_most_two_decimals_in_wan_and_yi(value: int | Decimal, qualifier: Qualifier) -> None:
    printed = count(value, "个", qualifier)
    assume("万" in printed or "亿" in printed)
    digits = printed.strip("约超过达个").translate(dict.fromkeys(map(ord, "多余万亿")))
    assert len(digits.partition(".")[2]) <= 2
    assert not ("." in digits and digits.endswith("0"))
