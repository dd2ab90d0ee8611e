"""Kinds of question beyond the plain ones, rows within rows, choices that depend on answers, languages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import wtforms
from click import Group
from click.testing import CliRunner
from werkzeug.datastructures import MultiDict

from reportsvc.cli import forms as commands
from reportsvc.forms import answers, fields, importer, languages
from reportsvc.forms.answers.typed import storable, typed
from reportsvc.forms.definition import Choice, Form, Kind, Question, Repeat, Section
from reportsvc.forms.expressions import parse
from reportsvc.forms.quantities import quantities
from tests.support.tracked import ROOT

TODAY = date(2026, 4, 2)
FOLDER = ROOT / "tests/forms_files"
PHOTO = "9b2e1d5c-0f4a-4c3e-9a51-6d9c2f6a1b8e"


def check(form: Form, raw: dict[str, Any]) -> answers.Checked:
    return answers.check(form, raw, supplied={}, choices={}, today=TODAY)


def told(form: Form, raw: dict[str, Any]) -> dict[str, str]:
    return {problem.path: problem.message.text_id for problem in check(form, raw).problems}


def file_form(name: str) -> Form:
    return importer.read((FOLDER / name).read_bytes(), name, {"villages.csv": (FOLDER / "villages.csv").read_bytes()})


@pytest.mark.parametrize(
    ("kind", "raw", "kept"),
    [
        ("time", "９：０５", "09:05"),
        ("time", "9点半", "09:30"),
        ("time", "09:30:00.000+08:00", "09:30"),
        ("datetime", "2026年3月1日9:30", "2026-03-01T09:30"),
        ("datetime", "2026-03-01T09:30", "2026-03-01T09:30"),
        ("geopoint", "38.0428，114.5149", "38.0428 114.5149"),
        ("geopoint", "-38.10 114.5 0 5.0", "-38.1 114.5 0 5"),
        ("image", f" {PHOTO}", PHOTO),
        ("file", f"{PHOTO} {'a' * 64} 会议 纪要.pdf", f"{PHOTO} {'a' * 64} 会议 纪要.pdf"),
        ("acknowledge", "OK", "OK"),
        ("range", "７", "7"),
    ],
)
def test_what_can_be_read_is_put_plainly(kind: Kind, raw: str, kept: str) -> None:
    question = Question("q", kind, "Q", least="1", most="10", step="2")
    assert typed(question, raw, ()) == (kept, None)
    assert typed(question, kept, ()) == (kept, None)


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        *(("time", "25:00"), ("time", "9"), ("datetime", "2026-03-01"), ("datetime", "9:30")),
        *(("geopoint", "114.5 38"), ("geopoint", "38"), ("geopoint", "here"), ("geopoint", "1 2 3 4 5")),
        *(
            ("image", "a.jpg"),
            ("image", "a" * 64),
            ("file", f"{PHOTO} a.pdf"),
            ("acknowledge", "yes"),
            ("range", "11"),
            ("range", "2"),
            ("range", "x"),
        ),
    ],
)
def test_what_cant_be_read_is_kept_and_told(kind: Kind, raw: str) -> None:
    kept, wrong = typed(Question("q", kind, "Q", least="1", most="10", step="2"), raw, ())
    assert kept == raw
    assert wrong is not None


def test_every_choice_has_its_place_in_a_rank() -> None:
    question = Question("q", "rank", "Q")
    choices = [Choice(value, value) for value in "abc"]
    assert typed(question, "c a b", choices) == ("c a b", None)
    assert typed(question, "c a c", choices)[1] is not None
    assert typed(question, "c a x b", choices)[1] is not None


# --- choices that depend on answers ----------------------------------------------------------------------------------


def test_choices_follow_the_answers_above_them() -> None:
    form = file_form("cascading_selects.md")
    offered = answers.offered(form, {"province": "heb", "city": "sjz"}, supplied={}, choices={}, today=TODAY)
    assert {path: [choice.value for choice in found] for path, found in offered.items()} == {
        "city": ["sjz"],
        "county": ["zd"],
    }
    assert told(form, {"province": "heb", "city": "sjz", "county": "zd"}) == {}
    assert told(form, {"province": "shx", "city": "sjz", "county": "zd"}).keys() == {"city", "county"}


def test_a_field_offers_what_its_filter_lets_through_and_what_was_chosen() -> None:
    form = file_form("cascading_selects.md")
    section = form.sections[0]
    bound = fields.fill(fields.section_form(form, section.name, wtforms.Form), {"province": "shx", "city": "sjz"})
    assert [option.value for option in bound["q_city"].iter_choices()] == ["ty", "sjz"]
    assert not bound["q_city"].radios


def test_a_list_from_a_file_is_kept_in_the_form() -> None:
    form = file_form("villages_from_file.md")
    found = check(form, {"mountain": "yes", "village": "v3"})
    assert (found.answers["head"], found.problems) == ("王五", ())
    assert told(form, {"mountain": "no", "village": "v3"}).keys() == {"village"}


# --- rows ------------------------------------------------------------------------------------------------------------

VILLAGES = file_form("nested_repeats.md")


def test_rows_within_rows_are_checked_by_their_paths() -> None:
    raw = {"villages": "2", "village": [{"village_name": "上村", "road": [{"length": "1.5"}, {"length": "x"}]}, {}]}
    assert told(VILLAGES, raw).keys() == {"village[1].road[2].length"}
    shown = [
        answer.path for section in answers.display(VILLAGES, check(VILLAGES, raw).answers) for answer in section.answers
    ]
    assert shown == ["villages", "village[1].village_name", "village[1].road[1].length", "village[1].road[2].length"]


def test_counted_rows_stay_in_their_places_and_no_more_are_kept() -> None:
    rows = [{"village_name": ""}, {"village_name": "下村"}, {"village_name": "沟里"}]
    kept = check(VILLAGES, {"villages": "2", "village": rows}).answers
    assert kept["village"] == [{}, {"village_name": "下村"}]
    assert check(VILLAGES, {"villages": "0", "village": rows}).answers == {"villages": "0"}
    counts = answers.row_counts(VILLAGES, {"villages": "3"}, supplied={}, today=TODAY)
    assert counts == {"village": 3}


def _nested() -> Form:
    inner = Repeat(
        "road",
        "路",
        (
            Question("length", "decimal", "公里", indicator="road.length", required=parse("${kind} = 'paved'")),
            Question("place", "calculate", "", calculation=parse("position(..)")),
        ),
    )
    outer = Repeat(
        "village",
        "村",
        (
            Question("kind", "text", "路面"),
            Question("sum_here", "calculate", "", calculation=parse("sum(${length})")),
            Question("roads", "calculate", "", calculation=parse("count(${road})")),
        ),
        repeats=(inner,),
    )
    total = Question("all", "calculate", "", calculation=parse("sum(${length})"))
    second = Question("one", "calculate", "", calculation=parse("indexed-repeat(${length}, ${village}, 2, ${road}, 1)"))
    return Form("n", "n", (Section("s", "S", (outer, total, second)),))


def test_expressions_see_the_rows_of_their_own_row() -> None:
    raw = {"village": [{"kind": "paved", "road": [{"length": "1"}, {"length": "2"}]}, {"road": [{"length": "4"}]}]}
    found = check(_nested(), raw).answers
    assert (found["all"], found["one"]) == ("7", "4")
    rows = found["village"]
    assert isinstance(rows, list)
    assert [(row["sum_here"], row["roads"]) for row in rows] == [("3", "2"), ("4", "1")]
    assert [[road["place"] for road in row["road"]] for row in rows] == [["1", "2"], ["1"]]
    assert [(each.path, str(each.value)) for each in quantities(_nested(), found)] == [
        ("village[1].road[1].length", "1"),
        ("village[1].road[2].length", "2"),
        ("village[2].road[1].length", "4"),
    ]


def test_what_must_be_answered_is_known_by_its_path() -> None:
    raw = {"village": [{"kind": "paved", "road": [{"length": ""}]}, {"kind": "mud"}]}
    found = answers.required(_nested(), raw, supplied={}, today=TODAY)
    assert found == {"village[1].road[1].length", "village[1].road[2].length"}
    seen = answers.visible(_nested(), raw, supplied={}, today=TODAY)
    assert {"village[1].road", "village[1].road[2].length", "village[3].kind", "village[3].road[1].length"} <= seen


def test_rows_within_rows_come_and_go_by_buttons_without_a_script() -> None:
    form = _nested()
    sent = MultiDict([("village-0-kind", "a"), ("village-0-road-0-length", "1"), ("village-1-road-3-length", "2")])
    bound = fields.fill(fields.section_form(form, "s", wtforms.Form), {}, formdata=sent)
    assert fields.press(bound, MultiDict([*sent.items(multi=True), ("add-village-1-road", "1")]))
    assert bound.turned_to == "village-1-road-1"
    rows = fields.collect(bound, form.sections[0])["village"]
    assert [[road["length"] for road in row["road"]] for row in rows] == [["1"], ["2", ""]]  # type: ignore[index]
    assert fields.press(bound, MultiDict([*sent.items(multi=True), ("remove-village-0-road-0", "1")]))
    assert len(bound["q_village"].entries) == 2


def test_a_row_begins_with_its_defaults_and_they_alone_are_no_answer() -> None:
    repeat = Repeat("rows", "R", (Question("unit", "text", "U", default="户"), Question("n", "integer", "N")))
    form = Form("d", "d", (Section("s", "S", (repeat,)),))
    bound = fields.fill(fields.section_form(form, "s", wtforms.Form), {"rows": [{"n": "1"}]})
    assert bound["q_rows"].entries[0].form["q_unit"].data == ""
    assert bound["q_rows"].blank().form["q_unit"].data == "户"
    assert check(form, {"rows": [{"unit": "户"}, {"unit": "户", "n": "2"}]}).answers == {
        "rows": [{"unit": "户", "n": "2"}]
    }


def test_what_is_typed_into_rows_can_be_stored_at_any_depth() -> None:
    raw = [{"a": "x\x00", "b": [{"c": " y "}, {"c": ""}]}, {"a": ""}]
    assert storable(raw) == [{"a": "x", "b": [{"c": "y"}]}]


# --- drafts, languages, the command ----------------------------------------------------------------------------------


def test_a_new_draft_begins_with_its_defaults() -> None:
    form = file_form("defaults_and_triggers.md")
    assert answers.defaults(form, {}, TODAY) == {"day": "2026-04-02", "people": "1", "unit": "户"}
    assert [question.trigger for question, _ in form.questions()] == ["", "", "", "people"]


def test_what_is_read_only_keeps_its_default_whatever_arrives() -> None:
    question = Question("unit", "text", "U", default="总会", read_only=True)
    form = Form("r", "r", (Section("s", "S", (question, Question("n", "integer", "N"))),))
    assert check(form, {"unit": "changed", "n": "1"}).answers == {"unit": "总会", "n": "1"}


def test_a_form_speaks_its_languages() -> None:
    form = file_form("many_languages.md")
    assert languages.languages(form) == ("中文 (zh)", "English (en)")
    english = languages.translated(form, "en_GB")
    glad = next(question for question, _ in english.questions())
    assert (glad.label, glad.hint) == ("Satisfied?", "Choose one")
    assert [choice.label for choice in glad.choices] == ["Yes", "No"]
    assert languages.translated(form, "zh_Hans") is form
    assert languages.translated(form, "fr") is form


def run(name: str) -> tuple[int, str]:
    group = Group()
    commands.add(group, None)  # type: ignore[arg-type]  # the command asks nothing of the service
    result = CliRunner().invoke(group, ["form", "check", str(FOLDER / name)])
    return result.exit_code, result.output


def test_form_check_prints_what_would_be_imported() -> None:
    status, output = run("villages_from_file.md")
    assert status == 0
    assert "  village: select_one of 3, 哪个村？" in output.splitlines()
    assert output.splitlines()[-1] == "This form can be used. Problems: 0, warnings: 0."


def test_form_check_names_the_places_of_problems_and_fails() -> None:
    status, output = run("loop.md")
    assert status == 1
    assert output.startswith("problem: survey, row 2, column type: ")
