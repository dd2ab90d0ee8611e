"""Pytest plugin of script/test: which tests stay together on one worker.

A module's tests share its fixtures (a database, a server), so they go to one worker together. The browser tests and
the measurements are one group, started first: they take longest, and two browsers on two cores make each other late.

This is a scheduler of our own because `--dist loadgroup` of pytest-xdist 3.8 groups nothing under pytest 9.2: it
writes to a field of the test that pytest no longer reads.
"""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

ONE_AFTER_ANOTHER = ("tests/e2e/", "tests/bench/")


class Grouped(LoadFileScheduling):
    """By file, but for the folders whose tests follow one another."""

    def _split_scope(self, nodeid: str) -> str:
        return "one after another" if nodeid.startswith(ONE_AFTER_ANOTHER) else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Grouped:
    return Grouped(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(ONE_AFTER_ANOTHER))
