"""The publishers' pages for forms: what is asked, uploading or pasting a new version, looking at it, publishing it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from reportsvc.accounts import people
from reportsvc.errors import Conflict, Invalid, NotFound, ReportsvcError
from reportsvc.forms import importer, pasted
from reportsvc.forms.importer import FormError
from reportsvc.forms.messages import N_
from reportsvc.projects import campaigns
from reportsvc.reports import editions, proposals
from reportsvc.web import guard
from reportsvc.web.access import access
from reportsvc.web.handing import attach
from reportsvc.web.language import said, say

pages = Blueprint("forms", __name__, url_prefix="/forms")

LIMITS = {"forms.upload": 11 * 1024 * 1024, "forms.read_pasted": 3 * 1024 * 1024}
"""View → bytes of a request that it takes: a form of 5 MB with its lists; 200,000 characters as browsers send them."""

LISTS = 20  # CSV files with one form
LARGEST_LIST = 5 * 1024 * 1024  # bytes of all of them
CHOOSE = N_("Choose the form's spreadsheet on your computer.")
HEAVY = N_("A form may have 5 MB at most, and so may its lists together.")
NAMED = N_("Every list needs a name of its own that ends in .csv, and a form has %(limit)s lists at most.")
PUBLISHED = N_("Version %(number)s of “%(title)s” is published.")
TAKEN_UP = N_("Version %(number)s of “%(title)s” is published. Quarters that ask it now: %(count)s.")
DISCARDED = N_("The form was discarded. Nothing else has changed.")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {".xlsx": WORKBOOK, ".xls": "application/vnd.ms-excel", ".csv": "text/csv", ".md": "text/markdown"}


def install(app: Flask) -> None:
    """Let the addresses that take whole forms take larger bodies than others; before anything reads what was posted."""

    @app.before_request
    def widen() -> None:
        if request.method == "POST" and request.endpoint in LIMITS:
            request.max_content_length = request.max_form_memory_size = LIMITS[request.endpoint]

    app.jinja_env.filters["told"] = told


def told(problem: importer.Problem) -> str:
    """A problem's reason in the reader's language; where a reason stands within it, that too."""
    values = {key: say(str(value)) if key == "reason" else value for key, value in problem.values.items()}
    return say(problem.reason, **values)


def _codes() -> tuple[str, ...]:
    return guard.actor().reads_circulars


def _campaign() -> Any:
    """The campaign that was chosen, among those that the person publishes for."""
    code = request.form.get("campaign", "")
    found = next((one for one in campaigns.publishable(_codes()) if one.code == code), None)
    if found is None:
        raise NotFound("There is no campaign with the code %(code)s.", code=code[:40])
    return found


def _list_page(problem: str = "", error: FormError | None = None) -> str:
    return render_template(
        "desk/forms.html",
        forms=editions.listing(_codes()),
        proposals=proposals.waiting(_codes()),
        campaigns=campaigns.publishable(guard.actor().publishes),
        problem=problem,
        error=error,
    )


@pages.get("")
@access("publisher")
def listing() -> ResponseReturnValue:
    """The forms with their versions, and what was uploaded and not yet published."""
    return _list_page()


@pages.post("")
@access("publisher")
def upload() -> ResponseReturnValue:
    """A spreadsheet with its lists: kept to be looked at, or refused with everything that is wrong."""
    try:
        sent = _sent()
        proposal = proposals.propose(_campaign(), sent, people.person_by_id(guard.actor().id))
    except FormError as error:
        return _list_page(error=error), error.status
    except Invalid as error:
        return _list_page(problem=said(error)), error.status
    return redirect(url_for(".proposal", proposal_id=proposal.id))


@pages.errorhandler(413)
def too_large(_: Exception) -> ResponseReturnValue:
    """More than a form can be."""
    return _list_page(problem=say(HEAVY)), 413


def _sent() -> proposals.Upload:
    """What was uploaded.

    :raises Invalid: if there is no file, or the lists are too many, too large or without a name of their own.
    """
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Invalid(CHOOSE)
    lists = [one for one in request.files.getlist("lists") if one.filename]
    files = {proposals.short_name(_name(one)): one.read() for one in lists}
    if len(files) != len(lists) or len(lists) > LISTS or any(not name.lower().endswith(".csv") for name in files):
        raise Invalid(NAMED, limit=LISTS)
    if sum(map(len, files.values())) > LARGEST_LIST:
        raise Invalid(HEAVY)
    return proposals.Upload(_name(file), file.read(), files)


def _name(file: FileStorage) -> str:
    return file.filename or ""


# --- pasted text -----------------------------------------------------------------------------------------------------


def _paste_page(text: str = "", name: str = "", **more: Any) -> str:
    here = campaigns.publishable(guard.actor().publishes)
    return render_template("desk/paste.html", text=text, name=name, campaigns=here, limit=pasted.LENGTH, **more)


@pages.get("/paste")
@access("publisher")
def paste() -> ResponseReturnValue:
    """A place for question text out of a survey tool."""
    return _paste_page()


@pages.post("/paste")
@access("publisher")
def read_pasted() -> ResponseReturnValue:
    """The text as a form to be looked at, or as a workbook to go on with in Excel."""
    text, name = request.form.get("text", ""), request.form.get("name", "").strip()
    found = pasted.read(text, name)
    if not found.questions:
        problem = N_("No question was found. Questions begin with a number, such as “1. 题目[单选题]”.")
        return _paste_page(text, name, problem=say(problem)), 422
    if request.form.get("do") == "workbook":
        return _file(found.to_xlsx(), f"{name or 'survey'}.xlsx", WORKBOOK)
    remarks = tuple(importer.Problem(pasted.SHEET, one.line, one.text, one.reason) for one in found.remarks)
    sent = proposals.Upload(f"{name or 'survey'}.xlsx", found.to_xlsx(), remarks=remarks)
    try:
        proposal = proposals.propose(_campaign(), sent, people.person_by_id(guard.actor().id))
    except FormError as error:
        told = FormError(tuple(map(found.by_line, error.problems)))
        return _paste_page(text, name, error=told, remarks=remarks), error.status
    return redirect(url_for(".proposal", proposal_id=proposal.id))


# --- a proposal ------------------------------------------------------------------------------------------------------


def _proposal_page(found: Any, problem: ReportsvcError | None = None) -> str:
    form, newest = proposals.form_of(found), proposals.newest(found.form_id)
    return render_template(
        "desk/proposal.html",
        proposal=found,
        form=form,
        newest=newest,
        changes=proposals.changes(found, newest) if newest else [],
        warnings=proposals.warnings_of(found),
        rounds=proposals.rounds(found),
        chosen=set(request.form.getlist("rounds", type=int)),
        problem=problem,
    )


@pages.get("/proposals/<int:proposal_id>")
@access("publisher")
def proposal(proposal_id: int) -> ResponseReturnValue:
    """A form that was uploaded: as it looks on a phone, what it changes, and the way to publish it."""
    found: Any = proposals.find(_codes(), proposal_id)
    if found.version is not None:
        return redirect(url_for(".listing", _anchor=f"version-{found.version.id}"))
    return _proposal_page(found)


@pages.post("/proposals/<int:proposal_id>")
@access("publisher")
def publish(proposal_id: int) -> ResponseReturnValue:
    """Publish it for the quarters that were chosen."""
    person = people.person_by_id(guard.actor().id)
    chosen = tuple(request.form.getlist("rounds", type=int))
    decision = proposals.Decision(person, request.form.get("seen", type=int), chosen)
    try:
        version: Any = proposals.publish(_codes(), proposal_id, decision)
    except Conflict as problem:
        found: Any = proposals.find(_codes(), proposal_id)
        page = _list_page(problem=said(problem)) if found.version is not None else _proposal_page(found, problem)
        return page, problem.status
    flash(say(TAKEN_UP if chosen else PUBLISHED, number=version.number, title=version.title, count=len(chosen)))
    return redirect(url_for(".listing", _anchor=f"version-{version.id}"))


@pages.post("/proposals/<int:proposal_id>/discard")
@access("publisher")
def discard(proposal_id: int) -> ResponseReturnValue:
    """Throw it away."""
    proposals.discard(_codes(), proposal_id, guard.actor().id)
    flash(say(DISCARDED))
    return redirect(url_for(".listing"))


# --- files -----------------------------------------------------------------------------------------------------------


def _file(content: bytes, name: str, kind: str = "application/octet-stream") -> Response:
    answer = Response(content, mimetype=kind)
    return attach(answer, name)


@pages.get("/proposals/<int:proposal_id>/workbook")
@access("publisher")
def proposal_workbook(proposal_id: int) -> ResponseReturnValue:
    """A proposal as an Excel workbook."""
    name, content = editions.as_workbook(proposals.find(_codes(), proposal_id))
    return _file(content, name, WORKBOOK)


@pages.get("/versions/<int:version_id>/workbook")
@access("publisher")
def workbook(version_id: int) -> ResponseReturnValue:
    """A version as an Excel workbook: as it was uploaded if it was one."""
    name, content = editions.as_workbook(editions.find(_codes(), version_id))
    return _file(content, name, WORKBOOK)


@pages.get("/versions/<int:version_id>/original")
@access("publisher")
def original(version_id: int) -> ResponseReturnValue:
    """A version's file as it was uploaded."""
    version: Any = editions.find(_codes(), version_id)
    ending = version.filename[version.filename.rfind(".") :].lower()
    return _file(bytes(version.source), version.filename, KINDS.get(ending, "application/octet-stream"))


@pages.get("/versions/<int:version_id>/lists/<name>")
@access("publisher")
def list_file(version_id: int, name: str) -> ResponseReturnValue:
    """A CSV file that came with a version."""
    return _file(editions.list_file(editions.find(_codes(), version_id), name), name, "text/csv")
