"""Answers: what arrives from phones, kind and hostile, and what is kept of it."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportsvc.forms import importer
from reportsvc.forms.answers import Checked, check, quantities
from reportsvc.forms.definition import Form
from tests.unit.forms.report import COUNTIES, LEAD, PARTNER, REPORT, TODAY
from tests.unit.forms.sheets import markdown

DONE = {
    "project_state": "running",
    "activity": "yes",
    "progress_text": "修好了水渠。",
    "may_publish": "yes",
}


def checked(raw: Mapping[str, Any], form: Form = REPORT, supplied: Mapping[str, str] = LEAD) -> Checked:
    return check(form, raw, supplied=supplied, choices=COUNTIES, today=TODAY)


def said(found: Checked) -> dict[str, str]:
    return {problem.path: problem.message.text_id % problem.message.values for problem in found.problems}


def question(kind: str, **cells: str) -> Form:
    """A form of one question named ``it``."""
    return importer.read(*markdown([{"type": kind, "name": "it", "label": "It", **cells}]))


def test_a_plain_report_is_accepted_as_it_is() -> None:
    found = checked({**DONE, "own_funds": "12000.50"})
    assert found.problems == ()
    assert found.answers == {**LEAD, **DONE, "own_funds": "12000.50", "funds_total": "12000.5"}


@pytest.mark.parametrize("typed", ["12,000.50", "１２０００．５０", "１２，０００．５０", " 12 000.50 ", 12000.5])
def test_numbers_are_put_plainly(typed: str | float) -> None:
    assert str(checked({**DONE, "own_funds": typed}).answers["own_funds"]).startswith("12000.5")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1,23", "“1,23” can't be read as a number. Write it in digits, such as 12000.50."),
        ("1e6", "“1e6” can't be read as a number. Write it in digits, such as 12000.50."),
        ("-5", "金额不能小于 0。"),
        ("0.001", "At most 2 decimals are allowed; this number has 3."),
        ("1234567890123456", "At most 15 digits are allowed; this number has 16."),
        ("12345678901234.56", "At most 15 digits are allowed; this number has 16."),
    ],
)
def test_a_wrong_amount_is_told_and_kept(typed: str, sentence: str) -> None:
    found = checked({**DONE, "own_funds": typed})
    assert said(found) == {"own_funds": sentence}
    assert found.answers["own_funds"] == typed


def test_needless_zeros_are_no_decimals() -> None:
    found = checked({**DONE, "own_funds": "12.5000", "coordination_meetings": "3.00"})
    assert found.problems == ()
    assert (found.answers["own_funds"], found.answers["coordination_meetings"]) == ("12.50", "3")


def test_a_figure_is_never_below_zero_even_if_the_form_forgot_to_say_so() -> None:
    form = question("decimal", **{"bind::reportsvc:indicator": "money.it"})
    assert said(checked({"it": "-1"}, form)) == {"it": "This number can't be less than zero."}
    assert checked({"it": "-1"}, question("decimal")).problems == ()


@pytest.mark.parametrize(
    "typed",
    [
        "2026-03-01",
        "2026/3/1",
        "2026.3.1",
        "２０２６－３－１",
        "２０２６／０３／０１",
        "2026年3月1日",
        "20260301",
        "2026。3。1",
    ],
)
def test_days_are_read_however_they_are_written(typed: str) -> None:
    found = checked({**DONE, "project_state": "completed", "completed_on": typed})
    assert found.problems == ()
    assert found.answers["completed_on"] == "2026-03-01"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2026-02-30", "There is no such day as 2026-02-30."),
        ("03-01", "“03-01” can't be read as a day. Write it such as 2026-03-31."),
        ("2026-3.1", "“2026-3.1” can't be read as a day. Write it such as 2026-03-31."),
        ("0000-01-01", "There is no such day as 0000-01-01."),
        ("2026-04-01", "完成日期不能晚于今天。"),
        ("", "请填写完成日期。"),
    ],
)
def test_a_wrong_day_is_told(typed: str, sentence: str) -> None:
    assert said(checked({**DONE, "project_state": "completed", "completed_on": typed})) == {"completed_on": sentence}


def test_what_is_required_is_asked_for_and_nothing_else() -> None:
    assert set(said(checked({}))) == {"project_state", "activity", "may_publish"}
    assert set(said(checked({"activity": "yes"}))) == {"project_state", "progress_text", "may_publish"}


def test_a_nil_report_drops_what_was_entered_before() -> None:
    rows = [{"benefit_unit": "visits", "benefit_amount": "3", "benefit_county": "130826"}]
    found = checked({**DONE, "activity": "no", "own_funds": "5", "benefits": rows, "activities": ["visit"]})
    assert found.problems == ()
    assert found.answers == {**LEAD, **DONE, "activity": "no"}


def test_a_partner_is_not_asked_for_outcomes() -> None:
    rows = [{"benefit_unit": "visits", "benefit_amount": "3"}]
    found = checked({**DONE, "own_funds": "5", "benefits": rows, "output_value": "1"}, supplied=PARTNER)
    assert found.problems == ()
    assert found.answers == {**PARTNER, **DONE, "own_funds": "5", "funds_total": "5"}


def test_rows_are_checked_one_by_one_after_empty_ones_are_gone() -> None:
    rows = [
        {},
        {"benefit_unit": "", "benefit_amount": "  "},
        {"benefit_county": "130826", "benefit_unit": "visits", "benefit_amount": "1,200"},
        {"benefit_county": "110101", "benefit_unit": "people", "benefit_amount": "0"},
        {"benefit_who": "老人"},
    ]
    found = checked({**DONE, "benefits": rows})
    assert found.answers["benefits"] == [
        {"benefit_county": "130826", "benefit_unit": "visits", "benefit_amount": "1200"},
        {"benefit_county": "110101", "benefit_unit": "people", "benefit_amount": "0"},
        {"benefit_who": "老人"},
    ]
    assert said(found) == {
        "benefits[2].benefit_county": "Choose one of the answers offered.",
        "benefits[2].benefit_unit": "Choose one of the answers offered.",
        "benefits[2].benefit_amount": "数量至少是 1。",
        "benefits[3].benefit_county": "请选择县。",
        "benefits[3].benefit_unit": "请选择按什么计算。",
        "benefits[3].benefit_amount": "请填写数量。",
    }


def test_a_row_that_holds_only_what_is_irrelevant_goes_too() -> None:
    found = checked({**DONE, "benefits": [{"benefit_county": "130826"}]}, supplied={**LEAD, "county_count": "1"})
    assert found.problems == ()
    assert "benefits" not in found.answers


def test_too_many_rows_are_told_and_a_flood_of_them_is_cut() -> None:
    row = {"output_name": "书", "output_quantity": "1", "output_unit": "本"}
    found = checked({**DONE, "outputs": [row] * 51})
    assert said(found) == {"outputs": "At most 50 rows are allowed; there are 51."}
    assert len(checked({**DONE, "outputs": [row] * 5000}).answers["outputs"]) == 100


def test_what_the_server_knows_cant_be_overridden() -> None:
    found = checked({**DONE, "role": "lead", "county_count": "99", "funds_total": "1000000"}, supplied=PARTNER)
    assert found.answers["role"] == "partner"
    assert found.answers["county_count"] == "1"
    assert found.answers["funds_total"] == "0"


def test_calculations_are_exact() -> None:
    amounts = {"own_funds": "0.10", "raised_funds": "0.20", "purchases": "999999999999.70"}
    assert checked({**DONE, **amounts}).answers["funds_total"] == "1000000000000"


def test_a_calculation_that_keeps_what_it_was_keeps_it() -> None:
    form = importer.read(
        *markdown(
            [
                {"type": "text", "name": "a", "label": "A"},
                {"type": "calculate", "name": "first", "calculation": "once(${a})"},
                {"type": "calculate", "name": "second", "calculation": "concat(${first}, '!')"},
            ]
        )
    )
    before = checked({"a": "x"}, form).answers
    assert checked({**before, "a": "y"}, form).answers == {"a": "y", "first": "x", "second": "x!"}


def test_ten_thousand_characters_are_refused_with_limit_and_length_and_kept() -> None:
    found = checked({**DONE, "progress_text": "字" * 10_000})
    assert said(found) == {"progress_text": "This text has 10000 characters; at most 2000 are allowed."}
    assert found.answers["progress_text"] == "字" * 10_000
    assert checked({**DONE, "progress_text": "字" * 2000}).problems == ()


@pytest.mark.parametrize(("appearance", "limit"), [("", 500), ("multiline", 5000)])
def test_every_text_has_a_limit(appearance: str, limit: int) -> None:
    form = question("text", appearance=appearance)
    assert checked({"it": "a" * limit}, form).problems == ()
    assert said(checked({"it": "a" * (limit + 1)}, form)) == {
        "it": f"This text has {limit + 1} characters; at most {limit} are allowed."
    }


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\x00b\x07c\x7f", "abc"),
        ("\ufeff报\u200b告\u202e", "报告"),
        ("\ud800x", "x"),
        ("e\u0301", "\u00e9"),
        ("  \u3000前后  \n", "前后"),
        ("a\tb", "a b"),
        ("👨\u200d👩", "👨\u200d👩"),
    ],
)
def test_texts_lose_what_cant_be_seen(typed: str, kept: str) -> None:
    assert checked({"it": typed}, question("text", appearance="multiline")).answers["it"] == kept


def test_a_single_line_stays_one() -> None:
    assert checked({"it": "a\nb"}, question("text")).answers["it"] == "a b"


def test_choices_of_many_are_put_in_the_forms_order_once_each() -> None:
    found = checked({**DONE, "activities": ["visit", "donation", "visit"]})
    assert found.answers["activities"] == "donation visit"
    wrong = checked({**DONE, "activities": "visit bribe"})
    assert said(wrong) == {"activities": "Choose among the answers offered."}
    assert wrong.answers["activities"] == "visit bribe"


def test_the_authors_sentence_shows_answers_and_is_no_format() -> None:
    form = importer.read(
        *markdown(
            [
                {"type": "decimal", "name": "most", "label": "Most"},
                {
                    **{"type": "decimal", "name": "it", "label": "It", "constraint": ". <= ${most}"},
                    "constraint_message": "100% is ${most}",
                },
            ]
        )
    )
    problem = checked({"most": "12000", "it": "12001"}, form).problems[0]
    assert (problem.path, problem.message.text_id, problem.message.values) == ("it", "100% is 12,000", {})


def test_a_constraint_without_a_sentence_of_its_own_gets_ours() -> None:
    form = question("integer", constraint=". > 10")
    assert said(checked({"it": "5"}, form)) == {"it": "This answer is not allowed here. Please look at it again."}


def test_rows_counted_elsewhere_are_counted_after_empty_ones_are_gone() -> None:
    form = importer.read(
        *markdown(
            [
                {"type": "begin repeat", "name": "rows", "label": "Rows"},
                {"type": "text", "name": "a", "label": "A"},
                {"type": "text", "name": "b", "label": "B", "relevant": "${a} = 'x'"},
                {"type": "calculate", "name": "place", "calculation": "position(..)"},
                {"type": "end repeat"},
                {"type": "text", "name": "more", "label": "More", "relevant": "count(${rows}) > 1"},
                {"type": "calculate", "name": "all", "calculation": "join(',', ${place})"},
            ]
        )
    )
    found = checked({"rows": [{"b": "gone"}, {"a": "x", "b": "y"}], "more": "m"}, form)
    assert found.answers == {"rows": [{"a": "x", "b": "y", "place": "1"}], "all": "1"}
    found = checked({"rows": [{"a": "z", "b": "gone"}, {"a": "x", "b": "y"}], "more": "m"}, form)
    rows = [{"a": "z", "place": "1"}, {"a": "x", "b": "y", "place": "2"}]
    assert found.answers == {"rows": rows, "more": "m", "all": "1,2"}


def test_a_long_chain_of_calculations_told_backwards_is_worked_out() -> None:
    rows = [
        {"type": "calculate", "name": f"c{number}", "calculation": f"${{c{number + 1}}} + 1"} for number in range(400)
    ]
    rows += [{"type": "integer", "name": "c400", "label": "Start"}]
    assert checked({"c400": "1"}, importer.read(*markdown(rows))).answers["c0"] == "401"


@pytest.mark.parametrize(
    "raw",
    [
        *(None, [], "text", 5),
        {"own_funds": {"a": 1}, "benefits": "x", "activities": {"visit": True}, "progress_text": ["a", 1, None]},
        {"own_funds": True, "benefits": [1, None, "x", [], {"benefit_amount": [[]]}], "activity": ["yes"]},
        {"own_funds": float("nan"), "output_value": float("inf"), "income_gain": 10**5000, "activity": "yes"},
        {"own_funds": 1e300, "activity": "yes", "unknown": object(), 7: "x"},
    ],
)
def test_hostile_json_does_no_harm(raw: Any) -> None:
    found = checked(raw)
    assert set(found.answers) <= {question.name for question, _ in REPORT.questions()} | {"benefits", "outputs"}
    assert checked(found.answers) == found


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
LIKELY = st.sampled_from(
    ["yes", "no", "completed", "1,234.5", "１２", "-3", "2026/3/1", "130826", "visits", "0", "  ", "a\n"]
)
NAMES = [question.name for question, _ in REPORT.questions()]
ROW = st.dictionaries(st.sampled_from(NAMES), LIKELY | JSON, max_size=6)
RAW = st.dictionaries(st.sampled_from(NAMES), LIKELY | JSON, max_size=20)
ROWS = st.fixed_dictionaries(
    {}, optional={"benefits": st.lists(ROW, max_size=4) | JSON, "outputs": st.lists(ROW | JSON, max_size=4)}
)


@settings(max_examples=300, deadline=None)
@given(RAW, ROWS, st.sampled_from([LEAD, PARTNER]), st.sampled_from([{}, {"activity": "yes"}]))
def test_check_never_raises_and_checking_again_changes_nothing(
    raw: dict[str, Any], rows: dict[str, Any], supplied: dict[str, str], more: dict[str, str]
) -> None:
    found = checked({**raw, **rows, **more}, supplied=supplied)
    again = checked(found.answers, supplied=supplied)
    assert again == found
    paths = {problem.path for problem in found.problems}
    for quantity in quantities(REPORT, found.answers):
        assert quantity.value > 0 or quantity.path in paths


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_kept_so_that_it_stays_as_it_is(typed: str) -> None:
    form = question("text", appearance="multiline")
    kept = checked({"it": typed}, form)
    assert checked(kept.answers, form) == kept
    str(kept.answers.get("it", "")).encode()
