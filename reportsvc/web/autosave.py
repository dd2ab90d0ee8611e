"""Saving while somebody types: the same draft as the button writes, answered with a few bytes."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from reportsvc.accounts import people
from reportsvc.errors import Conflict, NotFound
from reportsvc.forms import fields
from reportsvc.reports import drafts
from reportsvc.web import filling, guard
from reportsvc.web.access import access
from reportsvc.web.language import said

pages = Blueprint("autosave", __name__, url_prefix="/reports")


@pages.post("/<int:slot_id>/autosave/<section>")
@access("reporter")
def autosave(slot_id: int, section: str) -> ResponseReturnValue:
    """Keep one section as it is typed; gives the mark that the next save has to carry."""
    slot = drafts.find(guard.actor().organizations, slot_id)
    before = filling.read(slot, form_version=request.form.get("form", type=int))
    part = before.form.section(section)
    if part is None:
        raise NotFound("There is no such page in this form.")
    raw = fields.collect(filling.bind(before, part, request.form), part)
    version = before.opened.form_version
    report = filling.read(slot, filling.with_section(before, part, raw), version.id)
    typed = drafts.Typed(part, filling.to_keep(report, part, raw), request.form.get("base", ""), version)
    try:
        drafts.save(slot, people.person_by_id(guard.actor().id), typed)
    except Conflict as problem:
        return jsonify(error=said(problem)), problem.status
    return jsonify(base=drafts.mark(part, typed.answers))
