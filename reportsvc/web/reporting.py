"""The organization's pages: what is due, filling it in, checking it, the receipt."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc import reviews
from reportsvc.accounts import people
from reportsvc.difficulties import finding
from reportsvc.errors import Conflict, NotFound
from reportsvc.forms.definition import Answers, Section
from reportsvc.forms.messages import N_
from reportsvc.reports import drafts, explaining, nil, sending, transitions
from reportsvc.reports.checks import single
from reportsvc.reviews import comments
from reportsvc.web import (
    checking,
    comparing,
    files,
    filling,
    guard,
    listing,
    returned,
    showing,
    speaking,
    standing,
    writing,
)
from reportsvc.web.access import access
from reportsvc.web.language import say

pages = Blueprint("reporting", __name__, url_prefix="/reports")
pages.register_error_handler(413, files.too_large)

FORM_CHANGED = N_("The form was changed in the meantime. What you typed is kept: look through this page again.")

SENT_BEFORE = N_(
    "This report had already arrived, with the explanations as they were sent first. What you changed in them since is "
    "not in it."
)


ENTERED = N_("The report is in. The organization sees that you entered it, and why.")


def _own(slot_id: int) -> Any:
    return drafts.find(guard.actor().organizations, slot_id)


@pages.get("")
@access("reporter")
def due() -> ResponseReturnValue:
    """Everything that the person's organizations owe or have sent."""
    theirs = guard.actor().organizations
    return render_template("reports/due.html", home=listing.home(theirs), answered=finding.answered(theirs))


@pages.get("/<int:slot_id>")
@access("writer")
def overview(slot_id: int) -> ResponseReturnValue:
    """Where a report stands, and the way into its sections."""
    report = filling.read(writing.slot(slot_id))
    editable = report.slot.state in transitions.EDITABLE
    history = reviews.history(report.slot)
    return render_template(
        "reports/overview.html",
        report=report,
        editable=editable,
        where=standing.for_organization(report.slot, history),
        history=history,
        named=returned.named(report),
        comments=comments.open_counts([slot_id], internal=False).get(slot_id, 0),
        doubted=checking.still_open(report) if editable and report.opened.drafted else 0,
        nil_offered=nil.offered(report.slot) is not None,
        versions=drafts.versions(report.slot),
        difficulties=finding.of_project(report.slot.project_id, guard.actor().organizations),
    )


@pages.get("/<int:slot_id>/fill/<section>")
@access("writer")
def section(slot_id: int, section: str) -> ResponseReturnValue:
    """One screenful of the form."""
    report = filling.read(writing.slot(slot_id))
    if report.slot.state not in transitions.EDITABLE:
        return redirect(url_for(".overview", slot_id=slot_id))
    part = _section(report, section)
    if part.name not in report.visible:  # an answer elsewhere has made it needless
        return redirect(url_for(".overview", slot_id=slot_id))
    bound = filling.bind(report, part)
    if "check" in request.args:  # from the page of the check, to what is wrong there
        filling.put_problems(bound, report, part)
    return _section_page(report, part, bound)


@pages.post("/<int:slot_id>/fill/<section>")
@access("writer")
def save(slot_id: int, section: str) -> ResponseReturnValue:
    """Keep what was typed, right or wrong; go on if it is right."""
    slot = writing.slot(slot_id)
    taken = files.take(slot)
    received = filling.receive(slot, section, taken.form)
    if received is None:
        return _look_again(slot, section)
    if received.undecided:
        return _compare(received, drafts.opened(slot).answers)
    try:
        if not speaking.wished() or received.mark != received.typed.base:  # who only looks at it begins no report
            drafts.save(slot, people.person_by_id(guard.actor().id), received.typed)
    except Conflict as problem:
        return _not_saved(received, problem)
    taken.tell(received.bound)
    if received.rows_changed or taken.refused:
        # The page shows the rows as they now are; the empty one that was added is not in the draft yet.
        page = _section_page(received.report, received.section, received.bound, base=received.mark)
        return page, 422 if taken.refused else 200
    if received.typed.form_version.id != slot.round.form_version_id:
        return _look_again(slot, section)
    return _go_on(received.report, received.section)


def _look_again(slot: Any, section: str) -> ResponseReturnValue:
    """The same page by the newest form, or the overview where that has none."""
    flash(say(FORM_CHANGED))
    if filling.read(slot).form.section(section) is None:
        return _lead_on(url_for(".overview", slot_id=slot.id))
    return _lead_on(url_for(".section", slot_id=slot.id, section=section))


def _by_script() -> bool:
    """Whether ``static/forms/going.js`` sent the page: it puts the next one in its place, which saves a round trip."""
    return "_direct" in request.form


def _lead_on(address: str) -> ResponseReturnValue:
    """To another page; a script is told where, since it can't see where a redirect leads."""
    return Response(headers={"X-Go-On": address}) if _by_script() else redirect(address)


def _section_page(report: filling.Report, part: Section, bound: Any, **more: Any) -> Response:
    variables = filling.page(report, part, bound) | {"remarks": returned.remarks(report.slot)} | more
    answer = make_response(render_template("reports/section.html", bare=_by_script(), **variables))
    if _by_script():
        answer.headers["X-Section"] = _address(report, part)
    return answer


def _section(report: filling.Report, name: str) -> Section:
    found = report.form.section(name)
    if found is None:
        raise NotFound("There is no such page in this form.")
    return found


