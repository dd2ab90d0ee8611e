"""A reporter's own projects: what each set out to do, what was reported so far, and asking for its closing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc.accounts import people
from reportsvc.checklist import closing, finding, sheet, standing
from reportsvc.difficulties import finding as troubles
from reportsvc.errors import Conflict, Forbidden, Invalid, ReportsvcError
from reportsvc.web import guard
from reportsvc.web.access import access
from reportsvc.web.language import say
from reportsvc.web.project import ASKED

pages = Blueprint("my_projects", __name__, url_prefix="/my/projects")


@pages.get("")
@access("reporter")
def listing() -> ResponseReturnValue:
    """All of them."""
    return render_template("projects/mine.html", projects=finding.own(guard.actor().organizations))


def _page(project_id: int, problem: ReportsvcError | None = None) -> ResponseReturnValue:
    mine = guard.actor().organizations
    found: Any = finding.find_own(mine, project_id)
    if found.id != project_id:
        return redirect(url_for(".show", project_id=found.id))
    if found.worked_out is None:
        standing.work_out([found.id])
        found = finding.find_own(mine, project_id)
    answer = render_template(
        "projects/own.html",
        project=found,
        counties=sheet.counties(found),
        participants=sheet.participants(found),
        lines=sheet.lines(found),
        quarters=sheet.by_quarter(sheet.timeline(found, (), mine)),
        difficulties=troubles.of_project(found.id, mine),
        leads=finding.leads(mine, found),
        problem=problem,
        typed=request.form,
    )
    return answer, problem.status if problem else 200


@pages.get("/<int:project_id>")
@access("reporter")
def show(project_id: int) -> ResponseReturnValue:
    """One of them."""
    return _page(project_id)


@pages.post("/<int:project_id>")
@access("reporter")
def ask(project_id: int) -> ResponseReturnValue:
    """Ask for its closing."""
    person, revision = people.person_by_id(guard.actor().id), request.form.get("revision", -1, type=int)
    outcome, reason = request.form.get("outcome", ""), request.form.get("reason", "")
    try:
        closing.ask_as_lead(guard.actor().organizations, project_id, person, revision, outcome=outcome, reason=reason)
    except (Invalid, Conflict, Forbidden) as problem:
        return _page(project_id, problem)
    flash(say(ASKED))
    return redirect(url_for(".show", project_id=project_id), 303)
