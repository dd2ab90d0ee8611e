"""The phone and the server, side by side: relevance, calculations and numbers come out the same."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Page

from reportsvc.forms import importer
from reportsvc.forms.answers.state import work_out
from reportsvc.forms.definition import Answers, Form, Question, Repeat, to_json
from reportsvc.forms.numbers import grouped, normalise
from reportsvc.forms.shipped import quarterly_report
from tests.e2e.conftest import ORIGIN
from tests.e2e.form_page import FORM, TODAY

ODD = ["", "0", "1", "3", "0.1", "12000.50", "-2", "x", "2026-03-31", "a b"]


def _answered(chance: random.Random, questions: Iterable[Question]) -> dict[str, str]:
    found = {}
    for question in questions:
        choices = [choice.value for choice in question.choices] * 2
        found[question.name] = chance.choice([*choices, *ODD])
    return {name: value for name, value in found.items() if value}


def _at_random(chance: random.Random, form: Form) -> Answers:
    answers: Answers = {}
    for item in form.items():
        if isinstance(item, Repeat):
            rows = [_answered(chance, item.questions) for _ in range(chance.randrange(4))]
            answers[item.name] = [row for row in rows if any(row.values())]
        else:
            answers.update(_answered(chance, [item]))
    return answers


def _worked_out(form: Form, answers: Answers, supplied: dict[str, str]) -> dict[str, list[Any]]:
    """[relevant, value] by name and row."""
    state = work_out(form, answers, supplied=supplied, today=TODAY)
    found: dict[str, list[Any]] = {}
    for section in form.sections:
        found[f"{section.name} 0"] = [state.is_relevant(section.name), ""]
        for item in section.items:
            found[f"{item.name} 0"] = [state.is_relevant(item.name), state.value(item.name)]
            if isinstance(item, Repeat):
                for question, row in product(item.questions, range(len(answers[item.name]))):
                    relevant = state.is_relevant(question.name, row)
                    found[f"{question.name} {row}"] = [relevant, state.value(question.name, row)]
    return found


WORK_OUT = """async ([address, form, today, cases]) => {
  const {parts, State} = await import(address);
  const known = parts(form);
  return cases.map(([answers, asked]) => {
    const state = new State(known, answers, today);
    const value = (name, row) => known.get(name).part.kind ? state.value(name, row) : "";
    return asked.map(([name, row]) => [state.relevant(name, row), value(name, row)]);
  });
}"""


@pytest.mark.parametrize("name", ["shipped", "sample"])
def test_relevance_and_calculations_come_out_as_on_the_server(page: Page, name: str) -> None:
    chance = random.Random(20260404)  # noqa: S311 - samples, not secrets
    form = importer.read(*quarterly_report()) if name == "shipped" else FORM
    cases, expected = [], []
    for _ in range(300):
        answers = _at_random(chance, form)
        supplied = {"role": chance.choice(["lead", "partner"]), "county_count": chance.choice("0123")}
        hidden = {question.name for question, _ in form.questions() if question.kind in {"hidden", "calculate"}}
        answers = {name: value for name, value in answers.items() if name not in hidden}
        worked_out = _worked_out(form, answers, supplied)
        asked = [(key.split()[0], int(key.split()[1])) for key in worked_out]
        cases.append([{**answers, **supplied}, asked])
        expected.append(list(worked_out.values()))
    assert {relevant for case in expected for relevant, _ in case} == {True, False}
    address = f"{ORIGIN}/static/forms/state.js"
    found = page.evaluate(WORK_OUT, [address, to_json(form), TODAY.isoformat(), cases])
    assert found == expected


def test_numbers_are_read_on_the_phone_as_on_the_server(page: Page) -> None:
    chance = random.Random(20260403)  # noqa: S311 - samples, not secrets
    signs = "0123456789" * 2 + "１２０,,，..。+-－−  \u3000\u00a0、e元\t万亿萬"
    cases = ["".join(chance.choices(signs, k=chance.randrange(1, 8))) for _ in range(3000)]
    cases += [
        "1,234.50",
        "１，２３４",
        "-1 234 567",
        "1,23",
        "0,123",
        "1,234 567",
        "12。",
        "-",
        "",
        ".",
        "-0.00",
        "1,234,567,890.1",
        *(
            "1.2万",
            "3亿",
            "1亿2000万",
            "1亿20000万",
            "1.5亿2000万",
            "-0.5 万",
            "0.00001万",
            "1.23456789万",
            "1亿 5 万",
            "0亿",
        ),
        *(
            f"{whole}{mark}{rest}{unit}"
            for whole in ("1", "1,234", "-02")
            for mark in (".", "亿")
            for rest in ("05", "", "1 2", "12345")
            for unit in "万亿"
        ),
    ]
    found = page.evaluate(
        """async ([address, cases]) => {
          const {normalise, grouped} = await import(address);
          return cases.map((each) => [normalise(each), grouped(each)]);
        }""",
        [f"{ORIGIN}/static/forms/numbers.js", cases],
    )
    expected = [[normalise(each), grouped(each)] for each in cases]
    assert sum(number is not None for number, _ in expected) > 300
    wrong = [(case, right, got) for case, right, got in zip(cases, expected, found, strict=True) if right != got]
    assert wrong == []
