"""How one of the staff signs in, changed on the page of their account: password, authenticator, recovery codes."""

from __future__ import annotations

import structlog
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc.accounts import authenticator, passwords, people, sessions, staff
from reportsvc.errors import Invalid
from reportsvc.forms.messages import N_
from reportsvc.web import guard
from reportsvc.web.access import access
from reportsvc.web.joining import recovery_codes_page, set_up_page, typed_twice
from reportsvc.web.language import say

log = structlog.get_logger("reportsvc.staff")
CHANGED = N_("Your password is changed. All your other devices are signed out.")
RENEWED = N_("From now on the codes of the new app count.")


def blueprint(key: str) -> Blueprint:
    """The pages; each asks for the password once more."""
    pages = Blueprint("security", __name__, url_prefix="/account")
    _add_password(pages, key)
    _add_authenticator(pages, key)

    @pages.get("/recovery-codes")
    @access("staff")
    def recovery() -> ResponseReturnValue:
        left = authenticator.recovery_codes_left(guard.actor().id)
        return render_template("staff/recovery.html", left=left, problem=None)

    @pages.post("/recovery-codes")
    @access("staff")
    def new_codes() -> ResponseReturnValue:
        person = guard.actor().id
        try:
            staff.check_own_password(key, person, request.form.get("old", ""))
        except Invalid as problem:
            left = authenticator.recovery_codes_left(person)
            return render_template("staff/recovery.html", left=left, problem=problem), 422
        log.info("staff recovery codes made anew", person=person)
        codes = authenticator.new_recovery_codes(key, person)
        return recovery_codes_page(codes, url_for("account.account"))

    return pages


def _add_password(pages: Blueprint, key: str) -> None:
    @pages.get("/password")
    @access("staff")
    def password() -> ResponseReturnValue:
        return render_template("staff/password.html", problem=None, least=passwords.SHORTEST)

    @pages.post("/password")
    @access("staff")
    def change() -> ResponseReturnValue:
        person = guard.actor().id
        try:
            staff.change_password(key, person, request.form.get("old", ""), typed_twice())
        except Invalid as problem:
            return render_template("staff/password.html", problem=problem, least=passwords.SHORTEST), 422
        sessions.end_others(guard.lifetimes(), person, guard.token())
        log.info("staff password changed", person=person)
        flash(say(CHANGED))
        return redirect(url_for("account.account"))


def _add_authenticator(pages: Blueprint, key: str) -> None:
    @pages.get("/authenticator")
    @access("staff")
    def old() -> ResponseReturnValue:
        return render_template("staff/authenticator_again.html", problem=None)

    @pages.post("/authenticator")
    @access("staff")
    def begin() -> ResponseReturnValue:
        typed = request.form.get("old", ""), request.form.get("code", "")
        try:
            staff.begin_authenticator(key, guard.actor().id, *typed)
        except Invalid as problem:
            return render_template("staff/authenticator_again.html", problem=problem), 422
        return redirect(url_for(".new"))

    @pages.get("/authenticator/new")
    @access("staff")
    def new() -> ResponseReturnValue:
        secret = staff.pending_secret(key, guard.actor().id)
        return _set_up(secret, None) if secret else redirect(url_for(".old"))

    @pages.post("/authenticator/new")
    @access("staff")
    def confirm() -> ResponseReturnValue:
        person = guard.actor().id
        secret = staff.pending_secret(key, person)
        if not secret:
            return redirect(url_for(".old"))
        try:
            staff.confirm_authenticator(key, person, request.form.get("code", ""))
        except Invalid as problem:
            return _set_up(secret, problem), 422
        log.info("staff authenticator renewed", person=person)
        flash(say(RENEWED))
        return redirect(url_for("account.account"))


def _set_up(secret: str, problem: Invalid | None) -> str:
    return set_up_page(url_for("security.confirm"), secret, people.person_by_id(guard.actor().id).phone, problem)
