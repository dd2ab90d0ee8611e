"""Moments and times of day: ISO texts, counted in milliseconds on the clock of UTC+8, which all of China keeps.

A moment is ``2026-03-31T10:05[:00[.000]][Z|+08:00]``, a time ``10:05[:00[.000]][Z|+08:00]``; without an offset it is
UTC+8. The milliseconds of a moment count from 1970-01-01 00:00 on that clock, so that a day is a whole number of days.
"""

from __future__ import annotations

import re
from datetime import date

ZONE = 8 * 60  # minutes ahead of UTC
DAY = 24 * 60 * 60 * 1000  # milliseconds
EPOCH = date(1970, 1, 1).toordinal()
FIRST, LAST = (1 - EPOCH) * DAY, (date.max.toordinal() + 1 - EPOCH) * DAY
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?(Z|[+-][0-9]{2}:[0-9]{2})?")
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def to_date(text: str) -> date | None:
    """The day that ``text`` (``YYYY-MM-DD``) names, if there is such a day."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_time(text: str) -> int | None:
    """Milliseconds since midnight; an offset other than +08:00 takes it below 0 or past the day's end."""
    found = _TIME.fullmatch(text)
    if not found:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    ahead = _ahead(found[5] or "")
    if hour > 23 or minute > 59 or second > 59 or ahead is None:
        return None
    milli = int((found[4] or "").ljust(3, "0")[:3])
    return ((hour * 60 + minute + ZONE - ahead) * 60 + second) * 1000 + milli


def read(text: str) -> int | None:
    """Milliseconds of a moment since 1970-01-01 00:00, both on the clock of UTC+8."""
    day, mark, rest = text.partition("T")
    found, time = to_date(day), read_time(rest)
    return None if not mark or found is None or time is None else (found.toordinal() - EPOCH) * DAY + time


def split(moment: int) -> tuple[date, tuple[int, int, int, int]] | None:
    """The day and (hour, minute, second, millisecond) of a moment; none outside of the years 1 to 9999."""
    if not FIRST <= moment < LAST:
        return None
    days, rest = divmod(moment, DAY)
    seconds, milli = divmod(rest, 1000)
    return date.fromordinal(days + EPOCH), (seconds // 3600, seconds // 60 % 60, seconds % 60, milli)


def write(moment: int) -> str:
    """A moment as ISO text, such as ``2026-03-31T10:05:00.000+08:00``; empty outside of the years 1 to 9999."""
    found = split(moment)
    if found is None:
        return ""
    day, (hour, minute, second, milli) = found
    return f"{day.isoformat()}T{hour:02}:{minute:02}:{second:02}.{milli:03}+08:00"


def codes(moment: int, language: str) -> dict[str, str]:
    """What each code of format-date() and format-date-time() stands for; nothing outside of the years 1 to 9999."""
    found = split(moment)
    if found is None:
        return {}
    day, (hour, minute, second, milli) = found
    chinese = language.startswith("zh")
    return {
        **{"Y": f"{day.year:04}", "y": f"{day.year % 100:02}", "m": f"{day.month:02}", "n": str(day.month)},
        **{"d": f"{day.day:02}", "e": str(day.day), "H": f"{hour:02}", "h": str(hour), "M": f"{minute:02}"},
        **{"S": f"{second:02}", "3": f"{milli:03}"},
        "b": f"{day.month}月" if chinese else MONTHS[day.month - 1],
        "a": f"周{'一二三四五六日'[day.weekday()]}" if chinese else WEEKDAYS[day.weekday()],
    }


def _ahead(offset: str) -> int | None:
    """Minutes that an offset is ahead of UTC."""
    if not offset:
        return ZONE
    if offset == "Z":
        return 0
    hours, minutes = int(offset[1:3]), int(offset[4:])
    if hours > 14 or minutes > 59:
        return None
    return (hours * 60 + minutes) * (-1 if offset[0] == "-" else 1)
