"""How somebody likes to read: the language, and how large the type is."""

from __future__ import annotations

from flask import Blueprint, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug import Response

from reportsvc.web import guard, speaking
from reportsvc.web.access import access

pages = Blueprint("preferences", __name__)

TYPE_SIZE, A_YEAR = "type", 365 * 24 * 3600


def _back() -> Response:
    return redirect(guard.safe_path(request.form.get("next")) or url_for("home.home"))


@pages.post("/language/<code>")
@access("public")
def language(code: str) -> ResponseReturnValue:
    """English or simplified Chinese, for this session."""
    session[guard.LANGUAGE] = "en" if code == "en" else "zh_Hans"
    speaking.forget()  # forms follow the page again
    return _back()


@pages.post("/form-language")
@access("signed_in")
def form_language() -> ResponseReturnValue:
    """One of the languages that a form is written in, for this session."""
    speaking.wished()
    return _back()


@pages.post("/type/<size>")
@access("public")
def type_size(size: str) -> ResponseReturnValue:
    """Large or normal type. A cookie of its own: it belongs to the device, whoever signs in."""
    answer = _back()
    chosen = "large" if size == "large" else "normal"
    answer.set_cookie(TYPE_SIZE, chosen, max_age=A_YEAR, samesite="Lax", httponly=True)
    return answer
