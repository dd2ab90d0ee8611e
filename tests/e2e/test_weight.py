"""What the first view of the quarterly report weighs on the wire; bytes are not noisy, so this holds them.

``tests/bench/phone.py`` measures the same with the time it takes.
"""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.bench.phone import first_view
from tests.e2e.test_whole_way import Site, site  # noqa: F401 - the fixture

WINDOW = 14_600
"""Bytes of the first congestion window: ten segments of 1460 (RFC 6928)."""


def test_the_first_view_fits_the_first_congestion_window(site: Site, browser: Browser) -> None:  # noqa: F811
    state = site.signed_in(site.world.reporter).context.storage_state()
    address = f"{site.address}/reports/{site.world.slots['library']}/fill/state"
    weighed, untouched, _ = first_view(browser, state, address)
    assert 4000 < untouched < sum(weighed.bytes.values()) <= WINDOW
    assert set(weighed.bytes) == {"Document", "Script"}
