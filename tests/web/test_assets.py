"""Files and pages travel small, and files are kept for ever by those who have them."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import brotli
import pytest
from flask.testing import FlaskClient

from reportsvc import db
from reportsvc.app import create_app


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    url = f"sqlite:///{tmp_path}/t.db"
    db.migrate(db.open_database(url))
    return create_app({"instance_dir": tmp_path, "environment": "test", "database_url": url}).test_client()


def address(client: FlaskClient, name: str) -> str:
    with client.application.test_request_context():
        return str(client.application.jinja_env.globals["url_for"]("static", filename=name))


def test_a_script_is_kept_for_ever_and_sent_with_brotli_or_gzip(client: FlaskClient) -> None:
    path = address(client, "forms/page.js")
    plain = client.get(path)
    assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert b"// " not in plain.data
    for encoding, decode in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        answer = client.get(path, headers={"Accept-Encoding": encoding})
        assert answer.headers["Content-Encoding"] == encoding
        assert decode(answer.data) == plain.data
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_an_earlier_release_is_answered_but_not_kept(client: FlaskClient) -> None:
    answer = client.get("/static/000000000000/progress.js")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")
    assert client.get("/static/000000000000/../app.py").status_code == 404
    assert client.get(address(client, "nosuch.js")).status_code == 404


def test_a_page_is_compressed_and_its_stylesheet_is_allowed(client: FlaskClient) -> None:
    answer = client.get("/", headers={"Accept-Encoding": "br"})
    page = brotli.decompress(answer.data).decode()
    assert "<style>" in page
    assert re.search(r"style-src 'self' 'sha256-[\w+/]{43}='", answer.headers["Content-Security-Policy"])
    assert "Content-Encoding" not in client.get("/").headers
