"""The work that makes photos among the answers fit to be seen, as :mod:`reportsvc.jobs.photos` does beside a report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reportsvc import attachments, files
from reportsvc.jobs.tasks import GiveUp, Handler, Work


def handler(store: attachments.Store) -> Handler:
    """Decodes the photo that a task names and encodes it anew."""

    def prepare(payload: Mapping[str, Any], _: Work) -> None:
        files.prepare(store, payload["file"])

    return prepare


def given_up(payload: Mapping[str, Any]) -> None:
    """The organization sees that it failed, and can send it again."""
    files.give_up(payload["file"])


HANDLES = files.TASK
GIVE_UP: Mapping[str, GiveUp] = {HANDLES: given_up}
