"""Sending a report in: checked as a whole, by the form of its round, exactly once."""

from __future__ import annotations

from collections.abc import Sequence

from reportsvc.db import database
from reportsvc.errors import Conflict, Invalid
from reportsvc.forms.answers import Problem
from reportsvc.forms.messages import N_
from reportsvc.models import Person, Slot, Version
from reportsvc.reports import drafts, forms, submissions, transitions

FORM_CHANGED = N_("The form was changed while you were filling it in. What you typed is kept: look through it again.")
ANSWERS_CHANGED = N_("The answers were changed on another device in the meantime. Look through them, then submit.")


class Incomplete(Invalid):
    """Some answers are missing or wrong; ``problems`` says which."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(N_("Some answers are missing or need another look. They are listed below."))


class Stale(Conflict):
    """What is to be sent is not what the person looked through: the page of the check is shown again."""


def send(slot: Slot, person: Person, submission: str, form_version: int) -> Version:
    """Submit what the draft holds.

    :param submission: the UUID that the page of the check carried; the same one again gives the same version.
    :param form_version: id of the form that the person looked through.
    :raises Incomplete: naming every answer that is missing or wrong.
    :raises Stale: if the answers or the form changed since the page was opened.
    :raises Conflict: if the report can't be written to any more.
    """
    with database.atomic():
        # Two taps at the same moment: the second waits here, and then finds what the first has sent.
        now = transitions.locked(slot.id)
        earlier = next((one for one in drafts.versions(now) if one.submission == submission), None)
        return earlier or _send(now, person, submission, form_version)


def _send(slot: Slot, person: Person, submission: str, form_version: int) -> Version:
    if slot.state not in transitions.EDITABLE:
        raise Conflict("This report has been submitted. It can be changed again only when it is returned.")
    held = drafts.opened(slot)
    if held.form_version.id != form_version:
        raise Stale(FORM_CHANGED)
    if held.submission != submission:
        raise Stale(ANSWERS_CHANGED)
    checked = forms.checked(slot, forms.form_of(held.form_version), held.answers)
    if checked.problems:
        raise Incomplete(checked.problems)
    return submissions.submit(slot, held.form_version, person, submissions.Submission(submission, checked.answers))
