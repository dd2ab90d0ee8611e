"""Scripts keep to ES2019: the phones' WeChat carries a WebView of that year, where one newer sign breaks a whole page.

The check reads tokens, not the grammar: it leaves out comments, texts and patterns, and looks for what is newer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.support.tracked import ROOT

# In this order: a comment or text hides everything in it; a slash after a value divides, elsewhere it opens a pattern.
TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*[\s\S]*?\*/)
    |(?P<text>'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*")
    |(?P<template>`|\})
    |(?P<number>(?:0[xXbBoO][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)n?)
    |(?P<name>\#?[A-Za-z_$][\w$]*)
    |(?P<sign>\?\?=|\|\|=|&&=|\?\?|\?\.(?!\d)|=>|\+\+|--|/|[^\s])""",
    re.VERBOSE,
)
PATTERN = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/([a-z]*)")
CHUNK = re.compile(r"(?:\\[\s\S]|(?!\$\{)[^`\\])*(`|\$\{)")
BEFORE_PATTERN = {*"(,=:[!&|?{};+-*%~^<>", "=>", "return", "typeof", "case", "in", "of", "void", "delete"}
NEW_SIGNS = {"??": "2020", "?.": "2020", "??=": "2021", "||=": "2021", "&&=": "2021"}
NEW_NAMES = {
    **dict.fromkeys(("BigInt", "BigInt64Array", "BigUint64Array", "globalThis"), "2020"),
    **dict.fromkeys(("WeakRef", "FinalizationRegistry", "AggregateError"), "2021"),
}
NEW_METHODS = {
    **dict.fromkeys(("matchAll", "allSettled"), "2020"),
    **dict.fromkeys(("replaceAll",), "2021"),
    **dict.fromkeys(("at", "hasOwn"), "2022"),
    **dict.fromkeys(("findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced"), "2023"),
    **dict.fromkeys(("withResolvers", "groupBy", "isWellFormed", "structuredClone"), "2024"),
}
NEW_CALLS = {"structuredClone": "2022", "import": "2020"}


def newer(source: str) -> list[str]:
    """What is newer than ES2019 in a script, each as ``line: what (year)``."""
    return [f"{source.count(chr(10), 0, place) + 1}: {what}" for place, what in _newer(source)]


def _tokens(source: str) -> Iterator[tuple[int, str, str]]:
    """(place, kind, token); of templates only what stands in their ``${}``."""
    place, before, braces = 0, "", list[int]()
    while found := TOKEN.search(source, place):
        place, kind, token = found.end(), str(found.lastgroup), found[0]
        if kind == "comment":
            continue
        if token == "/" and (before in BEFORE_PATTERN or not before):
            pattern = PATTERN.match(source, found.start())
            assert pattern, f"a pattern without end: {source[found.start() : found.start() + 40]}"
            place, kind, token = pattern.end(), "pattern", pattern[0]
        if token == "{":
            braces.append(0)
        if token == "`" or (token == "}" and braces and braces.pop()):
            chunk = CHUNK.match(source, place)
            assert chunk, f"a template without end: {source[place : place + 40]}"
            place, kind = chunk.end(), "text"
            if chunk[1] == "${":
                braces.append(1)
                before = "("
                continue
            token = "`"
        yield found.start(), kind, token
        before = token


def _newer(source: str) -> Iterator[tuple[int, str]]:
    tokens = [(0, "", ""), *_tokens(source), (len(source), "", "")]
    for (_, _, before), (place, kind, token), (_, _, after) in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if kind == "sign" and token in NEW_SIGNS:
            yield place, f"{token} ({NEW_SIGNS[token]})"
        elif kind == "number" and (token.endswith("n") or "_" in token):
            yield place, f"the number {token} ({'2020' if token.endswith('n') else '2021'})"
        elif kind == "pattern" and set(token.rpartition("/")[2]) & set("dv"):
            yield place, f"the pattern's flags {token.rpartition('/')[2]} (2022)"
        elif kind == "name" and token.startswith("#"):
            yield place, f"the private name {token} (2022)"
        elif kind == "name" and before == "." and token in NEW_METHODS and after == "(":
            yield place, f".{token}() ({NEW_METHODS[token]})"
        elif kind == "name" and before != "." and token in NEW_NAMES and after != ":":
            yield place, f"{token} ({NEW_NAMES[token]})"
        elif kind == "name" and before != "." and token in NEW_CALLS and after == "(":
            yield place, f"{token}() ({NEW_CALLS[token]})"
        elif (token, after) == ("import", ".") or (token == "static" and after == "{"):
            yield place, f"{token}{after} (2020 or later)"
        elif token == "*" and before == "export":
            yield from ((there, "export * as (2020)") for there, _, name in tokens if name == "as" and there > place)
    yield from _fields(tokens)


