"""Texts in the reader's language: simplified Chinese unless they chose English; numbers and days as read by people."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import cast

import flask_babel
from flask import Flask, session
from flask_babel import Babel

from reportsvc import clock
from reportsvc.errors import ReportsvcError
from reportsvc.web import guard

TRANSLATIONS = Path(__file__).resolve().parents[1] / "translations"
DEFAULT = "zh_Hans"


def install(app: Flask) -> None:
    """Translate templates, errors and forms; give the filters that show days and numbers."""
    app.config.update(BABEL_DEFAULT_LOCALE=DEFAULT, BABEL_TRANSLATION_DIRECTORIES=str(TRANSLATIONS))
    Babel(app, locale_selector=lambda: session.get(guard.LANGUAGE, DEFAULT), timezone_selector=lambda: clock.LOCAL.key)
    app.jinja_env.filters.update(said=said, day=day, moment=moment, number=number)
    app.jinja_env.globals["language"] = lambda: str(flask_babel.get_locale()).replace("_", "-")


def in_chinese() -> AbstractContextManager[None]:
    """Inside, texts are in Chinese whatever the reader has chosen: for papers that go to an office."""
    return cast("AbstractContextManager[None]", flask_babel.force_locale(DEFAULT))


def said(error: ReportsvcError) -> str:
    """An error's text in the reader's language."""
    return say(error.message, **error.values)


def say(message: str, **values: object) -> str:
    """A message id in the reader's language, with its placeholders filled."""
    translated = flask_babel.gettext(message)
    return str(translated % values if values else translated)


def day(value: date) -> str:
    """A day: 2026年11月24日."""
    return str(flask_babel.format_date(value, "long"))


def moment(value: datetime) -> str:
    """An instant in China Standard Time, to the minute."""
    return str(flask_babel.format_datetime(value, "yyyy-MM-dd HH:mm"))


def number(value: object) -> str:
    """A number with separators of thousands; text that is none comes back as it is."""
    text = str(value)
    whole, point, decimals = text.partition(".")
    if not whole.lstrip("-").isdigit():
        return text
    return f"{int(whole):,}{point}{decimals}"
