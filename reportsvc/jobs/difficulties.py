"""The work on difficulties whose day is over: one level up, or closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reportsvc import attachments
from reportsvc.difficulties import overdue, pictures
from reportsvc.jobs.tasks import GiveUp, Handler, Work


def act(payload: Mapping[str, Any], _: Work) -> None:
    """Does what is due to the difficulty that a task names, if it still is as it was when the task was made."""
    overdue.act(payload["difficulty"], payload["revision"])


def picture_handler(store: attachments.Store) -> Handler:
    """Decodes the photo of a difficulty and encodes it anew, as those of reports."""

    def prepare(payload: Mapping[str, Any], _: Work) -> None:
        pictures.prepare(store, payload["photo"])

    return prepare


def given_up(payload: Mapping[str, Any]) -> None:
    """The page says that the photo could not be read; the difficulty itself is there without it."""
    pictures.give_up(payload["photo"])


HANDLES, PICTURES = overdue.TASK, pictures.TASK
GIVE_UP: Mapping[str, GiveUp] = {PICTURES: given_up}
