"""Due work is rows. One is claimed by a conditional update with a lease, done, and marked; nothing is done twice.

A worker that dies leaves a lease that runs out, and another worker takes the row over. Any number of workers can run
side by side, on any number of machines that share the database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import structlog

from reportsvc import clock
from reportsvc.db import database
from reportsvc.errors import ReportsvcError
from reportsvc.models import Task

log = structlog.get_logger("reportsvc.jobs")

MOST_TRIES = 3
WAIT_MINUTES = (1, 10)
"""How long after the first and the second failure the work is tried again."""


class LeaseLost(ReportsvcError):
    """Somebody else has taken the work over: this worker was silent for too long, and must leave it alone."""

    status = 409


class Abandoned(ReportsvcError):
    """Every worker that took it up died over it: it is given up before it takes down one more."""

    status = 500


class Work:
    """A claimed task, while it is being done."""

    def __init__(self, task: Task, worker: str, lease: timedelta) -> None:
        self.task, self.worker, self.lease = task, worker, lease
        self.renewed = clock.now()

    def progress(self, done: int, total: int) -> None:
        """Tell how far the work is, and stay its owner.

        :raises LeaseLost: if it is not ours any more.
        """
        now = clock.now()
        if done == self.task.done and now < self.renewed + self.lease / 4:
            return
        self.task.done, self.renewed = done, now
        self._mark(done=done, total=total, lease_until=now + self.lease)

    def finish(self) -> None:
        """Mark as done."""
        self._mark(state="done", finished_at=clock.now(), lease_until=None, error="")

    def fail(self, error: str) -> bool:
        """Put back for later, or for good after the last try; tells whether it was the last."""
        last = self.task.tries >= MOST_TRIES
        later = clock.now() + timedelta(minutes=0 if last else WAIT_MINUTES[self.task.tries - 1])
        self._mark(state="failed" if last else "due", due_at=later, lease_until=None, error=error)
        return last

    def _mark(self, **values: Any) -> None:
        mine = (Task.id == self.task.id) & (Task.worker == self.worker) & (Task.state == "working")
        if not Task.update(**values).where(mine).execute():
            raise LeaseLost("The work %(key)s was taken over by another worker.", key=self.task.key)


Handler = Callable[[Mapping[str, Any], Work], None]
"""Does one kind of work; repeating it must be harmless."""

GiveUp = Callable[[Mapping[str, Any]], None]
"""Told when the last try has failed."""


def claim(worker: str, lease: timedelta, key: str | None = None) -> Work | None:
    """Take one due task, or one whose worker has died; nothing if there is none.

    :param key: only the task of that key, and that at once, also while it waits to be tried again.
    """
    while True:
        now = clock.now()
        due = (Task.state == "due") & (Task.due_at <= now)
        if key is not None:
            due = (Task.state == "due") & (Task.key == key)
        abandoned = (Task.state == "working") & (Task.lease_until < now)
        ready = due | (abandoned if key is None else abandoned & (Task.key == key))
        with database.atomic():
            found: Task | None = Task.select().where(ready).order_by(Task.due_at, Task.id).first()
            if found is None:
                return None
            taken = (
                Task.update(state="working", worker=worker, lease_until=now + lease, tries=Task.tries + 1)
                .where((Task.id == found.id) & ready)
                .execute()
            )
        if taken:
            return Work(Task.get_by_id(found.id), worker, lease)


def do(work: Work, handlers: Mapping[str, Handler], give_up: Mapping[str, GiveUp]) -> bool:
    """Do a claimed task; true if it is done. What goes wrong is logged, and kept with the task."""
    task = work.task
    try:
        if task.tries > MOST_TRIES:
            raise Abandoned("Each of %(count)s workers ended before this was done.", count=task.tries - 1)
        handlers[task.kind](task.payload, work)
        work.finish()
    except LeaseLost:
        log.warning("taken over by another worker", task=task.key)
        return False
    except Exception as error:
        log.exception("task failed", task=task.key, tries=task.tries)
        _put_back(work, str(error) or type(error).__name__, give_up)
        return False
    log.info("task done", task=task.key)
    return True


def _put_back(work: Work, error: str, give_up: Mapping[str, GiveUp]) -> None:
    task = work.task
    try:
        if work.fail(error) and task.kind in give_up:
            give_up[task.kind](task.payload)
    except LeaseLost:
        log.warning("taken over by another worker", task=task.key)
