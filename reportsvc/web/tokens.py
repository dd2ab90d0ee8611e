"""The publishers' page for tokens of the API: made, shown once, revoked."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc import clock
from reportsvc.accounts import tokens
from reportsvc.errors import Invalid
from reportsvc.forms.messages import N_
from reportsvc.projects import regions
from reportsvc.web import guard
from reportsvc.web.access import access
from reportsvc.web.language import said, say

REVOKED = N_("The token is revoked. Whatever used it is refused from now on.")


def blueprint(key: str, base_url: str) -> Blueprint:
    """The page.

    :param key: of the tokens' hashes.
    """
    pages = Blueprint("tokens", __name__, url_prefix="/data/tokens")

    def page(problem: str = "", made: str = "") -> str:
        codes = guard.actor().publishes
        return render_template(
            "data/tokens.html",
            tokens=tokens.listing(codes),
            scopes=[regions.scope(code) for code in codes],
            days=tokens.DAYS,
            now=clock.now(),
            base_url=base_url,
            problem=problem,
            made=made,
        )

    @pages.get("")
    @access("operator")
    def listing() -> ResponseReturnValue:
        return page()

    @pages.post("")
    @access("operator")
    def make() -> ResponseReturnValue:
        actor, asked = guard.actor(), request.form
        days = asked.get("days", 0, type=int)
        try:
            _, token = tokens.make(key, actor.id, actor.publishes, asked.get("region", ""), asked.get("name", ""), days)
        except Invalid as problem:
            return page(problem=said(problem)), problem.status
        return page(made=token)

    @pages.post("/<int:token_id>/revoke")
    @access("operator")
    def revoke(token_id: int) -> ResponseReturnValue:
        tokens.revoke(guard.actor().publishes, token_id)
        flash(say(REVOKED))
        return redirect(url_for(".listing"))

    return pages
