"""A Chromium for the tests of this folder, and pages in it that get our scripts without a server."""

from __future__ import annotations

import mimetypes
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from tests.support.tracked import ROOT

ORIGIN = "http://reportsvc.test"
PHONE = {"width": 360, "height": 740}

# How long a page may take to show what is expected: a busy machine is slow, not wrong. It costs nothing where it shows.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, one for all tests of the worker."""
    executable = shutil.which("chromium")
    assert executable, "script/bootstrap --test installs chromium"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield opened
        opened.close()


def serve(route: Route) -> None:
    """Answer from static/; anything else is an empty page."""
    path = urlsplit(route.request.url).path
    if not path.startswith("/static/"):
        route.fulfill(body="<!doctype html><meta charset=utf-8><title>empty</title>", content_type="text/html")
        return
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    route.fulfill(body=(ROOT / path.removeprefix("/")).read_bytes(), content_type=kind)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page of a phone's size at :data:`ORIGIN`; an error that no script catches fails the test."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN")
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.route("**/*", serve)
    opened.goto(ORIGIN + "/")
    yield opened
    context.close()
    assert errors == []
