"""Photos beside a report: taken in raw, made clean by a job, arranged by the organization, frozen when it submits."""

from __future__ import annotations

from reportsvc.photos.keeping import (
    LARGEST_REQUEST,
    MOST,
    TASK,
    Change,
    Sent,
    Shown,
    change,
    content,
    find,
    for_version,
    freeze,
    give_up,
    of_slot,
    prepare,
    receive,
    was_sent,
)
from reportsvc.photos.reencode import LARGEST_BYTES

__all__ = [
    "LARGEST_BYTES",
    "LARGEST_REQUEST",
    "MOST",
    "TASK",
    "Change",
    "Sent",
    "Shown",
    "change",
    "content",
    "find",
    "for_version",
    "freeze",
    "give_up",
    "of_slot",
    "prepare",
    "receive",
    "was_sent",
]
