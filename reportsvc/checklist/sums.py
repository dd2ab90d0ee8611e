"""What projects have reported so far, as :mod:`reportsvc.totals` counts it, for few projects at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import peewee

from reportsvc.checklist.columns import key
from reportsvc.models import Figure, Indicator, Round, Slot, Version


@dataclass(frozen=True, slots=True)
class Given:
    """What one approved report gave to one indicator; ``series`` is whose reports in a row it belongs to."""

    project: int
    code: str
    rule: str
    series: tuple[int, int]
    quarter: int
    value: int


def of(projects: Collection[int]) -> dict[int, dict[str, int]]:
    """The sums so far by project and indicator's code, in the indicator's smallest unit."""
    found: dict[int, dict[str, int]] = {project: {} for project in projects}
    for (project, code), value in folded(_given(projects)).items():
        found[project][code] = value
    return found


def folded(given: Iterable[Given]) -> dict[tuple[int, str], int]:
    """Sums by the time rule: ``sum`` all quarters, ``last`` each series' newest, ``max`` each series' largest."""
    series: dict[tuple[int, str, str, tuple[int, int]], dict[int, int]] = defaultdict(dict)
    for one in given:
        series[one.project, one.code, one.rule, one.series][one.quarter] = one.value
    found: dict[tuple[int, str], int] = defaultdict(int)
    for (project, code, rule, _), quarters in series.items():
        found[project, code] += _of_series(rule, quarters)
    return dict(found)


def _of_series(rule: str, quarters: Mapping[int, int]) -> int:
    if rule == "last":
        return quarters[max(quarters)]
    return max(quarters.values()) if rule == "max" else sum(quarters.values())


def of_slots(slots: Collection[int]) -> dict[int, dict[str, int]]:
    """What each of these slots gives to the totals now, by slot and indicator's code."""
    found: dict[int, dict[str, int]] = {slot: {} for slot in slots}
    for row in _figures().where(key(Slot).in_(list(slots))).group_by(*_BY_SLOT).dicts():
        found[row["slot"]][row["code"]] = int(row["value"])
    return found


def _given(projects: Collection[int]) -> Iterable[Given]:
    for row in _figures().where(Slot.project.in_(list(projects))).group_by(*_BY_SLOT).dicts():
        series = (row["organization"], row["merged_from"])
        yield Given(row["project"], row["code"], row["rule"], series, row["quarter"], int(row["value"]))


_BY_SLOT: tuple[Any, ...] = (
    *(Slot.id, Slot.project, Slot.organization, Slot.merged_from, Indicator.code, Indicator.time_rule),
    *(Round.year, Round.quarter),
)


def _figures() -> Any:
    """Figures of approved current versions with their slots, to be summed by slot and indicator."""
    return (
        Figure.select(
            key(Slot).alias("slot"),
            Slot.project.alias("project"),
            Slot.organization.alias("organization"),
            Slot.merged_from.alias("merged_from"),
            Indicator.code.alias("code"),
            Indicator.time_rule.alias("rule"),
            (Round.year * 4 + Round.quarter).alias("quarter"),
            peewee.fn.SUM(Figure.value).alias("value"),
        )
        .join(Version, on=(Figure.version == Version.id))
        .join(Slot, on=((Version.slot == Slot.id) & (Version.number == Slot.current)))
        .join(Round, on=(Slot.round == Round.id))
        .join(Indicator, on=(Figure.indicator == Indicator.id))
        .where(Slot.state == "approved")
    )
