"""Comments on the answers of a report: the reviewers' side and the organization's."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc import reviews
from reportsvc.accounts import people
from reportsvc.errors import Invalid
from reportsvc.forms.messages import N_
from reportsvc.reports import drafts, forms, returns
from reportsvc.reports.submissions import current_version
from reportsvc.reviews import comments
from reportsvc.web import guard
from reportsvc.web.access import READING, access
from reportsvc.web.language import say
from reportsvc.web.reviewing import common
from reportsvc.web.reviewing.common import pages

reporting_pages = Blueprint("conversation", __name__, url_prefix="/reports")
SAID = N_("Your comment is there.")


def labels(slot: Any) -> dict[str, str]:
    """What the answers of a report are called, by path: of what was sent last, or of what is being written."""
    version = current_version(slot)
    answers = version.answers if version is not None else drafts.opened(slot).answers
    form = forms.form_of(version.form_version if version is not None else slot.round.form_version)
    return returns.labels(slot, form, answers)


def _page(slot: Any, problem: Invalid | None, *, reviewer: bool) -> ResponseReturnValue:
    where = request.form.get("path", request.args.get("path", ""))
    shown = comments.threads(slot, internal=reviewer)
    page = render_template(
        "review/comments.html",
        slot=slot,
        reviewer=reviewer,
        threads=[one for one in shown if not where or one.path == where] if request.method == "GET" else shown,
        everything=bool(where),
        labels=labels(slot),
        path=where,
        text=request.form.get("text", "") if problem else "",
        internal="internal" in request.form,
        problem=problem,
        here=common.here,
    )
    return page, problem.status if problem else 200


@pages.route("/<int:slot_id>/comments", methods=["GET", "POST"])
@access("reviewer")
def talk(slot_id: int) -> ResponseReturnValue:
    """What is said about a report; reviewers among themselves too."""
    if request.method in READING:
        _, slot = reviews.find_for(guard.actor().reads_reports, slot_id)
        return _page(slot, None, reviewer=True)
    scope, slot = reviews.find_for(guard.actor().reviews, slot_id)
    given = request.form
    try:
        comments.say(
            slot,
            common.person(),
            given.get("path", ""),
            given.get("text", ""),
            region=scope.code,
            internal="internal" in given,
        )
    except Invalid as problem:
        return _page(slot, problem, reviewer=True)
    flash(say(SAID))
    return redirect(url_for(".talk", slot_id=slot_id, **common.here()))


@pages.post("/<int:slot_id>/comments/<int:thread_id>")
@access("reviewer")
def resolve(slot_id: int, thread_id: int) -> ResponseReturnValue:
    """Close a thread, or open it again."""
    _, slot = reviews.find_for(guard.actor().reviews, slot_id)
    comments.resolve(slot, common.person(), thread_id, resolved=request.form.get("resolved") == "yes")
    return redirect(url_for(".talk", slot_id=slot_id, **common.here()))


@reporting_pages.route("/<int:slot_id>/comments", methods=["GET", "POST"])
@access("reporter")
def answer(slot_id: int) -> ResponseReturnValue:
    """What is said about a report, as its organization sees it."""
    slot = drafts.find(guard.actor().organizations, slot_id)
    if request.method == "GET":
        return _page(slot, None, reviewer=False)
    given = request.form
    try:
        comments.say(slot, people.person_by_id(guard.actor().id), given.get("path", ""), given.get("text", ""))
    except Invalid as problem:
        return _page(slot, problem, reviewer=False)
    flash(say(SAID))
    return redirect(url_for(".answer", slot_id=slot_id))
