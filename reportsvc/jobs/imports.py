"""The work that checks and applies imports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reportsvc.exchange.imports import desk
from reportsvc.jobs.tasks import GiveUp, Handler, Work


def handler(means: desk.Work) -> Handler:
    """Checks the workbook that a task names, or writes what was looked at."""

    def do(payload: Mapping[str, Any], work: Work) -> None:
        desk.do(payload["import"], means, work.progress)

    return do


def given_up(payload: Mapping[str, Any]) -> None:
    """Whoever asked sees that it failed, and that nothing was written."""
    desk.give_up(payload["import"])


HANDLES = desk.TASK
GIVE_UP: Mapping[str, GiveUp] = {HANDLES: given_up}
