"""Expressions on the phone: the same trees give the same text and truth as on the server."""

from __future__ import annotations

import json
import random
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page, Route

from reportsvc.forms import expressions
from reportsvc.forms.expressions import Node
from reportsvc.forms.expressions.functions import FUNCTIONS
from reportsvc.forms.expressions.regex import translate
from reportsvc.forms.expressions.tree import Binary, Call, Column, Negative, Number, Parent, Reference, Self, Text
from reportsvc.web.assets import Assets
from tests.e2e.conftest import ORIGIN
from tests.support.tracked import ROOT
from tests.vectors.contexts import RUN, context_of

VECTORS = ROOT / "tests/vectors/expressions.json"


def on_the_phone(page: Page, cases: list[dict[str, Any]]) -> list[list[Any]]:
    found: list[list[Any]] = page.evaluate(RUN, [f"{ORIGIN}/static/forms/expressions.js", cases])
    assert len(found) == len(cases)
    return found


def on_the_server(case: dict[str, Any]) -> list[Any]:
    context = context_of(case)
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


def test_the_vectors_hold_for_the_scripts_as_they_are_sent(page: Page) -> None:
    files = Assets(ROOT / "static")

    def send(route: Route) -> None:
        name = urlsplit(route.request.url).path.removeprefix("/static/")
        route.fulfill(body=files.content(name, ""), content_type="text/javascript")

    page.route("**/static/**", send)
    assert (
        len(files.content("forms/expressions.js", "")) < len((ROOT / "static/forms/expressions.js").read_bytes()) / 1.5
    )
    cases = json.loads(VECTORS.read_text("utf-8"))
    assert [case["expression"] for case, found in zip(cases, on_the_phone(page, cases), strict=True)
            if found != [case["text"], case["truth"]]] == []  # fmt: skip


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
    *("2026-03-31T10:30", "2026-03-31T23:59:59.9999Z", "1969-12-31T06:00:00-05:00", "0001-01-01T00:00:00Z", "24:00"),
    *("06:00", "18:30:15.25+08:00", "00:10:00Z", "2026-03-31T10:60", "1", "-1", "9999-12-31T23:59:59.999+08:00"),
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
CURVES = ["pow", "sqrt", "exp", "exp10", "log", "log10", "sin", "cos", "tan"]
CURVES += ["asin", "acos", "atan", "atan2", "pi"]
LISTS = [(), ("",), ("1", "", "2.5"), ("a", "a b"), ("2026-03-31", "2026-04-01"), ("x", "9")]
FORMATS += ["%a %b %d", "%%Y"]
TIMED = ["%Y%m%d%H%M%S%3", "%h:%M %a", *FORMATS[:3]]
CHANCE = {"random", "uuid"}
SPECIAL = ["regex", "format-date", "format-date-time", "position", "count", "count-non-empty", "once"]
SPECIAL += ["indexed-repeat", "jr:choice-name", "pulldata", "weighted-checklist"]
SIMPLE = sorted(set(FUNCTIONS) - CHANCE - set(SPECIAL) - set(CURVES))
MORE = {
    "now": "2026-04-02T10:11:12.013+08:00",
    "columns": {"name": "a", "size": "7"},
    "positions": [2, 3],
    "lists": {"fruits": [{"name": "a", "price": "1.5"}, {"name": "b"}, {"name": "", "price": "0"}]},
    "choices": {"text0": {"a": "甲", "b": "乙"}},
    "cells": {"text0": {"1": "x", "1,2": "9", "3": "2026-03-31"}},
}
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
            Column(chance.choice(["name", "size", "none"])),
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


