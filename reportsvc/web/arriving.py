"""Signed in: on to what was typed before, to the page that was asked for, or first to the notice on personal data."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc.web import guard


def welcome(person: int, kept: str) -> ResponseReturnValue:
    """Begin a session and lead on."""
    guard.begin(person)
    if guard.kept(kept) is not None and not guard.has_read_notice(person):
        return render_template("privacy/notice.html", kept=kept)  # of pages the guard takes care by itself
    return go_on(kept)


def go_on(kept: str) -> ResponseReturnValue:
    """To the form that was typed before signing in, if there is one, else to the page that was asked for."""
    form = guard.kept(kept)
    if form is not None:
        return render_template("resume.html", path=form["path"], fields=form["fields"])
    return redirect(guard.safe_path(request.args.get("next")) or url_for("home.home"))
