"""Webhooks: written with the event or not at all, signed, tried again, and never sent into a private network."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import peewee
import pytest

from reportsvc import clock
from reportsvc.db import database as current
from reportsvc.errors import Invalid, NotFound
from reportsvc.hooks import outbox, registry
from reportsvc.jobs import hooks, scheduler, tasks
from reportsvc.models import Delivery, Event, Hook
from reportsvc.projects import regions
from tests.support.world import COUNTY, KEY, OTHER_COUNTY, World, build


class Listener:
    """Somebody else's server."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], str]] = []
        self.status = 204
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                outer.got.append((dict(self.headers.items()), body))
                self.send_response(outer.status)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/told?from=us"


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join(5)


@pytest.fixture
def world(database: peewee.Database) -> World:
    return build()


def register(world: World, address: str, region: str = regions.PROVINCE, *events: str) -> tuple[Any, str]:
    chosen = events or outbox.EVENTS
    return registry.register(KEY, world.province.id, (regions.PROVINCE,), region, address, chosen, True)


def run(*, private: bool = True) -> int:
    shop = scheduler.Workshop(
        {hooks.HANDLES: hooks.handler(hooks.Post(KEY, private))}, {}, (), timedelta(minutes=2), "w"
    )
    return scheduler.tick(shop)


def test_submitting_and_approving_are_told_with_a_signature(world: World, listener: Listener) -> None:
    _, secret = register(world, listener.address)
    world.submit()
    world.approve()
    assert run() == 2
    told = [json.loads(body) for _, body in listener.got]
    assert [one["event"] for one in told] == ["report.submitted", "report.approved"]
    assert told[1]["data"] == {
        "report": world.slots["library"], "campaign": "hebei-2026",
        "quarter": f"{world.now.year}Q{world.now.quarter}", "project": "P1", "organization": world.lotus.uscc,
        "region": COUNTY, "state": "approved", "version": 1,
    }  # fmt: skip
    headers, body = listener.got[0]
    moment, _, signed = headers["X-Reportsvc-Signature"].removeprefix("t=").partition(",v1=")
    assert signed == hmac.new(secret.encode(), f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()
    assert abs(int(moment) - clock.now().timestamp()) < 60
    assert headers["X-Reportsvc-Delivery"] == told[0]["id"]
    assert world.reporter.name not in body
    assert secret not in str(list(Hook.select().dicts()))
    assert {one.state for one in Delivery.select()} == {"sent"}


def test_an_event_that_is_undone_is_told_to_nobody(world: World, listener: Listener) -> None:
    register(world, listener.address)
    before = Event.select().count()
    with suppress(KeyError), current.atomic():
        world.submit()
        assert Delivery.select().count() == 1
        raise KeyError
    assert (Event.select().count(), Delivery.select().count(), run()) == (before, 0, 0)


def test_what_does_not_arrive_is_tried_again_and_given_up_at_last(world: World, listener: Listener) -> None:
    register(world, listener.address, regions.PROVINCE, outbox.SUBMITTED)
    listener.status = 302
    world.submit()
    moment = clock.now() + timedelta(seconds=1)
    for wait in (*outbox.WAITS, None):
        with clock.frozen(moment):
            assert run() == 1
            assert run() == 0
        assert Delivery.get().state == ("due" if wait else "failed")
        moment += wait or timedelta()
    assert (len(listener.got), Delivery.get().error) == (7, "HTTP 302")
    assert len({headers["X-Reportsvc-Delivery"] for headers, _ in listener.got}) == 1


def test_after_a_failure_the_next_try_arrives(world: World, listener: Listener) -> None:
    hook, _ = register(world, listener.address)
    Hook.update(address="http://127.0.0.1:1/").execute()
    world.submit()
    assert run() == 1
    assert Delivery.get().error
    Hook.update(address=listener.address).where(Hook.id == hook.id).execute()
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        assert run() == 1
    assert (Delivery.get().state, Delivery.get().tries) == ("sent", 2)


def test_a_worker_that_died_after_sending_sends_no_second_time(world: World, listener: Listener) -> None:
    register(world, listener.address)
    world.submit()
    work = tasks.claim("one", timedelta(minutes=2))
    assert work is not None
    send = hooks.handler(hooks.Post(KEY, True))
    send(work.task.payload, work)  # and then it died, before it could say that this is done
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        assert run() == 1
    assert len(listener.got) == 1


def test_an_address_is_told_of_its_own_region_only(world: World, listener: Listener) -> None:
    register(world, listener.address, OTHER_COUNTY)
    world.submit()
    assert Delivery.select().count() == 0
    world.submit("orchard")
    assert Delivery.select().count() == 1


def test_nothing_is_sent_to_an_address_that_was_ended(world: World, listener: Listener) -> None:
    hook, _ = register(world, listener.address)
    world.submit()
    with pytest.raises(NotFound):
        registry.end((COUNTY,), hook.id)
    registry.end((regions.PROVINCE,), hook.id)
    assert run() == 1
    assert listener.got == []


@pytest.mark.parametrize(
    "address",
    [
        "http://example.cn/", "https://127.0.0.1/", "https://10.1.2.3/", "https://192.168.1.1/", "https://[::1]/",
        "https://169.254.169.254/latest", "https://[::ffff:10.0.0.1]/", "https://localhost/", "https://db.internal/",
        "https://user:pw@example.cn/", "ftp://example.cn/", "https://", "https://example.cn:99999/",
        "https://exa mple.cn/", "https://100.64.0.1/",
    ],
)  # fmt: skip
def test_an_address_is_public_and_encrypted(address: str) -> None:
    with pytest.raises(Invalid):
        registry.check_address(address, private=False)


def test_a_name_that_points_inside_is_not_called(world: World, listener: Listener) -> None:
    register(world, "https://hook.example.cn/")
    world.submit()
    post = hooks.Post(KEY, False, look_up=lambda host, port: "10.0.0.7")
    shop = scheduler.Workshop({hooks.HANDLES: hooks.handler(post)}, {}, (), timedelta(minutes=2), "w")
    assert scheduler.tick(shop) == 1
    assert "private network" in Delivery.get().error
