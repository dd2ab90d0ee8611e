"""Personal data: the notice that everybody reads before anything else, and the page where it stands for good."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from reportsvc.accounts import notice as notices
from reportsvc.web import arriving, guard
from reportsvc.web.access import access

pages = Blueprint("privacy", __name__)


@pages.get("/privacy")
@access("public")
def privacy() -> ResponseReturnValue:
    """For anybody, at any time."""
    return render_template("privacy/page.html")


@pages.get("/notice")
@access("signed_in")
def notice() -> ResponseReturnValue:
    """Before anything else."""
    return render_template("privacy/notice.html", kept="")


@pages.post("/notice")
@access("signed_in")
def understood() -> ResponseReturnValue:
    """Read; on to what was wanted."""
    notices.accept(guard.actor().id, guard.terms())
    return arriving.go_on(request.form.get("kept", ""))
