"""The way back: from a printed figure to the reports under it, and what each of them gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import peewee

from reportsvc.circulars import snapshot
from reportsvc.errors import NotFound
from reportsvc.models import Campaign, Figure, Indicator, Organization, Project, Region, Round, Slot, Snapshot, Version
from reportsvc.projects import regions

PAGE = 50


@dataclass(frozen=True, slots=True)
class Source:
    """One report under a figure."""

    version: Version
    gave: int | None
    """What it gave to the figure, in the figure's smallest unit; nothing where things are counted."""
    revised: bool
    """Whether it was corrected or returned after the snapshot was frozen."""


@dataclass(frozen=True, slots=True)
class FigurePage:
    """A figure of a snapshot with one page of its reports."""

    snapshot: Snapshot
    campaign: str
    through: str
    key: str
    measure: str
    name: str
    """The indicator's name; empty for what is not an indicator."""
    subject: str
    """What the figure is about, such as a category or a county; empty for the whole campaign."""
    value: int
    scale: int
    unit: str
    query: Mapping[str, str]
    reports: int
    page: int
    pages: int
    sources: tuple[Source, ...]


def figure(snapshot_id: int, key: str, codes: Sequence[str], page: int = 1) -> FigurePage:
    """A figure and one page of the reports that it came from.

    :param codes: regions that the reader answers for; one of them must hold the campaign's province.
    :raises NotFound: if there is no such figure, or it is not theirs to see.
    """
    columns = [column for column in Snapshot._meta.sorted_fields if column.name != "data"]  # megabytes of text
    frozen: Snapshot | None = Snapshot.select(*columns).where(Snapshot.id == snapshot_id).first()
    if frozen is None or not _answers_for(codes, frozen.campaign):
        raise NotFound("There is no such figure.")
    data = snapshot.opened(frozen)
    if key not in data["figures"]:
        raise NotFound("There is no such figure.")
    held = snapshot.written_out(data, key)
    ids = [number for first, last in held["versions"] for number in range(first, last + 1)]
    pages = max(1, -(-len(ids) // PAGE))
    page = min(max(page, 1), pages)
    measure = held["query"]["measure"]
    return FigurePage(
        snapshot=frozen,
        campaign=data["campaign"]["name"],
        through=data["through"],
        key=key,
        measure=measure,
        name=next((one["name"] for one in data["indicators"] if one["measure"] == measure), ""),
        subject=_subject(data, key),
        value=held["value"],
        scale=held["scale"],
        unit=held["unit"],
        query=held["query"],
        reports=len(ids),
        page=page,
        pages=pages,
        sources=_sources(data, key, ids[(page - 1) * PAGE : page * PAGE]),
    )


def _answers_for(codes: Sequence[str], campaign: Campaign) -> bool:
    path = regions.scope(campaign.province_id).path
    return any(path.startswith(regions.scope(code).path) for code in codes)


def _subject(data: Mapping[str, Any], key: str) -> str:
    dimension, value, _ = snapshot.split_key(key)
    if dimension in {"city", "county"}:
        return next((str(place["name"]) for place in data["places"] if place["code"] == value), value)
    if dimension == "project":
        return next((str(one["name"]) for one in data["projects"] if one["code"] == value), value)
    return value


def _sources(data: Mapping[str, Any], key: str, ids: Sequence[int]) -> tuple[Source, ...]:
    query: Any = (
        Version.select(Version, Slot, Round, Project, Organization)
        .join_from(Version, Slot)
        .join_from(Slot, Round)
        .join_from(Slot, Project)
        .join_from(Slot, Organization)
        .where(peewee.Expression(Version.id, peewee.OP.IN, list(ids)))
        .order_by(Version.id)
    )
    gave = _gave(data, key, ids)
    return tuple(
        Source(
            version,
            None if gave is None else gave.get(version.id, 0),
            version.slot.state != "approved" or version.slot.current != version.number,
        )
        for version in query
    )


def _gave(data: Mapping[str, Any], key: str, ids: Sequence[int]) -> dict[int, int] | None:
    """What each version gave to the figure; nothing where the figure counts things."""
    dimension, value, measure = snapshot.split_key(key)
    if measure in snapshot.COUNTS or measure == snapshot.DIFFICULTY:
        return None
    codes = [one["code"] for one in data["indicators"] if one["measure"] == measure]
    if measure == snapshot.FUNDS:
        codes = list(data["fund_kinds"])
    query: Any = (
        Figure.select(Figure.version, peewee.fn.SUM(Figure.value).alias("gave"))
        .join(Indicator, on=(Figure.indicator == Indicator.id))
        .where(Figure.version.in_(tuple(ids)), Indicator.code.in_(codes))
        .group_by(Figure.version)
    )
    if dimension == "county":
        query = query.where(Figure.region == value)
    if dimension == "city":
        within = Region.select(Region.code).where(Region.path.startswith(regions.scope(value).path))
        is_province = value in {place["code"] for place in data["places"] if place["level"] in {"province", "outside"}}
        query = query.where(Figure.region == value if is_province else Figure.region.in_(within))
    return {row.version_id: int(row.gave) for row in query}
