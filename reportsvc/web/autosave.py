"""Saving while somebody types: the same draft as the button writes, answered with a few bytes."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from reportsvc.accounts import people
from reportsvc.errors import Conflict, NotFound
from reportsvc.reports import drafts
from reportsvc.web import comparing, filling, guard, writing
from reportsvc.web.access import access
from reportsvc.web.language import said, say

pages = Blueprint("autosave", __name__, url_prefix="/reports")


@pages.post("/<int:slot_id>/autosave/<section>")
@access("writer")
def autosave(slot_id: int, section: str) -> ResponseReturnValue:
    """Keep one section as it is typed; gives the mark that the next save has to carry."""
    slot = writing.slot(slot_id)
    received = filling.receive(slot, section, request.form)
    if received is None:
        raise NotFound("There is no such page in this form.")
    if comparing.UNDECIDED in request.form:  # nothing is overwritten before the person has chosen
        return jsonify(error=say(drafts.ELSEWHERE)), Conflict.status
    try:
        drafts.save(slot, people.person_by_id(guard.actor().id), received.typed)
    except Conflict as problem:
        return jsonify(error=said(problem)), problem.status
    return jsonify(base=received.mark)
