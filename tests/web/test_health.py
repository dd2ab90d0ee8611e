"""What watches over the service is told the truth, and what an operator does wrong is one clear line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from reportsvc import db
from reportsvc.app import create_app


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    app = create_app({"instance_dir": tmp_path, "environment": "test", "database_url": f"sqlite:///{tmp_path}/t.db"})
    return app.test_client()


def test_alive_before_the_schema_is_there_but_ready_only_after(client: FlaskClient, tmp_path: Path) -> None:
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "reportsvc migrate" in answer.get_json()["problems"]["schema"]
    db.migrate(db.open_database(f"sqlite:///{tmp_path}/t.db"))
    assert client.get("/readyz").get_json() == {"status": "ready", "problems": {}}


def test_alive_but_not_ready_while_the_database_is_away(tmp_path: Path) -> None:
    url = "postgresql://nobody@127.0.0.1:1/none?connect_timeout=1"
    client = create_app({"instance_dir": tmp_path, "environment": "test", "database_url": url}).test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "DATABASE_URL" in answer.get_json()["problems"]["database"]


def test_a_request_keeps_its_id_and_a_hostile_one_is_replaced(client: FlaskClient) -> None:
    assert (
        client.get("/healthz", headers={"X-Request-ID": "proxy-12345678"}).headers["X-Request-ID"] == "proxy-12345678"
    )
    assert client.get("/healthz", headers={"X-Request-ID": "a\tb<script>"}).headers["X-Request-ID"].isalnum()


def _run(tmp_path: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "REPORTSVC_INSTANCE_DIR": str(tmp_path), **environ}
    command = [sys.executable, "-c", "from reportsvc.app import main; main()", *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - our own program


def test_migrate_twice_then_totals_of_a_campaign_that_is_not_there(tmp_path: Path) -> None:
    first, second = _run(tmp_path, "migrate"), _run(tmp_path, "migrate")
    assert "0001_first_schema" in first.stdout
    assert second.stdout == "Migrations run: none. Regions added: 0.\n"
    missing = _run(tmp_path, "totals", "--campaign", "nosuch", "--through", "2020Q3")
    assert (missing.returncode, missing.stderr) == (1, "Error: There is no campaign with the code nosuch.\n")
    wrong = _run(tmp_path, "totals", "--campaign", "nosuch", "--through", "2020-3")
    assert "write 2020Q3" in wrong.stderr


def test_an_unsafe_production_is_one_line_that_names_the_setting(tmp_path: Path) -> None:
    refused = _run(tmp_path, "migrate", REPORTSVC_ENV="production")
    assert refused.returncode == 2
    assert refused.stderr.startswith("reportsvc: REPORTSVC_SECRET_KEY is missing")
    assert len(refused.stderr.splitlines()) == 1


def test_logs_are_json_lines_with_the_request_id(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    app = create_app({"instance_dir": tmp_path, "environment": "test", "log_format": "json"})
    app.test_client().get("/healthz", headers={"X-Request-ID": "abcdefgh1"})
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert [(line["event"], line["status"]) for line in lines if line.get("request_id") == "abcdefgh1"] == [
        ("request", 200)
    ]
