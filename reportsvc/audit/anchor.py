"""The head of the log, written beside the database: who cuts its end off must change it there as well."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

import structlog

from reportsvc.db import database
from reportsvc.models import AuditEntry

log = structlog.get_logger("reportsvc.audit")
FILE = "audit-head"
LINE = "{sequence:020d} {hash}\n"


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry: how many there are, and the seal of all of them."""

    sequence: int
    hash: str


def keep_head_in(folder: Path) -> None:
    """Write the log's head into this folder with every change of the database that is open now."""
    database.obj.head_file = folder / FILE


def read(path: Path | None) -> Head | None:
    """The head that was written last; none if there is no such file yet."""
    if path is None or not path.exists():
        return None
    return _parsed(path.read_bytes())


def _parsed(content: bytes) -> Head | None:
    sequence, _, digest = content.decode("ascii", "replace").strip().partition(" ")
    return Head(int(sequence), digest) if sequence.isdecimal() and digest else None


def write(path: Path, before: Head, now: Head) -> None:
    """Move the written head on from ``before`` to ``now``, if it lies on the way there.

    One that does not is left alone: it is what proves that the log was cut off.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        log.error("the head of the log could not be written", path=str(path), error=str(error))
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        written = _parsed(os.pread(descriptor, 200, 0))
        if written is not None and written.sequence >= now.sequence:
            return  # somebody who committed after us was quicker here
        if written is not None and not _leads_to(written, before):
            log.error("the log does not go on from its written head; run: reportsvc audit verify", path=str(path))
            return
        os.pwrite(descriptor, LINE.format(sequence=now.sequence, hash=now.hash).encode(), 0)
    finally:
        os.close(descriptor)


def _leads_to(written: Head, before: Head) -> bool:
    if written.sequence == before.sequence:
        return written.hash == before.hash
    found: AuditEntry | None = AuditEntry.get_or_none(AuditEntry.sequence == written.sequence)
    return found is not None and found.hash == written.hash
