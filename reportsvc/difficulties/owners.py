"""Which level's turn it is: along the reporting line, passing over regions in which nobody reviews."""

from __future__ import annotations

from reportsvc.models import Grant, Person, Region
from reportsvc.projects import regions

REVIEWER = "reviewer"


def line(path: str) -> list[Region]:
    """The regions from a place upwards that can own a difficulty: somebody reviews there, or it is the top.

    A region without reviewers would keep it until its days are over, and nobody would ever see it.
    """
    codes = regions.chain(path)
    reviewed = {
        grant.region_id
        for grant in Grant.select(Grant.region)
        .join(Person)
        .where(Grant.role == REVIEWER, Grant.region.in_(codes), Person.active == True)  # noqa: E712 - SQL
    }
    held = {region.code: region for region in Region.select().where(Region.code.in_(codes))}
    return [held[code] for code in codes if code in reviewed or code == codes[-1]]


def first(path: str, level: str | None) -> Region:
    """Who is asked first about a difficulty of the place at ``path``: the lowest level from ``level`` up."""
    found = line(path)
    from_level = LEVELS.index(level) if level else 0
    return next((one for one in found if LEVELS.index(one.level) >= from_level), found[-1])


def above(owner: Region) -> Region | None:
    """The next level up; nothing above the top."""
    return next((one for one in line(owner.path) if one.code != owner.code), None)


LEVELS = ("county", "city", "province")
