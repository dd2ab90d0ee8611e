"""What the script on the phone needs of a form to follow one section of it: every byte travels over a slow link.

Left are the section's own questions and those elsewhere that their conditions, calculations and labels lead to; left
out is what the page itself already shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields, replace

from reportsvc.forms.definition import Form, Question, Repeat, Section
from reportsvc.forms.expressions import Node, references
from reportsvc.forms.expressions.tree import Call, walk

USUAL = frozenset(
    {
        *("true", "false", "not", "boolean", "string", "number", "int", "round", "abs", "min", "max", "sum", "count"),
        *("count-non-empty", "if", "coalesce", "once", "concat", "join", "string-length", "normalize-space", "substr"),
        *("substring-before", "substring-after", "contains", "starts-with", "ends-with", "regex", "selected"),
        *("selected-at", "count-selected", "today", "date", "position"),
    }
)
"""The functions of ``static/forms/expressions.js``; a form that calls others gets ``more.js`` too."""
NAMED = re.compile(r"\$\{([^}]+)\}")


def for_section(form: Form, name: str) -> Form:
    """The form with only what following the section of that name takes."""
    here = form.section(name)
    if here is None:
        return form
    needed = _needed(form, here)
    shown = {found for question in _questions(here.items) for found in NAMED.findall(question.label)}
    return replace(form, title="", sections=tuple(_slim(part, part is here, needed, shown) for part in form.sections))


def calls_more(form: Form) -> bool:
    """Whether a form calls a function that the usual script hasn't."""
    trees = [tree for part in _parts(form) for tree in _trees(part)]
    return any(isinstance(node, Call) and node.function not in USUAL for tree in trees for node in walk(tree))


def _parts(form: Form) -> Iterable[Question | Repeat | Section]:
    yield from form.sections
    yield from form.items()
    yield from (question for question, _ in form.questions())


def _trees(part: Question | Repeat | Section) -> list[Node]:
    """Every expression of a part, whatever it is called."""
    values = (getattr(part, spec.name) for spec in fields(part))
    return [value for value in values if isinstance(value, Node)]


def _questions(items: Iterable[Question | Repeat]) -> Iterable[Question]:
    for item in items:
        yield from item.questions if isinstance(item, Repeat) else (item,)


def _asks(part: Question | Repeat | Section) -> set[str]:
    """The names that a part asks for."""
    trees: list[Node | None] = [part.relevant]
    label = part.label
    if isinstance(part, Question):
        trees += [part.required, part.constraint, part.calculation]
    found = {name for tree in trees for name in references(tree)}
    return found | {name.strip() for name in NAMED.findall(label)}


def _needed(form: Form, here: Section) -> set[str]:
    """Names that the section leads to, by however many steps."""
    inside = {}
    for section in form.sections:
        for item in section.items:
            inside[item.name] = (item, section)
            for question in item.questions if isinstance(item, Repeat) else ():
                inside[question.name] = (item, section)
    parts: dict[str, Question] = {question.name: question for question, _ in form.questions()}
    found: set[str] = set()
    waiting = set().union(_asks(here), *(_asks(item) for item in here.items), *map(_asks, _questions(here.items)))
    while waiting:
        name = waiting.pop()
        if name in found or name not in inside:
            continue
        found.add(name)
        item, section = inside[name]
        waiting |= {item.name} | _asks(item) | _asks(section) | (_asks(parts[name]) if name in parts else set())
    return found


def _slim(section: Section, is_here: bool, needed: set[str], shown: set[str]) -> Section:
    items: list[Question | Repeat] = []
    for item in section.items:
        if isinstance(item, Repeat):
            if is_here or item.name in needed:
                kept = tuple(_bare(each, is_here, shown) for each in item.questions if is_here or each.name in needed)
                items.append(replace(item, hint="", label=item.label if is_here else "", questions=kept))
        elif is_here or item.name in needed:
            items.append(_bare(item, is_here, shown))
    return replace(section, label="", hint="", items=tuple(items))


def _bare(question: Question, is_here: bool, shown: set[str]) -> Question:
    speaks = is_here and "${" in question.label
    chosen_from = bool(getattr(question, "choice_filter", None)) and is_here
    return replace(
        question,
        label=question.label if speaks else "",
        hint="",
        required=None,
        required_message="",
        constraint=question.constraint if is_here else None,
        constraint_message=question.constraint_message if is_here else "",
        choices=question.choices if chosen_from or question.name in shown else (),
        indicator="",
        place="",
        unit="",
    )
