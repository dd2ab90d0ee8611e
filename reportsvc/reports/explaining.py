"""What is doubted of a report before it is sent, with what was said to it."""

from __future__ import annotations

from reportsvc.forms.definition import Answers, Form
from reportsvc.models import Slot, Version
from reportsvc.reports import doubts
from reportsvc.reports.checks import looking


def all_of(slot: Slot, form: Form, answers: Answers) -> list[doubts.Doubt]:
    """What the campaign's checks find in checked answers, of every severity; nothing in a nil report."""
    return looking.early(slot, form, answers)


def of_answers(slot: Slot, form: Form, answers: Answers) -> list[doubts.Doubt]:
    """What is to be explained or fixed before these answers are sent."""
    return [one for one in all_of(slot, form, answers) if one.severity == "explain"]


def of_version(version: Version) -> list[doubts.Explained]:
    """What was doubted when a version was sent, with what was said to it."""
    return doubts.from_json(version.explanations)
