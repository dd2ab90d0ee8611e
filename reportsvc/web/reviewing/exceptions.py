"""What a reviewer decides beside the review: no report needed, more time, a report taken by telephone."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc import clock, reviews
from reportsvc.errors import Conflict, Invalid, NotFound
from reportsvc.forms.messages import N_
from reportsvc.projects import regions
from reportsvc.projects.regions import Scope
from reportsvc.reviews import exceptions, lists
from reportsvc.reviews.exceptions import Decision, Extension
from reportsvc.web import guard
from reportsvc.web.access import access
from reportsvc.web.language import day, say
from reportsvc.web.reviewing import common, report
from reportsvc.web.reviewing.common import pages

NO_DAY = N_("Enter a day, such as 2026-04-30.")
DECIDED = {
    "excuse": N_("No report is needed any more. The organization sees your reason."),
    "require": N_("A report is needed again. The organization sees your reason."),
    "extend": N_("The organization has more time, and sees your reason."),
    "nil": N_("The nil report is in. The organization sees that you sent it."),
}
EXTENDED = N_("%(count)s reports have more time until %(day)s.")
MISSED = N_("%(count)s were being worked on at the same moment and stay as they were. Try again for them.")


@pages.get("/<int:slot_id>/decide")
@access("reviewer")
def decide_again(slot_id: int) -> ResponseReturnValue:
    """Somebody loads anew what they saw after pressing a button."""
    return redirect(url_for(".report", slot_id=slot_id, **common.here()))


@pages.post("/<int:slot_id>/decide")
@access("reviewer")
def decide(slot_id: int) -> ResponseReturnValue:
    """One decision, with its reason."""
    scope, _ = reviews.find_for(guard.actor().reviews, slot_id)
    what, reason = request.form.get("what", ""), request.form.get("why", "")
    decision = Decision(scope, slot_id, common.person(), common.revision(), reason)
    try:
        _do(what, decision)
    except (Invalid, Conflict) as problem:
        typed = report.Typed(why=reason, until=request.form.get("until", ""))
        return report.refused(slot_id, problem, typed)
    if what == "begin":
        return redirect(url_for("reporting.overview", slot_id=slot_id))
    flash(say(DECIDED[what]))
    return redirect(url_for(".report", slot_id=slot_id, **common.here()))


def _do(what: str, decision: Decision) -> None:
    match what:
        case "begin":
            exceptions.begin(decision)
        case "excuse":
            exceptions.excuse(decision)
        case "require":
            exceptions.require(decision)
        case "nil":
            exceptions.nil_for(decision)
        case "extend":
            until = common.day(request.form.get("until", ""))
            if until is None:
                raise Invalid(NO_DAY)
            exceptions.extend(decision, until)
        case _:
            raise NotFound("There is no such page.")


@pages.route("/extend", methods=["GET", "POST"])
@access("reviewer")
def extend_all() -> ResponseReturnValue:
    """More time for every organization of a place in one quarter: asked for, looked at, then given."""
    scope = common.scope()
    if request.method == "GET":
        return _asked(scope)
    try:
        wanted = _wanted(scope)
        if "sure" not in request.form:
            return _look(wanted)
        given, missed = exceptions.extend_all(wanted, common.person())
    except Invalid as problem:
        return _asked(scope, problem), 422
    flash(say(EXTENDED, count=given, day=day(wanted.until)))
    if missed:
        flash(say(MISSED, count=missed))
    return redirect(url_for(".desk", **common.here(tab="owed")))


def _wanted(scope: Scope) -> Extension:
    until = common.day(request.form.get("until", ""))
    if until is None:
        raise Invalid(NO_DAY)
    asked = request.form
    return Extension(scope, asked.get("place", ""), asked.get("round", 0, type=int), until, asked.get("why", ""))


def _asked(scope: Scope, problem: Invalid | None = None) -> str:
    return render_template(
        "review/extend.html",
        scope=scope,
        choices=lists.choices(scope),
        typed=request.form,
        problem=problem,
        here=common.here,
    )


def _look(wanted: Extension) -> str:
    """What would be done, before it is: a slip of a place or a day moves hundreds of reports.

    :raises Invalid: if there is nothing to do.
    """
    found = exceptions.extended_by(wanted)
    if not found:
        raise Invalid("No report of this place and quarter is still owed and due before that day.")
    overdue = sum(slot.due < clock.today() for slot in found)
    place = regions.scope(wanted.place)
    return render_template(
        "review/extend_sure.html", wanted=wanted, found=found, overdue=overdue, place=place, here=common.here
    )
