"""Sessions: rows, so that they can be listed, ended from elsewhere, and are dead for good after signing out.

A reporter's phone stays signed in for long, since every code costs somebody in a village a walk to where there is a
signal; a desk of the staff does not.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import peewee

from reportsvc import audit, clock
from reportsvc.accounts import people
from reportsvc.db import database
from reportsvc.models import Session

SEEN = timedelta(minutes=1)
"""When a session was last seen is written at most so often."""


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long sessions last, and the key of the tokens' hashes."""

    key: str
    reporter: timedelta
    """After its last use."""
    staff_idle: timedelta
    staff: timedelta
    """After signing in, used or not."""


def begin(lifetimes: Lifetimes, person_id: int, device: str) -> str:
    """A new session; gives the token that only the device holds."""
    token, now = secrets.token_urlsafe(32), clock.now()
    actor = people.actor(person_id)
    staff = actor is not None and actor.staff
    with database.atomic():
        held = Session.create(
            person=person_id,
            token_hash=_hash(lifetimes, token),
            staff=staff,
            device=device[:80],
            created_at=now,
            seen_at=now,
        )
        _log("in", held, person_id)
    return token


def _log(action: str, held: Session, by: int | None) -> None:
    person, region = held.person_id, people.home_region(held.person_id)
    data = {"session": held.id, "staff": held.staff}
    audit.record(f"sign_in.{action}", f"person:{person}", actor=by, region=region, data=data)


def find(lifetimes: Lifetimes, token: str) -> people.Actor | None:
    """Who holds this token; nobody if it is unknown, ended or too old, or the person is no longer active."""
    held: Session | None = Session.get_or_none(Session.token_hash == _hash(lifetimes, token))
    if held is None or not _lives(lifetimes, held):
        return None
    actor = people.actor(held.person_id)
    if actor is not None and actor.staff and not held.staff:
        return None  # became staff after signing in: from then on a code to the phone is not enough
    now = clock.now()
    if now - held.seen_at > SEEN:
        Session.update(seen_at=now).where(Session.id == held.id, Session.ended_at.is_null()).execute()
    return actor


def of_staff(lifetimes: Lifetimes, token: str) -> bool:
    """Whether this is, or was, a token of the staff's, who are asked for a password again when it ended."""
    held: Session | None = Session.get_or_none(Session.token_hash == _hash(lifetimes, token))
    return held is not None and held.staff


def _lives(lifetimes: Lifetimes, held: Session) -> bool:
    now = clock.now()
    if held.ended_at is not None:
        return False
    if held.staff:
        return bool(now < held.seen_at + lifetimes.staff_idle and now < held.created_at + lifetimes.staff)
    return bool(now < held.seen_at + lifetimes.reporter)


def end(lifetimes: Lifetimes, token: str) -> None:
    """Sign the device out for good."""
    _end(Session.token_hash == _hash(lifetimes, token))


@dataclass(frozen=True, slots=True)
class Device:
    """A device that is signed in, as its owner sees it."""

    id: int
    name: str
    since: datetime
    seen: datetime
    here: bool


def devices(lifetimes: Lifetimes, person_id: int, token: str) -> list[Device]:
    """Where somebody is signed in, the newest first; ``token`` tells which of them this is."""
    here = _hash(lifetimes, token)
    held = Session.select().where(Session.person == person_id, Session.ended_at.is_null())
    return [
        Device(one.id, one.device, one.created_at, one.seen_at, one.token_hash == here)
        for one in held.order_by(Session.created_at.desc())
        if _lives(lifetimes, one)
    ]


def end_device(person_id: int, session_id: int) -> None:
    """Sign one of the person's own devices out; somebody else's is left alone."""
    _end((Session.id == session_id) & (Session.person == person_id))


def end_others(lifetimes: Lifetimes, person_id: int, token: str) -> None:
    """Sign all the person's devices out but this one."""
    _end((Session.person == person_id) & (Session.token_hash != _hash(lifetimes, token)))


def end_all(person_id: int, by: int | None = None) -> None:
    """Sign somebody out everywhere; ``by`` is the id of who does it, nobody at the command line."""
    _end(Session.person == person_id, of_others=True, by=by)


def _end(which: peewee.Expression, *, of_others: bool = False, by: int | None = None) -> None:
    with database.atomic():
        for held in Session.select().where(which, Session.ended_at.is_null()):
            mine = Session.update(ended_at=clock.now()).where(Session.id == held.id, Session.ended_at.is_null())
            if mine.execute():
                _log("out", held, by if of_others else held.person_id)


def _hash(lifetimes: Lifetimes, token: str) -> str:
    return hmac.new(lifetimes.key.encode(), f"session {token}".encode(), hashlib.sha256).hexdigest()
