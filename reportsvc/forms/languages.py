"""A form in another of its languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reportsvc.forms.definition import Form, Question, Repeat, Section

TEXTS = ("label", "hint", "guidance", "required_message", "constraint_message")
_CODE = re.compile(r"\(([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*)\)\s*$")
_NAMED = {"chinese": "zh", "中文": "zh", "汉语": "zh", "英语": "en", "英文": "en", "english": "en"}


def code(language: str) -> str:
    """The two or three letters of a language as a spreadsheet or a browser writes it.

    >>> code("中文 (zh)"), code("English (en-GB)"), code("zh_Hans"), code("English"), code("")
    ('zh', 'en', 'zh', 'en', '')
    """
    found = _CODE.search(language)
    plain = (found[1] if found else language).strip().lower()
    return _NAMED.get(plain, re.split("[-_]", plain)[0])


def languages(form: Form) -> tuple[str, ...]:
    """All languages of a form, as its spreadsheet writes them, its own first, which may be ``""``."""
    return (form.language, *form.translations)


def matching(form: Form, language: str) -> str:
    """The further language of a form that is meant by ``en``, ``zh_Hans`` or ``English (en)``; empty for its own."""
    wanted = code(language)
    exact = next((each for each in form.translations if each == language), None)
    if exact is None and (not wanted or code(form.language) == wanted or language == form.language):
        return ""
    return exact or next((each for each in form.translations if code(each) == wanted), "")


def translated(form: Form, language: str) -> Form:
    """The form in a language (``en``, ``zh_Hans``, ``English (en)``); what isn't translated stays as it is.

    The form itself comes back where it has no such language, or speaks it already.
    """
    found = matching(form, language)
    if not found:
        return form
    texts = form.translations[found]
    return replace(
        form,
        title=texts.get("form_title", form.title),
        sections=tuple(_section(section, texts) for section in form.sections),
        language=found,
        translations={},
    )


def _section(section: Section, texts: Mapping[str, str]) -> Section:
    items = tuple(
        _repeat(item, texts) if isinstance(item, Repeat) else _question(item, texts) for item in section.items
    )
    return replace(section, items=items, **_texts(section, texts))


def _repeat(repeat: Repeat, texts: Mapping[str, str]) -> Repeat:
    questions = tuple(_question(question, texts) for question in repeat.questions)
    repeats = tuple(_repeat(inner, texts) for inner in repeat.repeats)
    return replace(repeat, questions=questions, repeats=repeats, **_texts(repeat, texts))


def _question(question: Question, texts: Mapping[str, str]) -> Question:
    choices = tuple(
        replace(choice, label=texts.get(f"{question.name}/{choice.value}", choice.label)) for choice in question.choices
    )
    return replace(question, choices=choices, **_texts(question, texts))


def _texts(part: Section | Repeat | Question, texts: Mapping[str, str]) -> dict[str, Any]:
    found = {key: texts.get(f"{part.name}.{key}", "") for key in TEXTS if hasattr(part, key)}
    return {key: text for key, text in found.items() if text}
