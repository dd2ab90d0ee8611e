"""How many working days whom is given, and which level is asked first: the service's own, or the campaign's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from reportsvc import clock
from reportsvc.difficulties.kinds import KINDS, URGENCIES
from reportsvc.errors import Invalid
from reportsvc.models import Campaign, DifficultyRules
from reportsvc.projects import workdays

MOST_DAYS = 250
"""Working days; about a year."""
LEVELS = ("county", "city", "province")


@dataclass(frozen=True, slots=True)
class Rules:
    """Days are working days, counted from the day after."""

    days: Mapping[str, int] = field(default_factory=lambda: {"urgent": 2, "soon": 5, "normal": 10})
    """What a level is given to answer, by urgency; after that the difficulty goes one level up."""
    more: Mapping[str, int] = field(default_factory=lambda: {"funds": 5, "permits": 5, "policy": 5})
    """What is added by kind, unless it is urgent: budgets and permits take longer."""
    starts: Mapping[str, str] = field(default_factory=lambda: {"policy": "city"})
    """Level that is asked first, by kind; for others the lowest. No county can change a rule of the province."""
    confirm: int = 10
    """What who raised it is given to say whether the answer solved it; after that it is closed."""


def of(campaign_id: int) -> Rules:
    """The rules of a campaign: its own where it has some, else the service's."""
    held: DifficultyRules | None = DifficultyRules.get_or_none(DifficultyRules.campaign == campaign_id)
    return Rules(**held.data) if held is not None else Rules()


def keep(campaign: Campaign, rules: Rules) -> None:
    """Let a campaign have its own rules, from the next step of each difficulty on.

    :raises Invalid: if a number of days, a kind or a level is none.
    """
    known = (
        set(rules.days) == set(URGENCIES)
        and set(rules.more) | set(rules.starts) <= set(KINDS)
        and set(rules.starts.values()) <= set(LEVELS)
        and all(_is_count(count, 1) for count in (*rules.days.values(), rules.confirm))
        and all(_is_count(count, 0) for count in rules.more.values())
    )
    if not known:
        raise Invalid("These rules name a kind, an urgency, a level or a number of days that there is not.")
    data: dict[str, Any] = asdict(rules)
    DifficultyRules.insert(campaign=campaign, data=data).on_conflict(
        conflict_target=[DifficultyRules.campaign], update={DifficultyRules.data: data}
    ).execute()


def _is_count(value: object, least: int) -> bool:
    """Whether it is a number of days; what comes from a file may be anything."""
    return isinstance(value, int) and least <= value <= MOST_DAYS


def owner_due(campaign_id: int, kind: str, urgency: str) -> date:
    """The last day for a level that gets a difficulty today."""
    rules = of(campaign_id)
    more = 0 if urgency == "urgent" else rules.more.get(kind, 0)
    return workdays.after(clock.today(), rules.days[urgency] + more)


def raiser_due(campaign_id: int) -> date:
    """The last day for who raised it to say whether an answer of today solved it."""
    return workdays.after(clock.today(), of(campaign_id).confirm)
