"""What is asked now, and how it is called."""

from typing import Any

from reportsvc.forms import importer
from reportsvc.forms.answers import label, visible
from tests.unit.forms.report import LEAD, PARTNER, REPORT, TODAY
from tests.unit.forms.sheets import markdown


def test_visible_follows_the_answers() -> None:
    def seen(answers: dict[str, Any], supplied: dict[str, str] = LEAD) -> set[str]:
        return visible(REPORT, answers, supplied=supplied, today=TODAY)

    start = seen({})
    assert {"state", "text", "publish", "about_project", "project_state", "activity", "publish_note"} <= start
    assert not start & {"money", "benefit", "output", "completed_on", "role", "funds_total", "activities"}
    assert "completed_on" in seen({"project_state": "completed"})
    active = seen({"activity": "yes", "benefits": [{"benefit_unit": "visits"}]})
    assert {"money", "benefit", "output", "funds_total_note", "benefits[1].benefit_county"} <= active
    assert "benefits[2].benefit_county" in active
    assert "benefits[3].benefit_county" not in active
    assert "benefits[1].benefit_county" not in seen({"activity": "yes"}, {**LEAD, "county_count": "1"})
    assert not seen({"activity": "yes"}, PARTNER) & {"benefit", "benefits", "output"}


def test_visible_takes_answers_as_they_were_typed_and_counts_the_empty_rows_that_are_shown() -> None:
    form = importer.read(
        *markdown(
            [
                {"type": "integer", "name": "n", "label": "N"},
                {"type": "begin repeat", "name": "rows", "label": "Rows", "relevant": "${n} > 1000"},
                {"type": "text", "name": "a", "label": "A"},
                {"type": "text", "name": "b", "label": "B", "relevant": "${a} = 'x'"},
                {"type": "end repeat"},
            ]
        )
    )

    def seen(raw: Any) -> set[str]:
        return visible(form, raw, supplied={}, today=TODAY)

    assert "rows" not in seen({"n": "1,000"})
    assert "rows" not in seen({"n": {}, "rows": 5})
    found = seen({"n": "１，００１", "rows": [{}, {"a": " x "}]})
    assert found == {"section_1", "n", "rows", "rows[1].a", "rows[2].a", "rows[2].b", "rows[3].a"}


def test_a_section_with_nothing_to_show_is_not_visible() -> None:
    form = importer.read(
        *markdown(
            [
                {"type": "hidden", "name": "h"},
                {"type": "begin group", "name": "g", "label": "G"},
                {"type": "text", "name": "a", "label": "A"},
                {"type": "end group"},
            ]
        )
    )
    assert [section.name for section in form.sections] == ["section_1", "g"]
    assert visible(form, {}, supplied={}, today=TODAY) == {"g", "a"}


def test_labels_are_filled_from_the_row_first() -> None:
    assert label("${a}与${ b }和${c}", {"a": "1", "b": "2"}, {"b": "3"}) == "1与3和"
    note = next(question.label for question, _ in REPORT.questions() if question.name == "funds_total_note")
    assert label(note, {"funds_total": "12000.5"}, form=REPORT) == "以上合计：12,000.5 元"
