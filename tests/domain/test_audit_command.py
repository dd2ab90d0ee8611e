"""``reportsvc audit``: what an operator is told, and with which status it ends."""

from __future__ import annotations

from pathlib import Path

import peewee
import pytest
from click.testing import CliRunner, Result

from reportsvc import audit, cli, config, db
from reportsvc.cli.wiring import Wiring
from reportsvc.models import Event
from tests.support.world import KEY, build


@pytest.fixture
def run(tmp_path: Path) -> object:
    settings = config.load({"instance_dir": tmp_path, "environment": "test", "secret_key": KEY, "log_level": "ERROR"})

    def opened(_: object) -> peewee.Database:
        made = db.open_database(settings.database)
        audit.keep_head_in(tmp_path)
        return made

    wiring = Wiring(lambda: None, lambda: settings, opened, lambda _: None)  # type: ignore[arg-type,return-value]
    assert CliRunner().invoke(cli.build(wiring), ["migrate"]).exit_code == 0
    with db.database.connection_context():
        build()

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(cli.build(wiring), list(words))

    yield invoke
    db.database.close_all()


def test_a_whole_log_is_told_to_be_whole(run) -> None:  # type: ignore[no-untyped-def]
    number, noted = run("audit", "head").output.split()
    assert int(number) > 10
    done = run("audit", "verify", "--anchor", noted)
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "The log is as it was written.")


def test_tampering_is_told_and_ends_with_status_1(run) -> None:  # type: ignore[no-untyped-def]
    with db.database.connection_context():
        Event.update(reason="改了理由").where(Event.id == 2).execute()
    done = run("audit", "verify")
    assert done.exit_code == 1
    assert "event 2 was changed since it was written" in done.output
    assert run("audit", "verify", "--anchor", "0" * 64).output.count("no entry has the hash") == 1
