"""The reviewers' pages: what waits, one report with last quarter beside it, approving and returning."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc import photos, reviews
from reportsvc.accounts import people
from reportsvc.difficulties import finding
from reportsvc.errors import Conflict, Invalid, NotFound, ReportsvcError
from reportsvc.forms.messages import N_
from reportsvc.projects import regions
from reportsvc.reports import drafts, forms, transitions
from reportsvc.reports.checks import flags
from reportsvc.reports.submissions import current_version
from reportsvc.web import flagging, guard, showing
from reportsvc.web.access import access
from reportsvc.web.language import say

pages = Blueprint("reviewing", __name__, url_prefix="/review")

TABS = {
    "ready": N_("For me"),
    "below": N_("With the level below"),
    "passed": N_("Passed on"),
    "returned": N_("Returned"),
    "owed": N_("Not yet reported"),
}


def _scope() -> regions.Scope:
    codes = guard.actor().reads_reports
    code = request.args.get("region", codes[0])
    if code not in codes:
        raise NotFound("There is no such page.")
    return regions.scope(code)


@pages.get("")
@access("reviewer")
def desk() -> ResponseReturnValue:
    """What waits for whom."""
    scope, tab = _scope(), request.args.get("tab", "ready")
    standing = reviews.standing(scope)
    pages_of_tab = max(1, -(-getattr(standing, tab, 0) // reviews.PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages_of_tab)
    slots = reviews.listing(scope, tab, page)
    return render_template(
        "review/desk.html",
        scope=scope,
        scopes=[regions.scope(code) for code in guard.actor().reads_reports],
        tab=tab,
        tabs=[(name, say(label), getattr(standing, name)) for name, label in TABS.items()],
        slots=slots,
        flags=flagging.counts(slots),
        page=page,
        pages=pages_of_tab,
    )


@pages.get("/<int:slot_id>")
@access("reviewer")
def report(slot_id: int) -> ResponseReturnValue:
    """One report."""
    return _page(slot_id), 200


def _page(
    slot_id: int,
    problem: ReportsvcError | None = None,
    reason: str | None = None,
    closing: flagging.Closing | None = None,
) -> str:
    scope, slot = reviews.find_for(guard.actor().reads_reports, slot_id)
    version, earlier = current_version(slot), drafts.last_quarter(slot)
    may = scope.code in guard.actor().reviews
    mine = may and slot.waiting_at_id == scope.code and slot.state in transitions.IN_REVIEW
    rows = showing.beside(slot, version, earlier) if version else []
    return render_template(
        "review/report.html",
        slot=slot,
        scope=scope,
        version=version,
        rows=rows,
        files=showing.files_of(slot, version) if version else {},
        earlier_files=showing.files_of(earlier.slot, earlier) if earlier else {},
        flags=flagging.shown(version, [one.path for _, answers in rows for one in answers], guard.actor().reviews),
        closing=closing,
        corrected=_corrected(slot, version),
        photos=photos.for_version(version) if version else [],
        history=reviews.history(slot),
        difficulties=finding.of_project(slot.project_id, codes=guard.actor().reads_reports),
        can_approve=mine,
        can_return=mine or (may and slot.state == "approved" and scope.level == "province"),
        problem=problem,
        returning=reason is not None,
        reason=reason or "",
    )


def _corrected(slot: Any, version: Any) -> list[Any]:
    """What a correction changed against the version before it."""
    if version is None or version.number < 2:
        return []
    earlier = next(one for one in drafts.versions(slot) if one.number == version.number - 1)
    return showing.changes(slot, earlier, version)


APPROVED = N_("Approved. Its figures count from now on.")
PASSED = N_("Passed on to the next level.")
RETURNED = N_("Returned. The organization sees your reason.")
MOVED = N_("This report has changed since you opened it, so nothing was done. Here is how it stands now.")


@pages.get("/<int:slot_id>/approve")
@pages.get("/<int:slot_id>/return")
@access("reviewer")
def again(slot_id: int) -> ResponseReturnValue:
    """Somebody loads anew what they saw after pressing a button."""
    return redirect(url_for(".report", slot_id=slot_id))


@pages.post("/<int:slot_id>/approve")
@access("reviewer")
def approve(slot_id: int) -> ResponseReturnValue:
    """Pass up, or from the last level approve."""
    scope, _ = reviews.find_for(guard.actor().reviews, slot_id)
    person, revision = people.person_by_id(guard.actor().id), request.form.get("revision", -1, type=int)
    try:
        slot = reviews.endorse(scope, slot_id, person, revision, forms.read_quantities)
    except (Invalid, Conflict) as problem:
        return _refused(slot_id, problem)
    flash(say(APPROVED if slot.state == "approved" else PASSED))
    return redirect(url_for(".desk", region=scope.code))


@pages.post("/<int:slot_id>/return")
@access("reviewer")
def send_back(slot_id: int) -> ResponseReturnValue:
    """Return it with a reason."""
    scope, _ = reviews.find_for(guard.actor().reviews, slot_id)
    person, revision = people.person_by_id(guard.actor().id), request.form.get("revision", -1, type=int)
    reason = request.form.get("reason", "")
    try:
        reviews.send_back(scope, slot_id, person, revision, reason=reason)
    except (Invalid, Conflict) as problem:
        return _refused(slot_id, problem, reason)
    flash(say(RETURNED))
    return redirect(url_for(".desk", region=scope.code))


def _refused(slot_id: int, problem: Invalid | Conflict, reason: str | None = None) -> ResponseReturnValue:
    """The report as it is now, with what is in the way; a reason that was typed is still there."""
    shown = Conflict(MOVED) if isinstance(problem, Conflict) else problem
    return _page(slot_id, shown, reason), problem.status


@pages.get("/<int:slot_id>/flags/<int:flag_id>")
@access("reviewer")
def flag(slot_id: int, flag_id: int) -> ResponseReturnValue:
    """The flag on its report's page."""
    return redirect(url_for(".report", slot_id=slot_id, _anchor=f"flag-{flag_id}"))


@pages.post("/<int:slot_id>/flags/<int:flag_id>")
@access("reviewer")
def close_flag(slot_id: int, flag_id: int) -> ResponseReturnValue:
    """A reviewer has looked at what a check found, and says why it is all right."""
    _, slot = reviews.find_for(guard.actor().reviews, slot_id)
    word = request.form.get("word", "")
    try:
        flags.close(slot, flag_id, people.person_by_id(guard.actor().id), word)
    except (Invalid, Conflict) as problem:
        return _page(slot_id, closing=flagging.Closing(flag_id, word, problem)), problem.status
    flash(say(CLOSED))
    return redirect(url_for(".report", slot_id=slot_id, _anchor=f"flag-{flag_id}"))


CLOSED = N_("Closed, with your word and your name.")
