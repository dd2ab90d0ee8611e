"""The publishers' pages for webhooks: addresses, and what each was told."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc.errors import Invalid
from reportsvc.forms.messages import N_
from reportsvc.hooks import outbox, registry
from reportsvc.projects import regions
from reportsvc.web import guard
from reportsvc.web.access import access
from reportsvc.web.language import said, say
from reportsvc.web.words import Said

EVENTS = {
    outbox.SUBMITTED: N_("A report was submitted"),
    outbox.APPROVED: N_("A report was approved"),
    outbox.PUBLISHED: N_("A circular is ready"),
    registry.TRIAL: N_("A trial"),
}
STATES = {"due": N_("on its way"), "sent": N_("arrived"), "failed": N_("given up")}
ENDED = N_("The address is told nothing any more.")
TRIED = N_("A trial is on its way. It stands in the list below once it was sent.")


def blueprint(key: str, private: bool) -> Blueprint:
    """The pages.

    :param key: what the secrets are encrypted with.
    :param private: whether addresses of private networks are taken: in development only.
    """
    pages = Blueprint("hooks", __name__, url_prefix="/data/hooks")

    def page(problem: str = "", secret: str = "") -> str:
        codes = guard.actor().publishes
        return render_template(
            "data/hooks.html",
            hooks=registry.listing(codes),
            scopes=[regions.scope(code) for code in codes],
            events=Said(EVENTS),
            offered=outbox.EVENTS,
            problem=problem,
            secret=secret,
        )

    @pages.get("")
    @access("operator")
    def listing() -> ResponseReturnValue:
        return page()

    @pages.post("")
    @access("operator")
    def register() -> ResponseReturnValue:
        actor, asked = guard.actor(), request.form
        try:
            _, secret = registry.register(
                key, actor.id, actor.publishes, asked.get("region", ""), asked.get("address", ""),
                asked.getlist("events"), private,
            )  # fmt: skip
        except Invalid as problem:
            return page(problem=said(problem)), problem.status
        return page(secret=secret)

    _add_one(pages)
    return pages


def _add_one(pages: Blueprint) -> None:
    @pages.get("/<int:hook_id>")
    @access("operator")
    def one(hook_id: int) -> ResponseReturnValue:
        hook, number = registry.find(guard.actor().publishes, hook_id), request.args.get("page", 1, type=int)
        found, count = registry.deliveries(hook, number)
        return render_template(
            "data/hook.html",
            hook=hook,
            deliveries=found,
            page=min(max(number, 1), count),
            pages=count,
            events=Said(EVENTS),
            states=Said(STATES),
        )

    @pages.post("/<int:hook_id>/end")
    @access("operator")
    def end(hook_id: int) -> ResponseReturnValue:
        registry.end(guard.actor().publishes, hook_id)
        flash(say(ENDED))
        return redirect(url_for(".listing"))

    @pages.post("/<int:hook_id>/trial")
    @access("operator")
    def trial(hook_id: int) -> ResponseReturnValue:
        registry.trial(guard.actor().publishes, hook_id)
        flash(say(TRIED))
        return redirect(url_for(".one", hook_id=hook_id))