def _not_saved(received: filling.Received, problem: Conflict) -> ResponseReturnValue:
    """What was typed still stands there; where another device was quicker, it is chosen what stays."""
    if isinstance(problem, drafts.Changed):
        return _compare(received, problem.theirs)
    return _section_page(received.report, received.section, received.bound, problem=problem), problem.status


def _compare(received: filling.Received, theirs: Answers) -> ResponseReturnValue:
    """Both devices' answers beside each other."""
    report, part = received.report, received.section
    problem = drafts.Changed(drafts.part(part, theirs))
    found = comparing.differences(part, problem.theirs, received.typed.answers, report.around.choices)
    more = {"problem": problem, "differences": found, "base": drafts.mark(part, theirs)}
    return _section_page(report, part, received.bound, **more), problem.status


def _go_on(report: filling.Report, part: Section) -> ResponseReturnValue:
    if speaking.SPEAKS in request.form:
        return _next_page(report, part)
    where = request.form.get("go", "next")
    if where == "back":
        before = report.before(part)
        return _lead_on(_address(report, before) if before else url_for(".overview", slot_id=report.slot.id))
    if report.problems_of(part):
        kept = filling.read(report.slot)
        # Rows are counted after empty ones are gone: bound again from what is kept, problems find their row.
        bound = filling.bind(kept, part)
        filling.put_problems(bound, kept, part)
        return _section_page(kept, part, bound), 422
    after = returned.after(report, part)
    if after is None or "check" in request.args:
        return _lead_on(url_for(".check", slot_id=report.slot.id))
    return _next_page(report, after)


def _next_page(report: filling.Report, part: Section) -> ResponseReturnValue:
    """A page of the form at once for a script; for a browser by its address."""
    if not _by_script():
        return redirect(_address(report, part))
    there = filling.read(report.slot)
    return _section_page(there, there.form.section(part.name) or part, filling.bind(there, part))


def _address(report: filling.Report, part: Section) -> str:
    return url_for(".section", slot_id=report.slot.id, section=part.name)


@pages.get("/<int:slot_id>/check")
@access("writer")
def check(slot_id: int) -> ResponseReturnValue:
    """Everything once more, before it is sent."""
    report = filling.read(writing.slot(slot_id))
    if report.slot.state not in transitions.EDITABLE:
        return redirect(url_for(".overview", slot_id=slot_id))
    return _check_page(report), 200


def _check_page(report: filling.Report, problem: Exception | None = None) -> str:
    shown, looked = checking.parts(report), checking.look(report, problem)
    return render_template(
        "reports/check.html",
        report=report,
        parts=shown,
        counts=checking.counts(shown),
        faults=looked.faults,
        doubted=looked.doubted,
        problem=problem,
        languages=speaking.switch(report.opened.form_version),
    )


@pages.post("/<int:slot_id>/check")
@access("writer")
def submit(slot_id: int) -> ResponseReturnValue:
    """Send it in; sent twice, it is one report."""
    slot = writing.slot(slot_id)
    person, said = people.person_by_id(guard.actor().id), checking.typed(request.form)
    form_version, submission = request.form.get("form", type=int) or 0, request.form.get("submission", "")
    if "go" in request.form:  # to change something first; what was typed here waits in the draft
        drafts.explain(slot, person, submission, said)
        return redirect(_place(filling.read(slot), request.form["go"]))
    try:
        behalf = writing.on_behalf(slot)
        version = sending.send(slot, person, submission, form_version, said, behalf=behalf)
    except (sending.Incomplete, sending.Unfit, sending.Unexplained, sending.Stale) as problem:
        return _check_page(filling.read(writing.slot(slot_id)), problem), problem.status
    if any(said.get(one.doubt.key, one.text) != one.text for one in explaining.of_version(version)):
        flash(say(SENT_BEFORE))
    if slot.organization_id not in guard.actor().organizations:
        flash(say(ENTERED))
        return redirect(url_for("reviewing.report", slot_id=slot_id))
    return redirect(url_for(".receipt", slot_id=slot_id))


def _place(report: filling.Report, wanted: str) -> str:
    """The address of a section, or of a field in it ("money#own_funds"); of the overview if there is none such."""
    section, _, field = wanted.partition("#")
    known = report.form.section(section) is not None or section == single.PHOTOS
    return checking.place(report.slot.id, section if known else "", field)


@pages.post("/<int:slot_id>/explanations")
@access("writer")
def explain(slot_id: int) -> ResponseReturnValue:
    """Keep what is typed about doubted values while it is typed."""
    person = people.person_by_id(guard.actor().id)
    drafts.explain(writing.slot(slot_id), person, request.form.get("submission", ""), checking.typed(request.form))
    return "", 204


@pages.get("/<int:slot_id>/receipt")
@access("reporter")
def receipt(slot_id: int) -> ResponseReturnValue:
    """The number of what was sent last, and when."""
    slot = _own(slot_id)
    versions = drafts.versions(slot)
    if not versions:
        return redirect(url_for(".overview", slot_id=slot_id))
    return render_template("reports/receipt.html", slot=slot, version=versions[0])


@pages.get("/<int:slot_id>/sent/<int:number>")
@access("reporter")
def sent(slot_id: int, number: int) -> ResponseReturnValue:
    """A version as it was sent."""
    slot = _own(slot_id)
    version = next((one for one in drafts.versions(slot) if one.number == number), None)
    if version is None:
        raise NotFound("There is no such report.")
    return render_template(
        "reports/sent.html",
        slot=slot,
        version=version,
        shown=showing.shown(slot, version, speaking.form_of(version.form_version)),
        files=showing.files_of(slot, version),
        explained=explaining.of_version(version),
        languages=speaking.switch(version.form_version),
    )
