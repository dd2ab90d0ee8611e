"""Expressions on the phone: the same trees give the same text and truth as on the server."""

from __future__ import annotations

import json
import random
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page

from reportsvc.forms import expressions
from reportsvc.forms.expressions import Context, Node
from reportsvc.forms.expressions.functions import FUNCTIONS
from reportsvc.forms.expressions.regex import translate
from reportsvc.forms.expressions.tree import Binary, Call, Negative, Number, Parent, Reference, Self, Text
from tests.e2e.conftest import ORIGIN
from tests.support.tracked import ROOT

VECTORS = ROOT / "tests/vectors/expressions.json"

# Gives [text, truth] of each case; a case that fails says so in its own place.
RUN = """async ([address, cases]) => {
  const {textResult, truthResult} = await import(address);
  return cases.map(({tree, answers, own, position, today}) => {
    const lookup = (name) => Object.hasOwn(answers, name) ? answers[name] : "";
    const context = {lookup, own, position, today};
    try { return [textResult(tree, context), truthResult(tree, context)]; }
    catch (error) { return [String(error), null]; }
  });
}"""


def on_the_phone(page: Page, cases: list[dict[str, Any]]) -> list[list[Any]]:
    found: list[list[Any]] = page.evaluate(RUN, [f"{ORIGIN}/static/forms/expressions.js", cases])
    assert len(found) == len(cases)
    return found


def on_the_server(case: dict[str, Any]) -> list[Any]:
    answers = {name: tuple(value) if isinstance(value, list) else value for name, value in case["answers"].items()}
    context = Context(
        lambda name: answers.get(name, ""), date.fromisoformat(case["today"]), case["own"], case["position"]
    )
    tree = expressions.from_json(case["tree"])
    return [expressions.text_result(tree, context), expressions.truth_result(tree, context)]


def test_the_vectors_hold_on_the_phone(page: Page) -> None:
    cases = json.loads(VECTORS.read_text("utf-8"))
    wrong = [
        (case["expression"], found)
        for case, found in zip(cases, on_the_phone(page, cases), strict=True)
        if found != [case["text"], case["truth"]]
    ]
    assert wrong == []


WRITTEN = r"""
0.1 + 0.2 | 0.3
1 div 3 | 0.3333333333333333333333333333
2 div 3 | 0.6666666666666666666666666667
0 - 2 div 3 | -0.6666666666666666666666666667
1 div 11164 | 0.00008957362952346829093514869223
1 div -3371 | -0.0002966478789676653811925244735
10000000000000000000000000005 div 10 | 1000000000000000000000000000
10000000000000000000000000015 div 10 | 1000000000000000000000000002
12345678901234567890123456785 | 12345678901234567890123456780
12345678901234567890123456775 | 12345678901234567890123456780
9999999999999999999999999999.5 | 10000000000000000000000000000
9999999999999999999999999999999999999999 |
round(2.5) | 3
round(-2.5) | -2
round(1.005, 2) | 1.01
round(1250, -2) | 1300
round(0.5, 41) | 0.5
int(-3.9) | -3
-7 mod 3 | -1
7.5 mod -2 | 1.5
1 div 0 |
5 mod 0 |
1.50 + 1.50 | 3
-0.0 | 0
substr('开放😀abc', 2, 3) | 😀
substr('abcdef', -2) | ef
string-length('😀😀') | 2
date('2024-02-29') + 1 | 19783
date(19783) | 2024-03-01
date(-719162) | 0001-01-01
date(-719163) |
date(2932896) | 9999-12-31
date(2932897) |
format-date('2026-03-01', '%Y年%n月%e日 %y/%m/%d') | 2026年3月1日 26/03/01
regex('13800000001', '^1[3-9]\d{9}$') | true
regex('a\nb', 'a.b') | false
'2026-02-30' > 0 | false
'2026-03-31' - '2026-03-01' | 30
'' != 0 | true
'1,000' + 1 |
' 7 ' * 1 | 7
"""


@pytest.fixture(scope="module")
def written() -> list[tuple[str, str]]:
    lines = (line.rpartition("|") for line in WRITTEN.strip().splitlines())
    return [(before.strip().replace("\\n", "\n"), after.strip()) for before, _, after in lines]


def test_what_was_worked_out_by_hand_holds_on_both_sides(page: Page, written: list[tuple[str, str]]) -> None:
    cases = [case(expressions.parse(text)) for text, _ in written]
    expected = [[text, result] for text, result in written]
    assert [[text, on_the_server(each)[0]] for (text, _), each in zip(written, cases, strict=True)] == expected
    found = on_the_phone(page, cases)
    assert [[text, each[0]] for (text, _), each in zip(written, found, strict=True)] == expected


