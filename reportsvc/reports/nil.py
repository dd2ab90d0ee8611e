"""The nil report (零报告): an explicit "nothing this quarter", which is not the same as no report.

A form offers it by a select question named ``activity`` with the choice ``no``. What else the form then still asks is
taken from last quarter's report, as far as it is a choice or a day; if more than that is missing, it is not offered.
"""

from __future__ import annotations

import uuid

from reportsvc.db import database
from reportsvc.errors import Conflict
from reportsvc.forms.answers import Checked
from reportsvc.forms.definition import Answers, Form
from reportsvc.models import Person, Slot, Version
from reportsvc.reports import drafts, forms, submissions, transitions
from reportsvc.reports.outcomes import NOTHING, QUESTION, is_nil

__all__ = ["is_nil", "offered", "send", "submission"]

CARRIED_OVER = ("select_one", "date")


def offered(slot: Slot) -> Checked | None:
    """The answers of a nil report for this slot; nothing if the form has none, or something was typed already."""
    if slot.state not in {"open", "returned"} or drafts.has_draft(slot):
        return None
    form = forms.form_of(slot.round.form_version)
    if not _can_say_nothing(form):
        return None
    checked = forms.checked(slot, form, {**_carried(slot, form), QUESTION: NOTHING})
    return None if checked.problems else checked


def _can_say_nothing(form: Form) -> bool:
    return any(
        question.name == QUESTION and NOTHING in {choice.value for choice in question.choices}
        for question, repeat in form.questions()
        if repeat is None
    )


def _carried(slot: Slot, form: Form) -> Answers:
    earlier = drafts.last_quarter(slot)
    if earlier is None:
        return {}
    names = {question.name for question, repeat in form.questions() if repeat is None and question.kind in CARRIED_OVER}
    return {name: value for name, value in earlier.answers.items() if name in names}


def submission(slot: Slot, before: int = 0) -> str:
    """The UUID of the slot's nil report: the same for every tap until the slot moves on.

    :param before: so many versions ago.
    """
    return str(uuid.uuid5(drafts.SPACE, f"nil {slot.id} after version {slot.current - before}"))


def send(slot: Slot, person: Person, behalf: submissions.Behalf | None = None) -> Version:
    """Send the nil report; sent twice it is one.

    :param behalf: where a reviewer sends it for the organization.
    :raises Conflict: if the report can't be written to any more, or a nil report is not offered.
    """
    with database.atomic():
        now = transitions.locked(slot.id)
        last = drafts.versions(now)[:1]
        if last and last[0].submission == submission(now, before=1) and now.state not in transitions.EDITABLE:
            return last[0]
        checked = offered(now)
        if checked is None:
            raise Conflict("A nil report can't be sent here any more. Reload the page to see where the report stands.")
        sent = submissions.Submission(submission(now), checked.answers, submissions.NIL, behalf=behalf)
        return submissions.submit(now, now.round.form_version, person, sent)
