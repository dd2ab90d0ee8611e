"""Files, found by the SHA-256 of their bytes: the same file is stored once, and can never change unnoticed."""

from __future__ import annotations

import hashlib
import os
import uuid
from pathlib import Path
from typing import Protocol

from reportsvc import clock
from reportsvc.db import database
from reportsvc.errors import NotFound
from reportsvc.models import Attachment


class Store(Protocol):
    """Where the bytes are: a folder by default; anything that can put and get by digest."""

    def put(self, sha256: str, content: bytes) -> None:
        """Keep ``content``, durably, before returning."""

    def get(self, sha256: str) -> bytes | None:
        """What was put under this digest; nothing if it is not there."""


class Folder:
    """A store in a folder: ``ab/abcdef…``."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, sha256: str, content: bytes) -> None:
        """Write beside, flush to the disk, then rename: a crash leaves the whole file or none."""
        path = self._path(sha256)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")  # threads may put the same bytes
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def get(self, sha256: str) -> bytes | None:
        """Read it, if it is there."""
        path = self._path(sha256)
        return path.read_bytes() if path.is_file() else None

    def _path(self, sha256: str) -> Path:
        return self.root / sha256[:2] / sha256


def keep(store: Store, content: bytes, media_type: str, filename: str) -> Attachment:
    """Store the bytes and their row; the same bytes again give the same row."""
    sha256 = hashlib.sha256(content).hexdigest()
    store.put(sha256, content)
    with database.atomic():
        found: Attachment | None = Attachment.get_or_none(Attachment.sha256 == sha256)
        return found or Attachment.create(
            sha256=sha256, media_type=media_type, filename=filename, size=len(content), created_at=clock.now()
        )


def read(store: Store, attachment: Attachment) -> bytes:
    """The bytes of a stored file, checked against their digest.

    :raises NotFound: if they are gone or damaged; the text says which file, for whoever keeps the backups.
    """
    content = store.get(attachment.sha256)
    if content is None or hashlib.sha256(content).hexdigest() != attachment.sha256:
        raise NotFound(
            "The file %(sha256)s is missing or damaged. Bring it back from a backup.", sha256=attachment.sha256
        )
    return content
