"""The languages that a form itself is written in: chosen by the person, else the page's own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import flask_babel
from flask import request, session

from reportsvc.forms import languages
from reportsvc.forms.definition import Form
from reportsvc.forms.messages import N_
from reportsvc.reports import forms
from reportsvc.web.language import say

SPEAKS = "form_language"
"""Where the session keeps what was chosen, and the name of the buttons that choose it."""

UNNAMED = N_("As it was written")
_CODE = re.compile(r"\s*\([A-Za-z_-]+\)\s*$")


@dataclass(frozen=True, slots=True)
class Spoken:
    """One language of a form."""

    language: str
    """As the spreadsheet writes it."""
    name: str
    code: str
    is_chosen: bool


def form_of(version: Any) -> Form:
    """The form of a stored version, in the language that this person reads it in."""
    return forms.form_of(version, chosen(forms.form_of(version)))


def switch(version: Any) -> list[Spoken]:
    """The languages of a stored version to choose from."""
    return offered(forms.form_of(version))


def chosen(form: Form) -> str:
    """The language to read a form in: what was chosen if the form has it, else the page's."""
    wanted = session.get(SPEAKS)
    return str(wanted) if wanted in languages.languages(form) else str(flask_babel.get_locale())


def offered(form: Form) -> list[Spoken]:
    """The languages to choose from; none where there is one only."""
    if not form.translations:
        return []
    now = languages.matching(form, chosen(form)) or form.language
    return [
        Spoken(each, _CODE.sub("", each) or say(UNNAMED), languages.code(each), each == now)
        for each in languages.languages(form)
    ]


def wished() -> bool:
    """Whether the button that was pressed asks for another language, which is then kept for this session."""
    if SPEAKS not in request.form:
        return False
    choose(request.form[SPEAKS])
    return True


def choose(language: str) -> None:
    """Keep a choice; a form that has no such language is read in the page's."""
    session[SPEAKS] = language[:100]


def forget() -> None:
    """Follow the page's language again."""
    session.pop(SPEAKS, None)
