"""How often something may be asked for, counted in the database: four workers together allow no more than one alone."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from reportsvc import clock
from reportsvc.db import database
from reportsvc.models import RateLimit


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many times in a window of time; windows follow one another on the clock."""

    name: str
    most: int
    window: timedelta


def take(secret: str, limit: Limit, subject: str) -> bool:
    """Count one more time for a subject (a number, an address); whether that is still allowed.

    Call it outside of a transaction: one that is rolled back would take its count with it.

    :param secret: key of the hash under which the subject is counted, so that the table tells nobody who asked.
    """
    now = clock.now()
    seconds = limit.window.total_seconds()
    number = int(now.timestamp() // seconds)
    text = f"limit {limit.name} {number} {subject}"
    key = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    ends = datetime.fromtimestamp((number + 1) * seconds, UTC)
    with database.atomic():
        RateLimit.delete().where(RateLimit.ends_at < now).execute()
        RateLimit.insert(key=key, count=1, ends_at=ends).on_conflict(
            conflict_target=[RateLimit.key], update={RateLimit.count: RateLimit.count + 1}
        ).execute()
        counted: RateLimit = RateLimit.get(RateLimit.key == key)
    return bool(counted.count <= limit.most)
