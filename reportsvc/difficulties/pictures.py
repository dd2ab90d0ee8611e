"""The photo of a difficulty that is raised on the spot: kept raw, made clean by a job in a process with limits."""

from __future__ import annotations

import hashlib

from reportsvc import attachments, clock
from reportsvc.db import database
from reportsvc.errors import Invalid, NotFound
from reportsvc.models import Attachment, Difficulty, DifficultyPhoto, Task
from reportsvc.photos import limited
from reportsvc.photos.reencode import LARGEST_BYTES

TASK = "difficulty-photo"
LARGEST_REQUEST = LARGEST_BYTES + 100_000
"""Bytes of the request that brings the largest photo, with the form around it."""


def check(content: bytes) -> None:
    """Refuse what is too large before anything is written.

    :raises Invalid: if it is.
    """
    if len(content) > LARGEST_BYTES:
        raise Invalid(limited.REASONS["heavy"])


def receive(store: attachments.Store, difficulty: Difficulty, content: bytes) -> None:
    """Keep the photo of a difficulty as it came, and put the work of making it clean into a row; the first one stays.

    :raises Invalid: if it is too large.
    """
    check(content)
    store.put(hashlib.sha256(content).hexdigest(), content)
    with database.atomic():
        if DifficultyPhoto.select().where(DifficultyPhoto.difficulty == difficulty).exists():
            return
        original = attachments.keep(store, content, "application/octet-stream", "raw")
        photo = DifficultyPhoto.create(difficulty=difficulty, original=original)
        now = clock.now()
        Task.create(
            kind=TASK, key=f"difficulty-photo:{photo.id}", payload={"photo": photo.id}, due_at=now, created_at=now
        )


def of(difficulty: Difficulty) -> DifficultyPhoto | None:
    """The photo of a difficulty, whatever its state."""
    found: DifficultyPhoto | None = DifficultyPhoto.get_or_none(DifficultyPhoto.difficulty == difficulty)
    return found


def content(store: attachments.Store, difficulty: Difficulty, *, small: bool) -> bytes:
    """The clean JPEG of a difficulty's photo, or its thumbnail.

    :raises NotFound: if there is none, or it is not ready.
    """
    photo = of(difficulty)
    kept: Attachment | None = None if photo is None else photo.small if small else photo.ready
    if kept is None:
        raise NotFound("There is no such photo.")
    return attachments.read(store, kept)


def prepare(store: attachments.Store, photo_id: int) -> None:
    """Make the clean photo and its thumbnail, or say why not. Again, it does nothing."""
    photo: DifficultyPhoto | None = DifficultyPhoto.get_or_none(DifficultyPhoto.id == photo_id)
    if photo is None or photo.state != "raw":
        return
    outcome = limited.run(attachments.read(store, photo.original))
    if isinstance(outcome, limited.Refusal):
        _settle(photo_id, state="refused", reason=outcome.reason)
        return
    full, small = (
        attachments.keep(store, part, "image/jpeg", f"difficulty{name}.jpg")
        for part, name in ((outcome.full, ""), (outcome.small, "-small"))
    )
    _settle(photo_id, state="ready", ready=full, small=small, width=outcome.width, height=outcome.height)


def give_up(photo_id: int) -> None:
    """The work failed for good."""
    _settle(photo_id, state="refused", reason=limited.REASONS["failed"])


def _settle(photo_id: int, **values: object) -> None:
    DifficultyPhoto.update(**values).where(DifficultyPhoto.id == photo_id, DifficultyPhoto.state == "raw").execute()
