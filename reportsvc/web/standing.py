"""Where a report stands, in a sentence: why it can't be written to, or whose turn it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportsvc import reviews
from reportsvc.forms.messages import N_
from reportsvc.projects import regions
from reportsvc.reports import transitions
from reportsvc.reviews.levels import Turn
from reportsvc.web.language import day as written
from reportsvc.web.language import say

WITH_ORGANIZATION = N_("The organization has it. It is due on %(day)s.")
WAITS_THERE = N_("It waits for %(region)s, for %(count)s working days now.")
WAITS_BELOW = N_("It waits for %(region)s, for %(count)s working days now. From %(day)s you may act in its place.")
IN_PLACE = N_(
    "It has waited for %(region)s for %(count)s working days, so you may act in its place. This is written down."
)
APPROVED = N_("It is approved, and its figures count. Only the province can return it.")

SENT = N_(
    "This report has been sent and waits for the reviewers of %(region)s. It can be changed only when they return it."
)
COUNTS = N_("This report is approved, and its figures count. It can be changed only when the province returns it.")
NEEDLESS = N_("No report is needed this quarter.")


def for_reviewer(slot: Any, turn: Turn, history: Sequence[reviews.Told]) -> str:
    """What a reviewer is told above a report; nothing where it is simply their turn."""
    if slot.state in transitions.EDITABLE:
        return say(WITH_ORGANIZATION, day=written(slot.due))
    if slot.state == "approved":
        return say(APPROVED)
    if slot.state not in transitions.IN_REVIEW:
        return " ".join([say(NEEDLESS), _why(slot, history)]).strip()
    if turn.may_act and not turn.in_place:
        return ""
    text = IN_PLACE if turn.may_act else WAITS_BELOW if turn.from_day else WAITS_THERE
    day = written(turn.from_day) if turn.from_day else ""
    return say(text, region=regions.scope(turn.waits_at).name, count=turn.days, day=day)


def for_organization(slot: Any, history: Sequence[reviews.Told]) -> str:
    """Why its organization can't write to a report; nothing where it can."""
    if slot.state in transitions.EDITABLE:
        return ""
    if slot.state == "approved":
        return say(COUNTS)
    if slot.state == "not_required":
        return " ".join([say(NEEDLESS), _why(slot, history)]).strip()
    return say(SENT, region=regions.scope(slot.waiting_at_id).name)


def _why(slot: Any, history: Sequence[reviews.Told]) -> str:
    last = next((one for one in reversed(history) if one.action == "excuse"), None)
    if last is None or not slot.reason:
        return ""
    return "（" + "，".join(part for part in (last.region, slot.reason) if part) + "）"
