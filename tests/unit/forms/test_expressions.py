"""Expressions of forms: what they are worth, and what is said of those that can't be read."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportsvc.forms import expressions


@pytest.mark.parametrize("text", ["${a} ＞ 1", "1 + ", "", "nosuch(1)", "${a} = '开放", "if(1, 2)", "/data/a", "1 # 2"])
def test_what_cant_be_read_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(expressions.ExpressionError) as caught:
        expressions.parse(text)
    assert str(caught.value).strip()


def test_a_full_width_operator_is_pointed_at_by_its_column() -> None:
    with pytest.raises(expressions.ExpressionError, match=r"5.*＝.*="):
        expressions.parse("${a}＝1")


@pytest.mark.parametrize(
    "text", ["${a} + 1 = 2", "if(selected(${b}, 'x'), 1, -2)", "not(. > 3 and ${c} != '')", "sum(${d}) div 2 mod 3"]
)
def test_a_tree_survives_its_way_to_the_phone(text: str) -> None:
    tree = expressions.parse(text)
    assert expressions.from_json(expressions.to_json(tree)) == tree


def test_references_are_found_once_each_wherever_they_stand() -> None:
    assert set(expressions.references(expressions.parse("if(${a} > 1, ${b}, ${a} + ${c})"))) == {"a", "b", "c"}


@given(st.text(max_size=60))
def test_no_text_breaks_the_parser(text: str) -> None:
    try:
        expressions.parse(text)
    except expressions.ExpressionError:
        return


def test_a_text_of_ten_thousand_digits_is_not_a_number_and_breaks_nothing() -> None:
    tree = expressions.parse("int(concat(${a}, ${a}))")
    context = expressions.Context(lambda name: "9" * 6000, date(2026, 11, 24))
    assert expressions.text_result(tree, context) == ""
