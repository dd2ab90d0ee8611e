"""Spreadsheets into forms: what is read, out of which files."""

import random
import zipfile
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportsvc.forms import importer
from reportsvc.forms.definition import Choice, Form, Question, Repeat, from_json, to_json
from reportsvc.forms.expressions import parse
from tests.unit.forms import sheets
from tests.unit.forms.importing import AMOUNT, NAME, SHEETS, YES_NO, items, only, read, told

TOO_LARGE = "The file is too large to be a form. Take out pictures, and rows and columns that are empty but formatted."


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


def test_older_spellings_are_read() -> None:
    form = read(
        [
            {"type": "select one from yes_no", "name": "a", "label:English": "A", "bind:jr:constraintMsg": "No"},
            {"type": "select all that apply from yes_no", "name": "b", "label:English": "B"},
            {"type": "add select one prompt using yes_no", "name": "c", "label:English": "C"},
        ],
        YES_NO,
    )
    found = items(form)
    assert [(each.kind, each.label) for each in found.values() if isinstance(each, Question)] == [
        ("select_one", "A"), ("select_multiple", "B"), ("select_one", "C"),
    ]  # fmt: skip
    assert isinstance(found["a"], Question)
    assert found["a"].constraint_message == "No"


def test_a_note_needs_no_name_and_a_picture_no_text() -> None:
    survey = [{"type": "note", "label": "Hello"}, {"type": "select_one ab", "name": "pick", "media::image": "p.jpg"}]
    choices = [{"list_name": "ab", "name": "a", "image": "a.jpg"}, {"list_name": "ab", "name": "b", "label": "B"}]
    found = importer.examine(*sheets.markdown(survey, choices))
    assert found.form is not None, found.problems
    read_as = items(found.form)
    assert [each.label for each in read_as.values()] == ["Hello", "pick"]
    assert isinstance(read_as["pick"], Question)
    assert read_as["pick"].choices == (Choice("a", "a"), Choice("b", "B"))
    assert {("survey", 3, "label"), ("choices", 2, "label")} <= {each[:3] for each in map(place, found.warnings)}


def place(problem: importer.Problem) -> tuple[str, int, str]:
    return problem.sheet, problem.row, problem.column


def test_a_column_that_nothing_reads_is_left_out_with_a_warning() -> None:
    found = importer.examine(*sheets.markdown([{**NAME, "_Category": "people"}]))
    assert found.form is not None
    assert [(one.sheet, one.row, one.column) for one in found.warnings] == [("survey", 1, "_Category")]


def test_a_text_that_is_missing_in_the_first_language_stands_there_in_another() -> None:
    both = {"type": "text", "name": "a", "label::中文 (zh)": "甲", "label::English (en)": "A"}
    found = importer.examine(*sheets.markdown([both, {**both, "name": "b", "label::中文 (zh)": ""}]))
    assert found.form is not None
    labels = [each.label for each in items(found.form).values()]
    assert labels == ["甲", "A"]
    assert [(one.row, one.column) for one in found.warnings] == [(3, "label")]


def test_an_indicator_that_the_campaign_lacks_is_refused_in_its_cell() -> None:
    row = {**AMOUNT, "bind::reportsvc:indicator": "money.moon"}
    source = sheets.markdown([row])
    assert importer.examine(*source).form is not None
    found = importer.examine(*source, indicators=("money.own_funds",))
    assert [(one.sheet, one.row, one.column) for one in found.problems] == [("survey", 2, "bind::reportsvc:indicator")]
    assert "money.own_funds" in found.problems[0].reason % found.problems[0].values


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
    assert told(stream.getvalue(), "a.xlsx") == [("", 0, "", TOO_LARGE)]


@pytest.mark.parametrize("crowd", ["<c/>" * 100_001, "<a>" * 900_000, '<x:c r="A1"/>' * 100_001])
def test_a_small_workbook_with_more_cells_than_a_form_has_is_refused_unread(crowd: str) -> None:
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(WORKBOOK)) as good, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as bad:
        for name in good.namelist():
            bad.writestr(name, f"<worksheet><row>{crowd}</row></worksheet>" if "sheet1" in name else good.read(name))
    assert len(stream.getvalue()) < 100_000
    assert told(stream.getvalue(), "a.xlsx") == [("", 0, "", TOO_LARGE)]


def test_a_file_of_another_kind_is_refused() -> None:
    for name in ("a.xls", "a.csv", "a.md"):
        assert "can't be read as" in only(told(WORKBOOK, name))[3]
    assert "can't be read as" in only(told(b"| survey |", "a.xlsx"))[3]
    assert "ends in “.pdf”" in only(told(WORKBOOK, "a.pdf"))[3]
    assert "ends in “”" in only(told(WORKBOOK, "survey"))[3]
    assert only(told(bytes(6 * 1024 * 1024), "a.csv"))[3] == TOO_LARGE
    assert only(told(bytes(3 * 1024 * 1024), "a.xls"))[3] == TOO_LARGE


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
