"""Limits are counted in the database, over all processes and threads together."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import peewee

from reportsvc import clock
from reportsvc.accounts import limits
from reportsvc.models import RateLimit

KEY = "k" * 40
FIVE = limits.Limit("code for a number", 5, timedelta(hours=1))
NOON = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)


def test_so_many_and_no_more_until_the_window_ends(database: peewee.Database) -> None:
    with clock.frozen(NOON):
        assert [limits.take(KEY, FIVE, "13800000001") for _ in range(7)] == [True] * 5 + [False] * 2
        assert limits.take(KEY, FIVE, "13800000002")
    with clock.frozen(NOON + timedelta(hours=1)):
        assert limits.take(KEY, FIVE, "13800000001")


def test_nobody_reads_a_number_out_of_the_table_and_old_rows_go(database: peewee.Database) -> None:
    with clock.frozen(NOON):
        limits.take(KEY, FIVE, "13800000001")
        assert [row.count for row in RateLimit.select()] == [1]
        assert not any("13800000001" in row.key for row in RateLimit.select())
    with clock.frozen(NOON + timedelta(hours=2)):
        limits.take(KEY, FIVE, "13800000002")
        assert RateLimit.select().count() == 1


def test_many_at_once_get_no_more_than_one_alone(database: peewee.Database) -> None:
    def ask(_: int) -> bool:
        with database.connection_context(), clock.frozen(NOON):
            return limits.take(KEY, FIVE, "13800000001")

    with ThreadPoolExecutor(8) as pool:
        allowed = sum(pool.map(ask, range(40)))
    assert allowed == 5
