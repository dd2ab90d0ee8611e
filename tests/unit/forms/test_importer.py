"""Spreadsheets into forms: what is read, and what is refused, with its place."""

import random
import zipfile
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportsvc.errors import Invalid
from reportsvc.forms import importer
from reportsvc.forms.definition import Choice, Form, Question, Repeat, from_json, to_json
from reportsvc.forms.expressions import parse
from tests.unit.forms import sheets
from tests.unit.forms.sheets import Cells, markdown

NAME = {"type": "text", "name": "who", "label": "Who?"}
AMOUNT = {"type": "decimal", "name": "amount", "label": "How much?"}
YES_NO: Cells = [
    {"list_name": "yes_no", "name": "yes", "label": "是"},
    {"list_name": "yes_no", "name": "no", "label": "否"},
]


def read(survey: Cells, choices: Cells = (), form: dict[str, str] | None = None) -> Form:
    return importer.read(*markdown(survey, choices, form))


def refused(survey: Cells, choices: Cells = (), form: dict[str, str] | None = None) -> list[tuple[str, int, str, str]]:
    """(sheet, row, column, sentence) of every problem."""
    return told(*markdown(survey, choices, form))


def told(source: bytes, filename: str) -> list[tuple[str, int, str, str]]:
    with pytest.raises(importer.FormError) as caught:
        importer.read(source, filename)
    assert isinstance(caught.value, Invalid)
    assert str(len(caught.value.problems)) in str(caught.value)
    return [
        (problem.sheet, problem.row, problem.column, problem.reason % problem.values)
        for problem in caught.value.problems
    ]


def only(problems: list[tuple[str, int, str, str]]) -> tuple[str, int, str, str]:
    assert len(problems) == 1, problems
    return problems[0]


def items(form: Form) -> dict[str, Question | Repeat]:
    return {item.name: item for item in form.items()}


# What is read


def test_every_kind_of_question_is_read() -> None:
    form = read(
        [
            {**NAME, "appearance": "multiline", "hint": "Name"},
            {"type": "integer", "name": "i", "label": "I", "default": "1,000"},
            {**AMOUNT, "bind::reportsvc:unit": "元", "bind::reportsvc:indicator": "money.amount"},
            {"type": "date", "name": "d", "label": "D", "default": "2026/3/1"},
            {"type": "select_one yes_no", "name": "one", "label": "One", "required": "yes", "default": "no"},
            {"type": "select_multiple yes_no", "name": "many", "label": "Many", "required": "${one} = 'yes'"},
            {"type": "select_one_from_file project_counties.csv", "name": "county", "label": "County"},
            {"type": "note", "name": "n", "label": "${who}"},
            {"type": "calculate", "name": "c", "calculation": "${i} * 2"},
            {"type": "hidden", "name": "h"},
        ],
        YES_NO,
        {"form_id": "all", "form_title": "全部"},
    )
    assert (form.form_id, form.title) == ("all", "全部")
    found = items(form)
    assert found["who"] == Question("who", "text", "Who?", "Name", multiline=True)
    assert found["i"] == Question("i", "integer", "I", default="1000")
    assert found["amount"] == Question("amount", "decimal", "How much?", unit="元", indicator="money.amount")
    assert found["d"] == Question("d", "date", "D", default="2026-03-01")
    yes_no = (Choice("yes", "是"), Choice("no", "否"))
    assert found["one"] == Question("one", "select_one", "One", required=parse("true()"), choices=yes_no, default="no")
    required = parse("${one} = 'yes'")
    assert found["many"] == Question("many", "select_multiple", "Many", required=required, choices=yes_no)
    assert found["county"] == Question("county", "select_one", "County", choices_from="project_counties.csv")
    assert found["n"] == Question("n", "note", "${who}")
    assert found["c"] == Question("c", "calculate", "", calculation=parse("${i} * 2"))
    assert found["h"] == Question("h", "hidden", "")
    assert from_json(to_json(form)) == form


