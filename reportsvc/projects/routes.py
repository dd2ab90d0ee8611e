"""Who reviews, in which order: the campaign's route laid over a place's reporting line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportsvc.models import Region
from reportsvc.projects import regions


@dataclass(frozen=True, slots=True)
class Step:
    """One level of review and the region whose reviewers do it."""

    level: str
    region: str


def steps(route: Sequence[str], path: str) -> list[Step]:
    """The steps that a report from the place at ``path`` takes, lowest first.

    A level that the reporting line does not have is passed over: 定州 has no city above it, 雄安新区 is its own.
    """
    codes = regions.chain(path)
    levels = {region.code: region.level for region in Region.select().where(Region.code.in_(codes))}
    return [Step(levels[code], code) for code in codes if levels[code] in route]
