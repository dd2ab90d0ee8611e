"""A reviewer has looked at what a check found, and says why it is all right."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc import reviews
from reportsvc.errors import Conflict, Invalid
from reportsvc.forms.messages import N_
from reportsvc.reports.checks import flags
from reportsvc.web import flagging, guard
from reportsvc.web.access import access
from reportsvc.web.language import say
from reportsvc.web.reviewing import common, report
from reportsvc.web.reviewing.common import pages

CLOSED = N_("Closed, with your word and your name.")


@pages.get("/<int:slot_id>/flags/<int:flag_id>")
@access("reviewer")
def flag(slot_id: int, flag_id: int) -> ResponseReturnValue:
    """The flag on its report's page."""
    return redirect(url_for(".report", slot_id=slot_id, _anchor=f"flag-{flag_id}", **common.here()))


@pages.post("/<int:slot_id>/flags/<int:flag_id>")
@access("reviewer")
def close_flag(slot_id: int, flag_id: int) -> ResponseReturnValue:
    """Close it with a word."""
    _, slot = reviews.find_for(guard.actor().reviews, slot_id)
    word = request.form.get("word", "")
    try:
        flags.close(slot, flag_id, common.person(), word)
    except (Invalid, Conflict) as problem:
        return report.page(slot_id, closing=flagging.Closing(flag_id, word, problem)), problem.status
    flash(say(CLOSED))
    return redirect(url_for(".report", slot_id=slot_id, _anchor=f"flag-{flag_id}", **common.here()))
