"""Sending off the request: the answer to the phone waits for no gateway, and tells nothing by how long it took."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextvars import copy_context
from threading import BoundedSemaphore

import structlog

log = structlog.get_logger("reportsvc.messages")

THREADS = 4
MOST_WAITING = 200
"""At a second each that is most of a minute of sending; who asks when more are waiting asks again a minute later."""

Job = Callable[[], None]


class Courier:
    """A few threads with a bounded queue.

    At the end of the process what waits is still sent: the interpreter joins a pool's threads before it exits.
    """

    def __init__(self, executor: Executor | None = None, most_waiting: int = MOST_WAITING) -> None:
        # Threads start with the first job, so a process that sends nothing has none.
        self._executor = executor or ThreadPoolExecutor(THREADS, thread_name_prefix="courier")
        self._room = BoundedSemaphore(most_waiting)

    def __call__(self, job: Job) -> None:
        """Do the job soon, or drop it with a line in the log if too many are waiting; never raises, never waits."""
        if not self._room.acquire(blocking=False):
            log.error("a message was dropped: too many are waiting to be sent")
            return
        try:
            # With the context of the request, so that a line in the log has its id.
            self._executor.submit(copy_context().run, self._do, job)
        except RuntimeError:  # the process is ending
            self._room.release()
            log.error("a message was dropped: the service is stopping")

    def _do(self, job: Job) -> None:
        try:
            job()
        except Exception as error:
            # Neither text nor values of an unforeseen error: they may hold a code, a number or a key.
            place = traceback.extract_tb(error.__traceback__)[-1]
            log.error("a message failed", kind=type(error).__name__, where=f"{place.name}:{place.lineno}")
        finally:
            self._room.release()
