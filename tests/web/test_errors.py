"""When something goes wrong a page of ours says in Chinese what to do, and what was typed is still there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask

from reportsvc import clock, db
from reportsvc.app import create_app
from reportsvc.reports import drafts
from tests.support.postgres import Postgres
from tests.support.world import KEY
from tests.web.browsing import Page, Phone
from tests.web.conftest import Site, running

OURS = {"Origin": "http://localhost"}
FAILED = "系统出现问题，已经记录。之前保存的内容没有丢失，请稍后再试。"
AWAY = "系统暂时无法连接数据库。之前保存的内容没有丢失，请一分钟后再试。"
NOTHING = "没有这个页面，或您无权查看。请检查网址，或从首页开始。"
LARGE = "提交的内容过大，请分次填写。"


def is_ours(page: Page, status: int, text: str) -> None:
    """An error page as it should be."""
    assert page.status == status
    assert text in page.main
    assert "/" in page.links, "the way on"
    assert f"如需帮助，请提供此编号：{page.answer.headers['X-Request-ID'][:12]}" in page.main


@pytest.mark.parametrize("path", ["/nosuch", "/reports/x", "/reports/99999999999999999999", "/static/x/nosuch.css"])
def test_a_page_that_is_not_there(site: Site, reporter: Phone, path: str) -> None:
    for phone in (reporter, site.phone()):
        is_ours(phone.get(path), 404, NOTHING)


def test_a_page_called_the_wrong_way(reporter: Phone) -> None:
    is_ours(reporter.get("/sign-out"), 405, "不能这样打开此页面，请从首页开始。")


@pytest.mark.parametrize("signed_in", [True, False])
def test_what_is_too_large(site: Site, signed_in: bool) -> None:
    phone = site.phone(site.world.reporter if signed_in else None)
    path = f"/reports/{site.world.slots['library']}/fill/text"
    is_ours(phone.post(path, {"progress_text": "x" * 1_000_001}), 413, LARGE)


def test_all_of_what_a_request_may_hold_may_be_one_text(site: Site, reporter: Phone) -> None:
    page = reporter.send(reporter.section("text"), progress_text="字" * 90_000)
    assert page.status == 422
    assert "最多 2000 个字，现有 90000 个字，请删减。" in page.main
    assert site.draft()["progress_text"] == "字" * 90_000


def test_an_unforeseen_error_is_a_page_of_ours_and_written_down(
    site: Site, reporter: Phone, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    page = reporter.section("state")
    with monkeypatch.context() as broken:
        broken.setattr(drafts, "save", _fail)
        failed = reporter.post(page.answer.request.path, _typed(page), headers=OURS)
    is_ours(failed, 500, FAILED)
    assert "您的隐私数据" not in failed.html
    lines: list[Any] = [record.msg for record in caplog.records]
    [line] = [line for line in lines if line["event"] == "unforeseen"]
    assert line["request_id"] == failed.answer.headers["X-Request-ID"]
    assert "RuntimeError: 您的隐私数据" in line["exception"]
    assert reporter.send(failed).status == 302, "once more, with what was typed"
    assert site.draft()["project_state"] == "running"


def _fail(*_: Any) -> None:
    raise RuntimeError("您的隐私数据")


def _typed(page: Page) -> dict[str, str]:
    return dict(page.form.fields) | {"project_state": "running", "activity": "no"}


def test_what_somebody_elses_page_posts_is_never_offered_again(
    site: Site, reporter: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = reporter.section("state")
    monkeypatch.setattr(drafts, "save", _fail)
    failed = reporter.post(page.answer.request.path, _typed(page), headers={"Origin": "https://evil.example"})
    assert failed.status == 500
    assert failed.forms == []


def test_errors_come_in_the_readers_language(reporter: Phone) -> None:
    page = reporter.get("/reports")
    language = next(form for form in page.root.all("form") if form.attributes["action"] == "/language/en")
    assert reporter.send(page, language).location == "/reports"
    page = reporter.get("/nosuch")
    assert "There is no such page, or it is not yours to see." in page.main
    assert page.root.all("html")[0].attributes["lang"] == "en"


def test_a_host_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    app = create_app({
        "instance_dir": tmp_path, "environment": "test", "secret_key": KEY, "trusted_hosts": ("reports.example.cn",),
    })  # fmt: skip
    client = app.test_client()
    assert client.get("/healthz", base_url="http://reports.example.cn").status_code == 200
    answer = client.get("/healthz", base_url="http://evil.example")
    assert answer.status_code == 400
    assert "页面内容无法识别" in answer.get_data(as_text=True)


# --- the database is away --------------------------------------------------------------------------------------------


def _signed_in(app: Flask) -> Any:
    client = app.test_client()
    with client.session_transaction() as session:
        session.update(person=1, seen=int(clock.now().timestamp()))
    return client


def test_without_a_database_there_is_a_page_and_what_was_typed(tmp_path: Path) -> None:
    url = "postgresql://nobody@127.0.0.1:1/none?connect_timeout=1"
    app = create_app({"instance_dir": tmp_path, "environment": "test", "secret_key": KEY, "database_url": url})
    client = _signed_in(app)
    for path in ("/", "/reports", "/sign-in"):
        is_ours(Page(client.get(path)), 503, AWAY)
    page = Page(client.post("/reports/1/fill/text", data={"progress_text": "修路。"}, headers=OURS))
    is_ours(page, 503, AWAY)
    assert page.form.attributes["action"] == "/reports/1/fill/text"
    assert page.values["progress_text"] == "修路。"
    assert "您填写的内容" in page.main or "What you typed is kept on this page." in page.main
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    page = Page(client.get("/reports"))
    leave = next(form for form in page.root.all("form") if "/language/" in form.attributes["action"])
    assert Phone.send(_over(client), page, leave).status == 302


def _over(client: Any) -> Any:
    phone = Phone.__new__(Phone)
    phone.client = client
    return phone


def test_a_database_that_goes_away_and_comes_back(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server: Postgres = request.getfixturevalue("postgres")
    url, save = server.create(), drafts.save

    def save_while_it_restarts(*given: Any) -> Any:
        db.database.close_idle()
        _cut(server, url)
        return save(*given)

    with running(url, tmp_path, monkeypatch) as site:
        phone = site.phone(site.world.reporter)
        page = phone.section("state")
        with monkeypatch.context() as restarting:
            restarting.setattr(drafts, "save", save_while_it_restarts)
            failed = phone.post(page.answer.request.path, _typed(page), headers=OURS)
        is_ours(failed, 503, AWAY)
        assert phone.send(failed).status == 302
        assert site.draft()["project_state"] == "running"


def _cut(server: Postgres, url: str) -> None:
    """End every connection to a database, as a restart of it does."""
    name = url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


def test_a_file_that_is_gone_is_a_database_that_is_away(tmp_path: Path, site: Site, reporter: Phone) -> None:
    db.database.close_all()
    for path in tmp_path.glob("site.db*"):
        path.unlink()
    is_ours(reporter.get("/reports"), 503, AWAY)


# --- headers ---------------------------------------------------------------------------------------------------------


def test_pages_are_private_and_let_nothing_in_from_elsewhere(site: Site, reporter: Phone) -> None:
    stranger = site.phone()
    for page in (reporter.get("/reports"), reporter.section("state"), stranger.get("/sign-in"), stranger.get("/x")):
        headers = page.answer.headers
        policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'self'"
        assert policy["frame-ancestors"] == "'none'"
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Request-ID"]


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(site: Site) -> None:
    phone = site.phone()
    cookie = phone.send(phone.get(site.world.link(site.world.reporter))).answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_cookie_of_a_production_goes_over_tls_only(tmp_path: Path) -> None:
    app = create_app({
        "instance_dir": tmp_path, "environment": "production", "secret_key": KEY, "trusted_hosts": ("localhost",),
        "code_channel": "email", "smtp_host": "mail.example.cn", "smtp_from": "reports@example.cn",
    })  # fmt: skip
    assert app.config["SESSION_COOKIE_SECURE"]


def test_pages_hold_no_inline_script_or_style_that_the_policy_forbids(site: Site, reporter: Phone) -> None:
    for page in (reporter.get("/reports"), reporter.section("text"), reporter.section("state")):
        for script in page.root.all("script"):
            assert "src" in script.attributes or script.attributes["type"] == "application/json"
        for element in page.root.all():
            assert not [name for name in element.attributes if name.startswith("on") or name == "style"]
