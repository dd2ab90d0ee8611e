"""Whether a file is a circular as it was made here, and which of its figures still hold."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import peewee

from reportsvc import totals
from reportsvc.circulars import snapshot
from reportsvc.errors import NotFound
from reportsvc.models import Attachment, Circular, Version


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure that comes out differently now, or from other reports.

    ``was`` and ``now`` count ``10 ** -scale`` of the unit. ``left`` and ``came`` are the receipt numbers of versions
    that were under the figure then and are not now, and the other way round.
    """

    key: str
    unit: str
    scale: int
    was: int
    now: int
    left: tuple[str, ...]
    came: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of a file that is a circular, byte by byte."""

    circular: Circular
    snapshot: str
    """SHA-256 of the snapshot's text, which was computed anew."""
    figures: int
    changed: tuple[Changed, ...]
    """By key; nothing where every figure still holds."""


def verify(content: bytes) -> Verdict:
    """Find the circular that a file is, and add up its figures anew from the reports as they are approved now.

    A file is known by the SHA-256 of all its bytes: one that is changed in a single bit, cut short, added to or put
    together from other pages is not found.

    :raises NotFound: if no circular of this database has these bytes.
    :raises Disagreement: if the snapshot's text was altered in the database.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    query = Circular.select().join(Attachment).where(Attachment.sha256 == sha256)
    circular: Circular | None = query.order_by(Circular.created_at.desc()).first()
    if circular is None or circular.snapshot is None:
        raise NotFound(
            "No circular that was made here has these bytes (SHA-256 %(sha256)s). The file is something else, "
            "comes from another database, or was changed after it was made.",
            sha256=sha256,
        )
    frozen = snapshot.load(circular.snapshot)
    present = snapshot.figures_now(circular.campaign, totals.Quarter(circular.year, circular.quarter))
    return Verdict(circular, circular.snapshot.sha256, len(frozen["figures"]), _compared(frozen["figures"], present))


def _compared(then: Mapping[str, Any], present: Mapping[str, tuple[int, str]]) -> tuple[Changed, ...]:
    changed = {}
    for key, figure in then.items():
        value, runs = present.get(key, (0, ""))
        before, after = _ids(figure["versions"]), _ids(snapshot.unranged(runs))
        if value != figure["value"] or before != after:
            changed[key] = (figure, value, before - after, after - before)
    receipts = _receipts(number for _, _, left, came in changed.values() for number in left | came)
    return tuple(
        Changed(
            key, figure["unit"], figure["scale"], figure["value"], value,
            tuple(receipts[one] for one in sorted(left)), tuple(receipts[one] for one in sorted(came)),
        )
        for key, (figure, value, left, came) in sorted(changed.items())
    )  # fmt: skip


def _ids(runs: Iterable[Iterable[int]]) -> set[int]:
    return {number for first, last in runs for number in range(first, last + 1)}


def _receipts(ids: Iterable[int]) -> dict[int, str]:
    """Receipt numbers by the version's id, fetched in pieces: a database takes only so many parameters."""
    wanted, found = sorted(set(ids)), {}
    for start in range(0, len(wanted), AT_ONCE):
        piece = wanted[start : start + AT_ONCE]
        rows = Version.select(Version.id, Version.receipt).where(peewee.Expression(Version.id, peewee.OP.IN, piece))
        found.update({row.id: row.receipt for row in rows})
    return found


AT_ONCE = 500
