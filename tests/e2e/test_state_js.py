"""The answers worked out on the phone: after a change only what depends on it, and with what the server would say."""

from __future__ import annotations

import random
from typing import Any

from playwright.sync_api import Page

from reportsvc.forms.answers.state import work_out
from reportsvc.forms.definition import Choice, Form, Question, Repeat, Section, to_json
from reportsvc.forms.expressions import parse
from tests.e2e.conftest import ORIGIN
from tests.e2e.form_page import TODAY


def _calculated(name: str, text: str) -> Question:
    return Question(name, "calculate", "", calculation=parse(text))


FORM = Form(
    "nested",
    "",
    (
        Section(
            "s",
            "",
            (
                Question("many", "integer", ""),
                Question("kind", "select_one", "", choices=(Choice("a", "甲"), Choice("b", "乙"))),
                _calculated("total", "sum(${people}) + sum(${age})"),
                _calculated("second", "indexed-repeat(${people}, ${house}, 2)"),
                _calculated("deep", "indexed-repeat(${age}, ${house}, 1, ${member}, 2)"),
                _calculated("label", "jr:choice-name(${kind}, '${kind}')"),
                _calculated("root", "round(sqrt(${many}), 3)"),
                _calculated("houses", "count(${house})"),
                Repeat(
                    "house",
                    "",
                    (
                        Question("people", "integer", ""),
                        _calculated("share", "${people} div ${total}"),
                        _calculated("ages", "join(',', ${age})"),
                        Question("only_b", "text", "", relevant=parse("${kind} = 'b'")),
                    ),
                    repeats=(
                        Repeat(
                            "member",
                            "",
                            (
                                Question("age", "integer", ""),
                                Question(
                                    "place",
                                    "calculate",
                                    "",
                                    calculation=parse("concat(position(../..), '.', position(..))"),
                                ),
                                _calculated("of", "${age} div ${people}"),
                            ),
                            relevant=parse("${people} > 1"),
                        ),
                    ),
                ),
            ),
        ),
    ),
)

# The answers follow one another; each time gives what a State that was told of each change says, what a fresh one says,
# and how much was worked out anew.
FOLLOW = """async ([address, form, today, cases]) => {
  const {parts, State} = await import(address);
  await import(address.replace("state.js", "more.js"));
  const known = parts(form);
  const extras = {now: "", language: "zh"};
  const kept = new State(known, cases[0][0], today, extras);
  const say = (state, asked) => asked.map(([name, ...row]) => [state.relevant(name, row), state.value(name, row)]);
  return cases.map(([answers, asked]) => {
    const touched = [...kept.update(answers)].sort();
    return [say(kept, asked), say(new State(known, answers, today, extras), asked), touched];
  });
}"""


def _answers(chance: random.Random, before: dict[str, Any]) -> dict[str, Any]:
    number = lambda: chance.choice(["1", "2", "3", "7.5", "40"])  # noqa: E731 - a word for a choice
    found = {**before}
    match chance.randrange(4):
        case 0:
            found["many"] = number()
        case 1:
            found["kind"] = chance.choice("ab")
        case 2 if found.get("house"):
            rows = [{**row} for row in found["house"]]
            chance.choice(rows)["people"] = number()
            found["house"] = rows
        case _:
            found["house"] = [
                {"people": number(), "only_b": "x", "member": [{"age": number()} for _ in range(chance.randrange(3))]}
                for _ in range(chance.randrange(4))
            ]
    return found


def _asked(answers: dict[str, Any]) -> dict[tuple[Any, ...], tuple[str, int]]:
    """(name, indexes…) as the phone asks → (name, row) as the server does."""
    found: dict[tuple[Any, ...], tuple[str, int]] = {
        (name,): (name, 0) for name in ("many", "kind", "total", "second", "deep", "label", "root", "houses")
    }
    through = 0
    for outer, row in enumerate(answers.get("house", [])):
        found |= {(name, outer): (name, outer) for name in ("people", "share", "ages", "only_b")}
        for inner in range(len(row["member"]) if float(row["people"]) > 1 else 0):
            found |= {(name, outer, inner): (name, through) for name in ("age", "place", "of")}
            through += 1
    return found


def test_what_is_kept_up_to_date_is_what_the_server_says(page: Page) -> None:
    chance = random.Random(20260407)  # noqa: S311 - samples, not secrets
    answers: dict[str, Any] = {}
    cases, expected = [], []
    for _ in range(150):
        answers = _answers(chance, answers)
        asked = _asked(answers)
        state = work_out(FORM, answers, supplied={}, today=TODAY)
        cases.append([answers, list(asked)])
        expected.append([[state.is_relevant(*each), state.value(*each)] for each in asked.values()])
    found = page.evaluate(FOLLOW, [f"{ORIGIN}/static/forms/state.js", to_json(FORM), TODAY.isoformat(), cases])
    assert [fresh for _, fresh, _ in found] == expected
    assert [kept for kept, _, _ in found] == expected
    assert sum(any(text for _, text in case) for case in expected) > 100


def test_only_what_depends_on_a_change_is_touched(page: Page) -> None:
    start = {"many": "1", "kind": "a", "house": [{"people": "2", "only_b": "", "member": [{"age": "1"}]}]}
    house = start["house"][0]  # type: ignore[index]
    changes = [
        start,
        {**start, "many": "2"},
        {**start, "many": "2", "kind": "b"},
        {**start, "many": "2", "kind": "b", "house": [{**house, "member": [{"age": "5"}]}]},
        {**start, "many": "2", "kind": "b", "house": [{**house, "member": [{"age": "5"}]}]},
    ]
    cases = [[answers, []] for answers in changes]
    found = page.evaluate(FOLLOW, [f"{ORIGIN}/static/forms/state.js", to_json(FORM), TODAY.isoformat(), cases])
    assert [touched for _, _, touched in found] == [
        [],
        ["many", "root"],
        ["kind", "label", "only_b"],
        ["age", "ages", "deep", "of", "share", "total"],
        [],
    ]
