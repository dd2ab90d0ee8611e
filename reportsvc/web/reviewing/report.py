"""One report as a reviewer reads it: last quarter beside it, what was named and not changed, passing on, returning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc import clock, photos, reviews
from reportsvc.difficulties import finding
from reportsvc.errors import Conflict, Invalid, ReportsvcError
from reportsvc.forms.messages import N_
from reportsvc.projects import workdays
from reportsvc.reports import drafts, forms, nil, returns, transitions
from reportsvc.reports.submissions import current_version
from reportsvc.reviews import acting, comments, levels
from reportsvc.web import flagging, guard, showing, standing
from reportsvc.web.access import access
from reportsvc.web.language import said, say
from reportsvc.web.reviewing import common
from reportsvc.web.reviewing.common import pages

WHY = "why-"
"""Before the path of an answer, the name of the field for why it goes back."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed into the page's forms and must not lose."""

    reason: str = ""
    fields: Sequence[str] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    due: str = ""
    why: str = ""
    until: str = ""
    returning: bool = False


@pages.get("/<int:slot_id>")
@access("reviewer")
def report(slot_id: int) -> ResponseReturnValue:
    """One report."""
    return page(slot_id), 200


def page(
    slot_id: int,
    problem: ReportsvcError | None = None,
    typed: Typed | None = None,
    closing: flagging.Closing | None = None,
) -> str:
    """The report as it is now.

    :param problem: what is in the way of what was asked for.
    :param closing: a word on a flag that could not be taken.
    """
    scope, slot = reviews.find_for(guard.actor().reads_reports, slot_id)
    may = scope.code in guard.actor().reviews
    version, history = current_version(slot), reviews.history(slot)
    turn = levels.turn(scope, slot) if may else replace(levels.turn(scope, slot), may_act=False, from_day=None)
    before, after = reviews.neighbours(_list_scope(scope), common.wanted(), slot_id, common.flagged())
    return render_template(
        "review/report.html",
        slot=slot,
        scope=scope,
        version=version,
        turn=turn,
        where=standing.for_reviewer(slot, turn, history),
        can_return=turn.may_act or (may and slot.state == "approved" and scope.level == "province"),
        approves=scope.level == "province" and not turn.in_place,
        can_take_back=may and reviews.undoable(scope, slot) is not None,
        editable=slot.state in transitions.EDITABLE,
        may=may,
        nil_offered=nil.offered(slot) is not None,
        problem=problem,
        typed=typed or Typed(),
        closing=closing,
        default_due=max(workdays.after(clock.today(), acting.RETURN_DAYS), slot.due),
        today=clock.today(),
        before=before,
        after=after,
        here=common.here,
        history=history,
        difficulties=finding.of_project(slot.project_id, codes=guard.actor().reads_reports),
        **_content(slot, version, history),
    )


def _content(slot: Any, version: Any, history: Sequence[reviews.Told]) -> dict[str, Any]:
    """What was sent, and all that stands beside it."""
    earlier = drafts.last_quarter(slot)
    rows = showing.beside(slot, version, earlier) if version else []
    form = forms.form_of(version.form_version) if version else None
    said_here: dict[str, list[Any]] = {}
    for one in comments.threads(slot, internal=True):
        said_here.setdefault(one.path, []).append(one)
    return {
        "rows": rows,
        "nameable": {one.path for _, answers in rows for one in answers if form and returns.knows(form, one.path)},
        "unanswered": returns.unanswered(slot, form, version.answers) if form else [],
        "files": showing.files_of(slot, version) if version else {},
        "earlier_files": showing.files_of(earlier.slot, earlier) if earlier else {},
        "flags": flagging.shown(version, [one.path for _, part in rows for one in part], guard.actor().reads_reports),
        "photos": photos.for_version(version) if version else [],
        "threads": said_here,
        **_corrected(slot, version, history),
    }


def _corrected(slot: Any, version: Any, history: Sequence[reviews.Told]) -> dict[str, Any]:
    """What a correction changed against the version before it, and what was named then and is still as it was."""
    found: dict[str, Any] = {"corrected": [], "named": {}, "untouched": []}
    if version is None:
        return found
    back = [one.event for one in history if one.action == "return"]
    named = returns.of_event(back[-1]).fields if back else {}
    if slot.state == "returned" or version.number < 2:
        return found | {"named": named if slot.state == "returned" else {}}
    earlier = next(one for one in drafts.versions(slot) if one.number == version.number - 1)
    names = returns.labels(slot, forms.form_of(version.form_version), version.answers)
    same = returns.unchanged(list(named), earlier.answers, version.answers)
    untouched = [(names.get(path, path), named[path]) for path in same]
    return {"corrected": showing.changes(slot, earlier, version), "named": named, "untouched": untouched}


