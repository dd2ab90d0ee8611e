"""Expressions of forms: what they are worth, and what is said of those that can't be read."""

import math
from datetime import date
from decimal import Context, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportsvc.forms import expressions
from reportsvc.forms.expressions import curves, values


@pytest.mark.parametrize("text", ["${a} ＞ 1", "1 + ", "", "nosuch(1)", "${a} = '开放", "if(1)", "/a[1]", "1 # 2"])
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


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("random()", r"Column 1: random\(\) must stand inside once"),
        ("1 + uuid()", r"Column 5: uuid\(\) must stand inside once"),
        ("once(random()) + random()", "random"),
        ("randomize(${a})", r"randomize\(\) is not supported: the order of choices"),
        ("area(${a})", r"area\(\) is not supported: places on a map"),
        ("pulldata(${a}, 'b', 'c', 'd')", r"pulldata\(\) takes the list"),
        ("indexed-repeat(${a}, 'b', 1)", r"indexed-repeat\(\) takes"),
        ("indexed-repeat(${a}, ${b}, 1, ${c})", r"indexed-repeat\(\) takes"),
        ("jr:choice-name(${a}, 'a')", r"jr:choice-name\(\) takes"),
        ("weighted-checklist(1, 2, 3, 4, 5)", "a weight after each value"),
        ("format-date(${a}, '%H')", r"format-date\(\) takes a quoted format of these codes: %Y"),
        ("format-date-time(${a}, '%Q')", r"%H %h %M %S %3"),
        ("county = 1", "Column 1: “county” is neither"),
        ("'county' = county", "Column 12: “county” is neither"),
        ("${a} + ../b[1]", "paths such as"),
        ("/data/* + 1", "Column"),
        ("../a/position(..)", "Column"),
        ("..", "for position"),
    ],
)
def test_what_is_refused_says_why(text: str, sentence: str) -> None:
    with pytest.raises(expressions.ExpressionError, match=sentence):
        expressions.parse(text)


def test_a_filter_may_name_the_columns_of_its_choices_and_no_others() -> None:
    columns = frozenset({"name", "county"})
    assert expressions.references(expressions.parse("county = ${where} and name != ''", columns)) == {"where"}
    with pytest.raises(expressions.ExpressionError, match="Column 8: “people”"):
        expressions.parse("name = people", columns)


def test_what_a_form_must_be_looked_at_for_is_found() -> None:
    tree = expressions.parse("concat(jr:choice-name(${a}, '${b}'), indexed-repeat(${c}, ${d}, ${e}, ${f}, 1))")
    assert expressions.named_choices(tree) == {"b"}
    assert expressions.named_repeats(tree) == {("c", "d"), ("c", "f")}
    assert expressions.references(tree) == {"a", "b", "c", "e"}
    assert expressions.pulled(expressions.parse("1 + pulldata('x.csv', 'y', 'z', ${a})")) == {("x", "y", "z")}
    assert (expressions.named_choices(None), expressions.named_repeats(None), expressions.pulled(None)) == (
        frozenset(),
        frozenset(),
        frozenset(),
    )


LONG = Context(prec=90)


@given(st.decimals("1e-20", "1e20", allow_nan=False))
def test_logarithms_are_right_to_the_last_digit_but_one(number: Decimal) -> None:
    number = values.fitted(number)
    for found, exact in (
        (curves.log(number), LONG.ln(number)),
        (curves.log10(number), LONG.log10(number)),
        (curves.sqrt(number), LONG.sqrt(number)),
    ):
        assert abs(found - exact) <= abs(exact) * Decimal("1e-27")


@given(st.decimals(-90, 90, allow_nan=False))
def test_powers_are_right_to_the_last_digit_but_one(number: Decimal) -> None:
    number = values.fitted(number)
    exact = LONG.exp(number)
    assert abs(curves.exp(number) - exact) <= exact * Decimal("1e-27")
    base = Decimal("1.7")
    assert abs(curves.power(base, number) / LONG.power(base, number) - 1) < Decimal("1e-25")


@given(st.decimals(-1000, 1000, allow_nan=False))
def test_angles_keep_their_laws(number: Decimal) -> None:
    number = values.fitted(number)
    sine, cosine = curves.sin(number), curves.cos(number)
    assert abs(sine * sine + cosine * cosine - 1) < Decimal("1e-26")
    assert float(sine) == pytest.approx(math.sin(number), abs=1e-12)
    assert float(cosine) == pytest.approx(math.cos(number), abs=1e-12)
    assert float(curves.atan(number)) == pytest.approx(math.atan(number), abs=1e-14)
    assert curves.atan2(sine, cosine) == pytest.approx(Decimal(math.atan2(sine, cosine)), abs=Decimal("1e-14"))
    assert abs(curves.sin(curves.asin(sine)) - sine) < Decimal("1e-26")
    assert abs(curves.cos(curves.acos(cosine)) - cosine) < Decimal("1e-26")


@pytest.mark.parametrize(
    ("text", "needed"),
    [("sqrt(${a})", True), ("1 + format-date(${a}, '%Y')", True), ("sum(${a}) + if(${b}, 1, round(2.5))", False)],
)
def test_a_form_says_whether_the_phone_needs_more(text: str, *, needed: bool) -> None:
    assert expressions.needs_more(expressions.parse(text)) is needed
    assert not expressions.needs_more(None)
