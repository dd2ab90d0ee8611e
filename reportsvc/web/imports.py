"""The publishers' pages for imports: the template, uploading, what it would do or what is wrong, applying it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc import attachments
from reportsvc.accounts import people
from reportsvc.errors import Conflict, Invalid, NotFound
from reportsvc.exchange.imports import desk, layout, legacy, template
from reportsvc.exchange.workbooks import HEAVY, LARGEST
from reportsvc.forms.messages import N_
from reportsvc.projects import campaigns
from reportsvc.web import guard
from reportsvc.web.access import access
from reportsvc.web.form_desk import WORKBOOK
from reportsvc.web.handing import attach
from reportsvc.web.language import said, say

LARGEST_REQUEST = LARGEST + 100_000  # bytes: the largest workbook with the form around it
UPLOADS = {"imports.upload", "legacy.sample", "legacy.upload"}
CHOOSE = N_("Choose the workbook on your computer.")
DISCARDED = N_("The import was discarded. Nothing else has changed.")
NOT_MARKED = N_("There is no marked workbook: this file could not be read at all.")
REPORTS = N_("Reports")
WORKING = {"asked", "checking", "applying"}
STATES = {
    "asked": N_("waiting"),
    "checking": N_("being checked"),
    "wrong": N_("has mistakes"),
    "checked": N_("to be looked at"),
    "applying": N_("being written"),
    "applied": N_("imported"),
    "failed": N_("failed"),
    "discarded": N_("discarded"),
}
OUTCOMES = {"wrong": N_("Wrong"), "changed": N_("Changed"), "new": N_("New"), "same": N_("Stays as it is")}


def install(app: Flask) -> None:
    """Let the address that takes workbooks take larger bodies than others; before anything reads what was posted."""

    @app.before_request
    def widen_for_workbooks() -> None:
        if request.method == "POST" and request.endpoint in UPLOADS:
            request.max_content_length = request.max_form_memory_size = LARGEST_REQUEST

    app.jinja_env.filters["told_of"] = lambda line: say(line.message, **line.details)
    app.jinja_env.globals["import_states"] = lambda state: say(STATES[state])


def blueprint(store: attachments.Store) -> Blueprint:
    """The pages over the store that workbooks are kept in."""
    pages = Blueprint("imports", __name__, url_prefix="/data/imports")
    _add_list(pages, store)
    _add_one(pages, store)
    return pages


def _codes() -> tuple[str, ...]:
    return guard.actor().publishes


def _campaign(code: str) -> Any:
    found = next((one for one in campaigns.publishable(_codes()) if one.code == code), None)
    if found is None:
        raise NotFound("There is no campaign with the code %(code)s.", code=code[:40])
    return found


def _list_page(problem: str = "") -> str:
    page = request.args.get("page", 1, type=int)
    found, pages = desk.listing(_codes(), page)
    return render_template(
        "data/imports.html",
        imports=found,
        page=min(max(page, 1), pages),
        pages=pages,
        campaigns=campaigns.publishable(_codes()),
        problem=problem,
    )


def _add_list(pages: Blueprint, store: attachments.Store) -> None:
    @pages.get("")
    @access("operator")
    def listing() -> ResponseReturnValue:
        return _list_page()

    @pages.post("")
    @access("operator")
    def upload() -> ResponseReturnValue:
        file = request.files.get("file")
        if file is None or not file.filename:
            return _list_page(say(CHOOSE)), 422
        campaign, person = _campaign(request.form.get("campaign", "")), people.person_by_id(guard.actor().id)
        try:
            made = desk.upload(store, campaign, person, file.filename, file.read())
        except Invalid as problem:
            return _list_page(said(problem)), problem.status
        return redirect(url_for(".one", import_id=made.id))

    @pages.errorhandler(413)
    def too_large(_: Exception) -> ResponseReturnValue:
        return _list_page(say(HEAVY)), 413

    @pages.get("/template/<campaign>")
    @access("operator")
    def blank(campaign: str) -> ResponseReturnValue:
        return workbook(template.make(_campaign(campaign)), f"导入模板-{campaign}.xlsx")


def workbook(content: bytes, name: str) -> Response:
    """A workbook to be saved."""
    answer = Response(content, mimetype=WORKBOOK)
    return attach(answer, name)


def _add_one(pages: Blueprint, store: attachments.Store) -> None:
    @pages.get("/<int:import_id>")
    @access("operator")
    def one(import_id: int) -> ResponseReturnValue:
        return _page(desk.find(_codes(), import_id))

    @pages.get("/<int:import_id>/progress")
    @access("operator")
    def progress(import_id: int) -> ResponseReturnValue:
        found = desk.find(_codes(), import_id)
        how_far = desk.progress_of(found)
        return jsonify(state=found.state, done=how_far.done, total=how_far.total)

    @pages.get("/<int:import_id>/marked")
    @access("operator")
    def marked(import_id: int) -> ResponseReturnValue:
        found: Any = desk.find(_codes(), import_id)
        if found.marked is None:
            raise NotFound(NOT_MARKED)
        return workbook(attachments.read(store, found.marked), found.marked.filename)

    @pages.post("/<int:import_id>/apply")
    @access("operator")
    def apply(import_id: int) -> ResponseReturnValue:
        try:
            desk.apply(_codes(), import_id, request.form.get("seen", ""))
        except Conflict as problem:
            return _page(desk.find(_codes(), import_id), problem), problem.status
        return redirect(url_for(".one", import_id=import_id))

    @pages.get("/<int:import_id>/apply")
    @access("operator")
    def again(import_id: int) -> ResponseReturnValue:
        return redirect(url_for(".one", import_id=import_id))

    @pages.post("/<int:import_id>/discard")
    @access("operator")
    def discard(import_id: int) -> ResponseReturnValue:
        try:
            desk.discard(_codes(), import_id)
        except Conflict as problem:
            return _page(desk.find(_codes(), import_id), problem), problem.status
        flash(say(DISCARDED))
        return redirect(url_for(".listing"))


def _page(found: Any, problem: Conflict | None = None) -> str:
    sums = _sums(found.counts)
    offered = [outcome for outcome in desk.OUTCOMES if sums.get(outcome)]
    outcome = request.args.get("show", "")
    outcome = outcome if outcome in offered else next(iter(offered), "")
    page = request.args.get("page", 1, type=int)
    lines, count = desk.lines(found, outcome, page) if outcome else ([], 1)
    titles = {**{sheet.key: sheet.title for sheet in layout.SHEETS}, legacy.KEY: say(REPORTS)}
    return render_template(
        "data/import.html",
        work=found,
        working=found.state in WORKING,
        progress=desk.progress_of(found),
        sheets=[(titles[key], found.counts[key]) for key in titles if key in found.counts],
        titles=titles,
        sums=sums,
        tabs=[(name, say(OUTCOMES[name]), sums[name]) for name in offered],
        outcome=outcome,
        lines=lines,
        page=min(max(page, 1), count),
        pages=count,
        stale=found.state in {"checked", "wrong"} and found.times > 2,
        stale_text=say(desk.STALE),
        problem=problem,
    )


def _sums(counts: dict[str, Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for sheet in counts.values():
        for outcome, count in sheet.items() if isinstance(sheet, dict) else ():
            found[outcome] = found.get(outcome, 0) + count
    return found
