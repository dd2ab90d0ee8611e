"""Spreadsheets that are refused: all that is wrong, each with its place."""

import pytest

from reportsvc.forms import importer
from reportsvc.forms.definition import Repeat
from reportsvc.forms.importer import types
from reportsvc.photos import reencode
from tests.unit.forms import sheets
from tests.unit.forms.importing import AMOUNT, NAME, SHEETS, YES_NO, items, only, read, refused, told
from tests.unit.forms.sheets import Cells, markdown


def test_all_problems_are_told_at_once_in_the_order_of_their_rows() -> None:
    problems = refused(
        [
            {"type": "geoshape", "name": "where", "label": "Where?"},
            {**NAME, "relevant": "${nobody} = 1"},
            {**AMOUNT, "constraint": ". ＞ 0", "name": "数额"},
            {"type": "select_one nolist", "name": "pick", "label": "Pick"},
            {"type": "calculate", "name": "c", "calculation": "random() + 1"},
        ]
    )
    assert [(sheet, row, column) for sheet, row, column, _ in problems] == [
        ("survey", 2, "type"),
        ("survey", 3, "relevant"),
        ("survey", 4, "name"),
        ("survey", 4, "constraint"),
        ("survey", 5, "type"),
        ("survey", 6, "calculation"),
    ]
    sentences = [sentence for *_, sentence in problems]
    assert "geoshape" in sentences[0]
    assert sentences[1] == "There is no question “nobody”."
    assert "数额" in sentences[2]
    assert sentences[3] == "Column 3 holds “＞”; type “>” there instead."
    assert sentences[4] == "The sheet “choices” has no list “nolist”."
    assert "random()" in sentences[5]


@pytest.mark.parametrize(
    "kind", ["geotrace", "audio", "xml-external", "osm", "begin loop yes_no", "rank", "", "select_one", "text x"]
)
def test_an_unknown_type_is_refused(kind: str) -> None:
    assert only(refused([NAME, {"type": kind, "name": "x", "label": "X"}], YES_NO))[1:3] == (3, "type")


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("select_one yes_no or_other", "or_other"),
        ("select_one_from_file others.csv", "others.csv"),
        ("select_one_external yes_no", "select_one_external"),
        ("rank nowhere", "nowhere"),
    ],
)
def test_selects_that_cant_be_done_are_refused(kind: str, part: str) -> None:
    assert part in only(refused([{"type": kind, "name": "x", "label": "X"}], YES_NO))[3]


@pytest.mark.parametrize(
    "column", ["choice_filter", "repeat_count", "trigger", "read_only", "relevent", "save_to", "indicator"]
)
def test_a_column_that_would_go_unheard_is_refused(column: str) -> None:
    problem = only(refused([NAME, {**AMOUNT, column: "x"}]))
    assert problem[:3] == ("survey", 3, column)


