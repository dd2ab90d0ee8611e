"""The staff's sign-in: number and password, then a code."""

from __future__ import annotations

import structlog
from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from reportsvc import clock
from reportsvc.accounts import authenticator, staff
from reportsvc.errors import Invalid
from reportsvc.forms.messages import N_
from reportsvc.web import arriving
from reportsvc.web.access import access
from reportsvc.web.language import say

log = structlog.get_logger("reportsvc.staff")
MINUTES = 10
"""Between the password and the code."""
LEFT = N_("That recovery code is used up; %(count)s are left. Make new ones on the page of your account.")


def blueprint(key: str) -> Blueprint:
    """The pages of the staff's sign-in."""
    pages = Blueprint("staff", __name__)

    @pages.get("/sign-in/staff")
    @access("public")
    def sign_in() -> ResponseReturnValue:
        return render_template("staff/sign_in.html", kept="", phone="", problem=None)

    @pages.post("/sign-in/staff")
    @access("public")
    def check() -> ResponseReturnValue:
        phone, kept = request.form.get("phone", ""), request.form.get("kept", "")
        if "password" not in request.form:  # from the page of codes, with what was typed before
            return render_template("staff/sign_in.html", kept=kept, phone=phone, problem=None)
        try:
            person = staff.check_password(key, phone, request.form["password"], _address())
        except Invalid as problem:
            log.warning("staff password refused", number=f"…{phone[-4:]}", address=_address(), reason=problem.message)
            return render_template("staff/sign_in.html", kept=kept, phone=phone, problem=problem), 422
        return render_template("staff/code.html", kept=kept, half=_half(person), problem=None)

    @pages.get("/sign-in/staff/code")
    @access("public")
    def start_over() -> ResponseReturnValue:
        return redirect(url_for(".sign_in", next=request.args.get("next")))

    @pages.post("/sign-in/staff/code")
    @access("public")
    def enter() -> ResponseReturnValue:
        kept, half = request.form.get("kept", ""), request.form.get("half", "")
        person = _whose(half)
        if person is None:
            return render_template("staff/sign_in.html", kept=kept, phone="", problem=Invalid(TOO_LATE)), 422
        try:
            kind = staff.check_code(key, person, request.form.get("code", ""))
        except Invalid as problem:
            log.warning("staff code refused", person=person, address=_address(), reason=problem.message)
            return render_template("staff/code.html", kept=kept, half=half, problem=problem), 422
        log.info("staff signed in", person=person, address=_address(), by=kind)
        if kind == "recovery":
            flash(say(LEFT, count=authenticator.recovery_codes_left(person)))
        return arriving.welcome(person, kept)

    return pages


TOO_LATE = N_("That took too long. Enter your number and your password again.")


def _address() -> str:
    return request.remote_addr or ""


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="staff between password and code")


def _half(person: int) -> str:
    """That a password was right, signed, to be carried to the page of the code: no session before both are right."""
    return str(_signer().dumps([person, clock.now().timestamp() + 60 * MINUTES]))


def _whose(half: str) -> int | None:
    """Whose password was right a moment ago; nobody if it is not ours or too old."""
    try:
        person, until = _signer().loads(half)
    except BadSignature:
        return None
    return int(person) if clock.now().timestamp() < until else None