def special(chance: random.Random, depth: int) -> Node:  # noqa: PLR0911 - one return a function
    name = chance.choice(SPECIAL)
    below = [tree(chance, depth - 1) for _ in range(4)]
    match name:
        case "regex":
            return Call(name, (below[0], Text(translate(chance.choice(PATTERNS)))))
        case "format-date":
            return Call(name, (below[0], Text(chance.choice(FORMATS))))
        case "format-date-time":
            return Call(name, (below[0], Text(chance.choice(TIMED))))
        case "position":
            return Call(name, (Parent(chance.randrange(1, 4)),))
        case "once":
            return Call(name, (Call(chance.choice(sorted(CHANCE)), ()),))
        case "indexed-repeat":
            rows = (Text("rows"), Number(chance.choice("0123")), Text("inner"), below[0])
            return Call(name, (Reference("text0"), *rows[: chance.choice([2, 4])]))
        case "jr:choice-name":
            return Call(name, (below[0], Reference("text0")))
        case "pulldata":
            return Call(name, (Text("fruits.csv"), Text("price"), Text("name"), below[0]))
        case "weighted-checklist":
            return Call(name, (Number("1"), below[0], below[1], below[2], below[3], Number("2")))
    return Call(name, (Reference(f"list{chance.randrange(len(LISTS))}"),))


def case(node: Node, own: str = "", position: int = 0) -> dict[str, Any]:
    answers: dict[str, Any] = {f"text{number}": text for number, text in enumerate(TEXTS)}
    answers |= {f"list{number}": list(texts) for number, texts in enumerate(LISTS)}
    data = expressions.to_json(node)
    return {"tree": data, "answers": answers, "own": own, "position": position, "today": "2026-04-02", "more": MORE}


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


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False), st.integers(1, 4))
def test_hypothesis_finds_no_tree_on_which_the_sides_differ(page: Page, chance: random.Random, depth: int) -> None:
    """Twenty trees at a time, 1,600 in all; what hypothesis chooses it can also make smaller where one fails."""
    cases = [case(tree(chance, depth), chance.choice(TEXTS), chance.randrange(4)) for _ in range(20)]
    for each, found in zip(cases, on_the_phone(page, cases), strict=True):
        assert found == on_the_server(each), json.dumps(each["tree"], ensure_ascii=False)


def _curve(chance: random.Random) -> Node:
    name = chance.choice(CURVES)
    whole = str(chance.randrange(10 ** chance.choice([1, 2, 3, 7])))
    size = chance.choice([f"0.{whole}", f"{whole}.{chance.randrange(10**9)}", whole, chance.choice(NUMBERS), "1"])
    values: list[Node] = [Number(size), Number(str(chance.randrange(40) / 4))][: FUNCTIONS[name].most]
    return Call(name, tuple(Negative(value) if chance.random() < 0.3 else value for value in values))


def test_curves_agree_to_the_last_digit(page: Page) -> None:
    chance = random.Random(20260405)  # noqa: S311 - numbers to compare, not secrets
    cases = [case(_curve(chance)) for _ in range(400)]
    expected = [on_the_server(each) for each in cases]
    assert len({text for text, _ in expected}) > 200
    found = on_the_phone(page, cases)
    wrong = [
        (each["tree"], right, got) for each, right, got in zip(cases, expected, found, strict=True) if right != got
    ]
    assert wrong == []


def test_arithmetic_of_long_numbers_agrees_to_the_last_digit(page: Page) -> None:
    chance = random.Random(20260406)  # noqa: S311 - numbers to compare, not secrets

    def number() -> Node:
        digits = "".join(
            chance.choices("0123456789", weights=[6, 1, 1, 1, 1, 3, 1, 1, 1, 6], k=chance.randrange(1, 34))
        )
        place = chance.randrange(len(digits) + 1)
        found = Number(f"{digits[:place] or 0}.{digits[place:]}")
        return Negative(found) if chance.random() < 0.4 else found

    cases = []
    for _ in range(3000):
        operator = chance.choice([*OPERATORS[:11], "round", "int", "floor", "ceiling"])
        if operator in OPERATORS:
            cases.append(case(Binary(operator, number(), number())))
        else:
            places = (Number(str(chance.randrange(12))),) if operator == "round" else ()
            cases.append(case(Call(operator, (number(), *places))))
    expected = [on_the_server(each) for each in cases]
    found = on_the_phone(page, cases)
    wrong = [
        (each["tree"], right, got) for each, right, got in zip(cases, expected, found, strict=True) if right != got
    ]
    assert wrong == []
