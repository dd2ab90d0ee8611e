"""The work that makes the zip of a campaign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reportsvc.exchange import campaign
from reportsvc.jobs.tasks import GiveUp, Handler, Work


def handler(means: campaign.Work) -> Handler:
    """Writes the zip that a task names."""

    def do(payload: Mapping[str, Any], work: Work) -> None:
        campaign.do(payload["export"], means, work.progress)

    return do


def given_up(payload: Mapping[str, Any]) -> None:
    """Whoever asked sees that it failed."""
    campaign.give_up(payload["export"])


HANDLES = campaign.TASK
GIVE_UP: Mapping[str, GiveUp] = {HANDLES: given_up}
