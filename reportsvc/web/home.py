"""The first page: each is led to what they came for."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from reportsvc.web.access import access

pages = Blueprint("home", __name__)

FIRST = (
    ("reporter", "reporting.due"),
    ("reviewer", "reviewing.desk"),
    ("publisher", "publishing.circulars"),
    ("manager", "colleagues.organization"),
    ("administrator", "administering.listing"),
    ("auditor", "reviewing.desk"),
)


@pages.get("/")
@access("public")
def home() -> ResponseReturnValue:
    """What a stranger reads; somebody with a role is sent to their work."""
    actor = g.get("actor")
    for role, endpoint in FIRST:
        if actor is not None and role in actor.roles:
            return redirect(url_for(endpoint))
    return render_template("home.html")