def test_groups_become_sections_and_what_stands_between_them_too() -> None:
    form = read(
        [
            NAME,
            {"type": "begin_group", "name": "g", "label": "G", "relevant": "${who} != ''", "hint": "Here"},
            AMOUNT,
            {"type": "end_group"},
            {"type": "text", "name": "x", "label": "X"},
            {"type": "text", "name": "section_3", "label": "Taken"},
        ],
        form={"form_title": "T", "form_id": "t"},
    )
    assert [(section.name, section.label, section.hint) for section in form.sections] == [
        ("section_1", "T", ""),
        ("g", "G", "Here"),
        ("section_4", "T", ""),
    ]
    assert form.sections[1].relevant == parse("${who} != ''")
    assert [item.name for item in form.sections[2].items] == ["x", "section_3"]


def test_a_group_within_a_group_is_dissolved() -> None:
    form = read(
        [
            NAME,
            {"type": "begin group", "name": "outer", "label": "Outer"},
            {"type": "begin group", "name": "inner", "label": "Inner", "relevant": "${who} = 'a'"},
            {**AMOUNT, "relevant": "${who} != 'b'"},
            {"type": "begin repeat", "name": "rows", "label": "Rows"},
            {"type": "begin group", "name": "deep", "relevant": "${y} = '1'"},
            {"type": "text", "name": "z", "label": "Z"},
            {"type": "end group"},
            {"type": "text", "name": "y", "label": "Y"},
            {"type": "end repeat"},
            {"type": "end group"},
            {"type": "end group"},
        ]
    )
    found = items(form)
    assert [section.name for section in form.sections] == ["section_1", "outer"]
    assert found["inner"] == Question("inner", "note", "Inner", relevant=parse("${who} = 'a'"))
    assert found["amount"].relevant == parse("${who} = 'a' and ${who} != 'b'")
    rows = found["rows"]
    assert isinstance(rows, Repeat)
    assert rows.relevant == parse("${who} = 'a'")
    assert [(question.name, question.relevant) for question in rows.questions] == [
        ("z", parse("${y} = '1'")),
        ("y", None),
    ]


def test_columns_are_known_by_their_other_names_and_languages() -> None:
    form = read(
        [
            {
                **{"Type": "text", "NAME": "a", "label::English (en)": "A", "label::中文 (zh)": "甲", "备注": "for us"},
                **{"relevance": "1 = 1", "bind::jr:constraintMsg": "No", "Constraint": ". = 1", "#more": "x"},
                "hint :: English (en)": "only",
            }
        ]
    )
    assert items(form)["a"] == Question(
        "a", "text", "甲", "only", relevant=parse("1 = 1"), constraint=parse(". = 1"), constraint_message="No"
    )
    english = {"form_id": "e", "default_language": "English (en)"}
    both = {"type": "text", "name": "a", "label::中文 (zh)": "甲", "label::English (en)": "A"}
    assert items(read([both], form=english))["a"].label == "A"


def test_places_and_indicators_come_from_the_row() -> None:
    form = read(
        [
            {"type": "begin repeat", "name": "rows", "label": "Rows"},
            {"type": "select_one_from_file project_counties.csv", "name": "county", "label": "County"},
            {"type": "select_one yes_no", "name": "kind", "label": "Kind"},
            {
                **AMOUNT,
                "bind::reportsvc:indicator": "benefit.{kind}",
                "bind::reportsvc:place": "county",
            },
            {"type": "end repeat"},
        ],
        YES_NO,
    )
    rows = items(form)["rows"]
    assert isinstance(rows, Repeat)
    assert (rows.questions[2].indicator, rows.questions[2].place) == ("benefit.{kind}", "county")


# The formats


SHEETS = {
    "survey": [["type", "name", "label"], ["text", "who", "谁？"], [], ["integer", "n", "多少？"]],
    "settings": [["form_title", "form_id"], ["表", "sheet_form"]],
}


def test_excel_and_csv_and_markdown_give_the_same_form() -> None:
    survey = [dict(zip(SHEETS["survey"][0], row, strict=False)) for row in SHEETS["survey"][1:]]
    expected = read([row for row in survey if row], form={"form_title": "表", "form_id": "sheet_form"})
    csv = sheets.csv_text(SHEETS)
    assert importer.read(sheets.xlsx(SHEETS), "a.xlsx") == expected
    assert importer.read(sheets.xlsx(SHEETS), "季报.XLSX") == expected
    assert importer.read(csv.encode(), "a.csv") == expected
    assert importer.read(csv.encode("utf-8-sig"), "a.csv") == expected
    assert importer.read(csv.encode("gb18030"), "a.csv") == expected


