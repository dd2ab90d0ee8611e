"""The nil report in two taps: one to ask for it, one to send it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from reportsvc.accounts import people
from reportsvc.forms import answers as forms_answers
from reportsvc.reports import drafts, forms, nil
from reportsvc.web import guard, speaking
from reportsvc.web.access import access

pages = Blueprint("nil", __name__, url_prefix="/reports")


@pages.get("/<int:slot_id>/nil")
@access("reporter")
def look(slot_id: int) -> ResponseReturnValue:
    """What would be sent."""
    slot = drafts.find(guard.actor().organizations, slot_id)
    checked = nil.offered(slot)
    if checked is None:
        return redirect(url_for("reporting.overview", slot_id=slot_id))
    form = speaking.form_of(slot.round.form_version)
    shown = forms_answers.display(form, checked.answers, forms.surroundings(slot).choices)
    return render_template(
        "reports/nil.html", slot=slot, shown=shown, languages=speaking.switch(slot.round.form_version)
    )


@pages.post("/<int:slot_id>/nil")
@access("reporter")
def send(slot_id: int) -> ResponseReturnValue:
    """Send it."""
    slot = drafts.find(guard.actor().organizations, slot_id)
    nil.send(slot, people.person_by_id(guard.actor().id))
    return redirect(url_for("reporting.receipt", slot_id=slot_id))
