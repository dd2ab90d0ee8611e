"""How heavy the first view of the quarterly report's form is, and how soon it can be typed into on a bad link.

Run: .venv/bin/python tests/bench/phone.py — slow 3G as peers were measured with: 400 kbit/s, 400 ms to and fro, a CPU
six times slower; a browser with nothing in its cache. What is weighed is everything that the first page takes, the
script that comes with the first touch too. The last line is JSON.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from reportsvc import db
from tests.support.world import KEY, World, build

RUNS = 5
LINK = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
SLOWER = 6
PHONE = {"width": 360, "height": 740}
SAVED = {"Fetch", "XHR"}
"""Kinds of request by which answers are saved: they belong to the use of a page, not to its view."""
PROGRAM = [sys.executable, "-c", "from reportsvc.app import main; main()"]


def serve(instance: Path, port: int) -> subprocess.Popen[bytes]:
    env = {
        **os.environ, "REPORTSVC_INSTANCE_DIR": str(instance), "REPORTSVC_PORT": str(port), "REPORTSVC_SECRET_KEY": KEY,
        "REPORTSVC_LOG_LEVEL": "ERROR",
    }  # fmt: skip
    server = subprocess.Popen([*PROGRAM, "web"], env=env, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz").close()
        except OSError:
            time.sleep(0.1)
        else:
            return server
    raise SystemExit("the server did not start")


class Weighed:
    """What came over the wire while a page was opened."""

    def __init__(self, session: CDPSession) -> None:
        self.kinds: dict[str, str] = {}
        self.bytes: Counter[str] = Counter()
        self.requests = 0
        session.on("Network.responseReceived", self._received)
        session.on("Network.loadingFinished", self._finished)

    def _received(self, event: dict[str, object]) -> None:
        self.kinds[str(event["requestId"])] = str(event["type"])

    def _finished(self, event: dict[str, object]) -> None:
        kind = self.kinds.get(str(event["requestId"]), "Other")
        if kind not in SAVED:
            self.requests += 1
            self.bytes[kind] += int(str(event["encodedDataLength"]))


def throttled(context: BrowserContext) -> tuple[Page, Weighed]:
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page, Weighed(session)


def first_view(browser: Browser, state: Any, address: str) -> tuple[Weighed, int, float]:
    """Everything that a browser with an empty cache fetches to show the form and to follow what is typed.

    Gives it with the bytes before the first touch, and the seconds until something was painted.
    """
    context = browser.new_context(viewport=PHONE, locale="zh-CN", storage_state=state)
    page, weighed = throttled(context)
    page.goto(address, wait_until="networkidle")
    untouched = sum(weighed.bytes.values())
    painted: float = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000")
    page.locator("main input[type=radio]").first.focus()  # no more than that: an answer would stay for the runs
    page.wait_for_selector("[data-followed]")
    page.wait_for_load_state("networkidle")
    context.close()
    return weighed, untouched, painted


USABLE = """() => {
  const watch = new MutationObserver(() => {
    const input = document.querySelector("main input[type=radio]");
    if (!input) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => {
      input.focus();
      input.click();
      if (input.checked) window.usable = performance.now() / 1000;
    }));
  });
  watch.observe(document, { childList: true, subtree: true });
}"""
"""From the start of the navigation until the form has been painted and its first input has taken an answer, on the
page's own clock, for the reason that stands at :data:`CLOCK`."""

CLOCK = """(selector) => {
  let tapped = 0;
  document.addEventListener("click", () => { tapped = performance.now(); }, { capture: true, once: true });
  const watch = new MutationObserver(() => {
    const input = document.querySelector(selector);
    if (!tapped || !input) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => {
      input.focus();
      document.execCommand("insertText", false, "1");
      window.took = { seconds: (performance.now() - tapped) / 1000, text: input.value };
      if (window.tell) window.tell(window.took);
    }));
  });
  watch.observe(document.body, { childList: true, subtree: true });
}"""
"""From the tap until the next page has been painted and its first input has taken text, on the page's own clock: the
driver's clicks and waits take a third of a second of their own on so slow a processor."""


def one_run(browser: Browser, state: Any, address: str) -> tuple[Weighed, float, float]:
    context = browser.new_context(viewport=PHONE, locale="zh-CN", storage_state=state)
    page, weighed = throttled(context)
    page.add_init_script(f"({USABLE})()")
    page.goto(address, wait_until="commit")
    page.wait_for_selector("[data-followed]")
    usable: float = page.evaluate("window.usable")
    page.wait_for_load_state("networkidle")
    page.get_by_text("正在实施", exact=True).click()
    page.locator("input[name=activity][value=yes]").check()
    page.evaluate(CLOCK, "input[name=own_funds]")
    page.click("button[name=go][value=next]", no_wait_after=True)
    took = page.evaluate("() => new Promise((done) => { window.tell = done; if (window.took) done(window.took); })")
    assert took["text"] == "1"
    context.close()
    return weighed, usable, took["seconds"]


def prepared(instance: Path) -> World:
    db.migrate(db.open_database(f"sqlite:///{instance / 'reportsvc.db'}"))
    with db.database.connection_context():
        return build()


def main() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        world = prepared(Path(folder))
        with db.database.connection_context():
            link = world.link(world.reporter)
        server = serve(Path(folder), port)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        try:
            origin = f"http://127.0.0.1:{port}"
            door = browser.new_context()
            page = door.new_page()
            page.goto(origin + link)
            page.click("main button")
            state = door.storage_state()
            address = f"{origin}/reports/{world.slots['library']}/fill/state"
            view = first_view(browser, state, address)
            runs = [one_run(browser, state, address) for _ in range(RUNS)]
        finally:
            browser.close()
            server.terminate()
            server.wait()
    report(*view, runs)


def report(weighed: Weighed, untouched: int, painted: float, runs: list[tuple[Weighed, float, float]]) -> None:
    for kind, size in weighed.bytes.most_common():
        print(f"{kind:<12} {size:>7} bytes")
    usable = statistics.median(run[1] for run in runs)
    following = statistics.median(run[2] for run in runs)
    total = sum(weighed.bytes.values())
    print(f"{total} bytes in {weighed.requests} requests (aim: 14600), {untouched} of them before the first touch")
    print(f"first paint after {painted:.2f} s")
    print(f"usable after {usable:.2f} s (aim: 1.5), next section after {following:.2f} s (aim: 0.8), median of {RUNS}")
    print(json.dumps({
        "bytes": total, "requests": weighed.requests, "usable_s": round(usable, 2), "next_s": round(following, 2),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
