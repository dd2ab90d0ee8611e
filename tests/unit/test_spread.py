"""Median, median distance, modified z-score: exact, and the same in whatever order and unit the numbers come."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportsvc.reports.checks import spread

AMOUNTS = st.lists(st.integers(0, 10**12).map(Decimal), min_size=1, max_size=40)


def test_a_worked_example() -> None:
    found = spread.of([Decimal(one) for one in (10, 12, 14, 18, 100)])
    assert found == spread.Spread(5, Decimal(14), Decimal(4))
    assert found.score(Decimal(100)) == Decimal("0.6745") * 86 / 4
    assert spread.median([Decimal(1), Decimal(2)]) == Decimal("1.5")


def test_of_nothing_there_is_no_median() -> None:
    with pytest.raises(ValueError, match="nothing"):
        spread.median([])


@given(AMOUNTS, st.randoms(use_true_random=False))
def test_the_order_does_not_matter(values: list[Decimal], random: object) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert spread.of(shuffled) == spread.of(values)


@given(AMOUNTS)
def test_half_of_the_numbers_lie_on_either_side_and_within_the_distance(values: list[Decimal]) -> None:
    found = spread.of(values)
    assert sum(value <= found.median for value in values) * 2 >= len(values)
    assert sum(value >= found.median for value in values) * 2 >= len(values)
    assert sum(abs(value - found.median) <= found.distance for value in values) * 2 >= len(values)
    assert min(values) <= found.median <= max(values)
    assert found.distance >= 0


@given(AMOUNTS, st.integers(1, 10**6), st.integers(0, 10**9), st.integers(0, 10**12))
def test_the_score_knows_no_unit(values: list[Decimal], times: int, more: int, value: int) -> None:
    found = spread.of(values)
    moved = spread.of([one * times + more for one in values])
    score, same = found.score(Decimal(value)), moved.score(Decimal(value) * times + more)
    assert (score is None) == (same is None)
    if score is not None and same is not None:
        assert abs(Fraction(score) - Fraction(same)) <= Fraction(1, 10**9) * max(1, abs(Fraction(score)))


@given(st.integers(1, 20), st.integers(0, 100))
def test_where_over_half_are_equal_nothing_lies_out(count: int, value: int) -> None:
    values = [Decimal(7)] * (count + 1) + [Decimal(value)] * count
    assert spread.of(values).score(Decimal(1000)) is None


@given(AMOUNTS)
def test_the_further_out_the_higher(values: list[Decimal]) -> None:
    found = spread.of(values)
    near, far = (found.score(found.median + one) for one in (1, 2))
    assert near is None or far is None or 0 < near < far
