"""What somebody sees when something goes wrong: always a page of ours, that says what to do."""

from __future__ import annotations

import structlog
from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from reportsvc.errors import ReportsvcError
from reportsvc.forms.messages import N_
from reportsvc.web import guard
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


def install(app: Flask) -> None:
    """Turn every error into a page."""
    app.register_error_handler(ReportsvcError, _ours)
    app.register_error_handler(CSRFError, _unsigned)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)


def _page(status: int, text: str) -> ResponseReturnValue:
    return render_template("error.html", status=status, text=text), status


def _ours(error: ReportsvcError) -> ResponseReturnValue:
    if error.status >= 500:
        log.error("failed", error=str(error))
    return _page(error.status, say(error.message, **error.values))


def _unsigned(_: CSRFError) -> ResponseReturnValue:
    """A form from before the session began anew. Asked from our own page, what was typed comes back for one press.

    Browsers send Origin with every POST; a page of somebody else's can't forge it, so its form is never offered.
    """
    origin = request.headers.get("Origin", "")
    if origin and origin == request.host_url.rstrip("/"):
        form = guard.kept(guard.keep_posted())
        if form is not None:
            return render_template("resume.html", path=form["path"], fields=form["fields"]), 400
    return _page(400, say(TEXTS[400]))


def _http(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error.get_response()
    return _page(code, say(TEXTS.get(code, TEXTS[500] if code >= 500 else TEXTS[400])))


def _unforeseen(error: Exception) -> ResponseReturnValue:
    log.error("unforeseen", exc_info=error)
    return _page(500, say(TEXTS[500]))
