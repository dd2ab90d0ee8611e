"""What is doubted of a report: its quantities against last quarter's, with what was said to them."""

from __future__ import annotations

from reportsvc.forms.answers import quantities
from reportsvc.forms.definition import Answers, Form
from reportsvc.models import Indicator, Slot, Version
from reportsvc.reports import doubts, drafts, forms, outcomes


def of_answers(slot: Slot, form: Form, answers: Answers) -> list[doubts.Doubt]:
    """What is doubted of checked answers; nothing of a nil report, and nothing before there is a last quarter."""
    earlier = None if outcomes.is_nil(answers) else drafts.last_quarter(slot)
    if earlier is None:
        return []
    return doubts.find(_measures(slot), forms.read_quantities(earlier), quantities(form, answers))


def _measures(slot: Slot) -> list[doubts.Measure]:
    indicators = (
        Indicator.select()
        .where(Indicator.campaign == slot.round.campaign_id)
        .order_by(Indicator.position, Indicator.id)
    )
    return [doubts.Measure(one.code, one.name, one.unit, one.kind, one.time_rule) for one in indicators]


def of_version(version: Version) -> list[doubts.Explained]:
    """What was doubted when a version was sent, with what was said to it."""
    return doubts.from_json(version.explanations)
