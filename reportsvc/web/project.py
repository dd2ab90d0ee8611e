"""One project's page for the staff: its sheet, its log, and what can be done with it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc import attachments
from reportsvc.accounts import people
from reportsvc.checklist import agreements, closing, editing, events, finding, rules, sheet, standing, unmerging
from reportsvc.difficulties import finding as troubles
from reportsvc.errors import Conflict, Forbidden, Invalid, NotFound, ReportsvcError
from reportsvc.files.kinds import REASONS
from reportsvc.forms.messages import N_
from reportsvc.web import guard
from reportsvc.web.access import access
from reportsvc.web.files import FOREVER, taken_away_as
from reportsvc.web.language import say
from reportsvc.web.projects import staff

UPLOAD = "project.add_file"
ASKED = N_("The closing is asked for. A reviewer decides it.")
DONE = {
    "ask": ASKED,
    "close": N_("The project is closed. It owes no more reports from the next quarter on."),
    "refuse": N_("The closing is refused. Everybody who takes part can read why."),
    "reopen": N_("The project is open again. It owes reports from the next quarter on."),
    "override": N_("The state is set."),
    "adopt": N_("The proposal is adopted."),
    "decline": N_("The proposal is declined."),
}
KEPT = N_("The file is kept with the agreement.")
REMOVED = N_("The file is taken out of the list. The log still names it.")


def install(app: Flask) -> None:
    """Let the address that takes an agreement's file take a larger body than others."""

    @app.before_request
    def widen() -> None:
        if request.method == "POST" and request.endpoint == UPLOAD:
            request.max_content_length = agreements.LARGEST_REQUEST


def person() -> Any:
    """Who is signed in, as a row."""
    return people.person_by_id(guard.actor().id)


def revision() -> int:
    """The project's as the page showed it."""
    return request.form.get("revision", -1, type=int)


def page(project_id: int, problem: ReportsvcError | None = None, where: str = "") -> ResponseReturnValue:
    """The project's page; with what was typed and what is wrong with it, where something is.

    :param where: the form that the problem belongs to.
    """
    found: Any = finding.find(staff(), project_id)
    if found.merged_into is not None:
        return redirect(url_for("project.show", project_id=found.merged_into.id))
    if found.worked_out is None:
        standing.work_out([found.id])
        found = finding.find(staff(), project_id)
    reports = sheet.timeline(found, finding.within(staff().codes))
    history = events.history(found)
    photos = sheet.photos(reports)
    merges = unmerging.of(found)
    typed = {} if problem is None or where == "agreement" else request.form  # one that is too large can't be read
    answer = render_template(
        "projects/project.html",
        project=found,
        counties=sheet.counties(found),
        participants=sheet.participants(found),
        lines=sheet.lines(found),
        quarters=sheet.by_quarter(reports),
        difficulties=troubles.of_project(found.id, codes=guard.actor().reads_reports),
        told=sheet.difficulties(reports),
        photo_count=photos[0],
        photos=photos[1],
        files=sheet.files(reports),
        agreement=agreements.listed(found),
        history=history,
        proposals=editing.proposals(history),
        merged=sheet.merged(found),
        undoable=merges[0] if merges and unmerging.possible(merges[0]) else None,
        asked=closing.asked_by(found),
        decides=finding.decides(staff(), found),
        edits=finding.edits(staff(), found),
        reviews=bool(guard.actor().reviews),
        changes_it=not guard.actor().audits,
        states=rules.STATES,
        lights=rules.LIGHTS,
        limits=rules.THRESHOLDS,
        problem=problem,
        where=where,
        typed=typed,
    )
    return answer, problem.status if problem else 200


def blueprint(store: attachments.Store) -> Blueprint:
    """The pages over the store that the agreements are in."""
    pages = Blueprint("project", __name__, url_prefix="/projects/<int:project_id>")

    @pages.get("")
    @access("reader")
    def show(project_id: int) -> ResponseReturnValue:
        return page(project_id)

    _add_deciding(pages)
    _add_files(pages, store)
    return pages


