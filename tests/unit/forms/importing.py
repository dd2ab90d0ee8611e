"""What the tests of the importer share: small questions, and what is told of a spreadsheet that is refused."""

import pytest

from reportsvc.errors import Invalid
from reportsvc.forms import importer
from reportsvc.forms.definition import Form, Question, Repeat
from tests.unit.forms.sheets import Cells, markdown

NAME = {"type": "text", "name": "who", "label": "Who?"}
AMOUNT = {"type": "decimal", "name": "amount", "label": "How much?"}
YES_NO: Cells = [
    {"list_name": "yes_no", "name": "yes", "label": "是"},
    {"list_name": "yes_no", "name": "no", "label": "否"},
]

SHEETS = {
    "survey": [["type", "name", "label"], ["text", "who", "谁？"], [], ["integer", "n", "多少？"]],
    "settings": [["form_title", "form_id"], ["表", "sheet_form"]],
}


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
