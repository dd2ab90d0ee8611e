"""What somebody sees when something goes wrong: always a page of ours, that says what to do."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.routing import IntegerConverter, Map

from reportsvc.errors import ReportsvcError
from reportsvc.forms.messages import N_
from reportsvc.web import guard, problems
from reportsvc.web.language import say

log = structlog.get_logger("reportsvc.web")

TEXTS = {
    400: N_("The page could not be read. Go back, reload it and try again."),
    404: N_("There is no such page, or it is not yours to see. Look at the address, or start from the first page."),
    405: N_("This page can't be called that way. Start from the first page."),
    413: N_("What you sent is too large. Send less text at a time."),
    500: N_("Something went wrong on our side, and was written down. What you saved before is safe. Try again soon."),
    503: N_("The service can't reach its database just now. What you saved before is safe. Try again in a minute."),
}


LOST = {"OperationalError", "InterfaceError"}
"""What drivers and peewee raise when the database is gone or too busy, by name: this layer knows neither of them."""


class Id(IntegerConverter):
    """An id in an address. A number that no table can hold is a page that isn't there."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**31 - 1)


def install(app: Flask) -> None:
    """Turn every error into a page."""
    app.url_map.converters["int"] = Id
    # One limit for all of a request: Flask has a lower one of its own for the fields of a form.
    app.config["MAX_FORM_MEMORY_SIZE"] = app.config["MAX_CONTENT_LENGTH"]
    app.register_error_handler(ReportsvcError, _ours)
    app.register_error_handler(CSRFError, _unsigned)
    app.register_error_handler(SecurityError, _elsewhere)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)


def _page(status: int, text: str, form: dict[str, Any] | None = None) -> ResponseReturnValue:
    if problems.asked():
        return problems.answer(status, text)
    return render_template("error.html", status=status, text=text, form=form), status


def _ours(error: ReportsvcError) -> ResponseReturnValue:
    if error.status >= 500:
        log.error("failed", error=str(error))
    return _page(error.status, say(error.message, **error.values))


def _unsigned(_: CSRFError) -> ResponseReturnValue:
    """A form from before the session began anew. Asked from our own page, what was typed comes back for one press."""
    form = _typed()
    if form is not None:
        return render_template("resume.html", path=form["path"], fields=form["fields"]), 400
    return _page(400, say(TEXTS[400]))


def _typed() -> dict[str, Any] | None:
    """The form that was posted from a page of ours.

    Browsers send Origin with every POST; a page of somebody else's can't forge it, so its form is never offered.
    """
    origin = request.headers.get("Origin", "")
    return guard.posted() if origin and origin == request.host_url.rstrip("/") else None


def _elsewhere(_: SecurityError) -> ResponseReturnValue:
    """Asked for under a name that is not ours: without an address of its own a page can't link to anything."""
    return Response(say(TEXTS[400]), 400, content_type="text/plain; charset=utf-8")


def _http(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error.get_response()
    text = say(TEXTS.get(code, TEXTS[500] if code >= 500 else TEXTS[400]))
    return _page(code, text, _typed() if code >= 500 else None)


def _unforeseen(error: Exception) -> ResponseReturnValue:
    """Written down in full; the page has the request's id, and whatever was typed for another try."""
    log.error("unforeseen", exc_info=error)
    status = 503 if any(kind.__name__ in LOST for kind in type(error).__mro__) else 500
    return _page(status, say(TEXTS[status]), _typed())