def _add_deciding(pages: Blueprint) -> None:
    @pages.post("/closing")
    @access("reviewer")
    def close(project_id: int) -> ResponseReturnValue:
        return _done(project_id, "closing", request.form.get("do", "ask"))

    @pages.post("/state")
    @access("reviewer")
    def override(project_id: int) -> ResponseReturnValue:
        return _done(project_id, "state", "override")

    @pages.post("/proposals/<int:proposal_id>")
    @access("publisher")
    def answer(project_id: int, proposal_id: int) -> ResponseReturnValue:
        return _done(project_id, f"proposal-{proposal_id}", request.form.get("do", "decline"), proposal_id)

    @pages.get("/closing")
    @pages.get("/state")
    @access("reviewer")
    def again(project_id: int) -> ResponseReturnValue:
        """Somebody loads anew what they saw after pressing a button."""
        return redirect(url_for(".show", project_id=project_id))


def _done(project_id: int, where: str, what: str, proposal: int = 0) -> ResponseReturnValue:
    try:
        _do(project_id, what, proposal)
    except (Invalid, Conflict, Forbidden) as problem:
        return page(project_id, problem, where)
    flash(say(DONE[what]))
    return redirect(url_for("project.show", project_id=project_id), 303)


def _do(project_id: int, what: str, proposal: int) -> None:
    reason, outcome = request.form.get("reason", ""), request.form.get("outcome", "")
    who: tuple[finding.Staff, int, Any, int] = (staff(), project_id, person(), revision())
    if what == "ask":
        closing.ask(*who, outcome=outcome, reason=reason)
    elif what in {"close", "refuse"}:
        closing.decide(*who, close=what == "close", reason=reason)
    elif what == "reopen":
        closing.reopen(*who, reason=reason)
    elif what == "override":
        closing.override(*who, state=request.form.get("state", ""), light=request.form.get("light", ""), reason=reason)
    elif what in {"adopt", "decline"}:
        declined = None if what == "adopt" else reason
        editing.answer(who[0], project_id, proposal, who[2], who[3], declined=declined)
    else:
        raise NotFound("There is no such page.")


def _add_files(pages: Blueprint, store: attachments.Store) -> None:
    @pages.post("/files")
    @access("editor")
    def add_file(project_id: int) -> ResponseReturnValue:
        file = request.files.get("file")
        sent = (file.filename or "", file.read()) if file else ("", b"")
        try:
            agreements.add(store, staff(), project_id, person(), sent)
        except (Invalid, Conflict, Forbidden) as problem:
            return page(project_id, problem, "agreement")
        flash(say(KEPT))
        return redirect(url_for(".show", project_id=project_id, _anchor="agreement"), 303)

    @pages.get("/files")
    @access("editor")
    def files_again(project_id: int) -> ResponseReturnValue:
        return redirect(url_for(".show", project_id=project_id))

    @pages.errorhandler(413)
    def too_large(_: Exception) -> ResponseReturnValue:
        return page((request.view_args or {})["project_id"], Invalid(REASONS["heavy"]), "agreement")

    @pages.post("/files/<int:file_id>/remove")
    @access("editor")
    def remove_file(project_id: int, file_id: int) -> ResponseReturnValue:
        agreements.remove(staff(), project_id, file_id, person())
        flash(say(REMOVED))
        return redirect(url_for(".show", project_id=project_id, _anchor="agreement"), 303)

    @pages.get("/files/<int:file_id>")
    @access("reader")
    def file(project_id: int, file_id: int) -> ResponseReturnValue:
        found: Any = agreements.find(finding.find(staff(), project_id), file_id)
        answer = Response(agreements.content(store, found), mimetype=agreements.MEDIA_TYPES[found.kind])
        answer.headers["Content-Disposition"] = taken_away_as(found.name, found.kind)
        answer.headers["Cache-Control"] = FOREVER
        answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return answer
