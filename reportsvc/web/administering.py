"""The administrators' pages: people found, added, given roles, invited, relieved; an auditor reads the same pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc.accounts import administering, limits, people, staff
from reportsvc.errors import Conflict, Forbidden, Invalid, ReportsvcError
from reportsvc.forms.messages import N_
from reportsvc.web import guard
from reportsvc.web.access import access
from reportsvc.web.language import say

ADDING = limits.Limit("people added by an administrator", 300, timedelta(days=1))
"""More than an office needs, and too few to find out whose a number is."""
ROLES = (
    *(people.REVIEWER, people.PUBLISHER, people.ADMINISTRATOR, people.AUDITOR),
    *(people.REPORTER, people.MANAGER),
)
ADDED = N_("%(name)s is added.")
GIVEN = N_("The role is given. It counts from the next page that %(name)s opens.")
TAKEN = N_("The role is withdrawn, from now on.")
CLOSED = N_("The account of %(name)s is closed.")
SURE = N_("Tick the box to say that you are sure.")


def blueprint(key: str) -> Blueprint:
    """The pages of people; ``key`` makes the links of invitations."""
    pages = Blueprint("administering", __name__, url_prefix="/people")

    @pages.get("")
    @access("administrator")
    def listing() -> ResponseReturnValue:
        asked = administering.Asked(
            text=" ".join(request.args.get("q", "").split())[:60],
            role=request.args.get("role", ""),
            organization=request.args.get("organization", type=int),
            page=request.args.get("page", 1, type=int),
        )
        found = administering.search(guard.actor().reads_people, asked)
        return render_template("people/list.html", found=found, asked=asked, roles=ROLES)

    @pages.get("/new")
    @access("administrator")
    def new() -> ResponseReturnValue:
        return _new_page({})

    @pages.post("")
    @access("administrator")
    def add() -> ResponseReturnValue:
        typed = {name: request.form.get(name, "") for name in ("name", "phone", "role", "over")}
        try:
            if not limits.take(key, ADDING, str(guard.actor().id)):
                raise Invalid("These are many people for one day. Go on tomorrow.")
            person: Any = administering.add(guard.actor(), **typed)
        except (Invalid, Forbidden) as problem:
            return _new_page(typed, problem), problem.status
        flash(say(ADDED, name=person.name))
        return redirect(url_for(".person", person_id=person.id))

    @pages.get("/<int:person_id>")
    @access("administrator")
    def person(person_id: int) -> ResponseReturnValue:
        return _page(person_id)

    _add_changes(pages, key)
    return pages


def _add_changes(pages: Blueprint, key: str) -> None:
    @pages.post("/<int:person_id>/roles")
    @access("administrator")
    def give(person_id: int) -> ResponseReturnValue:
        typed = {name: request.form.get(name, "") for name in ("role", "over")}
        try:
            person: Any = administering.give(guard.actor(), person_id, **typed)
        except (Invalid, Forbidden) as problem:
            return _page(person_id, typed=typed, problem=problem), problem.status
        flash(say(GIVEN, name=person.name))
        return redirect(url_for(".person", person_id=person_id))

    @pages.post("/<int:person_id>/roles/<int:grant_id>/withdraw")
    @access("administrator")
    def withdraw(person_id: int, grant_id: int) -> ResponseReturnValue:
        try:
            administering.take(guard.actor(), person_id, grant_id)
        except Forbidden as refused:
            return _page(person_id, refused=refused), refused.status
        flash(say(TAKEN))
        return redirect(url_for(".person", person_id=person_id))

    @pages.post("/<int:person_id>/invitation")
    @access("administrator")
    def invite(person_id: int) -> ResponseReturnValue:
        reset = request.form.get("reset") == "yes"
        try:
            person, token = administering.invite(guard.actor(), key, person_id, reset=reset)
        except (Invalid, Conflict, Forbidden) as refused:
            return _page(person_id, refused=refused), refused.status
        link = url_for("joining.join", token=token, _external=True)
        return render_template("people/invitation.html", person=person, link=link, days=staff.INVITATION_DAYS)

    @pages.post("/<int:person_id>/close")
    @access("administrator")
    def close(person_id: int) -> ResponseReturnValue:
        try:
            if request.form.get("sure") != "yes":
                administering.find(guard.actor().administers, person_id)
                raise Invalid(SURE)
            person: Any = administering.close(guard.actor(), person_id)
        except (Invalid, Conflict, Forbidden) as refused:
            return _page(person_id, refused=refused), refused.status
        flash(say(CLOSED, name=person.name))
        return redirect(url_for(".listing"))


def _new_page(typed: dict[str, str], problem: ReportsvcError | None = None) -> str:
    regions = administering.regions_below(guard.actor().administers)
    return render_template("people/new.html", typed=typed, problem=problem, regions=regions, roles=ROLES)


def _page(
    person_id: int,
    *,
    typed: dict[str, str] | None = None,
    problem: ReportsvcError | None = None,
    refused: ReportsvcError | None = None,
) -> str:
    actor = guard.actor()
    codes = actor.reads_people
    listed: Any = administering.find(codes, person_id)
    return render_template(
        "people/person.html",
        person=listed.person,
        grants=listed.grants,
        history=administering.history(codes, person_id),
        may=bool(actor.administers) and person_id != actor.id and listed.person.active,
        own=person_id == actor.id,
        staff=any(one.role in people.STAFF for one in listed.grants),
        has_password=administering.has_password(person_id),
        regions=administering.regions_below(codes) if actor.administers else [],
        roles=ROLES,
        typed=typed or {"role": "", "over": ""},
        problem=problem,
        refused=refused,
    )
