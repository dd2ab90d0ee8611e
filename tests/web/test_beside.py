"""A reviewer sees this quarter beside the last, and also what was answered then and is not now."""

from __future__ import annotations

from tests.web.conftest import Site


def test_what_vanished_since_last_quarter_is_there_with_a_dash(site: Site) -> None:
    version = site.world.submit(own_funds="", raised_funds="3000")  # last quarter: own funds of 8,000 and none raised
    page = site.phone(site.world.county).get(f"/review/{version.slot_id}")
    rows = [" ".join(row.text.split()) for row in page.root.all("tr")]
    ours = [row for row in rows if row.startswith(("自有资金", "募集资金"))]
    assert [row.endswith(end) for row, end in zip(ours, ("3,000 元 —", "— 8,000 元"), strict=True)] == [True, True]
