"""How long a keystroke takes in a form of a thousand expressions, on a phone six times slower than this machine.

Run: .venv/bin/python -m tests.bench.expressions — needs Chromium. The page is the shipped template with the shipped
scripts, all questions in one section; a keystroke is timed from the input event to when the page is laid out again.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys

from playwright.sync_api import Page, sync_playwright

from reportsvc.forms.definition import Form, Question, Section
from reportsvc.forms.expressions import parse
from tests.e2e.conftest import ORIGIN, PHONE, serve
from tests.e2e.form_page import render
from tests.support.tracked import ROOT

EXPRESSIONS = 1000
FIELDS = EXPRESSIONS // 4
SLOWER = 6
KEYS = 30
AT_MOST = 50  # milliseconds

# Gives for a keystroke the milliseconds of its own work: every listener, then style and layout.
PRESS = """([id, text]) => {
  const input = document.getElementById(id);
  input.value = text;
  const began = performance.now();
  input.dispatchEvent(new Event("input", {bubbles: true}));
  document.body.offsetHeight;
  return performance.now() - began;
}"""


def form() -> Form:
    """Numbers with a constraint and a condition each, and two calculations: of the two before it, and a running one."""
    items: list[Question] = []
    for number in range(FIELDS):
        before = max(0, number - 1)
        items.append(
            Question(
                f"f{number}",
                "decimal",
                f"Amount {number}",
                unit="元",
                relevant=parse(f"${{f{before}}} != 'none'") if number else parse("true()"),
                constraint=parse(f". >= 0 and . <= ${{f{before}}} + 1000000"),
                constraint_message="Too large.",
            )
        )
        items.append(
            Question(f"c{number}", "calculate", "", calculation=parse(f"${{f{number}}} * 1.05 + ${{f{before}}}"))
        )
        ten = ", ".join(f"${{c{each}}}" for each in range(number - number % 10, number + 1))
        items.append(Question(f"s{number}", "calculate", "", calculation=parse(f"round(sum({ten}) div 3, 2)")))
        if number % 10 == 9:
            items.append(Question(f"n{number}", "note", f"So far ${{s{number}}} 元"))
    return Form("thousand", "Thousand", (Section("s", "Thousand", tuple(items)),))


def count(asked: Form) -> int:
    """The expressions of a form."""
    return sum(
        node is not None
        for question, _ in asked.questions()
        for node in (question.relevant, question.constraint, question.calculation)
    )


def measure(page: Page, asked: Form) -> list[float]:
    """Milliseconds of each keystroke."""
    answers = {f"f{number}": str(100 + number) for number in range(FIELDS)}
    page.route("**/form", lambda route: route.fulfill(body=render(answers, form=asked), content_type="text/html"))
    page.goto(ORIGIN + "/form")
    page.wait_for_function("document.querySelector('[data-followed]')")
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.evaluate(PRESS, ["f0", "1"])
    return [page.evaluate(PRESS, [f"f{key * 8}", f"12{key}"]) for key in range(KEYS)]


def main() -> int:
    """Measure and print; 1 if a keystroke takes too long."""
    asked = form()
    found = count(asked)
    if found != EXPRESSIONS:
        raise SystemExit(f"{found} expressions, not {EXPRESSIONS}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_context(viewport=PHONE).new_page()
        page.route("**/*", serve)
        times = measure(page, asked)
        last = page.locator('[data-name="n9"] [data-label]').inner_text()
        browser.close()
    median = statistics.median(times)
    vectors = len(json.loads((ROOT / "tests/vectors/expressions.json").read_text("utf-8")))
    print(f"{found} expressions in one section, {SLOWER} times slower; a note says “{last}”.")
    print(f"A keystroke takes {median:.1f} ms (median of {KEYS}), {max(times):.1f} ms at worst.")
    print(json.dumps({"expressions": found, "keystroke_ms": round(median, 1), "vectors": vectors}))
    return int(median > AT_MOST)


if __name__ == "__main__":
    sys.exit(main())
