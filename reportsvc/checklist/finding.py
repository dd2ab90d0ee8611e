"""Which projects somebody may see and what they may do with them, by the regions that they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportsvc.checklist.columns import key
from reportsvc.db import database
from reportsvc.errors import Conflict, NotFound
from reportsvc.forms.messages import N_
from reportsvc.models import Campaign, Organization, Participation, Project, ProjectCounty, Region
from reportsvc.projects import regions

THERE_IS_NONE = N_("There is no such project.")


@dataclass(frozen=True, slots=True)
class Staff:
    """Regions that somebody of the staff reviews, regions whose campaigns they publish, and those they only look at."""

    reviews: tuple[str, ...]
    publishes: tuple[str, ...]
    audits: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(dict.fromkeys((*self.reviews, *self.publishes, *self.audits)))


def within(codes: Sequence[str]) -> list[str]:
    """The codes of these regions and of all below them."""
    paths = [regions.scope(code).path for code in codes]
    return [one.code for one in Region.select() if any(one.path.startswith(path) for path in paths)]


def in_regions(codes: Sequence[str]) -> Any:
    """The condition that a project takes place in one of these regions or below: its counties, or where it belongs."""
    inside = within(codes)
    here = ProjectCounty.select(ProjectCounty.project).where(ProjectCounty.region.in_(inside))
    return Project.region.in_(inside) | key(Project).in_(here)


def visible(codes: Sequence[str]) -> Any:
    """The condition that somebody sees a project; for the province's people it costs nothing."""
    return True if regions.PROVINCE in codes else in_regions(codes)


def find(staff: Staff, project_id: int) -> Project:
    """A project with its lead, campaign and region, if it is in scope; one that was merged away, too.

    :raises NotFound: if it is not there, or belongs elsewhere: nobody is told which.
    """
    query = (
        Project.select(Project, Organization, Campaign, Region)
        .join_from(Project, Organization)
        .join_from(Project, Campaign)
        .join_from(Project, Region)
        .where(Project.id == project_id)
    )
    if staff.codes and regions.PROVINCE not in staff.codes:
        query = query.where(in_regions(staff.codes))
    found: Project | None = query.first() if staff.codes else None
    if found is None:
        raise NotFound(THERE_IS_NONE)
    return found


def find_own(organizations: Sequence[int], project_id: int) -> Project:
    """A project that one of these organizations takes part in.

    :raises NotFound: if it is not there, or none of theirs.
    """
    own = Participation.select(Participation.project).where(Participation.organization.in_(list(organizations)))
    found: Project | None = Project.get_or_none(Project.id == project_id)
    while found is not None and found.merged_into is not None:
        found = found.merged_into
    if found is None or not Project.select().where(Project.id == found.id, key(Project).in_(own)).exists():
        raise NotFound(THERE_IS_NONE)
    return found


def own(organizations: Sequence[int]) -> list[Project]:
    """The projects that these organizations take part in, those that are not closed first."""
    parts = Participation.select(Participation.project).where(Participation.organization.in_(list(organizations)))
    return list(
        Project.select(Project, Campaign)
        .join(Campaign)
        .where(key(Project).in_(parts), Project.merged_into.is_null())
        .order_by(Project.closing == "closed", Campaign.starts.desc(), Project.name, Project.id)
    )


def leads(organizations: Sequence[int], project: Project) -> bool:
    """Whether one of these organizations leads it."""
    return project.lead_id in organizations


def decides(staff: Staff, project: Project) -> bool:
    """Whether somebody's word closes it: reviewers of the region that it belongs to, or of one above."""
    return bool(set(regions.chain(project.region.path)) & set(staff.reviews))


def edits(staff: Staff, project: Project) -> bool:
    """Whether somebody may change what stands of it: publishers of the campaign's province."""
    return bool(set(regions.chain(project.campaign.province.path)) & set(staff.publishes))


def locked(project_id: int, revision: int) -> Project:
    """A project as it is now, and as it stays for everybody else until the transaction around this ends.

    :param revision: the project's as somebody saw it.
    :raises Conflict: if it has changed since.
    """
    query = Project.select().where(Project.id == project_id)
    found: Project | None = (query.for_update() if database.for_update else query).first()
    if found is None:
        raise NotFound(THERE_IS_NONE)
    if found.merged_into_id is not None:
        raise Conflict("This project was merged into another one in the meantime. Go on with that one.")
    if found.revision != revision:
        raise Conflict("Somebody else has just changed this project. Look at how it stands now, then try again.")
    return found


def change(project: Project, **values: object) -> None:
    """Store what was changed of a project that is locked."""
    Project.update(revision=Project.revision + 1, worked_out=None, **values).where(Project.id == project.id).execute()
