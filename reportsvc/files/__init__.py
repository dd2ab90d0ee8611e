"""Files that answer questions: photos and documents, kept as they came, bound to the answers by their digest."""

from __future__ import annotations

from reportsvc.files.keeping import (
    LARGEST_REQUEST,
    LARGEST_SECTION,
    MOST,
    TASK,
    Kept,
    Sent,
    freeze,
    known,
    receive,
    uuid_for,
    vetted,
    was_sent,
)
from reportsvc.files.kinds import MEDIA_TYPES
from reportsvc.files.showing import content, find, give_up, prepare, standing
from reportsvc.photos.reencode import LARGEST_BYTES

__all__ = [
    "LARGEST_BYTES",
    "LARGEST_REQUEST",
    "LARGEST_SECTION",
    "MEDIA_TYPES",
    "MOST",
    "TASK",
    "Kept",
    "Sent",
    "content",
    "find",
    "freeze",
    "give_up",
    "known",
    "prepare",
    "receive",
    "standing",
    "uuid_for",
    "vetted",
    "was_sent",
]
