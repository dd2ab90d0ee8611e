"""The courier: bounded, quiet about what it carries, and not gone before what waits is sent."""

from __future__ import annotations

import subprocess
import sys

import structlog

from reportsvc.messages.courier import Courier
from tests.support.executors import AtOnce, OnDemand
from tests.support.tracked import ROOT


def test_what_is_handed_in_waits_off_the_request() -> None:
    done: list[int] = []
    executor = OnDemand()
    courier = Courier(executor)
    courier(lambda: done.append(1))
    assert done == []
    executor.run()
    assert done == [1]


def test_a_line_in_the_log_has_the_id_of_its_request() -> None:
    seen: list[object] = []
    executor = OnDemand()
    with structlog.contextvars.bound_contextvars(request_id="abc"):
        Courier(executor)(lambda: seen.append(structlog.contextvars.get_contextvars().get("request_id")))
    executor.run()
    assert seen == ["abc"]


def test_too_many_are_dropped_and_room_comes_back() -> None:
    done: list[int] = []
    executor = OnDemand()
    courier = Courier(executor, most_waiting=2)
    with structlog.testing.capture_logs() as lines:
        for _ in range(3):
            courier(lambda: done.append(1))
    assert [line["log_level"] for line in lines] == ["error"]
    executor.run()
    courier(lambda: done.append(1))
    executor.run()
    assert len(done) == 3


def test_a_job_that_breaks_is_told_by_kind_and_place_only() -> None:
    def broken() -> None:
        raise ValueError("13800000001 got 012345")

    with structlog.testing.capture_logs() as lines:
        Courier(AtOnce(), most_waiting=1)(broken)
        Courier(AtOnce(), most_waiting=1)(broken)
    assert [(line["kind"], line["where"].partition(":")[0]) for line in lines] == [("ValueError", "broken")] * 2
    assert "0123" not in str(lines)


PROGRAM = """
import threading
from reportsvc.messages.courier import Courier
courier, last_line = Courier(), threading.Event()
for number in range(50):
    courier(lambda number=number: (last_line.wait(), print(f"{number}\\n", end="", flush=True)))
last_line.set()
"""


def test_what_waits_when_the_process_ends_is_still_sent() -> None:
    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, cwd=ROOT, timeout=60, check=True
    )
    assert sorted(map(int, ended.stdout.split())) == list(range(50))
