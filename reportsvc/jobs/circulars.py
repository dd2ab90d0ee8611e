"""The work that makes circulars."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reportsvc.circulars import compiling
from reportsvc.jobs.tasks import GiveUp, Handler, Work


def handler(press: compiling.Press) -> Handler:
    """Compiles the circular that a task names."""

    def compile_one(payload: Mapping[str, Any], work: Work) -> None:
        compiling.compile_circular(payload["circular"], press, work.progress)

    return compile_one


def given_up(payload: Mapping[str, Any]) -> None:
    """Whoever asked sees that it failed."""
    compiling.give_up(payload["circular"])


HANDLES = compiling.TASK
GIVE_UP: Mapping[str, GiveUp] = {HANDLES: given_up}
