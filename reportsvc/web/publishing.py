"""The publishers' pages: asking for a circular, watching it being made, taking it away; where its figures come from."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc import attachments, reviews, totals
from reportsvc.accounts import people
from reportsvc.circulars import compiling, walk
from reportsvc.errors import NotFound
from reportsvc.forms.messages import N_
from reportsvc.reports import explaining
from reportsvc.web import guard, showing
from reportsvc.web.access import access
from reportsvc.web.handing import attach
from reportsvc.web.language import say

CHOICE = re.compile(r"(?P<campaign>[^/]+)/(?P<year>[0-9]{4})Q(?P<quarter>[1-4])")
ASK = N_("Choose a campaign and a quarter from the list.")


def blueprint(store: attachments.Store) -> Blueprint:
    """The pages over the store that the PDFs are in."""
    pages = Blueprint("publishing", __name__)

    @pages.get("/circulars")
    @access("publisher")
    def circulars() -> ResponseReturnValue:
        return _list_page(), 200

    @pages.post("/circulars")
    @access("publisher")
    def ask() -> ResponseReturnValue:
        chosen = CHOICE.fullmatch(request.form.get("what", ""))
        if chosen is None:
            return _list_page(ASK), 422
        person = people.person_by_id(guard.actor().id)
        through = totals.Quarter(int(chosen["year"]), int(chosen["quarter"]))
        circular = compiling.request_for(guard.actor().publishes, chosen["campaign"], through, person)
        return redirect(url_for(".circular", circular_id=circular.id))

    @pages.get("/circulars/<int:circular_id>")
    @access("publisher")
    def circular(circular_id: int) -> ResponseReturnValue:
        found = compiling.find(guard.actor().reads_circulars, circular_id)
        return render_template("circulars/circular.html", circular=found, standing=compiling.standing(found))

    @pages.get("/circulars/<int:circular_id>/progress")
    @access("publisher")
    def progress(circular_id: int) -> ResponseReturnValue:
        standing = compiling.standing(compiling.find(guard.actor().reads_circulars, circular_id))
        return jsonify(state=standing.state, done=standing.done, total=standing.total)

    @pages.get("/circulars/<int:circular_id>/file")
    @access("publisher")
    def file(circular_id: int) -> ResponseReturnValue:
        found: Any = compiling.find(guard.actor().reads_circulars, circular_id)
        if found.attachment is None:
            raise NotFound("This circular is not ready yet.")
        answer = Response(attachments.read(store, found.attachment), mimetype="application/pdf")
        return attach(answer, compiling.filename(found))

    _add_figures(pages)
    return pages


def _list_page(problem: str = "") -> str:
    codes = guard.actor().reads_circulars
    return render_template(
        "circulars/list.html",
        circulars=compiling.listing(codes),
        offers=[(one, quarters) for one, quarters in compiling.offers(guard.actor().publishes) if quarters],
        problem=say(problem) if problem else "",
    )


def _regions_read() -> tuple[str, ...]:
    actor = guard.actor()
    return (*actor.reads_reports, *actor.publishes)


def _add_figures(pages: Blueprint) -> None:
    @pages.get("/figures/<int:snapshot_id>/<path:key>")
    @access("reader")
    def figure(snapshot_id: int, key: str) -> ResponseReturnValue:
        page = request.args.get("page", 1, type=int)
        found = walk.figure(snapshot_id, key, _regions_read(), page)
        return render_template("figures/figure.html", figure=found)

    @pages.get("/versions/<int:version_id>")
    @access("reader")
    def version(version_id: int) -> ResponseReturnValue:
        found: Any = reviews.version_for(_regions_read(), version_id)
        return render_template(
            "figures/version.html",
            explained=explaining.of_version(found),
            version=found,
            slot=found.slot,
            shown=showing.shown(found.slot, found),
            files=showing.files_of(found.slot, found) if guard.actor().reads_reports else {},
            history=reviews.history(found.slot),
        )
