"""Reports that a reviewer enters for an organization, as it told them by telephone."""

from __future__ import annotations

from reportsvc.models import Event, Slot
from reportsvc.reports.submissions import Behalf
from reportsvc.reports.transitions import FOR_ORGANIZATION

BEGIN = "begin_on_behalf"


def begun(slot: Slot, person: int) -> Behalf | None:
    """What somebody gave as the reason when they began to enter this report; nothing if they did not, or it is sent.

    :param person: id of the reviewer.
    """
    actions = (BEGIN, "submit", *FOR_ORGANIZATION)
    events = Event.select().where(Event.slot == slot, Event.action.in_(actions)).order_by(-Event.id)
    for event in events:
        if event.action != BEGIN:
            return None
        if event.person_id == person:
            return Behalf(event.reason, str(event.data.get("region", "")))
    return None
