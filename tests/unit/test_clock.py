from datetime import UTC, date, datetime

import pytest

from reportsvc import clock


def test_a_day_begins_at_midnight_in_china() -> None:
    with clock.frozen(datetime(2026, 3, 31, 16, 0, tzinfo=UTC)):
        assert clock.today() == date(2026, 4, 1)
        assert clock.local(clock.now()).hour == 0


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 3, 31)  # noqa: DTZ001 - the mistake that is refused
    with pytest.raises(ValueError, match="timezone"), clock.frozen(naive):
        pass
