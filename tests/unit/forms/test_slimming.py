"""The phone gets what following one section takes, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from reportsvc.forms import answers, importer, shipped
from reportsvc.forms.definition import Form, to_json
from reportsvc.forms.expressions import parse
from reportsvc.forms.slimming import for_section, scripts

SUPPLIED = {"role": "lead", "county_count": "2", "project_name": "图书室", "organization_name": "协会"}


@pytest.fixture(scope="module")
def form() -> Form:
    return importer.read(*shipped.quarterly_report())


def test_other_sections_questions_stay_only_where_they_are_asked_for(form: Form) -> None:
    slim = for_section(form, "benefit")
    names = {question.name for question, _ in slim.questions()}
    assert {"activity", "role", "county_count", "benefit_unit", "coordination_meetings"} <= names
    assert not names & {"own_funds", "progress_text", "may_publish"}


def test_a_total_in_a_label_brings_its_parts(form: Form) -> None:
    names = {question.name for question, _ in for_section(form, "money").questions()}
    assert {"funds_total", "own_funds", "activity"} <= names


@pytest.mark.parametrize("section", ["state", "money", "benefit", "output", "text", "publish"])
@pytest.mark.parametrize("activity", ["yes", "no"])
def test_what_is_relevant_in_the_section_comes_out_the_same(form: Form, section: str, activity: str) -> None:
    given = {
        "activity": activity,
        "project_state": "completed",
        "own_funds": "5",
        "benefits": [{"benefit_unit": "visits"}],
    }
    here = form.section(section)
    assert here is not None
    inside = {item.name for item in here.items} | {section}
    whole, slim = (
        answers.visible(one, given, supplied=SUPPLIED, today=date(2026, 11, 24))
        for one in (form, for_section(form, section))
    )
    assert {path for path in whole if path.partition("[")[0] in inside} == {
        path for path in slim if path.partition("[")[0] in inside
    }


def test_it_is_much_smaller(form: Form) -> None:
    size = [len(json.dumps(to_json(one), ensure_ascii=False)) for one in (form, for_section(form, "state"))]
    assert size[1] * 4 < size[0]


@pytest.mark.parametrize(
    ("section", "count"), [("state", 1), ("publish", 1), ("money", 2), ("benefit", 2), ("output", 2), ("text", 1)]
)
def test_most_of_the_script_stays_away_where_a_section_needs_little(form: Form, section: str, count: int) -> None:
    assert scripts(form, section) == ("forms/form.js", "forms/form-rest.js")[:count]


@pytest.mark.parametrize(
    ("relevant", "count"),
    [
        ("${activity} = 'yes'", 1),
        ("today() > '2026-01-01'", 1),
        ("string-length(${activity}) + 1 > 2", 1),
        ("2 * 3 = 6", 2),
        ("round(1.5) = 2", 2),
        ("pow(2, 3) = 8", 3),
        ("now() != ''", 3),
    ],
)
def test_what_a_section_calls_brings_the_script_that_knows_it(form: Form, relevant: str, count: int) -> None:
    asked = replace(form.sections[0], relevant=parse(relevant))
    assert len(scripts(replace(form, sections=(asked, *form.sections[1:])), "state")) == count


CASCADE = """
| survey |
| | type | name | label | choice_filter | calculation | repeat_count |
| | begin_group | first | 第一页 | | | |
| | select_one city | city | 市 | | | |
| | integer | size | 几户 | | | |
| | end_group | | | | | |
| | begin_group | second | 第二页 | | | |
| | select_one county | county | 县 | city = ${city} | | |
| | calculate | shown | | | jr:choice-name(${city}, '${city}') | |
| | begin_repeat | homes | 农户 | | | ${size} |
| | text | head | 户主 | | | |
| | begin_repeat | people | 家庭成员 | | | |
| | text | person | 姓名 | | | |
| | end_repeat | | | | | |
| | end_repeat | | | | | |
| | end_group | | | | | |

| choices |
| | list_name | name | label | city |
| | city | a | 甲市 | |
| | city | b | 乙市 | |
| | county | a1 | 甲一县 | a |
| | county | b1 | 乙一县 | b |

| settings |
| | form_id | form_title |
| | cascade | 级联 |
"""


def test_choices_stay_where_they_are_filtered_or_named_and_rows_within_rows_too() -> None:
    slim = for_section(importer.read(CASCADE.encode(), "cascade.md"), "second")
    questions = {question.name: question for question, _ in slim.questions()}
    assert {"city", "size", "county", "shown", "head", "person"} <= set(questions)
    assert [choice.label for choice in questions["city"].choices] == ["甲市", "乙市"]
    assert len(questions["county"].choices) == 2
    assert [repeat.name for repeat, _ in slim.repeats()] == ["homes", "people"]
