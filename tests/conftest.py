"""Fixtures that all tests share: an empty, migrated database on SQLite and on PostgreSQL."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import peewee
import pytest

from reportsvc import db
from tests.support.postgres import Postgres, postgres_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL for the whole run of this worker."""
    with postgres_server() as server:
        yield server


def _migrated(url: str) -> None:
    opened = db.open_database(url)
    db.migrate(opened)
    opened.close_all()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[peewee.Database]:
    """An empty database at the newest schema, connected; the test runs once on each kind."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'test.db'}"
        _migrated(url)
    else:
        server: Postgres = request.getfixturevalue("postgres")
        url = server.create(server.template("migrated", _migrated))
    opened = db.open_database(url)
    with opened.connection_context():
        yield opened
    opened.close_all()


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """An application takes over the root logger; here it gives it back, for pytest's streams close before exit."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
