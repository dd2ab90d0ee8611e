"""Recording a change, and sealing what was recorded as the last thing before the commit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

import peewee

from reportsvc import clock
from reportsvc.audit import anchor, chain, contents
from reportsvc.audit.anchor import Head
from reportsvc.db import database
from reportsvc.models import AuditEntry, AuditPending, Base, Event, GrantEvent, Region, Version

FOLLOWED: tuple[type[Base], ...] = (Event, GrantEvent, Version)
"""Tables of which every row stands in an entry with its digest."""
LOCK = 7_220_951_017
"""Number of PostgreSQL's lock: one transaction at a time moves the head on."""
CHUNK = 200
"""So many older rows share one digest."""
NUMBER = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


def record(  # noqa: PLR0913 - what, to what, by whom, where, and two kinds of more
    what: str,
    subject: str,
    *,
    actor: int | None,
    region: str | None = None,
    data: Mapping[str, object] | None = None,
    rows: Iterable[Base] = (),
) -> None:
    """Put a change into the log, together with the transaction around this.

    :param what: area and action, such as ``slot.submit``; every area has its words in ``reportsvc.web.words``.
    :param subject: to what, as kind and number: ``slot:12``.
    :param actor: id of the person who did it; none for the service itself and for its operator.
    :param region: code of the region that it belongs to; without one it is seen by who may see all.
    :param data: what else is to be known; ids, words and numbers of ours, nothing that somebody typed.
    :param rows: rows that nobody ever changes again; the entry keeps their digests.
    :raises ValueError: if a mobile number stands in it.
    """
    area, _, action = what.partition(".")
    digests = {chain.name_of(row): _stored_digest(row) for row in rows}
    text = chain.canonical({**(data or {}), **({"rows": digests} if digests else {})})
    if NUMBER.search(f"{subject} {DIGEST.sub('', text)}"):
        raise ValueError("a mobile number must not stand in the log")
    with database.atomic():
        AuditPending.create(
            at=clock.now(), actor=actor, area=area, action=action, subject=subject, place=_path(region), data=text
        )
        database.before_commit(_seal_pending)


def begin() -> None:
    """Begin the log, if it has not begun, with an entry that seals the rows that are older than it."""
    with database.atomic():
        if not AuditEntry.select().exists():
            database.before_commit(_seal_pending)


def take_in(what: str, actor: int | None = None) -> None:
    """Seal all rows that stand in no entry yet, as after many were brought in at once from elsewhere."""
    with database.atomic():
        known: set[str] = set()
        for one in (*AuditEntry.select(AuditEntry.data), *AuditPending.select(AuditPending.data)):
            known.update(contents.names(one.data))
        found = _older_rows(known)
        if found:
            record(what, "log", actor=actor, data={contents.TAKEN_IN: found})


def head() -> Head:
    """The newest entry; of an empty log the beginning."""
    newest = (
        AuditEntry.select(AuditEntry.sequence, AuditEntry.hash).order_by(AuditEntry.sequence.desc()).tuples().first()
    )
    return Head(*newest) if newest else Head(0, chain.BEFORE_THE_FIRST)


def _stored_digest(row: Base) -> str:
    """Of the row as the database gives it back: that is what a check will read."""
    model = type(row)
    return chain.row_digest(model.get_by_id(row.id))


def _path(region: str | None) -> str:
    if region is None:
        return ""
    found: Region | None = Region.get_or_none(Region.code == region)
    return found.path if found else ""


def _seal_pending() -> Callable[[], None] | None:
    """Make entries of what this transaction recorded; gives what is to be done after the commit."""
    if not isinstance(database.obj, peewee.SqliteDatabase):
        database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
    pending = list(AuditPending.select().order_by(AuditPending.id))
    before = now = head()
    if not before.sequence:
        known = {name for one in pending for name in contents.names(one.data)}
        began = pending[0].at if pending else clock.now()
        text = chain.canonical({contents.TAKEN_IN: _older_rows(known)})
        now = _append(now, AuditPending(at=began, area="log", action="begun", subject="log", data=text))
    for one in pending:
        now = _append(now, one)
    AuditPending.delete().execute()  # what another transaction has recorded can't be seen from here
    path = database.obj.head_file
    return None if path is None or now == before else lambda: anchor.write(path, before, now)


def _append(last: Head, one: AuditPending) -> Head:
    entry = {name: getattr(one, name) for name in chain.SEALED if name != "sequence"}
    entry["sequence"] = last.sequence + 1
    sealed = chain.seal(last.hash, entry)
    AuditEntry.insert(previous=last.hash, hash=sealed, **entry).execute()
    return Head(entry["sequence"], sealed)


def _older_rows(known: set[str]) -> dict[str, list[tuple[str, str]]]:
    """By table the rows that are not ``known``, in chunks: their numbers and the digest of all of them."""
    found = {}
    for model in FOLLOWED:
        table = chain.table_of(model)
        rows = (row for row in model.select().order_by(model.id).iterator() if f"{table}:{row.id}" not in known)
        chunks = [contents.chunk(list(part)) for part in peewee.chunked(rows, CHUNK)]
        if chunks:
            found[table] = chunks
    return found
