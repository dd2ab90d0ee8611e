"""Fields of forms: what is typed comes back out, rows come and go, problems land beside their inputs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import flask
import flask_wtf
import pytest
import wtforms
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from reportsvc.errors import NotFound
from reportsvc.forms import fields
from reportsvc.forms.definition import Choice, Form, Question, Repeat, Section
from reportsvc.forms.expressions import parse

YES_NO = (Choice("yes", "是"), Choice("no", "否"))
MANY = tuple(Choice(f"c{number}", f"第{number}种") for number in range(9))
BENEFITS = Repeat(
    "benefits",
    "受益情况",
    (
        Question("benefit_county", "select_one", "受益县", choices_from="project_counties.csv"),
        Question("benefit_amount", "integer", "数量", constraint=parse(". >= 1")),
    ),
    at_most=3,
)
SECTION = Section(
    "all",
    "全部",
    (
        Question("activity", "select_one", "是否开展工作", choices=YES_NO, required=parse("true()")),
        Question("own_funds", "decimal", "自有资金", hint="没有就空着", unit="元"),
        Question("completed_on", "date", "完成日期", relevant=parse("${activity} = 'yes'")),
        Question("kinds", "select_multiple", "活动", choices=MANY),
        Question("kind", "select_one", "类别", choices=MANY),
        Question("progress_text", "text", "进展", multiline=True),
        Question("total", "calculate", "合计", calculation=parse("${own_funds} * 2")),
        Question("shown", "note", "合计 ${total} 元"),
        BENEFITS,
    ),
)
FORM = Form("sample", "样表", (SECTION,))
COUNTIES = {"project_counties.csv": (Choice("130826", "丰宁县"), Choice("130682", "定州市"))}


@dataclass(frozen=True)
class Message:
    text_id: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    path: str
    message: Message


def bound(answers: dict[str, Any] | None = None, sent: list[tuple[str, str]] | None = None) -> wtforms.Form:
    form_class = fields.section_form(FORM, "all", wtforms.Form)
    formdata = None if sent is None else MultiDict(sent)
    return fields.fill(form_class, answers or {}, choices=COUNTIES, formdata=formdata)


def test_the_class_of_a_section_is_made_once_for_equal_forms() -> None:
    first = fields.section_form(FORM, "all", wtforms.Form)
    assert fields.section_form(Form("sample", "样表", (SECTION,)), "all", wtforms.Form) is first
    assert fields.section_form(Form("sample", "新样表", (SECTION,)), "all", wtforms.Form) is not first


def test_a_section_that_is_not_there_is_said_to_be_missing() -> None:
    with pytest.raises(NotFound):
        fields.section_form(FORM, "nowhere", wtforms.Form)


def test_what_is_typed_comes_back_even_where_it_is_wrong() -> None:
    sent = [("activity", "perhaps"), ("own_funds", "一千"), ("completed_on", "昨天"), ("kinds", "c1"), ("kinds", "c7")]
    sent += [("benefits-0-benefit_county", "999999"), ("benefits-0-benefit_amount", "-1")]
    assert fields.collect(bound(sent=sent), SECTION) == {
        "activity": "perhaps",
        "own_funds": "一千",
        "completed_on": "昨天",
        "kinds": "c1 c7",
        "kind": "",
        "progress_text": "",
        "benefits": [{"benefit_county": "999999", "benefit_amount": "-1"}],
    }


def test_a_draft_fills_the_form_and_comes_back_unchanged() -> None:
    draft = {"activity": "yes", "own_funds": "12", "kinds": "c2 c3", "benefits": [{"benefit_amount": "5"}, {}]}
    collected = fields.collect(bound(draft), SECTION)
    assert {name: collected[name] for name in ("activity", "own_funds", "kinds")} == {
        name: draft[name] for name in ("activity", "own_funds", "kinds")
    }
    assert [row["benefit_amount"] for row in collected["benefits"] if isinstance(row, dict)] == ["5", ""]


def test_a_choice_that_is_not_offered_any_more_is_still_shown() -> None:
    form = bound({"kind": "gone"})
    assert [(option.value, option.selected) for option in form["q_kind"].iter_choices()][-1] == ("gone", True)


def test_unticking_everything_leaves_nothing_while_absent_text_stays() -> None:
    collected = fields.collect(bound({"kinds": "c1", "kind": "c2", "own_funds": "3"}, [("activity", "no")]), SECTION)
    assert (collected["kinds"], collected["kind"], collected["own_funds"]) == ("", "", "3")


def test_choices_from_outside_are_those_given_when_the_form_is_filled() -> None:
    row = bound()["q_benefits"].entries[0].form
    assert [option.label for option in row["q_benefit_county"].iter_choices()] == ["丰宁县", "定州市"]


def test_few_choices_are_buttons_and_many_a_list() -> None:
    form = bound()
    assert form["q_activity"].radios
    assert not form["q_kind"].radios


def test_a_day_that_no_picker_can_show_stays_visible_as_text() -> None:
    assert bound({"completed_on": "2026-03-31"})["q_completed_on"].input_type == "date"
    assert bound({"completed_on": "2026/3/31"})["q_completed_on"].input_type == "text"


def test_add_gives_one_more_row_and_turns_to_it() -> None:
    form = bound(sent=[("benefits-0-benefit_amount", "7"), ("add-benefits", "")])
    assert fields.press(form, MultiDict([("add-benefits", "")]))
    assert [entry.form["q_benefit_amount"].data or "" for entry in form["q_benefits"]] == ["7", ""]
    assert form.turned_to == "benefits-1"


def test_no_row_is_added_beyond_the_limit() -> None:
    sent = [(f"benefits-{row}-benefit_amount", str(row)) for row in range(3)] + [("add-benefits", "")]
    form = bound(sent=sent)
    assert fields.press(form, MultiDict(sent))
    assert len(form["q_benefits"].entries) == 3
    assert form["q_benefits"].errors == ["No more than 3 can be entered here."]


def test_remove_takes_the_row_that_the_page_showed_in_spite_of_gaps() -> None:
    sent = [(f"benefits-{row}-benefit_amount", str(row)) for row in (0, 4, 9)] + [("remove-benefits-4", "")]
    form = bound(sent=sent)
    assert fields.press(form, MultiDict(sent))
    assert [row["benefit_amount"] for row in fields.collect(form, SECTION)["benefits"]] == ["0", "9"]  # type: ignore[index]
    assert [entry.name for entry in form["q_benefits"]] == ["benefits-0", "benefits-1"]


def test_after_the_last_row_an_empty_one_stands_ready() -> None:
    sent = [("benefits-0-benefit_amount", "7"), ("remove-benefits-0", "")]
    form = bound(sent=sent)
    assert fields.press(form, MultiDict(sent))
    assert fields.collect(form, SECTION)["benefits"] == [{"benefit_county": "", "benefit_amount": ""}]


def test_without_a_row_button_nothing_is_pressed() -> None:
    sent = [("benefits-0-benefit_amount", "7"), ("remove-benefits-x", ""), ("remove-benefits-²", "")]
    assert not fields.press(bound(sent=sent), MultiDict(sent))


def test_problems_land_on_their_fields_and_the_rest_comes_back() -> None:
    form = bound({"benefits": [{"benefit_amount": "5"}, {"benefit_amount": "0"}]})
    problems = [
        Problem("own_funds", Message("At most %(limit)s.", {"limit": 3})),
        Problem("benefits[2].benefit_amount", Message("不能超过 100% 吧")),
        Problem("benefits[3].benefit_amount", Message("no such row")),
        Problem("benefits", Message("too many")),
        Problem("elsewhere", Message("of another section")),
    ]
    rest = fields.show_problems(form, problems)
    assert [problem.path for problem in rest] == ["benefits[3].benefit_amount", "elsewhere"]
    assert fields.faults(form) == [
        ("own_funds", "自有资金", "At most 3."),
        ("benefits", "受益情况", "too many"),
        ("benefits-1-benefit_amount", "受益情况 2 · 数量", "不能超过 100% 吧"),
    ]


def test_names_that_wtforms_uses_itself_can_be_asked_for() -> None:
    names = ("data", "errors", "meta", "validate", "process", "prefix", "formdata", "obj", "_private", "csrf")
    questions = tuple(Question(name, "text", name) for name in names)
    section = Section("odd", "odd", (*questions, Repeat("form", "form", questions)))
    form_class = fields.section_form(Form("odd", "odd", (section,)), "odd", wtforms.Form)
    answers = {**{name: f"<{name}>" for name in names}, "form": [{name: f"[{name}]" for name in names}]}
    assert fields.collect(fields.fill(form_class, answers), section) == answers


@given(
    st.dictionaries(
        st.sampled_from(["activity", "own_funds", "kinds", "benefits", "benefits-0-x", "unknown", "meta"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["benefit_amount", "q", "meta"]), inner),
        ),
    ),
    st.lists(
        st.tuples(
            st.sampled_from(
                ["activity", "kinds", "benefits-²-benefit_amount", "benefits--", "benefits-0", "remove-benefits-٣"]
            )
            | st.text(),
            st.text(),
        )
    ),
)
def test_no_draft_and_no_request_breaks_a_form(draft: dict[str, Any], sent: list[tuple[str, str]]) -> None:
    for form in (bound(draft), bound(draft, sent)):
        fields.press(form, MultiDict(sent))
        collected = fields.collect(form, SECTION)
        assert all(isinstance(value, (str, list)) for value in collected.values())
        assert len(collected["benefits"]) >= 1


def test_a_flask_form_keeps_its_token() -> None:
    app = flask.Flask("sample")
    app.secret_key = "sample"
    form_class = fields.section_form(FORM, "all", flask_wtf.FlaskForm)
    with app.test_request_context(method="POST"):
        token = fields.fill(form_class, {})["csrf_token"].current_token
        sent = MultiDict([("csrf_token", token), ("benefits-0-benefit_amount", "7")])
        assert fields.fill(form_class, {}, formdata=sent).validate()
        sent["csrf_token"] = "stale"
        assert not fields.fill(form_class, {}, formdata=sent).validate()


def test_a_prefix_keeps_two_forms_apart() -> None:
    form_class = fields.section_form(FORM, "all", wtforms.Form)
    form = fields.fill(form_class, {}, formdata=MultiDict([("a-benefits-0-benefit_amount", "7")]), prefix="a-")
    assert fields.collect(form, SECTION)["benefits"] == [{"benefit_county": "", "benefit_amount": "7"}]


def test_the_phone_gets_the_definition_and_what_it_cannot_ask_for() -> None:
    data = fields.page_data(FORM, SECTION, {"role": "lead"}, date(2026, 4, 2), COUNTIES)
    assert data["form"]["sections"][0]["items"][2]["relevant"] == ["o", "=", ["$", "activity"], ["t", "yes"]]
    assert (data["section"], data["answers"], data["today"]) == ("all", {"role": "lead"}, "2026-04-02")
    assert data["lists"]["project_counties.csv"][1] == {"value": "130682", "label": "定州市"}
