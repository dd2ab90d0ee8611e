"""One project's sheet: who takes part, its plan and what was reported of it, quarter by quarter, and the evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import peewee

from reportsvc import clock
from reportsvc.checklist import sums
from reportsvc.checklist.columns import key
from reportsvc.difficulties.kinds import says_nothing
from reportsvc.models import (
    AnswerFile,
    Indicator,
    Organization,
    Participation,
    Person,
    Photo,
    Project,
    ProjectCounty,
    ProjectPlan,
    Region,
    Round,
    Slot,
    Version,
    VersionFile,
    VersionPhoto,
)

PHOTOS = 24
"""Of the photos the newest so many are shown; each report has all of its own."""


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator: planned and reached so far, in its smallest unit; nothing where there is no plan."""

    indicator: Indicator
    planned: int | None
    reached: int

    @property
    def percent(self) -> int | None:
        """How much of the plan is reached, rounded down."""
        return int(Fraction(self.reached * 100, self.planned)) if self.planned else None


@dataclass(frozen=True, slots=True)
class Report:
    """One slot of the timeline; the newest version of it, if one was sent."""

    slot: Slot
    version: Version | None
    readable: bool
    """Whether it belongs to a region of whoever looks."""
    elsewhere: str
    """Name of the project that it was reported for, if that was merged into this one."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A photo of a report's newest version, with the caption and the consent of then."""

    photo: Photo
    caption: str
    consent: bool
    slot: Slot


def lines(project: Project) -> list[Line]:
    """The plan against what was reported; an indicator that is neither planned nor reported is left out."""
    planned = {one.indicator_id: one.amount for one in ProjectPlan.select().where(ProjectPlan.project == project)}
    reached = sums.of([project.id])[project.id]
    indicators = Indicator.select().where(Indicator.campaign == project.campaign_id).order_by(Indicator.position)
    return [
        Line(one, planned.get(one.id), reached.get(one.code, 0))
        for one in indicators
        if one.id in planned or reached.get(one.code)
    ]


def participants(project: Project) -> list[Participation]:
    """Who takes part, the lead first."""
    return list(
        Participation.select(Participation, Organization)
        .join(Organization)
        .where(Participation.project == project)
        .order_by(Participation.role, Participation.id)
    )


def counties(project: Project) -> list[Region]:
    """Where it takes place."""
    here = ProjectCounty.select(ProjectCounty.region).where(ProjectCounty.project == project)
    return list(Region.select().where(Region.code.in_(here)).order_by(Region.path))


def merged(project: Project) -> list[Project]:
    """The projects that were merged into it."""
    return list(Project.select().where(Project.merged_into == project).order_by(Project.id))


def timeline(project: Project, inside: Sequence[str], organizations: Sequence[int] | None = None) -> list[Report]:
    """Every slot of the project, the newest quarter first.

    :param inside: codes of the regions whose reports may be read.
    :param organizations: only what these organizations owe, in quarters that have opened.
    """
    query = (
        Slot.select(Slot, Round, Organization)
        .join_from(Slot, Round)
        .join_from(Slot, Organization)
        .where(Slot.project == project)
        .order_by(Round.year.desc(), Round.quarter.desc(), Slot.role, Slot.id)
    )
    if organizations is not None:
        query = query.where(Slot.organization.in_(list(organizations)), Round.opens <= clock.today())
    sent = {one.slot_id: one for one in _current(project)}
    names = {one.id: one.name for one in Project.select().where(key(Project).in_({slot.merged_from for slot in query}))}
    here = set(inside)
    return [Report(slot, sent.get(slot.id), slot.region_id in here, names.get(slot.merged_from, "")) for slot in query]


def _current(project: Project) -> Any:
    return (
        Version.select(Version, Person, Slot.id)
        .join_from(Version, Slot, on=((Version.slot == Slot.id) & (Version.number == Slot.current)))
        .join_from(Version, Person, peewee.JOIN.LEFT_OUTER)
        .where(Slot.project == project)
    )


def difficulties(reports: Sequence[Report]) -> list[tuple[Report, str]]:
    """What the reports say of difficulties, the newest first."""
    found = [(one, str(one.version.answers.get("difficulties", ""))) for one in reports if one.version]
    return [(report, text) for report, text in found if report.readable and not says_nothing(text)]


def photos(reports: Sequence[Report]) -> tuple[int, list[Evidence]]:
    """How many photos the readable reports hold that can be seen, and the newest of them."""
    slots = _readable(reports)
    query = (
        VersionPhoto.select(VersionPhoto, Photo)
        .join(Photo)
        .where(VersionPhoto.version.in_(list(slots)), Photo.state == "ready")
        .order_by(key(VersionPhoto).desc())
    )
    shown = [Evidence(one.photo, one.caption, one.consent, slots[one.version_id]) for one in query.limit(PHOTOS)]
    return query.count(), shown


def files(reports: Sequence[Report]) -> list[tuple[AnswerFile, Slot]]:
    """The documents among the answers of the readable reports, with the report of each."""
    slots = _readable(reports)
    query = (
        VersionFile.select(VersionFile, AnswerFile)
        .join(AnswerFile)
        .where(VersionFile.version.in_(list(slots)), AnswerFile.state == "ready")
        .order_by(key(VersionFile).desc())
    )
    return [(one.file, slots[one.version_id]) for one in query]


def _readable(reports: Sequence[Report]) -> Mapping[int, Slot]:
    return {one.version.id: one.slot for one in reports if one.version is not None and one.readable}


def by_quarter(reports: Sequence[Report]) -> list[tuple[Round, list[Report]]]:
    """The timeline grouped by quarter, in its order."""
    found: dict[int, list[Report]] = defaultdict(list)
    for one in reports:
        found[one.slot.round_id].append(one)
    return [(each[0].slot.round, each) for each in found.values()]
