"""A manager's page: who may report for the organization, since when and by whom; adding and withdrawing."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc.accounts import colleagues, limits, people
from reportsvc.errors import Conflict, Invalid, NotFound
from reportsvc.forms.messages import N_
from reportsvc.web import guard
from reportsvc.web.access import access
from reportsvc.web.language import say

ADDING = limits.Limit("colleagues added by a manager", 30, timedelta(days=1))
"""More than an organization needs, and too few to find out whose a number is."""
ADDED = N_("%(name)s may report from now on and can sign in with the number %(phone)s.")
MANAGES = N_("%(name)s can add and withdraw colleagues from now on.")
TAKEN = N_("That is withdrawn, from now on.")


def blueprint(key: str) -> Blueprint:
    """The pages of colleagues."""
    pages = Blueprint("colleagues", __name__, url_prefix="/organization")

    @pages.get("")
    @access("manager")
    def organization() -> ResponseReturnValue:
        managed = colleagues.organizations(guard.actor().id, people.MANAGER)
        chosen = request.args.get("id", managed[0].id, type=int)
        return _page(chosen)

    @pages.post("/<int:organization_id>/add")
    @access("manager")
    def add(organization_id: int) -> ResponseReturnValue:
        typed = {"name": request.form.get("name", ""), "phone": request.form.get("phone", "")}
        try:
            if not limits.take(key, ADDING, str(guard.actor().id)):
                raise Invalid("These are many colleagues for one day. Go on tomorrow.")
            person = colleagues.add(guard.actor(), organization_id, **typed)
        except Invalid as problem:
            return _page(organization_id, typed=typed, problem=problem), 422
        flash(say(ADDED, name=person.name, phone=person.phone))
        return _back(organization_id)

    @pages.post("/<int:organization_id>/people/<int:person_id>/manager")
    @access("manager")
    def make_manager(organization_id: int, person_id: int) -> ResponseReturnValue:
        person = colleagues.make_manager(guard.actor(), organization_id, person_id)
        flash(say(MANAGES, name=person.name))
        return _back(organization_id)

    @pages.post("/<int:organization_id>/people/<int:person_id>/withdraw/<role>")
    @access("manager")
    def withdraw(organization_id: int, person_id: int, role: str) -> ResponseReturnValue:
        try:
            colleagues.withdraw(guard.actor(), organization_id, person_id, role)
        except Conflict as refused:
            return _page(organization_id, refused=refused), refused.status
        flash(say(TAKEN))
        mine = person_id == guard.actor().id and role == people.MANAGER
        return redirect(url_for("home.home")) if mine else _back(organization_id)

    return pages


def _back(organization_id: int) -> ResponseReturnValue:
    return redirect(url_for(".organization", id=organization_id))


def _page(
    organization_id: int,
    *,
    typed: dict[str, str] | None = None,
    problem: Invalid | None = None,
    refused: Conflict | None = None,
) -> str:
    actor = guard.actor()
    managed = colleagues.organizations(actor.id, people.MANAGER)
    chosen = next((one for one in managed if one.id == organization_id), None)
    if chosen is None:
        raise NotFound("There is no such organization, or it is not yours to manage.")
    return render_template(
        "organization.html",
        managed=managed,
        organization=chosen,
        colleagues=colleagues.listed(actor, organization_id),
        history=colleagues.history(actor, organization_id),
        typed=typed or {"name": "", "phone": ""},
        problem=problem,
        refused=refused,
    )
