"""The work of each night: deadlines have come nearer, reports have become overdue, so lights change by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reportsvc.checklist import standing
from reportsvc.jobs.tasks import Handler, Work

HANDLES = standing.TASK


def work_out(_: Mapping[str, Any], work: Work) -> None:
    """Works out every project that was not worked out today."""
    standing.refresh_old(work.progress)


HANDLERS: Mapping[str, Handler] = {HANDLES: work_out}
