"""A circular is made once: asked for by a person or by a round that closed, whoever dies in between."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import peewee
import pytest

from reportsvc import attachments, clock, totals
from reportsvc.circulars import compiling
from reportsvc.circulars.document import CircularDocument, Progress
from reportsvc.jobs import circulars, scheduler, tasks
from reportsvc.models import Attachment, Circular, Snapshot, Task
from tests.support.world import World, build

LEASE = timedelta(minutes=2)


class Press:
    """A renderer that remembers what it was given, and can be told to fail or to die."""

    def __init__(self, folder: Path) -> None:
        self.documents: list[CircularDocument] = []
        self.trouble: BaseException | None = None
        self.press = compiling.Press(self.render, attachments.Folder(folder), "https://reports.example.cn")

    def render(self, document: CircularDocument, progress: Progress) -> bytes:
        self.documents.append(document)
        progress(1, 2)
        if self.trouble is not None:
            raise self.trouble
        progress(2, 2)
        return b"%PDF " + document.title.encode()

    def shop(self, worker: str = "w") -> scheduler.Workshop:
        return scheduler.Workshop(
            handlers={circulars.HANDLES: circulars.handler(self.press)},
            give_up=circulars.GIVE_UP,
            look=(compiling.request_for_closed_rounds,),
            lease=LEASE,
            worker=worker,
        )


@pytest.fixture
def world(database: peewee.Database) -> World:
    return build()


@pytest.fixture
def press(tmp_path: Path) -> Press:
    return Press(tmp_path / "files")


def through(world: World) -> totals.Quarter:
    return totals.Quarter(world.now.year, world.now.quarter)


def after(world: World, days: int) -> datetime:
    return datetime.combine(world.before.closes + timedelta(days=days), time(4), UTC)


def run(shop: scheduler.Workshop) -> int:
    """Everything that is due, but nothing new for rounds that closed."""
    count = 0
    while (work := tasks.claim(shop.worker, shop.lease)) is not None:
        count += tasks.do(work, shop.handlers, shop.give_up)
    return count


def at_once(database: peewee.Database, act: Callable[[], object]) -> list[object]:
    """What two threads get who do the same at the same moment."""
    found: list[object] = []
    barrier = threading.Barrier(2)

    def go() -> None:
        with database.connection_context():
            barrier.wait()
            found.append(act())

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def test_asked_for_twice_it_is_made_once(world: World, press: Press) -> None:
    first = compiling.request(world.campaign, through(world), world.province)
    again = compiling.request(world.campaign, through(world), world.province)
    assert first.id == again.id
    assert run(press.shop()) == 1
    made = compiling.by_id(first.id)
    assert (made.state, made.snapshot is not None) == ("compiled", True)
    assert attachments.read(press.press.store, made.attachment).startswith(b"%PDF")
    assert compiling.standing(made) == compiling.Standing("compiled", 100, 100, "")
    assert compiling.request(world.campaign, through(world), world.province).id != first.id


def test_two_who_ask_at_the_same_moment_get_the_same_circular(database: peewee.Database, world: World) -> None:
    for number in range(1, 6):
        found = at_once(database, lambda: compiling.request(world.campaign, through(world), world.province).id)
        assert len(found) == 2
        assert len(set(found)) == 1
        assert Circular.select().count() == Task.select().count() == number
        Circular.update(state="failed").execute()


def test_the_bar_only_moves_forward(world: World, press: Press) -> None:
    circular = compiling.request(world.campaign, through(world), world.province)
    seen: list[int] = []
    compiling.compile_circular(circular.id, press.press, lambda done, _: seen.append(done))
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (compiling.FROZEN, 100)


def test_a_worker_that_dies_in_the_middle_is_followed_by_one_that_ends_it_with_the_same_figures(
    world: World, press: Press
) -> None:
    circular = compiling.request(world.campaign, through(world), world.province)
    now = clock.now()
    with clock.frozen(now):
        dead = tasks.claim("dead", LEASE)
        assert dead is not None
        press.trouble = KeyboardInterrupt()  # as a signal ends a process
        with pytest.raises(KeyboardInterrupt):
            tasks.do(dead, press.shop().handlers, {})
    frozen = compiling.by_id(circular.id).snapshot_id
    press.trouble = None
    world.submit("orchard")
    with clock.frozen(now + LEASE + timedelta(seconds=1)):
        assert run(press.shop("second")) == 1
    made = compiling.by_id(circular.id)
    assert (made.state, made.snapshot_id) == ("compiled", frozen)
    assert press.documents[0] == press.documents[1]
    assert (Snapshot.select().count(), Attachment.select().count()) == (1, 1)


def test_what_can_not_be_laid_out_is_given_up_and_says_why(world: World, press: Press) -> None:
    circular = compiling.request(world.campaign, through(world), world.province)
    press.trouble = OSError("no typefaces")
    now = clock.now()
    for minutes in (0, 2, 20):
        with clock.frozen(now + timedelta(minutes=minutes)):
            assert run(press.shop()) == 0
    standing = compiling.standing(compiling.by_id(circular.id))
    assert (standing.state, standing.error) == ("failed", "no typefaces")
    press.trouble = None
    anew = compiling.request(world.campaign, through(world), world.province)
    assert anew.id != circular.id
    assert run(press.shop()) == 1


def test_whom_it_kills_three_times_it_does_not_kill_again(world: World, press: Press) -> None:
    circular = compiling.request(world.campaign, through(world), world.province)
    press.trouble = KeyboardInterrupt()
    now = clock.now()
    for hour in range(4):
        with clock.frozen(now + timedelta(hours=hour)):
            work = tasks.claim(f"w{hour}", LEASE)
            assert work is not None
            with suppress(KeyboardInterrupt):
                tasks.do(work, press.shop().handlers, circulars.GIVE_UP)
    assert len(press.documents) == 3
    standing = compiling.standing(compiling.by_id(circular.id))
    assert (standing.state, standing.error) == ("failed", "Each of 3 workers ended before this was done.")
    with clock.frozen(now + timedelta(hours=9)):
        assert tasks.claim("w", LEASE) is None


def test_each_circular_of_a_quarter_has_a_standing_of_its_own(world: World, press: Press) -> None:
    with clock.frozen(after(world, 1)):
        (closed,) = compiling.request_for_closed_rounds()
        assert run(press.shop()) == 1
        quarter = totals.Quarter(world.before.year, world.before.quarter)
        by_command = compiling.request(world.campaign, quarter, None)
        press.trouble = OSError("no typefaces")
        assert run(press.shop()) == 0
    assert compiling.standing(compiling.by_id(closed.id)) == compiling.Standing("compiled", 100, 100, "")
    found = compiling.standing(compiling.by_id(by_command.id))
    assert (found.state, found.error) == ("compiling", "no typefaces")


def test_a_round_that_closes_asks_once_however_many_ask(world: World, press: Press) -> None:
    assert [one.quarter for one in compiling.request_for_closed_rounds()] in ([], [world.before.quarter])
    with clock.frozen(after(world, 1)):
        for worker in ("one", "other"):
            scheduler.tick(press.shop(worker))
    asked = [task for task in Task.select() if task.key.startswith("round:")]
    assert [task.key for task in asked] == [f"round:{world.before.id}"]
    made = Circular.get(Circular.person.is_null())
    assert (made.year, made.quarter, made.state) == (world.before.year, world.before.quarter, "compiled")


def test_two_schedulers_at_the_same_moment_ask_once(database: peewee.Database, world: World) -> None:
    moment = after(world, 1)

    def look() -> int:
        with clock.frozen(moment):
            return len(compiling.request_for_closed_rounds())

    for number in range(1, 6):
        found = at_once(database, look)
        assert sorted(map(str, found)) == ["0", "1"]
        assert Circular.select().count() == number
        Task.delete().execute()


@pytest.mark.parametrize(("days", "count"), [(0, 0), (1, 1), (40, 1), (61, 0)])
def test_days_that_were_missed_are_made_up_but_history_is_left_alone(
    database: peewee.Database, days: int, count: int
) -> None:
    world = build()
    with clock.frozen(after(world, days)):
        compiling.request_for_closed_rounds()
    assert Task.select().where(Task.key == f"round:{world.before.id}").count() == count


def test_a_round_without_an_approved_report_gets_no_circular(world: World) -> None:
    with clock.frozen(datetime.combine(world.now.closes + timedelta(days=1), time(4), UTC)):
        compiling.request_for_closed_rounds()
    assert not Task.select().where(Task.key == f"round:{world.now.id}").exists()
