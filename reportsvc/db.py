"""The database: SQLite by default, PostgreSQL by address; one place that opens, migrates and checks it."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import peewee
from peewee import sqlite3  # type: ignore[attr-defined]  # the driver peewee picked: the newer of pysqlite3 and the standard library's
from playhouse.migrations import Runner
from playhouse.pool import PooledPostgresqlDatabase, PooledSqliteDatabase

from reportsvc.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

SQLITE_MINIMUM = (3, 51, 3)
"""The first SQLite without the WAL-reset bug, which can corrupt a database (https://sqlite.org/wal.html#walresetbug)."""

MIGRATIONS = Path(__file__).resolve().parent / "migrations"

database = peewee.DatabaseProxy()
"""What the models are bound to; :func:`open_database` fills it."""


class LastThings:
    """A database that does something as the last thing inside a transaction, and something after it.

    peewee knows callbacks after a commit only. What is done before it is done with everything that the transaction
    needs already locked, so that it may wait for others who commit without two of them waiting for each other.
    """

    head_file: Path | None = None
    """Where the head of the log is written (reportsvc.audit); nowhere if nobody said."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._jobs = threading.local()
        super().__init__(*args, **kwargs)

    def before_commit(self, job: Callable[[], Callable[[], None] | None]) -> None:
        """Do ``job`` before this transaction is committed, once however often it is asked for.

        :param job: may give something to be done after the commit, when it can't be undone any more.
        """
        waiting = self._waiting()
        if job not in waiting:
            waiting.append(job)

    def commit(self) -> None:
        """Commit, with what is to be done around it."""
        waiting = self._waiting()
        jobs, waiting[:] = waiting[:], []
        after = [job() for job in jobs]
        super().commit()  # type: ignore[misc]  # of the database beside this class
        for job in after:
            if job is not None:
                job()

    def rollback(self) -> None:
        """Roll back; nothing is left to be done."""
        self._waiting().clear()
        super().rollback()  # type: ignore[misc]

    def _waiting(self) -> list[Callable[[], Callable[[], None] | None]]:
        if not hasattr(self._jobs, "waiting"):
            self._jobs.waiting = []
        found: list[Callable[[], Callable[[], None] | None]] = self._jobs.waiting
        return found


class _Sqlite(LastThings, PooledSqliteDatabase):  # type: ignore[misc]
    pass


class _Postgres(LastThings, PooledPostgresqlDatabase):  # type: ignore[misc]
    pass


def open_database(url: str) -> peewee.Database:
    """Bind the models to the database at ``url`` and return it, not yet connected.

    :param url: ``sqlite:///path`` or ``postgresql://user:password@host/name``.
    :raises ConfigurationError: if the address is of no known kind, or SQLite is too old.
    """
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        opened = _open_sqlite(url)
    elif scheme in {"postgresql", "postgres"}:
        opened = _Postgres(url, prefer_psycopg3=True, max_connections=64, stale_timeout=300, timeout=30)
    else:
        raise ConfigurationError(
            "DATABASE_URL starts with %(scheme)s; use sqlite:///path or postgresql://user:password@host/name.",
            scheme=scheme or "nothing",
        )
    database.initialize(opened)
    return opened


def _open_sqlite(url: str) -> peewee.Database:
    check_sqlite_version(sqlite3.sqlite_version_info)
    path = Path(url.removeprefix("sqlite:///"))
    path.parent.mkdir(parents=True, exist_ok=True)
    opened: peewee.Database = _Sqlite(
        str(path),
        pragmas={"journal_mode": "wal", "synchronous": "full", "foreign_keys": 1, "cache_size": -32_000},
        lock_type="IMMEDIATE",
        timeout=30,
        max_connections=256,
        check_same_thread=False,  # the pool passes a connection from thread to thread, but never to two at once
    )
    return opened


def check_sqlite_version(version: tuple[int, ...]) -> None:
    """Refuse a SQLite that can corrupt a WAL database.

    :raises ConfigurationError: naming the version and the fix.
    """
    if version < SQLITE_MINIMUM:
        raise ConfigurationError(
            "SQLite %(found)s can corrupt a WAL database; at least %(needed)s is needed. "
            "Install the package pysqlite3 of requirements.lock (script/bootstrap does), or set DATABASE_URL.",
            found=".".join(map(str, version)),
            needed=".".join(map(str, SQLITE_MINIMUM)),
        )


@contextmanager
def connected() -> Iterator[None]:
    """A connection for a thread of our own; one that is open already is used, and left open."""
    opened = database.connect(reuse_if_open=True)
    try:
        yield
    finally:
        if opened:
            database.close()


def consistent_read() -> AbstractContextManager[Any]:
    """A transaction in which every query sees the database as it was at the first one, and which stops no writer.

    Inside another transaction it is just that one's savepoint.
    """
    is_sqlite = isinstance(database.obj, peewee.SqliteDatabase)
    return cast("AbstractContextManager[Any]", database.atomic("DEFERRED" if is_sqlite else "REPEATABLE READ"))


def migrate(opened: peewee.Database) -> list[str]:
    """Bring the schema up to date; returns the names of the scripts that ran."""
    with opened.connection_context():
        return list(_runner(opened).up())


def pending(opened: peewee.Database) -> list[str]:
    """Names of the migrations that have not run; empty when the schema is ready."""
    runner = _runner(opened)
    return [script.name for script in runner.status() if script.applied is None]


def _runner(opened: peewee.Database) -> Any:
    return Runner(opened, directory=str(MIGRATIONS))


def insert_many(model: type[peewee.Model], rows: Iterable[dict[str, Any]], *, batch: int = 400) -> None:
    """Insert many rows in batches, below the databases' limits on parameters of one statement."""
    for part in peewee.chunked(rows, batch):
        model.insert_many(part).execute()
