"""The photos of a report: sending them one by one, arranging them, looking at them."""

from __future__ import annotations

import uuid
from typing import Any, cast

from flask import Blueprint, Flask, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reportsvc import attachments, photos, reviews
from reportsvc.accounts import people
from reportsvc.errors import NotFound, ReportsvcError
from reportsvc.forms.messages import N_
from reportsvc.photos.limited import REASONS
from reportsvc.reports import transitions
from reportsvc.web import guard, writing
from reportsvc.web.access import access
from reportsvc.web.language import said, say

UPLOAD = "photos.upload"

RECEIVED = N_("The photo has arrived. It is shown as soon as it has been checked.")
SAVED = N_("Saved.")
FOREVER = "private, max-age=31536000, immutable"
STEPS = {"earlier", "later", "delete"}


def install(app: Flask) -> None:
    """Let the one address for photos take larger bodies than all others; before anything reads what was posted."""

    @app.before_request
    def widen() -> None:
        if request.endpoint == UPLOAD and request.method == "POST":
            request.max_content_length = photos.LARGEST_REQUEST


def blueprint(store: attachments.Store) -> Blueprint:
    """The pages over the store that the photos are in."""
    pages = Blueprint("photos", __name__)
    _add_writing(pages, store)
    _add_reading(pages, store)
    pages.register_error_handler(413, _too_large)
    return pages


def _slot(slot_id: int) -> Any:
    return writing.slot(slot_id)


def _by_script() -> bool:
    """Whether our script asks; a browser that sends a form prefers a page."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _page(slot: Any, problem: str = "") -> str:
    return render_template(
        "photos/photos.html",
        slot=slot,
        photos=photos.of_slot(slot),
        editable=slot.state in transitions.EDITABLE,
        most=photos.MOST,
        problem=problem,
        fresh=uuid.uuid4(),
        limit=photos.LARGEST_BYTES,
    )


def _refused(slot_id: int, text: str, status: int) -> ResponseReturnValue:
    if _by_script():
        return jsonify(error=text), status
    return _page(_slot(slot_id), text), status


def _too_large(_: Exception) -> ResponseReturnValue:
    return _refused(cast("dict[str, Any]", request.view_args)["slot_id"], say(REASONS["heavy"]), 413)


def _add_writing(pages: Blueprint, store: attachments.Store) -> None:
    @pages.get("/reports/<int:slot_id>/photos")
    @access("writer")
    def listing(slot_id: int) -> ResponseReturnValue:
        return _page(_slot(slot_id))

    @pages.post("/reports/<int:slot_id>/photos")
    @access("writer")
    def upload(slot_id: int) -> ResponseReturnValue:
        slot, person = _slot(slot_id), people.person_by_id(guard.actor().id)
        file = request.files.get("photo")
        sent = photos.Sent(
            uuid=request.form.get("uuid", ""),
            content=file.read() if file else b"",
            caption=request.form.get("caption", ""),
            consent="consent" in request.form,
        )
        try:
            photo = photos.receive(store, slot, person, sent)
        except ReportsvcError as problem:
            return _refused(slot_id, said(problem), problem.status)
        if _by_script():
            return jsonify(id=photo.id, uuid=photo.uuid, state=photo.state), 202
        flash(say(RECEIVED))
        return redirect(url_for(".listing", slot_id=slot_id), 303)

    @pages.post("/reports/<int:slot_id>/photos/<int:photo_id>")
    @access("writer")
    def change(slot_id: int, photo_id: int) -> ResponseReturnValue:
        slot, step = _slot(slot_id), request.form.get("do", "")
        wanted = photos.Change(
            request.form.get("caption", ""), "consent" in request.form, cast("Any", step if step in STEPS else "")
        )
        try:
            photos.change(slot, photo_id, wanted)
        except ReportsvcError as problem:
            return _refused(slot_id, said(problem), problem.status)
        if _by_script():
            return "", 204
        flash(say(SAVED))
        anchor = f"photo-{photo_id}" if wanted.step != "delete" else "photos"
        return redirect(url_for(".listing", slot_id=slot_id, _anchor=anchor), 303)


def _add_reading(pages: Blueprint, store: attachments.Store) -> None:
    @pages.get("/photos/<int:photo_id>", defaults={"small": False})
    @pages.get("/photos/<int:photo_id>/small", defaults={"small": True})
    @access("signed_in")
    def photo(photo_id: int, small: bool) -> ResponseReturnValue:
        found = photos.find(photo_id)
        _may_see(found)
        answer = Response(photos.content(store, found, small=small), mimetype="image/jpeg")
        answer.headers.set("Content-Disposition", "inline", filename=f"photo-{photo_id}.jpg")
        answer.headers["Cache-Control"] = FOREVER
        answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return answer


def _may_see(photo: Any) -> None:
    """Its organization may, and reviewers of its region once it went in with a report.

    :raises NotFound: for everybody else: nobody is told whether there is such a photo.
    """
    actor = guard.actor()
    if photo.slot.organization_id in actor.organizations:
        return
    if not photos.was_sent(photo):
        raise NotFound("There is no such photo.")
    reviews.find_for(actor.reads_reports, photo.slot_id)
