"""Due work is done once, whoever dies and however many work side by side."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import peewee
import pytest

from reportsvc import clock
from reportsvc.jobs import scheduler, tasks
from reportsvc.models import Task

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
LEASE = timedelta(minutes=2)


@pytest.fixture
def at_noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


def due(key: str, **values: object) -> Task:
    now = clock.now()
    return Task.create(
        **{"kind": "count", "key": key, "payload": {"key": key}, "due_at": now, "created_at": now, **values}
    )


def again(task: Task) -> Task:
    found: Task = Task.get_by_id(task.id)
    return found


@pytest.mark.usefixtures("at_noon")
def test_many_workers_at_once_do_each_task_once(database: peewee.Database) -> None:
    for number in range(30):
        due(f"t{number}")
    done: list[str] = []
    barrier = threading.Barrier(4)

    def work(name: str) -> None:
        with clock.frozen(NOON), database.connection_context():
            barrier.wait()
            while (claimed := tasks.claim(name, LEASE)) is not None:
                tasks.do(claimed, {"count": lambda payload, _: done.append(payload["key"])}, {})

    threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(done) == sorted(f"t{number}" for number in range(30))
    assert {task.state for task in Task.select()} == {"done"}


def test_what_is_not_due_yet_waits(database: peewee.Database) -> None:
    with clock.frozen(NOON):
        due("later", due_at=NOON + timedelta(hours=1))
        assert tasks.claim("w", LEASE) is None
    with clock.frozen(NOON + timedelta(hours=1)):
        assert tasks.claim("w", LEASE) is not None


def test_a_dead_workers_task_is_taken_over_and_the_dead_one_changes_nothing_more(database: peewee.Database) -> None:
    with clock.frozen(NOON):
        task = due("t")
        first = tasks.claim("first", LEASE)
        assert first is not None
        assert tasks.claim("second", LEASE) is None
    with clock.frozen(NOON + LEASE + timedelta(seconds=1)):
        second = tasks.claim("second", LEASE)
        assert second is not None
        for act in (first.finish, lambda: first.progress(5, 10), lambda: first.fail("too late")):
            with pytest.raises(tasks.LeaseLost):
                act()
        assert (again(task).state, again(task).worker, again(task).done) == ("working", "second", 0)
        second.finish()
    assert (again(task).state, again(task).tries) == ("done", 2)


def test_what_goes_wrong_after_the_lease_was_lost_is_the_others_business(database: peewee.Database) -> None:
    def fail(payload: object, work: tasks.Work) -> None:
        raise OSError("the disk is full")

    given_up: list[object] = []
    with clock.frozen(NOON):
        task = due("t", tries=tasks.MOST_TRIES - 1)
        first = tasks.claim("first", LEASE)
    with clock.frozen(NOON + LEASE + timedelta(seconds=1)):
        assert tasks.claim("second", LEASE) is not None
        assert first is not None
        assert tasks.do(first, {"count": fail}, {"count": given_up.append}) is False
    assert (again(task).state, again(task).worker, again(task).error) == ("working", "second", "")
    assert given_up == []


def test_progress_keeps_the_lease(database: peewee.Database) -> None:
    with clock.frozen(NOON):
        due("t")
        work = tasks.claim("first", LEASE)
        assert work is not None
    for minute in range(1, 5):
        with clock.frozen(NOON + timedelta(minutes=minute)):
            work.progress(minute, 10)
            assert tasks.claim("second", LEASE) is None
    assert (again(work.task).done, again(work.task).total) == (4, 10)


def test_a_failure_is_tried_again_later_and_given_up_after_the_third(database: peewee.Database) -> None:
    given_up: list[str] = []

    def fail(payload: object, work: tasks.Work) -> None:
        raise OSError("the disk is full")

    with clock.frozen(NOON):
        task = due("t")
    for tries, minutes in enumerate((0, 1, 11), start=1):
        moment = NOON + timedelta(minutes=minutes)
        with clock.frozen(moment - timedelta(seconds=1)):
            assert tasks.claim("early", LEASE) is None
        with clock.frozen(moment):
            work = tasks.claim("w", LEASE)
            assert work is not None
            assert tasks.do(work, {"count": fail}, {"count": lambda payload: given_up.append(payload["key"])}) is False
        assert (again(task).tries, again(task).error) == (tries, "the disk is full")
    assert again(task).state == "failed"
    assert given_up == ["t"]


def test_asked_for_by_its_key_it_need_not_wait(database: peewee.Database) -> None:
    with clock.frozen(NOON):
        due("other")
        due("mine", due_at=NOON + timedelta(minutes=10))
        work = tasks.claim("w", LEASE, key="mine")
        assert work is not None
        assert work.task.key == "mine"
        assert tasks.claim("v", LEASE, key="mine") is None


@pytest.mark.usefixtures("at_noon")
def test_a_tick_asks_what_is_due_and_does_it_all(database: peewee.Database) -> None:
    done: list[str] = []
    shop = scheduler.Workshop(
        handlers={"count": lambda payload, _: done.append(payload["key"])},
        give_up={},
        look=(lambda: due(f"made{len(done)}") if len(done) < 2 else None,),
        lease=LEASE,
    )
    due("first")
    assert scheduler.tick(shop) == 2
    assert scheduler.tick(shop) == 0
    assert done == ["first", "made0"]
