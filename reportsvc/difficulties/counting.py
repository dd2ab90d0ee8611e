"""What a circular tells of difficulties: how many were raised and solved, and what those that are open are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import peewee

from reportsvc import clock, totals
from reportsvc.difficulties import transitions
from reportsvc.models import Campaign, Difficulty, DifficultyEvent


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there were up to the end of a quarter. What was withdrawn counts neither as solved nor as open."""

    opened: int
    solved: int
    """Confirmed by who raised it, or answered and nobody said that it was not."""
    open: Mapping[str, int]
    """Those that were not closed, by kind; kinds without any are not there."""


def counts(campaign: Campaign, through: totals.Quarter) -> Counts:
    """How difficulties stood at the end of a quarter (China Standard Time), by what had happened until then.

    What happens later changes nothing of it, but that it is counted by the kind that it has now.
    """
    last = peewee.fn.MAX(DifficultyEvent.id)
    newest = (
        DifficultyEvent.select(last.alias("event"))
        .join(Difficulty)
        .where(Difficulty.campaign == campaign, DifficultyEvent.at < _end(through))
        .group_by(DifficultyEvent.difficulty)
    )
    event: Any = DifficultyEvent._meta.primary_key
    query: Any = (
        DifficultyEvent.select(DifficultyEvent.after, Difficulty.kind, peewee.fn.COUNT(DifficultyEvent.id))
        .join(Difficulty)
        .where(event.in_(newest))
        .group_by(DifficultyEvent.after, Difficulty.kind)
        .tuples()
    )
    found = list(query)
    kinds: Counter[str] = Counter()
    for state, kind, count in found:
        if state in transitions.LIVE:
            kinds[kind] += count
    solved = sum(count for state, _, count in found if state in (transitions.SOLVED, transitions.LAPSED))
    return Counts(sum(count for *_, count in found), solved, dict(sorted(kinds.items())))


def _end(through: totals.Quarter) -> datetime:
    """The first moment after a quarter."""
    year, quarter = (through.year, through.quarter + 1) if through.quarter < 4 else (through.year + 1, 1)
    first = date(year, quarter * 3 - 2, 1)
    return datetime(first.year, first.month, first.day, tzinfo=clock.LOCAL).astimezone(UTC)