APPROVED = N_("Approved. Its figures count from now on.")
PASSED = N_("Passed on to the next level.")
IN_PLACE = N_("Done in the place of the level below. What comes next is for you.")
RETURNED = N_("Returned. The organization sees your reason.")
TAKEN_BACK = N_("Taken back. The report waits for you again.")
MOVED = N_("This report has changed since you opened it, so nothing was done. Here is how it stands now.")
NO_DAY = N_("Enter a day, such as 2026-04-30.")


@pages.get("/<int:slot_id>/approve")
@pages.get("/<int:slot_id>/return")
@pages.get("/<int:slot_id>/take-back")
@access("reviewer")
def again(slot_id: int) -> ResponseReturnValue:
    """Somebody loads anew what they saw after pressing a button."""
    return redirect(url_for(".report", slot_id=slot_id, **common.here()))


def _list_scope(scope: Any) -> Any:
    """The scope of the list that the address names; where it names none, the one that is acted for."""
    return common.scope() if "region" in request.args else scope


def _next(scope: Any, slot_id: int) -> str:
    """Where to go after acting: to the next report of the list, or back to the list after the last."""
    _, after = reviews.neighbours(_list_scope(scope), common.wanted(), slot_id, common.flagged())
    if after is None:
        return url_for(".desk", **common.here(region=_list_scope(scope).code))
    return url_for(".report", slot_id=after, **common.here())


@pages.post("/<int:slot_id>/approve")
@access("reviewer")
def approve(slot_id: int) -> ResponseReturnValue:
    """Pass up, or from the last level approve."""
    scope, seen = reviews.find_for(guard.actor().reviews, slot_id)
    after, in_place = _next(scope, slot_id), levels.turn(scope, seen).in_place
    try:
        slot = reviews.endorse(scope, slot_id, common.person(), common.revision(), forms.read_quantities)
    except (Invalid, Conflict) as problem:
        return refused(slot_id, problem)
    if in_place:
        flash(say(IN_PLACE))
        return redirect(url_for(".report", slot_id=slot_id, **common.here()))
    flash(say(APPROVED if slot.state == "approved" else PASSED))
    return redirect(after)


@pages.post("/<int:slot_id>/return")
@access("reviewer")
def send_back(slot_id: int) -> ResponseReturnValue:
    """Return it: the answers that are to be changed, why, and until when."""
    scope, _ = reviews.find_for(guard.actor().reviews, slot_id)
    after, given = _next(scope, slot_id), request.form
    fields = given.getlist("field")[: acting.MOST_FIELDS + 1]
    reasons = {path: given.get(WHY + path, "") for path in fields}
    typed = Typed(given.get("reason", ""), fields, reasons, given.get("due", ""), returning=True)
    try:
        due = common.day(typed.due)
        if due is None and typed.due.strip():
            raise Invalid(NO_DAY)
        reviews.send_back(
            scope, slot_id, common.person(), common.revision(),
            reason=typed.reason, fields=fields, reasons={path: why for path, why in reasons.items() if why.strip()},
            due=due,
        )  # fmt: skip
    except (Invalid, Conflict) as problem:
        return refused(slot_id, problem, typed)
    flash(say(RETURNED))
    return redirect(after)


@pages.post("/<int:slot_id>/take-back")
@access("reviewer")
def take_back(slot_id: int) -> ResponseReturnValue:
    """Undo having passed it on or approved it."""
    scope, _ = reviews.find_for(guard.actor().reviews, slot_id)
    try:
        reviews.take_back(scope, slot_id, common.person(), common.revision())
    except Conflict as problem:
        flash(said(problem))
    else:
        flash(say(TAKEN_BACK))
    return redirect(url_for(".report", slot_id=slot_id, **common.here()))


def refused(slot_id: int, problem: Invalid | Conflict, typed: Typed | None = None) -> ResponseReturnValue:
    """The report as it is now, with what is in the way and who did what; what was typed is still there."""
    shown = Conflict(MOVED) if isinstance(problem, Conflict) else problem
    return page(slot_id, shown, typed), problem.status
