"""Whose turn it is: the level that a report waits at, and when that one is late, those above it in its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import peewee

from reportsvc import clock
from reportsvc.models import Campaign, Region, Round, Slot
from reportsvc.projects import routes, workdays
from reportsvc.projects.regions import Scope
from reportsvc.reports.transitions import IN_REVIEW


@dataclass(frozen=True, slots=True)
class Turn:
    """What the reviewers of one region may do with one report now."""

    waits_at: str = ""
    """Code of the region that the report waits at; empty when it is not in review."""
    may_act: bool = False
    in_place: bool = False
    """Whether they would act in the place of the region that it waits at."""
    days: int = 0
    """Working days that it has waited there."""
    from_day: date | None = None
    """The day from which they may act in that region's place; nothing where they never may."""


def turn(scope: Scope, slot: Slot) -> Turn:
    """Whose turn a report is, as the reviewers of a region see it."""
    if slot.state not in IN_REVIEW or slot.waiting_at_id is None:
        return Turn()
    campaign: Campaign = slot.round.campaign
    codes = [step.region for step in routes.steps(campaign.route, slot.region.path)]
    since, today = slot.waiting_since or clock.today(), clock.today()
    waited = workdays.between(since, today)
    here, mine = codes.index(slot.waiting_at_id), codes.index(scope.code) if scope.code in codes else -1
    if mine < here:
        return Turn(slot.waiting_at_id, days=waited)
    if mine == here:
        return Turn(slot.waiting_at_id, may_act=True, days=waited)
    first = workdays.after(since, campaign.review_days * (mine - here) + 1)
    return Turn(slot.waiting_at_id, first <= today, in_place=True, days=waited, from_day=first)


def last_day(count: int) -> date:
    """The newest day after which more than so many working days have passed by today."""
    day, passed = clock.today(), 0
    while passed <= count:
        passed += workdays.is_workday(day)
        day -= timedelta(days=1)
    return day


def overseen(scope: Scope) -> peewee.Expression | None:
    """The condition that a report, which waits below, has waited so long that this region may act in its place.

    Nothing where no level below reviews.
    """
    below = [one for one in Region.select() if one.path.startswith(scope.path) and one.code != scope.code]
    levels = {one.code: one.level for one in below} | {scope.code: scope.level}
    conditions = []
    for (route, days), rounds in _routes().items():
        if scope.level not in route:
            continue
        by_distance: dict[int, list[str]] = {}
        for one in below:
            if one.level in route:
                above = one.path.removeprefix(scope.path).strip("/").split("/")[:-1]
                distance = 1 + sum(levels[code] in route for code in above)
                by_distance.setdefault(distance, []).append(one.code)
        conditions += [
            Slot.waiting_at.in_(codes) & (Slot.waiting_since <= last_day(days * distance)) & Slot.round.in_(rounds)
            for distance, codes in by_distance.items()
        ]
    return _any(conditions)


def late() -> peewee.Expression | None:
    """The condition that a report waits longer than its level has, wherever it waits."""
    return _any(
        (Slot.waiting_since <= last_day(days)) & Slot.round.in_(rounds) for (_, days), rounds in _routes().items()
    )


def _any(conditions: Iterator[peewee.Expression] | list[peewee.Expression]) -> peewee.Expression | None:
    found: peewee.Expression | None = None
    for one in conditions:
        found = one if found is None else found | one
    return found & Slot.state.in_(IN_REVIEW) if found is not None else None


def _routes() -> dict[tuple[tuple[str, ...], int], list[int]]:
    """(route, days that a level has) → ids of the rounds where they hold."""
    found: dict[tuple[tuple[str, ...], int], list[int]] = {}
    for one in Round.select(Round.id, Campaign.route, Campaign.review_days).join(Campaign):
        found.setdefault((tuple(one.campaign.route), one.campaign.review_days), []).append(one.id)
    return found
