"""The organization's pages of difficulties: raising one by phone, following it, saying whether it is solved."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc import attachments
from reportsvc.accounts import limits, people
from reportsvc.difficulties import confirming, finding, kinds, pictures, raising, transitions
from reportsvc.difficulties.confirming import Raiser
from reportsvc.errors import Conflict, Invalid, ReportsvcError
from reportsvc.forms.messages import N_
from reportsvc.photos.limited import REASONS
from reportsvc.web import guard
from reportsvc.web.access import access
from reportsvc.web.difficulties import MOVED, REOPENED, SAVED, Step, step_of
from reportsvc.web.language import say

NEW = "my_difficulties.new"
RAISING = limits.Limit("difficulties raised by a person", 30, timedelta(days=1))
"""More than anybody has in a day, and too few to bury the desks in."""
RAISED = N_("Raised. Whoever is to help sees it now; the answer comes onto this page.")
SOLVED = N_("Closed as solved. Thank you for saying so.")
NOT_SOLVED = N_("Sent back. Whoever answered works on it.")

STEPS: dict[str, Step] = {
    "solved": (confirming.solved, SOLVED),
    "not-solved": (confirming.not_solved, NOT_SOLVED),
    "note": (confirming.note, SAVED),
    "reopen": (confirming.reopen, REOPENED),
}
"""Last part of the address → what it does, and what is said then."""


def install(app: Flask) -> None:
    """Let the page that may bring a photo take a larger body than others; before anything reads what was posted."""

    @app.before_request
    def widen() -> None:
        if request.endpoint == NEW and request.method == "POST":
            request.max_content_length = pictures.LARGEST_REQUEST


def blueprint(store: attachments.Store, key: str) -> Blueprint:
    """The pages over the store that photos are in."""
    pages = Blueprint("my_difficulties", __name__, url_prefix="/difficulties")
    _add_raising(pages, store, key)
    _add_following(pages)
    pages.register_error_handler(413, lambda _: (_new({}, Invalid(REASONS["heavy"])), 413))
    return pages


def _add_raising(pages: Blueprint, store: attachments.Store, key: str) -> None:
    @pages.route("/new", methods=["GET", "POST"])
    @access("reporter")
    def new() -> ResponseReturnValue:
        """Raise a difficulty on the spot."""
        if request.method == "GET":
            return _new({"participation": _chosen()})
        typed = request.form.to_dict()
        person, file = people.person_by_id(guard.actor().id), request.files.get("photo")
        content = file.read() if file else b""
        try:
            pictures.check(content)
            if limits.reached(key, RAISING, str(person.id)):
                raise Invalid(N_("These are many difficulties for one day. Go on tomorrow, or call your county."))
            made = raising.on_the_spot(guard.actor().organizations, person, _raised(typed))
        except (Invalid, Conflict) as problem:
            return _new(typed, problem, again=bool(content)), problem.status
        limits.take(key, RAISING, str(person.id))
        if content:
            pictures.receive(store, made, content)
        flash(say(RAISED))
        return redirect(url_for(".one", difficulty_id=made.id), 303)


def _add_following(pages: Blueprint) -> None:
    @pages.get("/mine")
    @access("reporter")
    def listing() -> ResponseReturnValue:
        """What the person's organizations raised, answers that wait for their word first."""
        page = max(request.args.get("page", 1, type=int), 1)
        found, count = finding.mine(guard.actor().organizations, page)
        last = max(1, -(-count // finding.PAGE))
        if page > last:
            return redirect(url_for(".listing", page=last))
        return render_template("difficulties/mine.html", found=found, count=count, page=page, pages=last)

    @pages.get("/mine/<int:difficulty_id>")
    @access("reporter")
    def one(difficulty_id: int) -> ResponseReturnValue:
        """One difficulty."""
        return _page(difficulty_id)

    @pages.get("/mine/<int:difficulty_id>/<step>")
    @access("reporter")
    def again(difficulty_id: int, step: str) -> ResponseReturnValue:
        """Somebody loads anew what they saw after pressing a button."""
        return redirect(url_for(".one", difficulty_id=difficulty_id))

    @pages.post("/mine/<int:difficulty_id>/<step>")
    @access("reporter")
    def act(difficulty_id: int, step: str) -> ResponseReturnValue:
        """Do one step."""
        actor = guard.actor()
        do, done = step_of(STEPS, step)
        revision = request.form.get("revision", -1, type=int)
        raiser = Raiser(actor.organizations, people.person_by_id(actor.id), revision)
        try:
            do(raiser, difficulty_id, request.form.get("words", ""))
        except (Invalid, Conflict) as problem:
            shown = Conflict(MOVED) if isinstance(problem, Conflict) else problem
            return _page(difficulty_id, shown, step), problem.status
        flash(say(done))
        return redirect(url_for(".one", difficulty_id=difficulty_id))


def _raised(typed: Mapping[str, str]) -> raising.Raised:
    participation = typed.get("participation", "")
    return raising.Raised(
        submission=typed.get("submission", ""),
        participation=int(participation) if participation.isascii() and participation.isdigit() else 0,
        kind=typed.get("kind", ""),
        urgency=typed.get("urgency", ""),
        asked=typed.get("asked", ""),
        text=typed.get("text", ""),
    )


def _chosen() -> str:
    """The part in the project that the link came from, or the only one there is."""
    parts = raising.projects(guard.actor().organizations)
    wanted = request.args.get("project", 0, type=int)
    found = [one for one in parts if one.project_id == wanted] or (parts if len(parts) == 1 else [])
    return str(found[0].id) if found else ""


def _new(typed: Mapping[str, str], problem: ReportsvcError | None = None, *, again: bool = False) -> str:
    return render_template(
        "difficulties/new.html",
        parts=raising.projects(guard.actor().organizations),
        several=len(guard.actor().organizations) > 1,
        typed=typed,
        submission=typed.get("submission") or str(uuid.uuid4()),
        offered={"kind": kinds.KINDS, "urgency": kinds.URGENCIES, "asked": kinds.ASKED},
        problem=problem,
        wrong=problem.fields if isinstance(problem, raising.Unfit) else {},
        again=again,
    )


def _page(difficulty_id: int, problem: ReportsvcError | None = None, step: str = "") -> str:
    found = finding.find_mine(guard.actor().organizations, difficulty_id)
    history = finding.history(found)
    answers = [event for event in history if event.action == "answer"]
    return render_template(
        "difficulties/my.html",
        difficulty=found,
        history=history,
        answer=answers[-1] if answers else None,
        photo=pictures.of(found),
        live=found.state in transitions.LIVE,
        problem=problem,
        step=step,
        typed=request.form if step else {},
    )
