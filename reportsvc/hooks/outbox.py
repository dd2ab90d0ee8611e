"""Events on their way out: rows that are written with the event, and what becomes of each try to send one."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from reportsvc import clock
from reportsvc.db import database
from reportsvc.models import Delivery, Hook, Region, Task

SUBMITTED, APPROVED, PUBLISHED = "report.submitted", "report.approved", "circular.published"
EVENTS = (SUBMITTED, APPROVED, PUBLISHED)
TASK = "webhook"
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720))
"""How long after each failure it is tried again; after the last it is given up, most of a day later."""
ERROR = 300  # characters that are kept


def announce(event: str, region: str, data: Callable[[], Mapping[str, object]]) -> int:
    """Write what the addresses over a region are to be told; call it inside the event's transaction.

    :param region: code of the region that it happened in; addresses over it, or over one above it, are told.
    :param data: gives what they are told; asked for only if there are any.
    :returns: how many are told.
    """
    place: Region | None = Region.get_or_none(Region.code == region)
    above = place.path.strip("/").split("/") if place else []
    hooks = Hook.select().where(Hook.ended_at.is_null(), Hook.region.in_(above))
    told = [hook for hook in hooks if event in hook.events]
    return _write(told, event, data()) if told else 0


def tell(hook: Hook, event: str, data: Mapping[str, object]) -> int:
    """Write an event for one address only: a trial."""
    return _write([hook], event, data)


def _write(hooks: Iterable[Hook], event: str, data: Mapping[str, object]) -> int:
    now, count = clock.now(), 0
    for hook in hooks:
        name = str(uuid.uuid4())
        body = json.dumps({"id": name, "event": event, "at": now.isoformat(), "data": data}, ensure_ascii=False)
        made = Delivery.create(hook=hook, event=event, uuid=name, body=body, created_at=now, due_at=now)
        _enqueue(made)
        count += 1
    return count


def _enqueue(delivery: Delivery) -> None:
    Task.create(
        kind=TASK,
        key=f"webhook:{delivery.id}:{delivery.tries}",
        payload={"delivery": delivery.id, "try": delivery.tries},
        due_at=delivery.due_at,
        created_at=clock.now(),
        total=1,
    )


@dataclass(frozen=True, slots=True)
class Letter:
    """A delivery as it is to be sent."""

    delivery: int
    uuid: str
    event: str
    body: str
    address: str
    secret: str
    """As it is kept: encrypted."""


def letter(delivery_id: int, number: int) -> Letter | None:
    """What to send; nothing if that try was made already, or the address is told no more."""
    found: Delivery | None = (
        Delivery.select(Delivery, Hook).join(Hook).where(Delivery.id == delivery_id, Delivery.state == "due").first()
    )
    if found is None or found.tries != number:
        return None
    if found.hook.ended_at is not None:
        Delivery.update(state="failed", error="ended").where(Delivery.id == delivery_id).execute()
        return None
    return Letter(found.id, found.uuid, found.event, found.body, found.hook.address, found.hook.secret)


def sent(delivery_id: int, status: int) -> None:
    """It arrived."""
    with database.atomic():
        values = {"state": "sent", "status": status, "error": "", "sent_at": clock.now()}
        Delivery.update(tries=Delivery.tries + 1, **values).where(Delivery.id == delivery_id).execute()


def not_sent(delivery_id: int, status: int, error: str) -> None:
    """It did not arrive: tried again later, or given up after the last try."""
    with database.atomic():
        found: Delivery = Delivery.get_by_id(delivery_id)
        found.tries, found.status, found.error = found.tries + 1, status, error[:ERROR]
        if found.tries > len(WAITS):
            found.state = "failed"
        else:
            found.due_at = clock.now() + WAITS[found.tries - 1]
        found.save()
        if found.state == "due":
            _enqueue(found)
