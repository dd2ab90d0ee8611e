"""What the script on the phone needs of a form to follow one section of it: every byte travels over a slow link.

Left are the section's own questions and those elsewhere that their conditions, calculations and labels lead to; left
out is what the page itself already shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import TypeVar

from reportsvc.forms.definition import Form, Question, Repeat, Section
from reportsvc.forms.expressions import Node, needs_more, references
from reportsvc.forms.expressions.tree import Binary, Call, named_choices, pulled, walk

NAMED = re.compile(r"\$\{([^}]+)\}")
ALWAYS = Call("true", ())
"""A condition whose mark the page itself shows."""
MOMENTS = frozenset({"time", "datetime"})
"""Kinds whose answers the usual script can't read."""

FOLLOW, REST, MORE = "forms/form.js", "forms/form-rest.js", "forms/form-more.js"
REST_KINDS = frozenset({"integer", "decimal", "range", "rank", "geopoint"})
REST_FUNCTIONS = frozenset({"int", "round", "substr", "selected-at", "date", "position"})
REST_OPERATORS = frozenset({"*", "div", "mod"})
"""What ``static/forms/form-rest.js`` lends to the script that follows every section."""

Part = Question | Repeat | Section
Kept = TypeVar("Kept", Question, Repeat)


def for_section(form: Form, name: str) -> Form:
    """The form with only what following the section of that name takes."""
    here = form.section(name)
    if here is None:
        return form
    needed = _needed(form, here)
    kept = [part for part in _parts(form) if part.name in needed or part.name in _names(here)]
    trees = [tree for part in kept for tree in _trees(part)]
    spoken = {found.strip() for part in kept for found in NAMED.findall(part.label)}
    named = spoken | {found for tree in trees for found in named_choices(tree)}
    lists = {found for tree in trees for found, _, _ in pulled(tree)}
    slim = _Slim(here, needed, named)
    return replace(
        form,
        title="",
        sections=tuple(slim.section(each) for each in form.sections if each is here or each.name in needed),
        translations={},
        lists={name: rows for name, rows in form.lists.items() if name in lists},
    )


def scripts(form: Form, name: str) -> tuple[str, ...]:
    """The scripts, in their order, that follow a section on the phone; most sections need the first one alone.

    Numbers, rows, choices that depend on others or can be taken back, and what is worked out take the second; functions
    that few forms call, and moments, the third.
    """
    section = form.section(name)
    slim = for_section(form, name)
    nodes = [node for part in _parts(slim) for tree in _trees(part) for node in walk(tree)]
    asked = [question for question, _ in slim.questions()]
    more = any(needs_more(node) for node in nodes) or any(question.kind in MOMENTS for question in asked)
    rest = (
        more
        or any(isinstance(item, Repeat) or _is_rarer(item) for item in (section.items if section else ()))
        or any(question.kind == "calculate" for question in asked)
        or any(map(_is_worked_out, nodes))
    )
    return (FOLLOW, *((REST,) if rest else ()), *((MORE,) if more else ()))


def _is_rarer(question: Question) -> bool:
    may_stay_open = question.kind == "select_one" and question.required != ALWAYS
    return question.kind in REST_KINDS or question.choice_filter is not None or may_stay_open


def _is_worked_out(node: Node) -> bool:
    if isinstance(node, Binary):
        return node.operator in REST_OPERATORS
    return isinstance(node, Call) and node.function in REST_FUNCTIONS


def _parts(form: Form) -> Iterator[Part]:
    yield from form.sections
    yield from (repeat for repeat, _ in form.repeats())
    yield from (question for question, _ in form.questions())


def _trees(part: Part) -> list[Node]:
    """Every expression of a part, whatever it is called."""
    values = (getattr(part, spec.name) for spec in fields(part))
    return [value for value in values if isinstance(value, Node)]


def _names(section: Section) -> set[str]:
    """The names of everything in a section."""
    found = {section.name}
    for item in section.items:
        for part in (item, *item.repeats) if isinstance(item, Repeat) else (item,):
            found |= {part.name} | {each.name for each in (part.questions if isinstance(part, Repeat) else ())}
    return found


def _asks(part: Part) -> set[str]:
    """The names that a part asks for."""
    found = {name for tree in _trees(part) for name in references(tree)}
    found |= {name.strip() for name in NAMED.findall(part.label)}
    return found | (set(part.trigger.split()) if isinstance(part, Question) else set())


def _needed(form: Form, here: Section) -> set[str]:
    """Names that the section leads to, by however many steps; with a question goes all that it stands in."""
    around: dict[str, list[Part]] = {}
    for section in form.sections:
        for item in section.items:
            around[item.name] = [item, section]
            for repeat in (item, *item.repeats) if isinstance(item, Repeat) else ():
                outer: list[Part] = [item, section] if repeat is item else [repeat, item, section]
                around[repeat.name] = outer
                around |= {question.name: [question, *outer] for question in repeat.questions}
    inside = _names(here)
    waiting = {asked for part in _parts(form) if part.name in inside for asked in _asks(part)}
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in found or name not in around:
            continue
        found.add(name)
        found |= {part.name for part in around[name]}
        waiting |= {asked for part in around[name] for asked in _asks(part)}
    return found


@dataclass(frozen=True, slots=True)
class _Slim:
    here: Section
    needed: set[str]
    named: set[str]

    def section(self, section: Section) -> Section:
        is_here = section is self.here
        items = tuple(self.item(item, is_here) for item in section.items if is_here or item.name in self.needed)
        return replace(section, label="", hint="", items=items)

    def item(self, item: Question | Repeat, is_here: bool) -> Question | Repeat:
        return self.repeat(item, is_here) if isinstance(item, Repeat) else self.question(item, is_here)

    def repeat(self, repeat: Repeat, is_here: bool) -> Repeat:
        return replace(
            repeat,
            label=repeat.label if is_here else "",
            hint="",
            questions=tuple(self.question(each, is_here) for each in self.kept(repeat.questions, is_here)),
            repeats=tuple(self.repeat(each, is_here) for each in self.kept(repeat.repeats, is_here)),
        )

    def kept(self, parts: Iterable[Kept], is_here: bool) -> list[Kept]:
        return [part for part in parts if is_here or part.name in self.needed]

    def question(self, question: Question, is_here: bool) -> Question:
        filtered = question.choice_filter is not None and is_here
        return replace(
            question,
            label=question.label if is_here and "${" in question.label else "",
            hint="",
            guidance="",
            required=question.required if is_here and question.required != ALWAYS else None,
            required_message="",
            constraint=question.constraint if is_here else None,
            constraint_message=question.constraint_message if is_here else "",
            choices=question.choices if filtered or question.name in self.named else (),
            indicator="",
            place="",
            unit="",
        )
