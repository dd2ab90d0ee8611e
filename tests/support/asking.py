"""Asking for codes in a process of its own, for tests of what several processes get together."""

from __future__ import annotations

from datetime import datetime

from reportsvc import clock, db
from reportsvc.accounts import allowances, signing
from reportsvc.errors import TooMany

KEY = "k" * 40
NUMBER = "13800000001"


def ask(url: str, moment: datetime, first: int) -> tuple[int, int]:
    """Ask ten times for the known number, and twenty times for others, from one address that may ask forty times.

    :param first: tells the other numbers apart from those of the other processes.
    :returns: how many codes went out, and how often the address was not refused.
    """
    sent: list[str] = []
    opened = db.open_database(url)
    desk = signing.Desk(
        KEY, lambda _, code: sent.append(code), 10, allowance=allowances.Allowance(codes_per_address=40)
    )
    allowed = 0
    with opened.connection_context(), clock.frozen(moment):
        for number in [NUMBER] * 10 + [f"139{first + one:08d}" for one in range(20)]:
            try:
                signing.ask(desk, number, "203.0.113.9")
            except TooMany:
                continue
            allowed += 1
    opened.close_all()
    return len(sent), allowed
