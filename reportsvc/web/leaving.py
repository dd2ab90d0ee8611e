"""Deleting one's own data: first what goes and what stays, then the end of one's number, then it is done."""

from __future__ import annotations

import structlog
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from reportsvc.accounts import leaving
from reportsvc.errors import Invalid
from reportsvc.web import guard
from reportsvc.web.access import access

log = structlog.get_logger("reportsvc.web")
pages = Blueprint("leaving", __name__, url_prefix="/account")


@pages.get("/leave")
@access("signed_in")
def ask() -> ResponseReturnValue:
    """What will be deleted, and what must stay."""
    return _page(None)


@pages.post("/leave")
@access("signed_in")
def leave() -> ResponseReturnValue:
    """Delete it and sign out."""
    person = guard.actor().id
    try:
        leaving.leave(person, request.form.get("digits", ""))
    except Invalid as problem:
        return _page(problem), 422
    log.info("left", person=person)
    guard.end()
    return render_template("account/left.html")


def _page(problem: Invalid | None) -> str:
    return render_template(
        "account/leave.html", without_manager=leaving.without_manager(guard.actor()), problem=problem
    )
