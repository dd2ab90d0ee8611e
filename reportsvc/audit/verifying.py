"""Checking the log: every seal computed anew, and every row that an entry names compared with its digest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import peewee

from reportsvc import models
from reportsvc.audit import anchor, chain, contents
from reportsvc.audit.anchor import Head
from reportsvc.audit.writing import FOLLOWED
from reportsvc.db import consistent_read, database
from reportsvc.models import AuditEntry, AuditPending, Base


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written."""

    sequence: int
    """Of the entry that it was found at; 0 where there is none."""
    what: str
    """In English, for the operator: what differs."""

    def __str__(self) -> str:
        return f"entry {self.sequence}: {self.what}" if self.sequence else self.what


@dataclass
class Report:
    """What a check found."""

    entries: int = 0
    rows: int = 0
    """Rows that were compared with their digests."""
    head: Head = field(default_factory=lambda: Head(0, chain.BEFORE_THE_FIRST))
    findings: list[Finding] = field(default_factory=list)

    def add(self, sequence: int, what: str) -> None:
        """Remember a finding."""
        self.findings.append(Finding(sequence, what))


@dataclass
class _Named:
    """What the entries say of rows."""

    single: dict[str, tuple[int, str]] = field(default_factory=dict)
    """By the row's name: the entry, and the digest."""
    chunks: list[tuple[int, str, str, str]] = field(default_factory=list)
    """(entry, table, the rows' numbers, their digest)."""


def verify(expected: str = "") -> Report:
    """Check the whole log as it is at one moment, against itself, its rows and its written head.

    :param expected: a head that somebody wrote down earlier: some entry must have this hash.
    """
    opened: Any = database.obj
    with consistent_read():
        report, named = Report(), _Named()
        # Read before the entries: the log may go on meanwhile, and a head newer than they are would look cut off.
        written = anchor.read(opened.head_file)
        seen = {expected, written.hash if written else ""} - {""}
        missing = seen - _check_chain(report, named, seen)
        _check_rows(report, named)
        if expected and expected in missing:
            report.add(0, f"no entry has the hash {expected}: the log was cut off or written anew since then")
        if written is not None:
            _check_written(report, written, opened.head_file)
        if not report.entries and any(model.select().exists() for model in FOLLOWED):
            report.add(0, "the log is empty")
        for left in AuditPending.select():
            report.add(0, f"pending record {left.id} never became an entry")
    return report


def _check_chain(report: Report, named: _Named, looked_for: set[str]) -> set[str]:
    """Every entry in turn; gives those of the hashes looked for that are there."""
    found, last = set(), report.head
    for entry in AuditEntry.select().order_by(AuditEntry.sequence).iterator():
        sequence = entry.sequence
        if sequence != last.sequence + 1:
            gap = f"{last.sequence + 1} to {sequence - 1}" if sequence > last.sequence + 2 else str(sequence - 1)
            report.add(sequence, f"the entries before it are missing: {gap}")
        if entry.previous != last.hash:
            report.add(sequence, "it does not follow the entry before it (previous hash)")
        if entry.hash != chain.seal(entry.previous, entry.__data__):
            report.add(sequence, "its content or its hash was changed")
        if sequence == 1 and (entry.area, entry.action) != ("log", "begun"):
            report.add(sequence, "the log does not begin with its beginning")
        if entry.hash in looked_for:
            found.add(entry.hash)
        _read_names(report, named, entry)
        report.entries += 1
        last = Head(sequence, entry.hash)
    report.head = last
    return found


def _read_names(report: Report, named: _Named, entry: AuditEntry) -> None:
    if contents.ROWS not in entry.data and contents.TAKEN_IN not in entry.data:
        return
    try:
        data: dict[str, Any] = json.loads(entry.data)
        for name, digest in data.get(contents.ROWS, {}).items():
            if named.single.setdefault(name, (entry.sequence, digest))[1] != digest:
                report.add(entry.sequence, f"{name} has another digest here than in entry {named.single[name][0]}")
        for table, chunks in data.get(contents.TAKEN_IN, {}).items():
            named.chunks += [(entry.sequence, table, runs, digest) for runs, digest in chunks]
    except (ValueError, AttributeError, TypeError):
        report.add(entry.sequence, "its data can't be read")


def _check_rows(report: Report, named: _Named) -> None:
    tables = {chain.table_of(model): model for model in models.ALL}
    wanted = {name.partition(":")[0] for name in named.single} | {table for _, table, _, _ in named.chunks}
    for table in sorted(wanted | {chain.table_of(model) for model in FOLLOWED}):
        if table not in tables:
            report.add(0, f"there is no table {table}")
            continue
        _check_table(report, named, tables[table])


def _check_table(report: Report, named: _Named, model: type[Base]) -> None:
    table = chain.table_of(model)
    digests = {row.id: chain.row_digest(row) for row in _rows(model, named)}
    report.rows += len(digests)
    single = {int(name.partition(":")[2]): said for name, said in named.single.items() if _of(name, table)}
    for number, (sequence, digest) in single.items():
        if digests.get(number) != digest:
            how = "was changed" if number in digests else "is missing"
            report.add(sequence, f"{table} {number} {how} since it was written")
    named_here = set(single)
    for sequence, of_table, runs, digest in named.chunks:
        if of_table == table:
            ids = _numbers(runs)
            named_here.update(ids)
            if contents.digest(digests.get(number, "") for number in ids) != digest:
                gone = [str(number) for number in ids if number not in digests]
                how = f"{', '.join(gone)} missing" if gone else "changed"
                report.add(sequence, f"{table} {runs}: {how} since they were taken in")
    if model in FOLLOWED:
        for number in sorted(set(digests) - named_here):
            report.add(0, f"{table} {number} stands in no entry: it was not written by the service")


def _of(name: str, table: str) -> bool:
    kind, _, number = name.partition(":")
    return kind == table and number.isdecimal()


def _numbers(runs: str) -> list[int]:
    try:
        return contents.numbers(runs)
    except ValueError:
        return []


def _rows(model: type[Base], named: _Named) -> Iterator[Base]:
    """All rows of a table that is followed, of another one those that are named."""
    if model in FOLLOWED:
        yield from model.select().order_by(model.id).iterator()
        return
    table = chain.table_of(model)
    ids = [int(name.partition(":")[2]) for name in named.single if _of(name, table)]
    for part in peewee.chunked(ids, 500):
        yield from model.select().where(peewee.Expression(model._meta.primary_key, peewee.OP.IN, part))


def _check_written(report: Report, written: Head, path: Path) -> None:
    if written.sequence > report.head.sequence:
        report.add(
            report.head.sequence,
            f"the log ends here, but its written head is entry {written.sequence}: the end was cut off",
        )
        return
    there: AuditEntry | None = AuditEntry.get_or_none(AuditEntry.sequence == written.sequence)
    if there is None or there.hash != written.hash:
        report.add(written.sequence, "its hash is not the one in the written head: the log was written anew")
        return
    # With PostgreSQL another machine may have gone on, whose written head lies there.
    now = anchor.read(path) if isinstance(database.obj, peewee.SqliteDatabase) else None
    if now is not None and now.sequence < report.head.sequence:
        report.add(now.sequence + 1, "this entry and those after it were not written by the service: no head says so")


def summary(findings: Iterable[Finding]) -> list[str]:
    """The findings in order of the entries, each once."""
    ordered = sorted(findings, key=lambda one: (one.sequence == 0, one.sequence))
    return [text for text, _ in groupby(map(str, ordered))]
