"""The quarterly report that comes with the service: what other parts of the service count on."""

from reportsvc.forms import importer
from reportsvc.forms.definition import Repeat, from_json, to_json
from reportsvc.forms.shipped import quarterly_report

REPORT = importer.read(*quarterly_report())
QUESTIONS = {question.name: (question, repeat.name if repeat else "") for question, repeat in REPORT.questions()}

MONEY = [
    *("own_funds", "raised_funds", "pooled_funds", "in_kind", "waived_fees", "purchases"),
    "member_enterprise_investment",
]


def test_it_is_the_quarterly_report() -> None:
    assert (REPORT.form_id, REPORT.title) == ("quarterly_report", "季度报告")
    assert [section.name for section in REPORT.sections] == ["state", "money", "benefit", "output", "text", "publish"]
    assert [item.name for item in REPORT.items() if isinstance(item, Repeat)] == ["benefits", "outputs"]
    assert from_json(to_json(REPORT)) == REPORT


def test_it_asks_the_server_for_what_the_server_supplies() -> None:
    assert {name for name, (question, _) in QUESTIONS.items() if question.kind == "hidden"} == {
        *("role", "county_count", "project_name", "organization_name")
    }
    assert {question.choices_from for question, _ in QUESTIONS.values()} == {"", "project_counties.csv"}


def test_its_indicators_are_the_ones_of_a_campaign() -> None:
    found = {name: question.indicator for name, (question, _) in QUESTIONS.items() if question.indicator}
    assert found == {
        **{name: f"money.{name}" for name in MONEY},
        "benefit_amount": "benefit.{benefit_unit}",
        "output_value": "result.output_value",
        "income_gain": "result.income_gain",
        "coordination_meetings": "activity.coordination_meetings",
    }
    assert [choice.value for choice in QUESTIONS["benefit_unit"][0].choices] == [
        "visits",
        "persons",
        "households",
        "named",
    ]
    assert QUESTIONS["benefit_amount"][0].place == "benefit_county"


def test_money_is_in_yuan_and_the_rest_is_in_its_own_unit() -> None:
    units = {name: question.unit for name, (question, _) in QUESTIONS.items() if question.unit}
    assert units == {
        **dict.fromkeys([*MONEY, "funds_total", "output_value", "income_gain"], "元"),
        "coordination_meetings": "次",
    }


def test_every_question_that_is_asked_has_a_label_and_every_constraint_says_why() -> None:
    for question, _ in QUESTIONS.values():
        assert question.label or question.kind == "hidden", question.name
        assert bool(question.constraint) == bool(question.constraint_message), question.name
        assert bool(question.required) == bool(question.required_message), question.name


def test_long_texts_are_written_on_many_lines() -> None:
    assert [name for name, (question, _) in QUESTIONS.items() if question.multiline] == [
        *("progress_text", "difficulties", "next_steps")
    ]
