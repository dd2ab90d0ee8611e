"""The desk's pages of difficulties: a board, a table, and one with all that was said; by scope, always."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc import attachments
from reportsvc.accounts import people
from reportsvc.difficulties import finding, handling, kinds, pictures, transitions
from reportsvc.difficulties.handling import Hand
from reportsvc.errors import Conflict, Invalid, NotFound, ReportsvcError
from reportsvc.forms.messages import N_
from reportsvc.projects import regions
from reportsvc.web import guard
from reportsvc.web.access import access
from reportsvc.web.difficulty_words import COLUMNS, LEVELS
from reportsvc.web.language import say

VIEWS = ("board", "table")
OFFERED: dict[str, tuple[str, ...]] = {
    "kind": kinds.KINDS,
    "urgency": kinds.URGENCIES,
    "asked": kinds.ASKED,
    "owner": (finding.MINE, finding.NONE, *LEVELS),
    "overdue": ("1",),
    "state": tuple(COLUMNS),
}
OFFICE = "office"
"""What is chosen to hand a difficulty to an office of the government instead of to another level."""
FOREVER = "private, max-age=31536000, immutable"

TAKEN = N_("You have taken it over.")
ANSWERED = N_("Answered. The organization reads it on its page and says whether it is solved.")
HANDED = N_("Handed on.")
SAVED = N_("Saved.")
REOPENED = N_("It is open again.")
MOVED = N_("This difficulty has changed since you opened it, so nothing was done. Here is how it stands now.")


def _hand_on(hand: Hand, difficulty_id: int, words: str) -> None:
    to = request.form.get("to", "")
    if to == OFFICE:
        handling.refer(hand, difficulty_id, request.form.get("department", ""), words)
    else:
        handling.hand_on(hand, difficulty_id, to, words)


def _sort(hand: Hand, difficulty_id: int, _: str) -> None:
    chosen = {name: request.form.get(name, "") for name in ("kind", "urgency", "asked")}
    handling.sort(hand, difficulty_id, **chosen)


Step = tuple[Callable[[Any, int, str], object], str]

STEPS: dict[str, Step] = {
    "take": (lambda hand, difficulty_id, _: handling.take(hand, difficulty_id), TAKEN),
    "answer": (handling.answer, ANSWERED),
    "hand-on": (_hand_on, HANDED),
    "sort": (_sort, SAVED),
    "note": (handling.note, SAVED),
    "reopen": (handling.reopen, REOPENED),
}
"""Last part of the address → what it does, and what is said then."""


def blueprint(store: attachments.Store) -> Blueprint:
    """The desk's pages, and the photos for both sides."""
    pages = Blueprint("difficulties", __name__, url_prefix="/difficulties")

    @pages.get("")
    @access("reviewer")
    def board() -> ResponseReturnValue:
        """All that is in scope, as a board or as a table, by what is looked for."""
        plain = {name: value for name, value in request.args.items() if value}
        if len(plain) < len(request.args):  # a form sends what is empty, too: not in an address to be handed on
            return redirect(f"{request.path}?{urlencode(plain)}")
        return _overview()

    @pages.get("/<int:difficulty_id>")
    @access("reviewer")
    def one(difficulty_id: int) -> ResponseReturnValue:
        """One difficulty."""
        return _page(difficulty_id)

    @pages.get("/<int:difficulty_id>/<step>")
    @access("reviewer")
    def again(difficulty_id: int, step: str) -> ResponseReturnValue:
        """Somebody loads anew what they saw after pressing a button."""
        return redirect(url_for(".one", difficulty_id=difficulty_id))

    @pages.post("/<int:difficulty_id>/<step>")
    @access("reviewer")
    def act(difficulty_id: int, step: str) -> ResponseReturnValue:
        """Do one step."""
        scope, _ = finding.find(guard.actor().reviews, difficulty_id)
        do, done = step_of(STEPS, step)
        hand = Hand(scope, people.person_by_id(guard.actor().id), request.form.get("revision", -1, type=int))
        try:
            do(hand, difficulty_id, request.form.get("words", ""))
        except (Invalid, Conflict) as problem:
            shown = Conflict(MOVED) if isinstance(problem, Conflict) else problem
            return _page(difficulty_id, shown, step), problem.status
        flash(say(done))
        return redirect(url_for(".one", difficulty_id=difficulty_id))

    @pages.get("/<int:difficulty_id>/photo", defaults={"small": False})
    @pages.get("/<int:difficulty_id>/photo/small", defaults={"small": True})
    @access("signed_in")
    def photo(difficulty_id: int, small: bool) -> ResponseReturnValue:
        answer = Response(pictures.content(store, _visible(difficulty_id), small=small), mimetype="image/jpeg")
        answer.headers.set("Content-Disposition", "inline", filename=f"difficulty-{difficulty_id}.jpg")
        answer.headers["Cache-Control"] = FOREVER
        answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return answer

    return pages


def step_of(steps: Mapping[str, Step], name: str) -> Step:
    """What the last part of an address does, and what is said then.

    :raises NotFound: if there is no such step.
    """
    if name not in steps:
        raise NotFound("There is no such page.")
    return steps[name]


def _visible(difficulty_id: int) -> Any:
    actor = guard.actor()
    try:
        return finding.find_mine(actor.organizations, difficulty_id)
    except NotFound:
        return finding.find(actor.reads_reports, difficulty_id)[1]


def _scope() -> regions.Scope:
    """The region that the address names if it is theirs; an address that was handed on may name another's."""
    codes = guard.actor().reads_reports
    wanted = request.args.get("region")
    return regions.scope(wanted if wanted in codes else codes[0])


def _filter() -> finding.Filter:
    given = {name: request.args.get(name, "") for name in OFFERED}
    known = {name: value for name, value in given.items() if value in OFFERED[name]}
    return finding.Filter(county=request.args.get("county", "")[:6], **known)


def _overview() -> str:
    scope, wanted = _scope(), _filter()
    sought = finding.search(scope, wanted, guard.actor().id)
    view = request.args.get("view") if request.args.get("view") in VIEWS else VIEWS[0]
    counted = finding.numbers(sought)
    count = counted[wanted.state] if wanted.state else sum(counted.values())
    pages = max(1, -(-count // finding.PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    found: dict[str, Any] = (
        {"columns": finding.board(sought, counted)} if view == "board" else {"found": finding.listing(sought, page)}
    )
    return render_template(
        "difficulties/board.html",
        scope=scope,
        scopes=[regions.scope(code) for code in guard.actor().reads_reports],
        counties=sought.below,
        view=view,
        wanted=wanted,
        address={"region": scope.code, **wanted.chosen},
        offered=OFFERED,
        count=count,
        page=page,
        pages=pages,
        **found,
    )


def _page(difficulty_id: int, problem: ReportsvcError | None = None, step: str = "") -> str:
    scope, found = finding.find(guard.actor().reads_reports, difficulty_id)
    return render_template(
        "difficulties/one.html",
        scope=scope,
        difficulty=found,
        history=finding.history(found),
        photo=pictures.of(found),
        may=bool(guard.actor().reviews),
        acts=bool(guard.actor().reviews) and handling.acts(scope, found),
        live=found.state in transitions.LIVE,
        destinations=handling.destinations(found),
        offered=OFFERED,
        problem=problem,
        step=step,
        typed=request.form if step else {},
    )
