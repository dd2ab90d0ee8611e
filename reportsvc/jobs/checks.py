"""The work that looks at whole quarters: see :mod:`reportsvc.reports.checks.running`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reportsvc import attachments
from reportsvc.jobs.tasks import GiveUp, Handler, Work
from reportsvc.reports.checks import running, trials


def handlers(store: attachments.Store) -> Mapping[str, Handler]:
    """What checks a quarter, a campaign's projects, and what tries rules that are not kept yet."""

    def check(payload: Mapping[str, Any], work: Work) -> None:
        running.quarter(payload["id"], store, work.progress)

    def look_for_twins(payload: Mapping[str, Any], _: Work) -> None:
        running.projects(payload["id"])

    def try_out(payload: Mapping[str, Any], work: Work) -> None:
        trials.run(payload["trial"], work.progress)

    return {running.TASK: check, running.PROJECTS: look_for_twins, trials.TASK: try_out}


def given_up(payload: Mapping[str, Any]) -> None:
    """Whoever asked for the trial sees that it failed."""
    trials.give_up(payload["trial"])


GIVE_UP: Mapping[str, GiveUp] = {trials.TASK: given_up}
LOOK: Callable[[], object] = running.look