def test_excel_97_is_read_and_takes_its_form_id_from_the_file_name() -> None:
    form = importer.read(sheets.xls([["type", "name", "label"], ["text", "who", "Who?"]]), "folder\\old_form.xls")
    assert form.form_id == "old_form"
    assert items(form) == {"who": Question("who", "text", "Who?")}


def test_rows_are_numbered_as_excel_shows_them() -> None:
    broken = {**SHEETS, "survey": [*SHEETS["survey"], [], ["text", "who", "Again"]]}
    assert only(told(sheets.xlsx(broken), "a.xlsx")) == ("survey", 6, "name", "The name “who” is in row 2 already.")


WORKBOOK = sheets.xlsx(SHEETS)
DAMAGED = "The file can't be read as .xlsx: it is damaged or of another kind. Save it again and retry."


@pytest.mark.parametrize("size", [0, 1, 100, len(WORKBOOK) // 2, len(WORKBOOK) - 1])
def test_a_truncated_workbook_is_refused(size: int) -> None:
    assert told(WORKBOOK[:size], "a.xlsx") == [("", 0, "", DAMAGED)]


def test_a_workbook_with_damaged_parts_is_refused_or_read() -> None:
    chance = random.Random(7)  # noqa: S311 - the same damage every time
    refusals = 0
    for _ in range(150):
        damaged = bytearray(WORKBOOK)
        for _ in range(20):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            importer.read(bytes(damaged), "a.xlsx")
        except importer.FormError:
            refusals += 1
    assert refusals > 100


def test_a_workbook_whose_sheets_are_no_xml_is_refused() -> None:
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(WORKBOOK)) as good, zipfile.ZipFile(stream, "w") as bad:
        for name in good.namelist():
            bad.writestr(name, b"<worksheet><row" if "sheet1" in name else good.read(name))
    assert told(stream.getvalue(), "a.xlsx") == [("", 0, "", DAMAGED)]


def test_a_workbook_that_would_unpack_to_gigabytes_is_refused() -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", bytes(60 * 1024 * 1024))
    assert told(stream.getvalue(), "a.xlsx") == [("", 0, "", "The file is too large to be a form.")]


def test_a_file_of_another_kind_is_refused() -> None:
    for name in ("a.xls", "a.csv", "a.md"):
        assert "can't be read as" in only(told(WORKBOOK, name))[3]
    assert "can't be read as" in only(told(b"| survey |", "a.xlsx"))[3]
    assert "ends in “.pdf”" in only(told(WORKBOOK, "a.pdf"))[3]
    assert "ends in “”" in only(told(WORKBOOK, "survey"))[3]
    assert only(told(bytes(6 * 1024 * 1024), "a.csv"))[3] == "The file is too large to be a form."


def test_an_empty_sheet_is_refused() -> None:
    missing = ("survey", 0, "", "The sheet “survey” is missing or empty.")
    for survey in ([], [["type", "name", "label"]]):
        assert missing in told(sheets.xlsx({**SHEETS, "survey": survey}), "a.xlsx")
    assert missing in told(sheets.xlsx({"a": [], "b": []}), "a.xlsx")
    assert missing in told(b"settings,,,,\n,form_id,,,\n,a,,,\n", "a.csv")


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300) | st.text(alphabet='| \n,"survey typenamlb#${}x', max_size=300).map(str.encode),
    st.sampled_from(importer.EXTENSIONS),
)
def test_no_bytes_break_the_importer(source: bytes, extension: str) -> None:
    outcome: Form | tuple[importer.Problem, ...]
    try:
        outcome = importer.read(source, f"any{extension}")
    except importer.FormError as error:
        outcome = error.problems
    assert outcome
    assert isinstance(outcome, tuple) or from_json(to_json(outcome)) == outcome


# What is refused


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
