"""The service's only clock, so that a test can stop it.

All instants are timezone-aware UTC; days are counted in China Standard Time, because due dates are
written for people in Hebei.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")

_frozen: ContextVar[datetime | None] = ContextVar("reportsvc_frozen_clock", default=None)


def now() -> datetime:
    """The current instant, timezone-aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """The current day in China Standard Time."""
    return now().astimezone(LOCAL).date()


def local(moment: datetime) -> datetime:
    """``moment`` in China Standard Time, for showing to people."""
    return moment.astimezone(LOCAL)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Make :func:`now` answer ``moment`` (timezone-aware) inside the block."""
    if moment.tzinfo is None:
        raise ValueError("a frozen moment needs a timezone")
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
