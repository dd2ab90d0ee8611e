"""How often something may be asked for, counted in the database: four workers together allow no more than one alone."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from reportsvc import audit, clock
from reportsvc.db import database
from reportsvc.models import RateLimit


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many times in a window of time; windows follow one another on the clock."""

    name: str
    most: int
    window: timedelta
    locks: bool = False
    """Whether it keeps people from signing in: then the log says when it was passed."""


def take(secret: str, limit: Limit, subject: str) -> bool:
    """Count one more time for a subject (a number, an address); whether that is still allowed.

    Call it outside of a transaction: one that is rolled back would take its count with it.

    :param secret: key of the hash under which the subject is counted, so that the table tells nobody who asked.
    """
    key = _key(secret, limit, subject)
    with database.atomic():
        RateLimit.delete().where(RateLimit.ends_at < clock.now()).execute()
        RateLimit.insert(key=key, count=1, ends_at=ends(limit)).on_conflict(
            conflict_target=[RateLimit.key], update={RateLimit.count: RateLimit.count + 1}
        ).execute()
        counted: RateLimit = RateLimit.get(RateLimit.key == key)
        if limit.locks and counted.count == limit.most + 1:  # once in a window, however often somebody goes on
            audit.record("sign_in.locked", "sign_in", actor=None, data={"limit": limit.name})
    return bool(counted.count <= limit.most)


def reached(secret: str, limit: Limit, subject: str) -> bool:
    """Whether nothing is left of a limit; counts nothing."""
    counted: RateLimit | None = RateLimit.get_or_none(RateLimit.key == _key(secret, limit, subject))
    return counted is not None and bool(counted.count >= limit.most)


def ends(limit: Limit) -> datetime:
    """When the window that runs now ends, and all may be asked for anew."""
    return datetime.fromtimestamp((_window(limit) + 1) * limit.window.total_seconds(), UTC)


def _window(limit: Limit) -> int:
    return int(clock.now().timestamp() // limit.window.total_seconds())


def _key(secret: str, limit: Limit, subject: str) -> str:
    text = f"limit {limit.name} {_window(limit)} {subject}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
