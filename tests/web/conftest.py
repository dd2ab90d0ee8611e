"""The service with a small province in it, and browsers for the people of that province."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from reportsvc import db
from reportsvc.app import create_app
from reportsvc.messages.courier import Courier
from reportsvc.reports import drafts
from reportsvc.web import language
from tests.support.executors import AtOnce
from tests.support.postgres import Postgres
from tests.support.world import KEY, World, build
from tests.web.browsing import Phone


@dataclass
class Site:
    """The running service."""

    app: Flask
    world: World
    url: str
    sent: list[tuple[str, str]] = field(default_factory=list)
    """Codes that went out: (phone number, code)."""

    def phone(self, person: Any = None) -> Phone:
        """A browser, signed in if a person is given."""
        made = Phone(self.app, self.world)
        return made.sign_in(person) if person is not None else made

    def draft(self, slot: str = "library") -> dict[str, Any]:
        """The answers that the draft holds."""
        return dict(drafts.opened(self.world.slot(slot)).answers)

    def zh(self, message: str, **values: object) -> str:
        """The Chinese of a message; that it has one is for tests/rules/test_catalogue.py."""
        with self.app.test_request_context("/"):
            return language.say(message, **values)


@contextmanager
def running(url: str, instance: Path, monkeypatch: pytest.MonkeyPatch, **settings: object) -> Iterator[Site]:
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr("reportsvc.app._show_code", lambda phone, code: sent.append((phone, code)))
    opened = db.open_database(url)
    db.migrate(opened)
    opened.close_all()
    app = create_app({
        "instance_dir": instance, "environment": "test", "secret_key": KEY, "database_url": url, "log_format": "json",
        **settings,
    }, Courier(AtOnce()))  # fmt: skip
    try:
        with db.database.connection_context():
            world = build()
        yield Site(app, world, url, sent)
    finally:
        db.database.close_all()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The service on SQLite."""
    with running(f"sqlite:///{tmp_path / 'site.db'}", tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The service on each kind of database in turn."""
    url = f"sqlite:///{tmp_path / 'site.db'}"
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        url = server.create()
    with running(url, tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def reporter(site: Site) -> Phone:
    return site.phone(site.world.reporter)


@pytest.fixture
def county(site: Site) -> Phone:
    return site.phone(site.world.county)


@pytest.fixture
def province(site: Site) -> Phone:
    return site.phone(site.world.province)
