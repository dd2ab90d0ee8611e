"""Forms put together by chance: what the importer lets pass, the checks can handle."""

from datetime import date
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from reportsvc.forms import importer
from reportsvc.forms.answers import changes, check, display, quantities, visible
from reportsvc.forms.definition import Form, from_json, to_json
from tests.unit.forms.sheets import markdown

TOP, INSIDE = ["a", "b", "c", "d"], ["x", "y", "z"]
CHOICES = [{"list_name": "l", "name": name, "label": name.upper()} for name in ("one", "two")]
KINDS = ["text", "integer", "decimal", "date", "select_one l", "select_multiple l", "calculate", "hidden", "note"]

OPERANDS = st.sampled_from(
    [*(f"${{{name}}}" for name in [*TOP, *INSIDE]), "'one'", "1", "''", "today()", "count(${rows})"]
)
CONDITIONS = st.builds("{} {} {}".format, OPERANDS, st.sampled_from(["=", "!=", ">", "<"]), OPERANDS)
FORMULAS = st.builds("{}({}, {})".format, st.sampled_from(["sum", "concat", "max", "join"]), OPERANDS, OPERANDS)
FORMULAS |= st.builds("once({})".format, OPERANDS)


@st.composite
def rows(draw: Any, names: list[str]) -> list[dict[str, str]]:
    found = []
    for name in names:
        kind = draw(st.sampled_from(KINDS))
        row = {"type": kind, "name": name, "label": name}
        if draw(st.booleans()):
            row["relevant"] = draw(CONDITIONS)
        if kind == "calculate":
            row["calculation"] = draw(FORMULAS)
        elif kind not in {"hidden", "note"}:
            row |= {
                "required": draw(st.sampled_from(["", "yes", "${a} = 'one'"])),
                "constraint": draw(st.sampled_from(["", ". != '1'"])),
            }
        if kind in {"integer", "decimal", "calculate"}:
            row["bind::reportsvc:indicator"] = f"some.{name}"
        found.append(row)
    return found


@st.composite
def forms(draw: Any) -> Form:
    survey = draw(rows(TOP))
    repeat = [{"type": "begin repeat", "name": "rows", "label": "Rows"}, *draw(rows(INSIDE)), {"type": "end repeat"}]
    if draw(st.booleans()):
        repeat[0]["relevant"] = draw(CONDITIONS)
    place = draw(st.integers(0, len(survey)))
    survey[place:place] = repeat
    if draw(st.booleans()):
        survey = [{"type": "begin group", "name": "g", "label": "G"}, *survey, {"type": "end group"}]
    try:
        form = importer.read(*markdown(survey, CHOICES))
    except importer.FormError:  # circles, mostly
        form = None
    assume(form is not None)
    return form


ANSWER = st.sampled_from(["one", "two", "one two", "1", "1,000", "２", "2026/3/1", "0", "-5", "", " ", "x"]) | st.text(
    max_size=5
)
ROW = st.dictionaries(st.sampled_from(INSIDE), ANSWER, max_size=3)
RAW = st.dictionaries(st.sampled_from(TOP), ANSWER, max_size=4)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(forms(), RAW, st.lists(ROW, max_size=4), st.dictionaries(st.sampled_from([*TOP, *INSIDE]), ANSWER))
def test_answers_to_any_form_are_checked_once_and_for_all(
    form: Form, raw: dict[str, Any], rows_given: list[dict[str, str]], supplied: dict[str, str]
) -> None:
    def checked(answers: dict[str, Any], form: Form = form) -> Any:
        return check(form, answers, supplied=supplied, choices={}, today=date(2026, 3, 31))

    found = checked({**raw, "rows": rows_given})
    assert checked(found.answers) == found
    assert checked({**raw, "rows": rows_given}, from_json(to_json(form))) == found
    assert not any(row == {} for row in found.answers.get("rows", []))

    asked = visible(form, found.answers, supplied=supplied, today=date(2026, 3, 31))
    hidden = {question.name for question, _ in form.questions() if question.kind in {"hidden", "calculate"}}
    assert {problem.path for problem in found.problems} <= asked
    assert set(found.answers) - hidden <= asked

    assert changes(form, found.answers, found.answers) == []
    paths = {one.path for section in display(form, found.answers) for one in section.answers}
    assert {quantity.path for quantity in quantities(form, found.answers)} <= paths
