"""Whose report is being written: an organization's own, or one that a reviewer enters as it was told by telephone."""

from __future__ import annotations

from typing import Any

from reportsvc.errors import NotFound
from reportsvc.reports import behalf, drafts
from reportsvc.reports.submissions import Behalf
from reportsvc.reviews import exceptions
from reportsvc.web import guard


def slot(slot_id: int) -> Any:
    """A report that whoever is signed in may write.

    :raises NotFound: if it is not there, or not theirs: nobody is told which.
    """
    actor = guard.actor()
    try:
        return drafts.find(actor.organizations, slot_id)
    except NotFound:
        return exceptions.entered_by(actor.id, actor.reviews, slot_id)


def on_behalf(report: Any) -> Behalf | None:
    """Why and for which region a reviewer writes it; nothing where it is their own organization's."""
    actor = guard.actor()
    return None if report.organization_id in actor.organizations else behalf.begun(report, actor.id)
