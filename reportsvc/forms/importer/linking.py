"""Looking at a form as a whole: names that are asked for, circles, indicators that depend on answers."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator
from itertools import product

from reportsvc.forms.answers.state import flat
from reportsvc.forms.definition import Form, Question, Repeat, Section
from reportsvc.forms.expressions import Node
from reportsvc.forms.expressions.tree import Call, Parent, Reference, Self, walk
from reportsvc.forms.importer.building import Built, Use
from reportsvc.forms.importer.problems import Problems
from reportsvc.forms.importer.sheets import Row
from reportsvc.forms.messages import N_
from reportsvc.forms.order import circles, dependencies

CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
_FILLED = re.compile(r"\{([^{}]*)\}")
_SHOWN = re.compile(r"\$\{([^{}]*)\}")
_TEXTS = ("label", "hint", "guidance", "required_message", "constraint_message")


MOST_CODES = 10_000  # that one question may come to by answers beside it


def link(built: Built, problems: Problems, indicators: Collection[str] | None = None) -> None:
    """Note everything that is wrong between questions, and what feeds none of the indicators, where these are given."""
    _Linker(built, problems, indicators).look()


class _Linker:
    def __init__(self, built: Built, problems: Problems, indicators: Collection[str] | None) -> None:
        self.form: Form = built.form
        self.indicators = indicators
        self.rows, self.uses, self.problems = built.rows, built.uses, problems
        self.questions: dict[str, tuple[Question, str]] = {}
        for question, repeat in self.form.questions():
            self.questions[question.name] = question, repeat.name if repeat else ""
        self.around = {repeat.name: outer.name if outer else "" for repeat, outer in self.form.repeats()}

    def look(self) -> None:
        for use in self.uses:
            self.look_at(use)
        for part, home in self.parts():
            for key in _TEXTS:
                for name in _SHOWN.findall(getattr(part, key, "")):
                    self.look_at_text(part.name, key, name.strip(), self.homes(home))
            if isinstance(part, Question) and part.indicator:
                self.look_at_indicator(part, home)
            if isinstance(part, Question) and part.place:
                self.beside(part, "place", part.place, home)
        for circle in circles(dependencies(flat(self.form))):
            self.tell_circle(circle)

    def parts(self) -> Iterator[tuple[Section | Repeat | Question, str]]:
        """Everything that can hold an expression, with the repeat that it stands in."""
        for section in self.form.sections:
            yield section, ""
            for item in section.items:
                yield item, ""
                if isinstance(item, Repeat):
                    for repeat in (item, *item.repeats):
                        yield from ((question, repeat.name) for question in repeat.questions)
                    yield from ((inner, item.name) for inner in item.repeats)

    def homes(self, home: str) -> set[str]:
        """The repeats in whose row something stands, and outside of all."""
        return {"", home, self.around.get(home, "")}

    def add(self, name: str, key: str, message: str, /, **values: object) -> None:
        self.add_at(self.row(name), key, message, **values)

    def row(self, name: str) -> Row:
        """The row that a name comes from; none in particular if the name itself can't be used."""
        return self.rows.get(name) or Row("survey", 0, {}, {})

    def add_at(self, row: Row, key: str, message: str, /, **values: object) -> None:
        self.problems.add("survey", row.number, row.header(key), message, **values)

    def look_at(self, use: Use) -> None:
        parts = list(walk(use.node))
        counts = {"count", "count-non-empty"}
        counted = {part.arguments[0] for part in parts if isinstance(part, Call) and part.function in counts}
        for part in parts:
            if isinstance(part, Reference):
                if not (part.name in self.around and part in counted):
                    self.look_at_reference(use.row, use.key, part.name)
            elif isinstance(part, Parent) and not use.home:
                self.add_at(use.row, use.key, N_("position(..) has a meaning within a repeat only."))
        if use.key in {"relevant", "calculation"} and _reads_own_answer(use.node, once=use.key == "calculation"):
            message = N_("This can't depend on the question's own answer; once(…) must be the whole formula.")
            self.add_at(use.row, use.key, message)

    def look_at_reference(self, row: Row, key: str, asked: str) -> bool:
        question, _ = self.questions.get(asked, (None, ""))
        if question is None or question.kind == "note":
            known = question is not None or asked in self.rows
            absent = N_("There is no question “%(name)s”.")
            without = N_("“%(name)s” has no answer that could be used here.")
            self.add_at(row, key, without if known else absent, name=asked)
            return False
        return True

    def look_at_text(self, name: str, key: str, asked: str, homes: set[str]) -> None:
        if not self.look_at_reference(self.row(name), key, asked):
            return
        if self.questions[asked][1] not in homes:
            self.add(name, key, N_("“%(name)s” has one answer in each row, so a text can't show it."), name=asked)

    def beside(self, question: Question, key: str, asked: str, home: str) -> Question | None:
        """The choice in the same row, or outside of all rows, that an indicator or a place names."""
        other, there = self.questions.get(asked, (None, ""))
        if other is None or other.kind != "select_one" or there not in self.homes(home):
            message = N_("“%(name)s” is no select_one question in the same row or outside of all repeats.")
            self.add(question.name, key, message, name=asked)
            return None
        return other

    def look_at_indicator(self, question: Question, home: str) -> None:
        names = list(dict.fromkeys(_FILLED.findall(question.indicator)))
        asked = [self.beside(question, "indicator", name, home) for name in names]
        found = [other for other in asked if other is not None]
        if len(found) < len(names):
            return
        offered = [tuple(choice.value for choice in other.choices) or ("",) for other in found]
        if math.prod(map(len, offered)) > MOST_CODES:
            message = N_("These answers together come to more than %(limit)s indicators.")
            self.add(question.name, "indicator", message, limit=MOST_CODES)
            return
        for values in product(*offered):
            filled = dict(zip(names, values, strict=True))
            code = _FILLED.sub(lambda match, filled=filled: filled[match[1]], question.indicator)  # type: ignore[misc]
            if not self.look_at_code(question.name, code):
                return

    def look_at_code(self, name: str, code: str) -> bool:
        if not CODE.fullmatch(code):
            message = N_("“%(code)s” can't be the code of an indicator; it looks like money.own_funds.")
            self.add(name, "indicator", message, code=code)
            return False
        if self.indicators is not None and code not in self.indicators:
            message = N_("The campaign has no indicator “%(code)s”. It has: %(known)s.")
            self.add(name, "indicator", message, code=code, known=" ".join(self.indicators))
            return False
        return True

    def tell_circle(self, names: list[str]) -> None:
        for name in names:
            part = next(part for part, _ in self.parts() if part.name == name)
            keys = [key for key in ("calculation", "relevant") if getattr(part, key, None) is not None]
            if keys:
                way = " → ".join(names)
                self.add(name, keys[0], N_("This goes in a circle, so it can't be worked out: %(way)s."), way=way)
                return


def _reads_own_answer(node: Node, *, once: bool) -> bool:
    """Whether an expression needs the answer that it decides about; a whole ``once(…)`` may, if it is allowed."""
    if once and isinstance(node, Call) and node.function == "once":
        return _reads_own_answer(node.arguments[0], once=False)
    for part in walk(node):
        if isinstance(part, Self):
            return True
        if isinstance(part, Call) and part.function in {"string-length", "normalize-space"} and not part.arguments:
            return True
        if isinstance(part, Call) and part.function == "once":
            return True
    return False
