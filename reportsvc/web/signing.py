"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc.accounts import signing
from reportsvc.errors import Invalid, ReportsvcError, TooMany
from reportsvc.web import arriving, guard
from reportsvc.web.access import access


def blueprint(desk: signing.Desk, *, by_mail: bool = False) -> Blueprint:
    """The pages of signing in, over the desk that sends and checks codes.

    :param by_mail: whether codes may come by e-mail.
    """
    pages = Blueprint("signing", __name__)

    def code_page(phone: str, kept: str, problem: ReportsvcError | None = None) -> str:
        values = {"kept": kept, "phone": phone, "problem": problem, "minutes": desk.minutes, "by_mail": by_mail}
        return render_template("sign_in_code.html", **values)

    @pages.get("/sign-in")
    @access("public")
    def sign_in() -> ResponseReturnValue:
        return render_template("sign_in.html", kept="", phone="", problem=None)

    @pages.post("/sign-in")
    @access("public")
    def ask() -> ResponseReturnValue:
        phone, kept = request.form.get("phone", ""), request.form.get("kept", "")
        if "phone" not in request.form:  # from the staff's page, with what was typed before
            return render_template("sign_in.html", kept=kept, phone="", problem=None)
        try:
            number = signing.ask(desk, phone, _address())
        except (Invalid, TooMany) as problem:
            return render_template("sign_in.html", kept=kept, phone=phone, problem=problem), problem.status
        return code_page(number, kept)

    @pages.get("/sign-in/code")
    @access("public")
    def start_over() -> ResponseReturnValue:
        # Loaded anew the page has lost the number, which stands in no address.
        return redirect(url_for(".sign_in", next=request.args.get("next")))

    @pages.post("/sign-in/code")
    @access("public")
    def enter() -> ResponseReturnValue:
        phone, kept = request.form.get("phone", ""), request.form.get("kept", "")
        try:
            person = signing.enter(desk, phone, request.form.get("code", ""), _address())
        except (Invalid, TooMany) as problem:
            return code_page(phone, kept, problem), problem.status
        return arriving.welcome(person, kept)

    @pages.post("/sign-out")
    @access("public")
    def sign_out() -> ResponseReturnValue:
        guard.end()
        return redirect(url_for("home.home"))

    _add_links(pages, desk)
    return pages


def _add_links(pages: Blueprint, desk: signing.Desk) -> None:
    @pages.get("/sign-in/link/<token>")
    @access("public")
    def link(token: str) -> ResponseReturnValue:
        # Opening the link uses nothing up: chat programs open links by themselves to show a preview.
        return render_template("sign_in_link.html", token=token, problem=None)

    @pages.post("/sign-in/link/<token>")
    @access("public")
    def use_link(token: str) -> ResponseReturnValue:
        try:
            person = signing.use_link(desk, token)
        except Invalid as problem:
            return render_template("sign_in_link.html", token=token, problem=problem), 422
        return arriving.welcome(person, "")


def _address() -> str:
    """Who asks, as far as the network tells; behind trusted proxies the one in front of them."""
    return request.remote_addr or ""
