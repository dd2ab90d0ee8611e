"""Sending a report in: checked as a whole, by the form of its round, exactly once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from reportsvc.db import database
from reportsvc.errors import Conflict, Invalid
from reportsvc.forms.answers import Problem
from reportsvc.forms.messages import N_
from reportsvc.models import Person, Slot, Version
from reportsvc.reports import doubts, drafts, explaining, forms, submissions, transitions
from reportsvc.reports.checks import flags

FORM_CHANGED = N_("The form was changed while you were filling it in. What you typed is kept: look through it again.")
ANSWERS_CHANGED = N_("The answers were changed on another device in the meantime. Look through them, then submit.")


class Incomplete(Invalid):
    """Some answers are missing or wrong; ``problems`` says which."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(N_("Some answers are missing or need another look. They are listed below."))


class Unexplained(Invalid):
    """Values that look wrong are neither explained nor fixed."""

    def __init__(self) -> None:
        super().__init__(N_("Some values look unlikely. Explain each of them, or fix it."))


class Unfit(Invalid):
    """Something that no report of the campaign may have; the page of the check says what, and where."""

    def __init__(self) -> None:
        super().__init__(N_("Something must be put right before this report can be sent. It is listed below."))


class Stale(Conflict):
    """What is to be sent is not what the person looked through: the page of the check is shown again."""


def send(  # noqa: PLR0913 - what, who, which answers, by which form, with what words, for whom
    slot: Slot,
    person: Person,
    submission: str,
    form_version: int,
    explanations: Mapping[str, str] = MappingProxyType({}),
    *,
    behalf: submissions.Behalf | None = None,
) -> Version:
    """Submit what the draft holds.

    :param submission: the UUID that the page of the check carried; the same one again gives the same version.
    :param form_version: id of the form that the person looked through.
    :param explanations: what was typed about doubted values, by key; kept even where the rest is refused.
    :param behalf: where a reviewer sends it for the organization.
    :raises Incomplete: naming every answer that is missing or wrong.
    :raises Unfit: if a check of the campaign finds what must be put right.
    :raises Unexplained: if a value is doubted and nothing is said to it.
    :raises Stale: if the answers or the form changed since the page was opened.
    :raises Conflict: if the report can't be written to any more.
    """
    if explanations:
        drafts.explain(slot, person, submission, explanations)
    with database.atomic():
        # Two taps at the same moment: the second waits here, and then finds what the first has sent.
        now = transitions.locked(slot.id)
        earlier = next((one for one in drafts.versions(now) if one.submission == submission), None)
        return earlier or _send(now, person, submission, form_version, behalf)


def _send(slot: Slot, person: Person, submission: str, form_version: int, behalf: submissions.Behalf | None) -> Version:
    if slot.state not in transitions.EDITABLE:
        raise Conflict("This report has been submitted. It can be changed again only when it is returned.")
    held = drafts.opened(slot)
    if held.form_version.id != form_version:
        raise Stale(FORM_CHANGED)
    if held.submission != submission:
        raise Stale(ANSWERS_CHANGED)
    form = forms.form_of(held.form_version)
    checked = forms.checked(slot, form, held.answers)
    if checked.problems:
        raise Incomplete(checked.problems)
    found = explaining.all_of(slot, form, checked.answers)
    if any(one.severity == "must_fix" for one in found):
        raise Unfit
    said = doubts.explained([one for one in found if one.severity == "explain"], held.explanations)
    if doubts.open_ones(said):
        raise Unexplained
    sent = submissions.Submission(submission, checked.answers, explanations=doubts.to_json(said), behalf=behalf)
    version = submissions.submit(slot, held.form_version, person, sent)
    flags.record(version, found)
    return version
