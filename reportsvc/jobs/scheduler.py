"""The scheduler only ticks; what is due is in the database, so a tick that was missed is made up by the next."""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import peewee
import structlog
from apscheduler.schedulers.blocking import BlockingScheduler

from reportsvc.jobs import tasks

log = structlog.get_logger("reportsvc.jobs")


def worker_name() -> str:
    """A name that no other worker has: machine, process, and something random."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


@dataclass(frozen=True, slots=True)
class Workshop:
    """All that a worker knows how to do."""

    handlers: Mapping[str, tasks.Handler]
    give_up: Mapping[str, tasks.GiveUp]
    look: Sequence[Callable[[], object]]
    """What to ask at each tick: each puts due work into rows."""
    lease: timedelta
    worker: str = field(default_factory=worker_name)


def tick(workshop: Workshop) -> int:
    """Put what has become due into rows, then do all that is due; gives how many tasks were done."""
    for look in workshop.look:
        look()
    count = 0
    while (work := tasks.claim(workshop.worker, workshop.lease)) is not None:
        count += tasks.do(work, workshop.handlers, workshop.give_up)
    return count


def run(workshop: Workshop, database: peewee.Database, seconds: int) -> None:
    """Tick until stopped. A tick that fails (the database is away) is logged, and the next one tries again."""

    def once() -> None:
        try:
            with database.connection_context():
                tick(workshop)
        except Exception:
            log.exception("tick failed")

    scheduler = BlockingScheduler(timezone="UTC")
    scheduler.add_job(once, "interval", seconds=seconds, max_instances=1, coalesce=True, misfire_grace_time=None)
    once()
    log.info("scheduler ticks", seconds=seconds, worker=workshop.worker)
    scheduler.start()
