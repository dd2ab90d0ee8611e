"""The organization's pages: what is due, filling it in, checking it, the receipt."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc.accounts import people
from reportsvc.errors import Conflict, NotFound
from reportsvc.forms import answers as forms_answers
from reportsvc.forms.definition import Section
from reportsvc.forms.messages import N_
from reportsvc.reports import drafts, nil, sending, transitions
from reportsvc.web import files, filling, guard, showing
from reportsvc.web.access import access
from reportsvc.web.language import say

pages = Blueprint("reporting", __name__, url_prefix="/reports")
pages.register_error_handler(413, files.too_large)

FORM_CHANGED = N_("The form was changed in the meantime. What you typed is kept: look through this page again.")


def _slot(slot_id: int) -> Any:
    return drafts.find(guard.actor().organizations, slot_id)


@pages.get("")
@access("reporter")
def due() -> ResponseReturnValue:
    """Everything that the person's organizations owe or have sent."""
    slots = drafts.due(guard.actor().organizations)
    waiting = [slot for slot in slots if slot.state in transitions.EDITABLE]
    sent = [slot for slot in slots if slot.state not in transitions.EDITABLE]
    return render_template("reports/due.html", waiting=waiting, sent=sent)


@pages.get("/<int:slot_id>")
@access("reporter")
def overview(slot_id: int) -> ResponseReturnValue:
    """Where a report stands, and the way into its sections."""
    report = filling.read(_slot(slot_id))
    editable = report.slot.state in transitions.EDITABLE
    return render_template(
        "reports/overview.html",
        report=report,
        editable=editable,
        nil_offered=nil.offered(report.slot) is not None,
        versions=drafts.versions(report.slot),
    )


@pages.get("/<int:slot_id>/fill/<section>")
@access("reporter")
def section(slot_id: int, section: str) -> ResponseReturnValue:
    """One screenful of the form."""
    report = filling.read(_slot(slot_id))
    if report.slot.state not in transitions.EDITABLE:
        return redirect(url_for(".overview", slot_id=slot_id))
    part = _section(report, section)
    if part.name not in report.visible:  # an answer elsewhere has made it needless
        return redirect(url_for(".overview", slot_id=slot_id))
    return _section_page(report, part, filling.bind(report, part))


@pages.post("/<int:slot_id>/fill/<section>")
@access("reporter")
def save(slot_id: int, section: str) -> ResponseReturnValue:
    """Keep what was typed, right or wrong; go on if it is right."""
    slot = _slot(slot_id)
    taken = files.take(slot)
    received = filling.receive(slot, section, taken.form)
    if received is None:
        return _look_again(slot, section)
    try:
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
        return redirect(url_for(".overview", slot_id=slot.id))
    return redirect(url_for(".section", slot_id=slot.id, section=section))


def _section_page(report: filling.Report, part: Section, bound: Any, **more: Any) -> str:
    return render_template("reports/section.html", **(filling.page(report, part, bound) | more))


def _section(report: filling.Report, name: str) -> Section:
    found = report.form.section(name)
    if found is None:
        raise NotFound("There is no such page in this form.")
    return found


def _not_saved(received: filling.Received, problem: Conflict) -> ResponseReturnValue:
    """What was typed still stands there; where another device was quicker both are shown, and saving again wins."""
    report, section, more = received.report, received.section, {}
    if isinstance(problem, drafts.Changed):
        theirs, ours = problem.theirs, received.typed.answers
        differences = forms_answers.changes(report.form, theirs, ours, report.around.choices)
        more = {"differences": differences, "base": drafts.mark(section, theirs)}
    return _section_page(report, section, received.bound, problem=problem, **more), problem.status


def _go_on(report: filling.Report, part: Section) -> ResponseReturnValue:
    where = request.form.get("go", "next")
    if where == "back":
        before = report.before(part)
        return redirect(_address(report, before) if before else url_for(".overview", slot_id=report.slot.id))
    if report.problems_of(part):
        kept = filling.read(report.slot)
        # Rows are counted after empty ones are gone: bound again from what is kept, problems find their row.
        bound = filling.bind(kept, part)
        filling.put_problems(bound, kept, part)
        return _section_page(kept, part, bound), 422
    after = report.after(part)
    if after is None:
        return redirect(url_for(".check", slot_id=report.slot.id))
    if "_direct" in request.form:
        # The next page at once: a redirect costs another round trip. The script that asked puts the address right.
        there = filling.read(report.slot)
        return _section_page(there, after, filling.bind(there, after))
    return redirect(_address(report, after))


def _address(report: filling.Report, part: Section) -> str:
    return url_for(".section", slot_id=report.slot.id, section=part.name)


@pages.get("/<int:slot_id>/check")
@access("reporter")
def check(slot_id: int) -> ResponseReturnValue:
    """Everything once more, before it is sent."""
    report = filling.read(_slot(slot_id))
    if report.slot.state not in transitions.EDITABLE:
        return redirect(url_for(".overview", slot_id=slot_id))
    return _check_page(report), 200


def _check_page(report: filling.Report, problem: Exception | None = None) -> str:
    shown = forms_answers.display(report.form, report.checked.answers, report.around.choices)
    places = {item.name: part.name for part in report.form.sections for item in part.items}
    labels = {item.name: item.label for item in report.form.items()}
    labels |= {question.name: question.label for question, _ in report.form.questions()}
    faults = [
        (places[filling.first(one.path)], labels.get(filling.last(one.path), ""), _said(one.message))
        for one in report.checked.problems
    ]
    held = showing.files(report.slot, report.form, report.checked.answers)
    return render_template("reports/check.html", report=report, shown=shown, files=held, faults=faults, problem=problem)


def _said(message: forms_answers.Message) -> str:
    return say(message.text_id, **message.values)


@pages.post("/<int:slot_id>/check")
@access("reporter")
def submit(slot_id: int) -> ResponseReturnValue:
    """Send it in; sent twice, it is one report."""
    slot = _slot(slot_id)
    person = people.person_by_id(guard.actor().id)
    form_version = request.form.get("form", type=int) or 0
    try:
        sending.send(slot, person, request.form.get("submission", ""), form_version)
    except (sending.Incomplete, sending.Stale) as problem:
        return _check_page(filling.read(_slot(slot_id)), problem), problem.status
    return redirect(url_for(".receipt", slot_id=slot_id))


@pages.get("/<int:slot_id>/receipt")
@access("reporter")
def receipt(slot_id: int) -> ResponseReturnValue:
    """The number of what was sent last, and when."""
    slot = _slot(slot_id)
    versions = drafts.versions(slot)
    if not versions:
        return redirect(url_for(".overview", slot_id=slot_id))
    return render_template("reports/receipt.html", slot=slot, version=versions[0])


@pages.get("/<int:slot_id>/sent/<int:number>")
@access("reporter")
def sent(slot_id: int, number: int) -> ResponseReturnValue:
    """A version as it was sent."""
    slot = _slot(slot_id)
    version = next((one for one in drafts.versions(slot) if one.number == number), None)
    if version is None:
        raise NotFound("There is no such report.")
    return render_template(
        "reports/sent.html",
        slot=slot,
        version=version,
        shown=showing.shown(slot, version),
        files=showing.files_of(slot, version),
    )
