"""Working days as the State Council announced them for 2026, and plain weeks for years that are not announced."""

from datetime import date

import pytest

from reportsvc.projects import workdays


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 10, 1), False),  # 国庆节
        (date(2026, 2, 14), True),  # a Saturday worked for 春节
        (date(2026, 11, 28), False),  # a Saturday
        (date(2026, 11, 26), True),
        (date(2035, 10, 1), True),  # a Monday of a year that nobody has announced
        (date(2035, 10, 6), False),
    ],
)
def test_holidays_and_the_weekends_worked_for_them(day: date, works: bool) -> None:
    assert workdays.is_workday(day) is works


def test_counting_goes_over_holidays() -> None:
    assert workdays.after(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert workdays.after(date(2026, 11, 27), 3) == date(2026, 12, 2)
    assert workdays.after(date(2026, 11, 28), 0) == date(2026, 11, 28)
    assert workdays.between(date(2026, 9, 30), date(2026, 10, 8)) == 1
    assert workdays.between(date(2026, 11, 27), date(2026, 11, 27)) == 0
    assert workdays.between(date(2026, 11, 30), date(2026, 11, 27)) == 0


def test_a_year_that_is_not_announced_is_provisional() -> None:
    assert workdays.is_announced(2026)
    assert not workdays.is_announced(2035)
