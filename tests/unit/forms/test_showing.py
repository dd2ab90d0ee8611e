"""Answers for reading over, what a correction changed, and what is summed."""

from decimal import Decimal

import pytest

from reportsvc.forms import importer
from reportsvc.forms.answers import changes, display
from reportsvc.forms.definition import Answers, Choice
from reportsvc.forms.quantities import Quantity, quantities
from reportsvc.forms.shipped import quarterly_report
from tests.unit.forms.sheets import markdown

REPORT = importer.read(*quarterly_report())
COUNTIES = {"project_counties.csv": [Choice("130826", "丰宁满族自治县"), Choice("130637", "博野县")]}
ANSWERS: Answers = {
    "role": "lead",
    "project_state": "running",
    "activity": "yes",
    "own_funds": "1200000.50",
    "pooled_funds": "0",
    "funds_total": "1200000.5",
    "benefits": [
        {"benefit_county": "130826", "benefit_unit": "visits", "benefit_amount": "1200"},
        {"benefit_county": "130637", "benefit_unit": "households", "benefit_amount": "30", "benefit_who": "种植户"},
        {"benefit_unit": "named", "benefit_amount": "7"},
        {"benefit_amount": "9"},
    ],
    "coordination_meetings": "2",
    "activities": "donation visit",
    "progress_text": "修好了水渠。\n办了两期培训。",
    "may_publish": "no",
}


def test_quantities_come_from_the_answers_and_lead_back_to_them() -> None:
    assert quantities(REPORT, ANSWERS) == [
        Quantity("money.own_funds", Decimal("1200000.50"), None, "own_funds"),
        Quantity("benefit.visits", Decimal(1200), "130826", "benefits[1].benefit_amount"),
        Quantity("benefit.households", Decimal(30), "130637", "benefits[2].benefit_amount"),
        Quantity("benefit.named", Decimal(7), None, "benefits[3].benefit_amount"),
        Quantity("activity.coordination_meetings", Decimal(2), None, "coordination_meetings"),
    ]


@pytest.mark.parametrize(
    "answers", [{}, {"own_funds": ""}, {"own_funds": "0.00"}, {"own_funds": "1,23"}, {"benefits": []}]
)
def test_nothing_and_zero_give_no_quantities(answers: Answers) -> None:
    assert quantities(REPORT, answers) == []


def test_a_calculation_can_feed_an_indicator_and_a_place_may_stand_outside_of_the_rows() -> None:
    form = importer.read(
        *markdown(
            [
                {"type": "select_one_from_file project_counties.csv", "name": "county", "label": "County"},
                {"type": "begin repeat", "name": "rows", "label": "Rows"},
                {"type": "decimal", "name": "each", "label": "Each"},
                {
                    **{"type": "calculate", "name": "double", "calculation": "${each} * 2"},
                    "bind::reportsvc:indicator": "money.double",
                    "bind::reportsvc:place": "county",
                },
                {"type": "end repeat"},
            ]
        )
    )
    answers: Answers = {"county": "130826", "rows": [{"each": "0.10", "double": "0.2"}]}
    assert quantities(form, answers) == [Quantity("money.double", Decimal("0.2"), "130826", "rows[1].double")]


def test_answers_are_shown_as_they_are_read() -> None:
    shown = display(REPORT, ANSWERS, COUNTIES)
    assert [section.label for section in shown] == ["项目进展", "本季度投入", "受益情况", "进展与困难", "公开"]
    assert shown[0].answers == [
        ("project_state", "项目现在到哪一步了？", "正在实施", ""),
        ("activity", "本季度开展工作了吗？", "是", ""),
    ]
    assert shown[1].answers == [
        ("own_funds", "自有资金", "1,200,000.50", "元"),
        ("pooled_funds", "共同出资", "0", "元"),
        ("funds_total", "投入合计", "1,200,000.5", "元"),
    ]
    assert shown[2].answers[3] == ("benefits[2].benefit_county", "受益对象 2 · 在哪个县？", "博野县", "")
    assert ("activities", "本季度做了哪些事？", "捐款捐物、走访慰问", "") in shown[3].answers


def test_an_answer_that_is_no_choice_is_shown_as_it_is() -> None:
    shown = display(REPORT, {"project_state": "lost", "activities": "visit bribe"})
    assert [one.text for section in shown for one in section.answers] == ["lost", "走访慰问、bribe"]


def test_a_correction_shows_what_it_changed_and_nothing_else() -> None:
    after: Answers = {
        **ANSWERS,
        "own_funds": "1100000",
        "funds_total": "1100000",
        "may_publish": "yes",
        "role": "partner",
    }
    after["benefits"] = [{"benefit_county": "130637", "benefit_unit": "visits", "benefit_amount": "1200"}]
    found = changes(REPORT, ANSWERS, after, COUNTIES)
    assert found[:3] == [
        ("own_funds", "自有资金", "1,200,000.50", "1,100,000"),
        ("funds_total", "投入合计", "1,200,000.5", "1,100,000"),
        ("benefits[1].benefit_county", "受益对象 1 · 在哪个县？", "丰宁满族自治县", "博野县"),
    ]
    assert ("benefits[2].benefit_amount", "受益对象 2 · 数量", "30", "") in found
    assert found[-1] == ("may_publish", "同意公开本次填写的文字内容吗？", "否", "是")
    assert changes(REPORT, ANSWERS, ANSWERS) == []
    backwards = changes(REPORT, after, ANSWERS, COUNTIES)
    assert {(one.path, one.after, one.before) for one in found} == {
        (one.path, one.before, one.after) for one in backwards
    }
