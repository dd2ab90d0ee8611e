"""Somebody's own page: where they are signed in, and what is kept of them."""

from __future__ import annotations

import json

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc.accounts import colleagues, mine, people, sessions
from reportsvc.errors import Invalid
from reportsvc.forms.messages import N_
from reportsvc.messages import chosen
from reportsvc.web import guard
from reportsvc.web.access import access
from reportsvc.web.language import say

pages = Blueprint("account", __name__, url_prefix="/account")

SIGNED_OUT = N_("That device is signed out.")
OTHERS_OUT = N_("All other devices are signed out.")
EMAIL_KEPT = N_("Your e-mail address is kept.")
EMAIL_GONE = N_("Your e-mail address is removed.")


@pages.get("")
@access("signed_in")
def account() -> ResponseReturnValue:
    """Name, number, organizations, devices."""
    return _page()


def _page(typed: str | None = None, problem: Invalid | None = None) -> str:
    actor = guard.actor()
    person = people.person_by_id(actor.id)
    devices = sessions.devices(guard.lifetimes(), actor.id, guard.token())
    email = person.email or "" if typed is None else typed
    return render_template(
        "account.html",
        person=person,
        devices=devices,
        reports_for=colleagues.organizations(actor.id, people.REPORTER),
        manages=colleagues.organizations(actor.id, people.MANAGER),
        email=email,
        by_mail=_by_mail(),
        problem=problem,
    )


def _by_mail() -> bool:
    """Whether an e-mail address is of any use here."""
    return "email" in chosen.names_of(current_app.extensions["reportsvc"])


@pages.post("/email")
@access("signed_in")
def email() -> ResponseReturnValue:
    """Keep an e-mail address, or remove it."""
    typed = request.form.get("email", "")
    try:
        kept = people.set_email(guard.actor().id, typed)
    except Invalid as problem:
        return _page(typed, problem), problem.status
    flash(say(EMAIL_KEPT if kept else EMAIL_GONE))
    return redirect(url_for(".account"))


@pages.post("/devices/<int:session_id>/end")
@access("signed_in")
def end_device(session_id: int) -> ResponseReturnValue:
    """Sign one device out."""
    sessions.end_device(guard.actor().id, session_id)
    flash(say(SIGNED_OUT))
    return redirect(url_for(".account"))


@pages.post("/devices/end-others")
@access("signed_in")
def end_others() -> ResponseReturnValue:
    """Sign all but this one out."""
    sessions.end_others(guard.lifetimes(), guard.actor().id, guard.token())
    flash(say(OTHERS_OUT))
    return redirect(url_for(".account"))


@pages.get("/data.json")
@access("signed_in")
def data() -> ResponseReturnValue:
    """What is kept of somebody, to take away."""
    text = json.dumps(mine.export(guard.actor().id), ensure_ascii=False, indent=1)
    answer = Response(text, content_type="application/json; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename="my-data.json")
    return answer
