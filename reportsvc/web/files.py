"""Files that answer questions: sent one by one by a script or with their section, handed out to who may see them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import quote

from flask import Blueprint, Flask, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from reportsvc import attachments, files, reviews
from reportsvc.accounts import people
from reportsvc.errors import Conflict, Invalid, NotFound, ReportsvcError
from reportsvc.files.kinds import REASONS
from reportsvc.forms import fields
from reportsvc.forms.attached import ATTACHED
from reportsvc.forms.definition import Question
from reportsvc.forms.messages import N_
from reportsvc.forms.widgets import UPLOAD
from reportsvc.reports import forms
from reportsvc.web import guard, writing
from reportsvc.web.access import access
from reportsvc.web.errors import TEXTS
from reportsvc.web.language import said, say

ALONE, WITH_SECTION = "files.upload", "reporting.save"
STORE = "reportsvc.files"
FOREVER = "private, max-age=31536000, immutable"
MOST_PARTS = 5000
"""Fields and files of one section: 50 rows of 100 questions."""
TOO_MUCH = N_("These files are too large to be sent together, 24 MB at most. Go back, choose one, save, then the next.")


def install(app: Flask, store: attachments.Store) -> None:
    """Let the two addresses for files take larger bodies than all others; before anything reads what was posted."""
    app.extensions[STORE] = store

    @app.before_request
    def widen() -> None:
        if request.method != "POST":
            return
        if request.endpoint == ALONE:
            request.max_content_length = files.LARGEST_REQUEST
        elif request.endpoint == WITH_SECTION and request.mimetype == "multipart/form-data":
            request.max_content_length = files.LARGEST_SECTION
            request.max_form_parts = MOST_PARTS


def blueprint(store: attachments.Store) -> Blueprint:
    """The addresses over the store that the files are in."""
    pages = Blueprint("files", __name__)

    @pages.post("/reports/<int:slot_id>/files/<question>")
    @access("writer")
    def upload(slot_id: int, question: str) -> ResponseReturnValue:
        slot = writing.slot(slot_id)
        asked = _asked(slot, request.form.get("form", type=int)).get(question)
        if asked is None:
            raise NotFound("There is no such page in this form.")
        file, name = request.files.get("file"), request.form.get("uuid", "")
        sent = files.Sent(name, file.read() if file else b"", file.filename or "" if file else "")
        try:
            kept = files.receive(store, slot, people.person_by_id(guard.actor().id), asked, sent)
        except ReportsvcError as problem:
            return jsonify(error=said(problem)), problem.status
        return jsonify(answer=kept.answer, state=kept.state), 202

    pages.register_error_handler(413, lambda _: (jsonify(error=say(REASONS["heavy"])), 413))
    _add_reading(pages, store)
    return pages


def _add_reading(pages: Blueprint, store: attachments.Store) -> None:
    @pages.get("/files/<uuid:name>/state")
    @access("signed_in")
    def state(name: uuid.UUID) -> ResponseReturnValue:
        kept = files.standing(_visible(name))
        return jsonify(state=kept.state, error=say(kept.reason) if kept.reason else "")

    @pages.get("/files/<uuid:name>", defaults={"small": False})
    @pages.get("/files/<uuid:name>/small", defaults={"small": True})
    @access("signed_in")
    def file(name: uuid.UUID, small: bool) -> ResponseReturnValue:
        found = _visible(name)
        content = files.content(store, found, small=small)
        # A photo was made anew from its pixels; a document is what a stranger sent, and is never shown in the browser.
        media_type = files.MEDIA_TYPES.get(found.kind)
        answer = Response(content, mimetype=media_type or "image/jpeg")
        if media_type:
            answer.headers["Content-Disposition"] = taken_away_as(found.name, found.kind)
        else:
            answer.headers.set("Content-Disposition", "inline", filename=f"photo-{found.id}.jpg")
        answer.headers["Cache-Control"] = FOREVER
        answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return answer


def taken_away_as(name: str, kind: str) -> str:
    """Headers hold ASCII only: the name in the way that browsers read (RFC 8187), and a plain one for others."""
    return f"attachment; filename=file.{kind}; filename*=UTF-8''{quote(name, safe='')}"


def _visible(name: uuid.UUID) -> Any:
    """A file that the reader may see: its organization may, and reviewers of its region once it went in with a report.

    :raises NotFound: for everybody else, in the same words: nobody is told whether there is such a file.
    """
    found = files.find(str(name))
    actor = guard.actor()
    if found.slot.organization_id in actor.organizations:
        return found
    try:
        reviews.find_for(actor.reads_reports, found.slot_id)
    except NotFound as error:
        raise NotFound("There is no such file.") from error
    if not files.was_sent(found):
        raise NotFound("There is no such file.")
    return found


# --- with a section, where no script runs ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Taken:
    """What a section brought along: its fields with the answers of its files put in, and what was refused."""

    form: Any
    refused: dict[str, str] = field(default_factory=dict)
    """Name of an input → why its file was not taken."""

    def tell(self, bound: Any) -> None:
        """Put the refusals beside their inputs."""
        for each in fields.files(bound):
            if each.name in self.refused:
                each.errors = [*each.errors, self.refused[each.name]]


def take(slot: Any) -> Taken:
    """Keep the files of the section that was just posted; sent twice, they are the same files."""
    sent = {
        key.removesuffix(UPLOAD): file for key, file in request.files.items() if key.endswith(UPLOAD) and file.filename
    }
    if not sent:
        return Taken(request.form)
    form, refused = MultiDict(request.form), {}
    store, person = cast("attachments.Store", current_app.extensions[STORE]), people.person_by_id(guard.actor().id)
    asked = _asked(slot, request.form.get("form", type=int))
    for place, file in sent.items():
        question = asked.get(place.rpartition("-")[2])
        if question is None:
            continue
        content = file.read()
        one = files.Sent(files.uuid_for(slot, question.name, content), content, file.filename or "")
        try:
            form.setlist(place, [files.receive(store, slot, person, question, one).answer])
        except (Invalid, Conflict) as problem:
            refused[place] = said(problem)
    return Taken(form, refused)


def too_large(_: Exception) -> ResponseReturnValue:
    """A section with too much in it: where it brought files, these are named as what is too large."""
    text = TOO_MUCH if request.mimetype == "multipart/form-data" else TEXTS[413]
    return render_template("error.html", status=413, text=say(text), form=None), 413


def _asked(slot: Any, form_version: int | None) -> dict[str, Question]:
    """The questions of the form that a page showed which take files, by name."""
    form = forms.form_of(forms.shown_version(slot, form_version))
    return {question.name: question for question, _ in form.questions() if question.kind in ATTACHED}
