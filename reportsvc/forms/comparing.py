"""What a newer version of a form changes, question by question, for somebody who decides whether to publish it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from reportsvc.forms.definition import Choice, Form, Question, Repeat, Section
from reportsvc.forms.messages import N_

Part = Question | Repeat | Section
Kind = Literal["added", "removed", "changed"]

ASPECTS: Mapping[str, str] = {
    "label": N_("text"),
    "hint": N_("hint"),
    "guidance": N_("further help"),
    "kind": N_("kind of answer"),
    "page": N_("page"),
    "required": N_("when it must be answered"),
    "relevant": N_("when it is asked"),
    "constraint": N_("which answers are allowed"),
    "required_message": N_("message"),
    "constraint_message": N_("message"),
    "calculation": N_("calculation"),
    "choices_from": N_("list of choices"),
    "choice_filter": N_("which choices are offered"),
    "default": N_("answer it begins with"),
    "default_from": N_("answer it begins with"),
    "unit": N_("unit"),
    "indicator": N_("indicator"),
    "place": N_("county of the figure"),
    "appearance": N_("appearance"),
    "multiline": N_("appearance"),
    "read_only": N_("whether it can be changed"),
    "trigger": N_("what fills it in"),
    "least": N_("range"),
    "most": N_("range"),
    "step": N_("range"),
    "count": N_("number of rows"),
    "at_most": N_("number of rows"),
}
"""Field of a question, repeat or section → what it is called: a message id."""

CHOICE, TITLE, ORDER = N_("choice"), N_("title"), N_("order of the questions")
LANGUAGES, LISTS = N_("texts in other languages"), N_("lists that come with the form")


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing about a question; both texts are empty where it is an expression, which only Excel shows."""

    what: str
    """A message id."""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Alteration:
    """A question, repeat or page that is new, gone, or no longer as it was."""

    kind: Kind
    name: str
    label: str
    aspects: tuple[Aspect, ...] = ()


def compare(before: Form, after: Form) -> list[Alteration]:
    """What changes between two forms: first of the whole, then in the order of the newer, then what is gone."""
    old, new = dict(_parts(before)), dict(_parts(after))
    found = [*_whole(before, after, list(old), list(new))]
    for name, (part, page) in new.items():
        if name not in old:
            found.append(Alteration("added", name, _label(part)))
        elif aspects := tuple(_aspects(old[name], (part, page))):
            found.append(Alteration("changed", name, _label(part), aspects))
    found += [Alteration("removed", name, _label(part)) for name, (part, _) in old.items() if name not in new]
    return found


def _label(part: Part) -> str:
    return part.label or part.name


def _parts(form: Form) -> Iterator[tuple[str, tuple[Part, str]]]:
    """Name → a part of the form, and the page or repeat that it stands on."""
    for section in form.sections:
        yield section.name, (section, "")
        for item in section.items:
            yield item.name, (item, section.label)
            for repeat in (item, *item.repeats) if isinstance(item, Repeat) else ():
                yield from ((question.name, (question, repeat.label)) for question in repeat.questions)
                yield from ((inner.name, (inner, repeat.label)) for inner in repeat.repeats)


def _whole(before: Form, after: Form, old: list[str], new: list[str]) -> Iterator[Alteration]:
    aspects = []
    if before.title != after.title:
        aspects.append(Aspect(TITLE, before.title, after.title))
    if [name for name in old if name in new] != [name for name in new if name in old]:
        aspects.append(Aspect(ORDER))
    if before.translations != after.translations:
        aspects.append(Aspect(LANGUAGES, "、".join(before.translations), "、".join(after.translations)))
    if before.lists != after.lists:
        aspects.append(Aspect(LISTS))
    if aspects:
        yield Alteration("changed", "", after.title, tuple(aspects))


def _aspects(old: tuple[Part, str], new: tuple[Part, str]) -> Iterator[Aspect]:
    (before, page_before), (after, page_after) = old, new
    told = set()
    for field, what in ASPECTS.items():
        was, now = (page_before, page_after) if field == "page" else (_held(before, field), _held(after, field))
        if was != now and what not in told:
            told.add(what)
            plain = isinstance(was, (str, int)) and isinstance(now, (str, int)) and not isinstance(was, bool)
            yield Aspect(what, str(was), str(now)) if plain else Aspect(what)
    yield from _choices(_held(before, "choices"), _held(after, "choices"))


def _held(part: Part, field: str) -> Any:
    return getattr(part, field, () if field == "choices" else "")


def _choices(before: tuple[Choice, ...], after: tuple[Choice, ...]) -> Iterator[Aspect]:
    old = {choice.value: choice.label or choice.value for choice in before}
    new = {choice.value: choice.label or choice.value for choice in after}
    for value in {**new, **old}:
        if old.get(value) != new.get(value):
            yield Aspect(CHOICE, old.get(value, ""), new.get(value, ""))