def _fields(tokens: list[tuple[int, str, str]]) -> Iterator[tuple[int, str]]:
    """Fields of classes: at the depth of a class's body a name with ``=`` or ``;`` behind it, not with ``(``."""
    bodies, depth, waiting = list[int](), 0, False
    for (place, kind, token), (_, _, after) in pairwise(tokens):
        if kind == "name" and token == "class":
            waiting = True
        if token in {"{", "(", "["}:
            depth += 1
            if waiting and token == "{":
                bodies.append(depth)
                waiting = False
        elif token in {"}", ")", "]"}:
            if bodies and bodies[-1] == depth:
                bodies.pop()
            depth -= 1
        elif bodies and bodies[-1] == depth and kind == "name" and after in {"=", ";"}:
            yield place, f"the field {token} of a class (2022)"


SCRIPTS = sorted((ROOT / "static").rglob("*.js"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_script_has_nothing_newer_than_2019(path: object) -> None:
    assert newer(ROOT.joinpath(str(path)).read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "const a = b?.c;",
        "a ?? b",
        "a ||= 1",
        "a &&= 1",
        "a ??= 1",
        "10n + x",
        "0x1Fn",
        "BigInt(3)",
        "1_000",
        "[1].at(-1)",
        "'a'.replaceAll('b', 'c')",
        "Object.hasOwn(a, 'b')",
        "class A { b = 1; }",
        "class A { static c = 1; d() {} }",
        "class A { b; }",
        "class A { #b() {} }",
        "class A { static { go(); } }",
        "globalThis.x",
        "await import('./x.js')",
        "import.meta.url",
        "export * as x from './x.js';",
        "/a/d.test(x)",
        "x = /[/]/v",
        "`${a ?? b}`",
        "`x ${`${a?.b}`}`",
        "const x = a / b ?? c / d;",
        "structuredClone(a)",
        "Promise.allSettled(x)",
        "[1].findLast(x)",
        "text.matchAll(/a/g)",
    ],
)
def test_the_check_finds_what_is_newer(source: str) -> None:
    assert len(newer(f"let first;\n{source}")) >= 1
    assert all(found.startswith("2: ") for found in newer(f"let first;\n{source}"))


@pytest.mark.parametrize(
    "source",
    [
        "a ? .5 : b",
        "a?.5:b",
        "// a ?? b\n/* x?.y 10n */",
        "'a ?? b' + \"10n\" + `?? 10n ${a ? b : c} ?.`",
        "/a??b\\/[/]?./u.test(x)",
        "x = a / b; y = c / d // ??",
        "const n = 10; f(n)",
        "[...a, ...b].flatMap(f).flat()",
        "class A { constructor() { this.b = 1; } get c() { return 1; } static d() { let e = 2; return e; } }",
        "({at: 1}).at; x.at = 3; ({ globalThis: 1 })",
        "try { a(); } catch { b(); }",
        "async function* f() { for await (const a of b) yield a; }",
        "const {a, ...rest} = {...b}; 2 ** 3; a => ({b})",
        "import { a as b } from './c.js';\nexport * from './d.js';",
        "x = y || z && w",
        "`a${`b${c}`}d`",
        "if (a) { b = `}`; } else { c(`${d}`); }",
    ],
)
def test_the_check_lets_pass_what_is_not(source: str) -> None:
    assert newer(source) == []