def test_a_form_that_would_keep_a_server_busy_is_refused_where_it_grows_too_large() -> None:
    long = f"concat('{'x' * 1900}', ${{who}})"
    row = {"type": "calculate", "name": "c", "calculation": long}
    problem = refused([NAME, *({**row, "name": f"c{number}"} for number in range(300))])[0]
    assert problem[:3] == ("survey", 500_000 // len(long) + 3, "calculation")
    choices = [{"list_name": "many", "name": f"n{number}", "label": "L"} for number in range(4000)]
    asked = {"type": "select_one many", "label": "L"}
    problem = refused([{**asked, "name": f"s{number}"} for number in range(30)], choices)[0]
    assert problem[:3] == ("survey", 27, "type")


def test_an_empty_column_of_any_name_does_no_harm() -> None:
    assert set(items(read([{**NAME, "choice_filter": ""}]))) == {"who"}


@pytest.mark.parametrize("name", ["", "two words", "1st", "_hidden", "姓名", "a-b", "a.b", "x" * 64])
def test_a_name_that_cant_be_one_is_refused(name: str) -> None:
    assert only(refused([NAME, {**AMOUNT, "name": name}]))[:3] == ("survey", 3, "name")


def test_names_are_unique_over_the_whole_form() -> None:
    problems = refused(
        [
            {"type": "begin group", "name": "who", "label": "G"},
            NAME,
            {"type": "end group"},
            {"type": "begin repeat", "name": "rows", "label": "R"},
            {**AMOUNT, "name": "rows"},
            {"type": "text", "name": "t", "label": "T"},
            {"type": "end repeat"},
        ]
    )
    assert [problem[1:3] for problem in problems if "already" in problem[3]] == [(3, "name"), (6, "name")]


def test_repeats_go_two_levels_deep_and_no_deeper() -> None:
    rows = [{"type": "begin repeat", "name": name, "label": name} for name in ("a", "b", "c")]
    end = {"type": "end repeat"}
    problem = only(refused([*rows, NAME, end, AMOUNT, end, {**NAME, "name": "x"}, end]))
    assert problem == ("survey", 4, "type", "A repeat within a repeat within a repeat is not supported.")
    outer = items(read([*rows[:2], NAME, end, AMOUNT, end]))["a"]
    assert isinstance(outer, Repeat)
    assert [question.name for question in outer.questions] == ["amount"]
    assert [(inner.name, [question.name for question in inner.questions]) for inner in outer.repeats] == [
        ("b", ["who"])
    ]


def test_groups_that_dont_close_are_refused() -> None:
    begin, end = {"type": "begin group", "name": "g", "label": "G"}, {"type": "end group"}
    assert only(refused([begin, NAME]))[:3] == ("survey", 2, "type")
    assert only(refused([NAME, end]))[:3] == ("survey", 3, "type")
    crossed = refused([begin, {"type": "begin repeat", "name": "r", "label": "R"}, NAME, end, {"type": "end repeat"}])
    assert (crossed[0][1], crossed[1][1]) == (2, 5)
    assert "nothing in it" in only(refused([NAME, begin, end]))[3]


@pytest.mark.parametrize("key", ["relevant", "constraint", "required", "calculation"])
def test_every_expression_is_looked_at(key: str) -> None:
    kind = "calculate" if key == "calculation" else "text"
    question = {"type": kind, "name": "x", "label": "X"}
    assert only(refused([{**question, key: "1 +"}, NAME]))[:3] == ("survey", 2, key)
    assert only(refused([{**question, key: "${nobody}"}, NAME]))[3] == "There is no question “nobody”."
    assert "digest()" in only(refused([{**question, key: "digest('a', 'MD5')"}, NAME]))[3]


def test_a_note_or_a_group_has_no_answer() -> None:
    rows = [
        {"type": "begin group", "name": "g", "label": "G"},
        {"type": "note", "name": "n", "label": "N"},
        {**NAME, "constraint": "${n} = 1"},
        {**AMOUNT, "constraint": "${g} = 1"},
        {"type": "end group"},
    ]
    assert [(row, sentence) for _, row, _, sentence in refused(rows)] == [
        (4, "“n” has no answer that could be used here."),
        (5, "“g” has no answer that could be used here."),
    ]


REPEAT: Cells = [{"type": "begin repeat", "name": "rows", "label": "Rows"}, AMOUNT, {"type": "end repeat"}]


def test_a_repeat_can_be_counted_and_not_else_used() -> None:
    count = {"type": "calculate", "name": "c", "calculation": "count(${rows}) + sum(${amount})"}
    assert "c" in items(read([*REPEAT, count]))
    problem = only(refused([*REPEAT, {**count, "calculation": "${rows} + 1"}]))
    assert problem == ("survey", 5, "calculation", "“rows” has no answer that could be used here.")


def test_a_text_cant_show_an_answer_of_many_rows() -> None:
    assert only(refused([*REPEAT, {**NAME, "label": "${amount}"}]))[:3] == ("survey", 5, "label")
    assert only(refused([{**NAME, "label": "${x}"}]))[3] == "There is no question “x”."


def test_position_belongs_into_a_repeat() -> None:
    assert only(refused([{**NAME, "relevant": "position(..) = 1"}]))[2] == "relevant"
    inside = [REPEAT[0], {**AMOUNT, "relevant": "position(..) = 1"}, REPEAT[2]]
    assert "rows" in items(read(inside))


@pytest.mark.parametrize(
    "formulas",
    [
        ("${a} + 1",),
        (". + 1",),
        ("concat(once(1), 'a')",),
        ("string-length()",),
        ("${b}", "${c}", "${a}"),
    ],
)
def test_calculations_in_a_circle_are_refused(formulas: tuple[str, ...]) -> None:
    rows = [
        {"type": "calculate", "name": name, "calculation": formula}
        for name, formula in zip("abc", formulas, strict=False)
    ]
    sheet, _, column, _ = only(refused([*rows, NAME]))
    assert (sheet, column) == ("survey", "calculation")


def test_conditions_in_a_circle_are_refused_by_every_way_round() -> None:
    group = {"type": "begin group", "name": "g", "label": "G", "relevant": "${who} = 'x'"}
    end = {"type": "end group"}
    assert "→" in only(refused([group, NAME, end]))[3]
    pair = [{**NAME, "relevant": "${amount} = 1"}, {**AMOUNT, "relevant": "${who} = 'x'"}]
    assert "→" in only(refused(pair))[3]
    assert len(refused([*pair, {"type": "calculate", "name": "c", "calculation": "${c}"}])) == 2
    assert only(refused([{**NAME, "relevant": ". = 'x'"}]))[2] == "relevant"
    total = {"type": "calculate", "name": "t", "calculation": "sum(${amount})"}
    inside = [REPEAT[0], {**AMOUNT, "relevant": "${t} < 5"}, REPEAT[2], total]
    assert "→" in only(refused(inside))[3]


@pytest.mark.parametrize(
    "code", ["money", "Money.own", "money.", "money.{nobody}", "money.{who}", "money.{unclosed", "资金.自有"]
)
def test_a_bad_code_of_an_indicator_is_refused(code: str) -> None:
    assert only(refused([NAME, {**AMOUNT, "bind::reportsvc:indicator": code}]))[:3] == (
        "survey",
        3,
        "bind::reportsvc:indicator",
    )


def test_a_code_is_looked_at_for_every_choice_that_may_fill_it() -> None:
    choices = [*YES_NO, {"list_name": "yes_no", "name": "Not-Sure", "label": "?"}]
    rows = [{"type": "select_one yes_no", "name": "k", "label": "K"}, {**AMOUNT, "bind::reportsvc:indicator": "a.{k}"}]
    assert "a.Not-Sure" in only(refused(rows, choices))[3]


def test_an_indicator_needs_a_number_and_a_place_needs_an_indicator() -> None:
    assert only(refused([{**NAME, "bind::reportsvc:indicator": "a.b"}]))[2] == "bind::reportsvc:indicator"
    one = {"type": "select_one yes_no", "name": "k", "label": "K"}
    alone = only(refused([one, {**AMOUNT, "bind::reportsvc:place": "k"}], YES_NO))
    assert alone[1:] == (3, "bind::reportsvc:place", "A place needs an indicator beside it.")
    text = {"bind::reportsvc:place": "who", "bind::reportsvc:indicator": "a.b"}
    assert "“who” is no select_one" in only(refused([NAME, {**AMOUNT, **text}]))[3]
    far = [*REPEAT, {"type": "integer", "name": "n", "label": "N", "bind::reportsvc:indicator": "a.{amount}"}]
    assert only(refused(far))[1:3] == (5, "bind::reportsvc:indicator")


def test_choices_are_looked_at() -> None:
    choices = [
        *YES_NO,
        {"list_name": "yes_no", "name": "yes", "label": "again"},
        {"list_name": "yes_no", "name": "not sure", "label": "?"},
        {"list_name": "yes_no", "name": "", "label": "?"},
        {"list_name": "other", "name": "x", "label": ""},
    ]
    problems = refused([NAME], choices)
    assert [problem[:3] for problem in problems] == [
        ("choices", 4, "name"),
        ("choices", 5, "name"),
        ("choices", 6, "name"),
        ("choices", 7, "label"),
    ]


@pytest.mark.parametrize(
    ("kind", "default"),
    [("integer", "x"), ("integer", "1.5"), ("date", "today"), ("select_one yes_no", "maybe"), ("decimal", "${nobody}")],
)
def test_a_default_must_be_an_answer(kind: str, default: str) -> None:
    assert only(refused([NAME, {"type": kind, "name": "x", "label": "X", "default": default}], YES_NO))[2] == "default"


@pytest.mark.parametrize(
    ("kind", "key"),
    [("note", "required"), ("hidden", "constraint"), ("calculate", "default"), ("text", "calculation")],
)
def test_a_cell_that_means_nothing_to_its_question_is_refused(kind: str, key: str) -> None:
    row = {"type": kind, "name": "x", "label": "X", key: "1"}
    row |= {"calculation": "1"} if kind == "calculate" else {}
    assert only(refused([NAME, row]))[1:3] == (3, key)


def test_a_question_without_a_label_and_a_form_without_a_question_are_refused() -> None:
    assert only(refused([NAME, {**AMOUNT, "label": ""}]))[:3] == ("survey", 3, "label")
    assert only(refused([{"type": "note", "name": "n", "label": "N"}]))[3] == "The form asks nothing."
    assert only(refused([NAME, {"type": "calculate", "name": "c"}]))[2] == "calculation"


def test_a_bad_form_id_is_refused() -> None:
    assert only(refused([NAME], form={"form_id": "季报"}))[:3] == ("settings", 2, "form_id")


def test_two_columns_of_one_name_are_refused() -> None:
    source = sheets.xlsx({**SHEETS, "survey": [["type", "name", "name"], ["text", "a", "b"]]})
    assert only(told(source, "a.xlsx")) == ("", 1, "name", "Two columns of one sheet have this name.")


def test_two_columns_that_mean_the_same_are_refused() -> None:
    problem = only(refused([{**NAME, "relevant": "1 = 1", "bind::relevant": "1 = 2"}]))
    assert problem[:3] == ("survey", 1, "bind::relevant")
    assert "“relevant”" in problem[3]


def test_a_group_whose_name_cant_be_used_hides_no_other_problem() -> None:
    rows = [
        {"type": "begin group", "name": "", "label": "${nobody}", "relevant": "${who} = 1"},
        NAME,
        {"type": "end group"},
        {"type": "begin group", "name": "who", "label": "Taken"},
        AMOUNT,
        {"type": "end group"},
    ]
    sentences = [sentence for *_, sentence in refused(rows)]
    assert "There is no question “nobody”." in sentences
    assert "This cell must be filled in." in sentences
    assert "The name “who” is in row 3 already." in sentences


def test_sheets_that_would_go_unheard_are_refused() -> None:
    source = sheets.xlsx({**SHEETS, "external_choices": [["list_name", "name"], ["a", "b"]]})
    assert only(told(source, "a.xlsx"))[0] == "external_choices"


def test_what_xlsform_itself_forbids_is_refused_with_its_reason() -> None:
    problem = only(refused([NAME], form={"form_id": "a", "instance_name": "${nobody}"}))
    assert problem[0] == "survey"
    assert "pyxform says" in problem[3]
    assert "nobody" in problem[3]


@pytest.mark.parametrize(("pixels", "kept"), [("", ""), ("max-pixels=1024", "1024"), ("max-pixels = １０２４", "1024")])
def test_a_question_for_a_picture_may_insist_and_say_how_large_it_is(pixels: str, kept: str) -> None:
    picture = {"type": "image", "name": "pic", "label": "照片", "required": "yes", "parameters": pixels}
    found = importer.examine(*markdown([NAME, picture]))
    assert (found.problems, found.warnings) == ((), ())
    assert found.form is not None
    assert [question.long_side for question, _ in found.form.questions()] == ["", kept]


def test_how_large_a_picture_may_be_is_looked_at() -> None:
    picture = {"type": "image", "name": "pic", "label": "照片"}
    for wrong in ("0", "-5", "large", "10.5"):
        source = refused([NAME, {**picture, "parameters": f"max-pixels={wrong}"}])
        assert only(source)[:3] == ("survey", 3, "parameters")
    for kind, pixels in (("image", "4000"), ("file", "1024")):  # larger than any photo is kept, and no photo at all
        row = {**picture, "type": kind, "parameters": f"max-pixels={pixels}"}
        found = importer.examine(*markdown([NAME, row]))
        assert [(one.row, one.column) for one in found.warnings] == [(3, "parameters")]
    assert types.LARGEST_SIDE == reencode.LONG_SIDE
