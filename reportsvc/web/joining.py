"""By invitation: one of the staff chooses a password, sets the authenticator up, and is signed in."""

from __future__ import annotations

import segno
import structlog
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from reportsvc.accounts import authenticator, passwords, staff
from reportsvc.errors import Invalid
from reportsvc.forms.messages import N_
from reportsvc.web import guard
from reportsvc.web.access import access
from reportsvc.web.language import say

log = structlog.get_logger("reportsvc.staff")
DIFFERENT = N_("The two passwords differ. Type the same one twice.")
ISSUER = N_("Quarterly reports")


def blueprint(key: str) -> Blueprint:
    """The pages behind an invitation. Opening one uses nothing up: chat programs open links to show a preview."""
    pages = Blueprint("joining", __name__, url_prefix="/staff/join")

    @pages.get("/<token>")
    @access("public")
    def join(token: str) -> ResponseReturnValue:
        try:
            person = staff.invited(key, token)
        except Invalid as problem:
            return render_template("staff/join.html", token=token, person=None, problem=problem), 422
        return render_template("staff/join.html", token=token, person=person, problem=None, least=passwords.SHORTEST)

    @pages.post("/<token>")
    @access("public")
    def choose(token: str) -> ResponseReturnValue:
        person = None
        try:
            person = staff.invited(key, token)
            staff.choose_password(key, token, typed_twice())
        except Invalid as problem:
            least = passwords.SHORTEST
            return render_template("staff/join.html", token=token, person=person, problem=problem, least=least), 422
        return redirect(url_for(".app", token=token))

    @pages.get("/<token>/app")
    @access("public")
    def app(token: str) -> ResponseReturnValue:
        try:
            person = staff.invited(key, token)
        except Invalid:
            return redirect(url_for(".join", token=token))
        secret = staff.pending_secret(key, person.id)
        if not secret:
            return redirect(url_for(".join", token=token))
        return set_up_page(url_for(".confirm", token=token), secret, person.phone)

    @pages.post("/<token>/app")
    @access("public")
    def confirm(token: str) -> ResponseReturnValue:
        try:
            invited = staff.invited(key, token)
        except Invalid:
            return redirect(url_for(".join", token=token))
        secret = staff.pending_secret(key, invited.id)
        try:
            person, codes = staff.join(key, token, request.form.get("code", ""))
        except Invalid as problem:
            return set_up_page(url_for(".confirm", token=token), secret, invited.phone, problem), 422
        log.info("staff joined", person=person.id, address=request.remote_addr)
        guard.begin(person.id)
        return recovery_codes_page(codes, url_for("home.home"))

    return pages


def typed_twice() -> str:
    """A new password, typed the same way twice.

    :raises Invalid: if the two differ.
    """
    password = request.form.get("password", "")
    if password != request.form.get("again", ""):
        raise Invalid(DIFFERENT)
    return password


def recovery_codes_page(codes: list[str], to: str) -> str:
    """The only page that shows them. Without the switches of base.html, which would load it anew, without the codes."""
    return render_template("staff/recovery_codes.html", codes=codes, to=to, kept=True)


def set_up_page(action: str, secret: str, phone: str, problem: Invalid | None = None) -> str:
    """The page that shows an app its secret, as a picture and for typing, and asks for the first code."""
    address = authenticator.address(secret, phone, say(ISSUER))
    picture = segno.make(address, error="m")
    return render_template(
        "staff/authenticator.html",
        action=action,
        address=address,
        picture=Markup(picture.svg_inline(scale=4, border=4, dark="#000", light="#fff")),  # noqa: S704 - segno's own
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        problem=problem,
    )
