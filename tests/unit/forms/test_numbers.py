"""Numbers as people type them."""

import doctest
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportsvc.forms import numbers


def test_the_examples_in_the_docstrings_hold() -> None:
    found = doctest.testmod(numbers)
    assert found.attempted == 5
    assert found.failed == 0


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("1,234.50", "1234.50"),
        ("１２３", "123"),
        ("１２，３４５．６７", "12345.67"),
        ("－５", "-5"),
        ("−5", "-5"),
        ("1 234 567", "1234567"),
        ("1\u00a0234", "1234"),
        ("１\u3000２３４", "1234"),
        ("12。5", "12.5"),
        ("  8\t", "8"),
        ("0.10", "0.10"),
        ("007", "7"),
        ("-0", "0"),
        ("-0.00", "0.00"),
        ("+3", "3"),
        ("5.", "5"),
        (".5", "0.5"),
        ("123,456,789.01", "123456789.01"),
        ("1.2万", "12000"),
        ("3亿", "300000000"),
        ("-0.5 万", "-5000"),
        ("１，２００萬", "12000000"),
        ("1.23456789万", "12345.6789"),
        ("0.00001万", "0.1"),
        ("1亿2000万", "120000000"),
        ("3亿5万", "300050000"),
        ("-1亿20万", "-100200000"),
        ("0万", "0"),
    ],
)
def test_what_is_beyond_doubt_is_read(typed: str, plain: str) -> None:
    assert numbers.normalise(typed) == plain


@pytest.mark.parametrize(
    "typed",
    [
        *("1,23", "1,2345", "12,34,567", "0,123", "1,234 567", ",123", "1,", "1,234,", "1 23", "12 34"),
        *("1e3", "1E+3", "0x10", "Infinity", "NaN", "1.2.3", "1.234,5", "--1", "- ", "-", ".", "", "   ", "1、234"),
        *("12元", "1.2万元", "约12", "¥12", "5-10", "١٢", "十二", "1_000", "1/2", "50%", "1\n2"),
        *(
            "万",
            "亿",
            "1万2",
            "1万万",
            "1亿亿",
            "2万1亿",
            "1.5亿2000万",
            "1亿20000万",
            "1亿2.5万",
            "1e3万",
            "三万",
            "1亿 万",
        ),
    ],
)
def test_what_is_in_doubt_is_refused(typed: str) -> None:
    assert numbers.normalise(typed) is None


@given(st.text(alphabet="0123456789０９,，.．。-－+ 　eE、元万亿", max_size=20) | st.text(max_size=20))
def test_what_is_read_is_plain_and_stays_as_it_is(typed: str) -> None:
    plain = numbers.normalise(typed)
    if plain is not None:
        assert re.fullmatch(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", plain)
        assert numbers.normalise(plain) == plain


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**14), max_value=10**14))
def test_a_number_written_with_commas_is_the_number(number: Decimal) -> None:
    plain = numbers.normalise(f"{number:,.2f}")
    assert plain is not None
    assert Decimal(plain) == number
    assert numbers.normalise(numbers.grouped(plain)) == plain


@pytest.mark.parametrize("typed", ["3,000余", "约3000", "近5万", "300多人", "1万余元", "30左右", "超过2亿"])
def test_what_is_only_roughly_a_number_is_told_apart(typed: str) -> None:
    assert numbers.is_vague(typed)
    assert numbers.normalise(typed) is None


@pytest.mark.parametrize("typed", ["3000", "1.2万", "12元", "-5", "几千", ""])
def test_what_is_exact_or_no_number_is_not_vague(typed: str) -> None:
    assert not numbers.is_vague(typed)


def test_ten_thousand_digits_take_no_time() -> None:
    assert numbers.normalise("1" * 10_000) == "1" * 10_000
    assert numbers.grouped("1" * 10_000).count(",") == 3333