# --- trees at random -------------------------------------------------------------------------------------------------

NUMBERS = [
    *("0", "1", "2", "3", "10", "0.5", ".05", "7.", "0.1", "12000.50", "1.005", "100", "20000", "999999999999.99"),
    *("9999999999999999999999999999", "1234567890123456789012345678.5", "0.0000000000000000000000000000000000000001"),
    *("99999999999999999999999999999999999999999", "0.33333333333333333333333333335", "123456789.987654321"),
]
TEXTS = [
    *("", " ", "0", "-3.5", " 7 ", "+5", "1e3", "1,000", "１２", "-0", "-.5", "true", "yes", "a b c", "b", "开放😀a"),
    *("2026-03-31", "2024-02-29", "2026-02-30", "0001-01-01", "9999-12-31", "0000-01-01", " 2026-03-31 ", "19783"),
    *("\tx\ny  z ", "1\u00a02", "13800000001", "%", "a\rb", "-", "9" * 45),
]
PATTERNS = [
    *(
        r"^1[3-9]\d{9}$",
        r"\w+",
        r"[^\d]*",
        "a.b",
        "(a|b)?c",
        "",
        r"\s*\S+\s*",
        "[一-龥]+.*",
        r"-?\d+(\.\d{1,2})?",
        r"^$",
    ),
    *(r"(?:a b)|\t.*", r".{0,3}", r"[\]\-a-c ]+", r"😀|开放😀a", r"\/\{\}"),
]
FORMATS = ["%Y-%m-%d", "%n/%e/%y", "%Y年%n月", ""]
LISTS = [(), ("",), ("1", "", "2.5"), ("a", "a b"), ("2026-03-31", "2026-04-01"), ("x", "9")]
SIMPLE = sorted(set(FUNCTIONS) - {"regex", "format-date", "position", "count", "count-non-empty"})
OPERATORS = ["+", "-", "*", "div", "mod", "=", "!=", "<", "<=", ">", ">=", "and", "or"]


def leaf(chance: random.Random) -> Node:
    return chance.choice(
        [
            Number(chance.choice(NUMBERS)),
            Number(f"{chance.randrange(10**6)}.{chance.randrange(1000)}"),
            Text(chance.choice(TEXTS)),
            Reference(f"text{chance.randrange(len(TEXTS))}"),
            Reference(f"list{chance.randrange(len(LISTS))}"),
            Reference("nowhere"),
            Self(),
        ]
    )


def tree(chance: random.Random, depth: int) -> Node:
    if depth == 0:
        return leaf(chance)
    match chance.randrange(10):
        case 0:
            return leaf(chance)
        case 1:
            return Negative(tree(chance, depth - 1))
        case 2 | 3 | 4 | 5:
            return Binary(chance.choice(OPERATORS), tree(chance, depth - 1), tree(chance, depth - 1))
        case 6:
            return special(chance, depth)
    name = chance.choice(SIMPLE)
    function = FUNCTIONS[name]
    count = chance.randint(function.least, min(function.most, function.least + 2))
    return Call(name, tuple(tree(chance, depth - 1) for _ in range(count)))


def special(chance: random.Random, depth: int) -> Node:
    name = chance.choice(["regex", "format-date", "position", "count", "count-non-empty"])
    match name:
        case "regex":
            return Call(name, (tree(chance, depth - 1), Text(translate(chance.choice(PATTERNS)))))
        case "format-date":
            return Call(name, (tree(chance, depth - 1), Text(chance.choice(FORMATS))))
        case "position":
            return Call(name, (Parent(),))
    return Call(name, (Reference(f"list{chance.randrange(len(LISTS))}"),))


def case(node: Node, own: str = "", position: int = 0) -> dict[str, Any]:
    answers: dict[str, Any] = {f"text{number}": text for number, text in enumerate(TEXTS)}
    answers |= {f"list{number}": list(texts) for number, texts in enumerate(LISTS)}
    data = expressions.to_json(node)
    return {"tree": data, "answers": answers, "own": own, "position": position, "today": "2026-04-02"}


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_trees_at_random_give_the_same_on_both_sides(page: Page, depth: int) -> None:
    chance = random.Random(20260402 + depth)  # noqa: S311 - trees to compare, not secrets
    cases = [case(tree(chance, depth), chance.choice(TEXTS), chance.randrange(4)) for _ in range(500)]
    expected = [on_the_server(each) for each in cases]
    assert len({text for text, _ in expected}) > 60, "the trees are too much alike to prove anything"
    found = on_the_phone(page, cases)
    wrong = [
        (json.dumps(each["tree"], ensure_ascii=False), each["own"], right, got)
        for each, right, got in zip(cases, expected, found, strict=True)
        if right != got
    ]
    assert wrong == []
