"""Working days: what a level of review, or whoever owns a difficulty, is given to act.

Holidays and the weekends worked in their place (调休) are what the State Council announces each autumn for the year to
come; the package ``chinesecalendar`` holds them. For a year that is not announced yet only weekends are free: a count
may change once it is.
"""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar

DAY = timedelta(days=1)
SATURDAY = 5


def is_workday(day: date) -> bool:
    """Whether offices work on this day."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < SATURDAY


def is_announced(year: int) -> bool:
    """Whether the holidays of this year are known; until then a count of its days is provisional."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def after(day: date, count: int) -> date:
    """The working day that many working days after this one; after none, the day itself.

    :param count: 0 or more.
    """
    while count > 0:
        day += DAY
        count -= is_workday(day)
    return day


def between(first: date, last: date) -> int:
    """How many working days have passed after ``first`` up to and with ``last``; 0 if that is no later."""
    days = (last - first).days
    return sum(is_workday(first + DAY * number) for number in range(1, days + 1))
