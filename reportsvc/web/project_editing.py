"""Changing what stands of a project, or proposing it; making two projects into one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc.checklist import editing, finding, merging, searching, sheet, unmerging
from reportsvc.errors import Conflict, Invalid, ReportsvcError
from reportsvc.forms.messages import N_
from reportsvc.web import project
from reportsvc.web.access import access
from reportsvc.web.language import say
from reportsvc.web.projects import staff

pages = Blueprint("project_editing", __name__, url_prefix="/projects/<int:project_id>")

SAVED = N_("Saved. The log says what was changed.")
PROPOSED = N_("Proposed. A publisher looks at it.")
SAME = N_("Nothing was changed.")
MERGED = N_("The two projects are one now. The old address leads here.")
CHOSEN = N_("You chose otherwise than what the totals below were worked out for. Here they are anew: look, then merge.")
APART = N_("The merge was taken back. Both projects are as they were.")


def _typed() -> editing.Typed:
    form = request.form
    return editing.Typed(
        {name: form.get(name, "") for name in (*editing.TEXTS, "category", *editing.DAYS, "owner")},
        tuple(dict.fromkeys(form.getlist("counties"))),
        {name.removeprefix("plan."): value for name, value in form.items() if name.startswith("plan.")},
    )


def _edit_page(project_id: int, typed: editing.Typed | None, problem: ReportsvcError | None = None) -> Any:
    found: Any = finding.find(staff(), project_id)
    if found.merged_into is not None:
        return redirect(url_for(".edit", project_id=found.merged_into.id))
    now = editing.standing(found)
    answer = render_template(
        "projects/edit.html",
        project=found,
        edits=finding.edits(staff(), found),
        typed=typed or now,
        now=now,
        changed=isinstance(problem, Conflict),
        owners=editing.owners(found),
        indicators=editing.indicators(found),
        counties=searching.every_county(found),
        problem=problem,
        problems=problem.problems if isinstance(problem, editing.Wrong) else {},
    )
    return answer, problem.status if problem else 200


@pages.get("/edit")
@access("editor")
def edit(project_id: int) -> ResponseReturnValue:
    """The form with what stands now."""
    return _edit_page(project_id, None)  # type: ignore[no-any-return]


@pages.post("/edit")
@access("editor")
def save(project_id: int) -> ResponseReturnValue:
    """Store it; from somebody who publishes nothing here it is a proposal."""
    found, typed = finding.find(staff(), project_id), _typed()
    publishes = finding.edits(staff(), found)
    try:
        if publishes:
            changes = editing.edit(staff(), project_id, project.person(), project.revision(), typed)
        else:
            changes = editing.propose(staff(), project_id, project.person(), typed)
    except (Invalid, Conflict) as problem:
        return _edit_page(project_id, typed, problem)  # type: ignore[no-any-return]
    flash(say((SAVED if publishes else PROPOSED) if changes else SAME))
    return redirect(url_for("project.show", project_id=project_id), 303)


# --- merging ---------------------------------------------------------------------------------------------------------


def _merge_page(project_id: int, problem: ReportsvcError | None = None) -> ResponseReturnValue:
    """Choosing the other project; then which stays, what comes over, and which reports tell the same twice."""
    given = request.form if request.method == "POST" else request.args
    here: Any = finding.find(staff(), project_id)
    other = given.get("other", 0, type=int)
    outcome = wanted = None
    overlapping: list[Any] = []
    if other:
        wanted = _wanted(project_id, other)
        kept, gone = merging.pair(staff(), wanted.kept, wanted.gone)
        overlapping = merging.overlaps(kept, gone)
        outcome = merging.look(staff(), project.person(), wanted)
    answer = render_template(
        "projects/merge.html",
        project=here,
        other=other,
        words=given.get("q", ""),
        candidates=[] if other else merging.candidates(here, given.get("q", "")),
        outcome=outcome,
        wanted=wanted,
        shown=_choice(wanted) if wanted else "",
        overlaps=overlapping,
        indicators={one.code: one for one in editing.indicators(here)},
        parts={one.id: sheet.participants(one) for one in (outcome.kept, outcome.gone)} if outcome else {},
        problem=problem,
        typed_reason=given.get("reason", ""),
    )
    return answer, problem.status if problem else 200


def _wanted(here: int, other: int) -> merging.Wanted:
    given = request.form if request.method == "POST" else request.args
    kept, gone = (other, here) if given.get("stays", type=int) == other else (here, other)
    doubles = frozenset(given.getlist("double", type=int))
    return merging.Wanted(kept, gone, given.get("reason", ""), doubles)


def _choice(wanted: merging.Wanted) -> str:
    return " ".join(map(str, (wanted.kept, *sorted(wanted.doubles))))


@pages.get("/merge")
@access("operator")
def merge(project_id: int) -> ResponseReturnValue:
    """Look at what a merge would do; nothing is stored."""
    try:
        return _merge_page(project_id)
    except (Invalid, Conflict) as problem:
        flash(say(problem.message, **problem.values))
        return redirect(url_for(".merge", project_id=project_id))


@pages.post("/merge")
@access("operator")
def do_merge(project_id: int) -> ResponseReturnValue:
    """Look at another choice, or merge as it was looked at: what was ticked since was not worked out yet."""
    wanted = _wanted(project_id, request.form.get("other", 0, type=int))
    if request.form.get("do") != "merge":
        return _merge_page(project_id)
    try:
        if request.form.get("shown") != _choice(wanted):
            raise Conflict(CHOSEN)
        merging.merge(staff(), project.person(), wanted, request.form.get("seen", ""))
    except (Invalid, Conflict) as problem:
        return _merge_page(project_id, problem)
    flash(say(MERGED))
    return redirect(url_for("project.show", project_id=wanted.kept), 303)


@pages.post("/merges/<int:merge_id>/undo")
@access("publisher")
def undo(project_id: int, merge_id: int) -> ResponseReturnValue:
    """Take the newest merge back."""
    try:
        unmerging.undo(staff(), merge_id, project.person())
    except Conflict as problem:
        return project.page(project_id, problem, "merge")
    flash(say(APART))
    return redirect(url_for("project.show", project_id=project_id), 303)
