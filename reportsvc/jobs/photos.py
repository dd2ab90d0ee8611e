"""The work that makes photos fit to be seen: in a process with limits, for what comes from phones may be anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reportsvc import attachments, photos
from reportsvc.jobs.tasks import GiveUp, Handler, Work


def handler(store: attachments.Store) -> Handler:
    """Decodes the photo that a task names and encodes it anew."""

    def prepare(payload: Mapping[str, Any], _: Work) -> None:
        photos.prepare(store, payload["photo"])

    return prepare


def given_up(payload: Mapping[str, Any]) -> None:
    """The organization sees that it failed, and can send it again."""
    photos.give_up(payload["photo"])


HANDLES = photos.TASK
GIVE_UP: Mapping[str, GiveUp] = {HANDLES: given_up}
