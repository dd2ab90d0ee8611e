"""What is touched is large enough to be touched: 44 px on a phone, 60 px with large type (WCAG 2.2, 2.5.5; 长辈版)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.e2e.test_accessible import REPORTER, names  # noqa: F401 - the fixture
from tests.e2e.test_whole_way import Site, site  # noqa: F401 - the fixture

SMALL = """(least) => {
  const shown = (element) => element.getClientRects().length && getComputedStyle(element).visibility !== "hidden";
  const hidden = (element) => element.closest(".form-away, .away, .skip, [aria-hidden=true]");
  const within = (link) => [...link.parentElement.childNodes].some(
    (node) => node.nodeType === 3 && node.textContent.trim().length > 6);
  const small = [];
  const all = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  for (const element of document.querySelectorAll(all)) {
    if (!shown(element) || hidden(element) || (element.matches("a") && within(element))) continue;
    const label = element.matches("[type=radio], [type=checkbox]") ? element.closest("label") || element : element;
    const { height } = (label.closest(".form-input") || label).getBoundingClientRect();
    if (height < least - 0.5) small.push(`${element.outerHTML.slice(0, 90)}: ${height}`);
  }
  return small;
}"""


def small(page: Page, least: int) -> list[str]:
    found: list[str] = page.evaluate(SMALL, least)
    return found


@pytest.mark.parametrize(("way", "least"), [("plain", 44), ("large", 60)])
def test_everything_can_be_touched(site: Site, names: dict[str, object], way: str, least: int) -> None:  # noqa: F811
    page = site.signed_in(site.world.reporter)
    if way == "large":
        page.get_by_role("button", name="大字版").click()
    wrong = {}
    for path in REPORTER:
        page.goto(site.address + path.format(**names))
        if found := small(page, least):
            wrong[path] = found
    assert wrong == {}
