"""Many reports at once: one page that says how many and how much, one that says what became of them, and a way back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc.errors import Conflict
from reportsvc.forms.messages import N_
from reportsvc.projects import regions
from reportsvc.reports import forms
from reportsvc.reviews import bulk
from reportsvc.web import guard
from reportsvc.web.access import access
from reportsvc.web.language import said, say
from reportsvc.web.reviewing import common
from reportsvc.web.reviewing.common import pages

NONE_CHOSEN = N_("Choose at least one report that waits for you.")
TAKEN_BACK = N_("Taken back: %(count)s. They wait for you again.")
STAYED = N_("%(count)s have moved on since and stay where they are.")


@pages.get("/bulk")
@pages.get("/bulk/move")
@access("reviewer")
def bulk_again() -> ResponseReturnValue:
    """Somebody loads anew what they saw after pressing a button."""
    return redirect(url_for(".desk", **common.here()))


@pages.post("/bulk")
@access("reviewer")
def confirm() -> ResponseReturnValue:
    """What is about to be moved, before anything is."""
    scope, which = common.scope(), request.form.get("which", "ticked")
    if which == "ticked":
        wanted = [int(one) for one in request.form.getlist("slot") if one.isascii() and one.isdigit()]
        chosen = bulk.ticked(scope, wanted[: 2 * bulk.MOST], forms.read_quantities, common.flagged())
    else:
        by_page = which == "page"
        chosen = bulk.unflagged(scope, common.wanted(), forms.read_quantities, common.flagged(), page=by_page)
    if not chosen.rows:
        flash(say(NONE_CHOSEN))
        return redirect(url_for(".desk", **common.here()))
    approves = scope.level == "province"
    return render_template("review/confirm.html", scope=scope, chosen=chosen, here=common.here, approves=approves)


@pages.post("/bulk/move")
@access("reviewer")
def move() -> ResponseReturnValue:
    """Move them, each as it was seen."""
    chosen = []
    for one in request.form.getlist("slot"):
        slot, _, revision = one.partition(":")
        if slot.isascii() and slot.isdigit() and revision.isascii() and revision.isdigit():
            chosen.append((int(slot), int(revision)))
    batch = bulk.move(common.scope(), common.person(), chosen, forms.read_quantities)
    return redirect(url_for(".batch", batch_id=batch.id, **common.here()))


@pages.get("/batches/<int:batch_id>")
@access("reviewer")
def batch(batch_id: int) -> ResponseReturnValue:
    """What became of them."""
    code, done = bulk.done(guard.actor().reads_reports, batch_id)
    scope = regions.scope(code)
    reasons = [(one, say(one.message, **one.values)) for one in done.refused]
    approves = scope.level == "province"
    return render_template(
        "review/batch.html", scope=scope, done=done, reasons=reasons, here=common.here, approves=approves
    )


@pages.post("/batches/<int:batch_id>/undo")
@access("reviewer")
def undo(batch_id: int) -> ResponseReturnValue:
    """Take all of it back that nobody has acted on since."""
    code, _ = bulk.done(guard.actor().reviews, batch_id)
    try:
        back, stayed = bulk.undo(regions.scope(code), common.person(), batch_id)
    except Conflict as problem:
        flash(said(problem))
    else:
        flash(say(TAKEN_BACK, count=back))
        if stayed:
            flash(say(STAYED, count=stayed))
    return redirect(url_for(".batch", batch_id=batch_id, **common.here()))
