"""Two projects that are one under two names become one, with nothing lost, and can be taken apart again.

What belongs to the one that goes moves to the one that stays: slots with their versions, figures, photos and files,
participations, counties, plan, and the agreement. Where both have the same row (a county, an indicator of the plan, an
organization that takes part in both), that of the one that stays counts and the other stays with the one that goes.
Slots always move: ``Slot.merged_from`` lets two of one round and one organization stand side by side, and keeps each in
the row of reports that it was counted in, so that every total is the same before and after. A report stops being
counted only where a person says that it tells the same a second time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import peewee

from reportsvc import clock
from reportsvc.checklist import events, finding, sums
from reportsvc.checklist.columns import key
from reportsvc.db import database
from reportsvc.errors import Conflict, Forbidden, Invalid, ReportsvcError
from reportsvc.forms.messages import N_
from reportsvc.models import (
    Difficulty,
    Flag,
    Organization,
    Participation,
    Person,
    Photo,
    Project,
    ProjectCounty,
    ProjectEvent,
    ProjectFile,
    ProjectMerge,
    ProjectPlan,
    Region,
    Round,
    Slot,
    Version,
)
from reportsvc.projects import regions
from reportsvc.reports import transitions

FOLLOW: tuple[Any, ...] = (ProjectFile.project, Difficulty.project)
"""What points at a project and goes with it as it is."""
MEET: tuple[tuple[Any, str], ...] = (
    (Participation.project, "organization"),
    (ProjectCounty.project, "region"),
    (ProjectPlan.project, "indicator"),
)
"""What goes with it unless the one that stays has the same, by the column that says so."""
STAY: tuple[Any, ...] = (
    *(ProjectEvent.project, ProjectMerge.kept, ProjectMerge.gone, Project.merged_into, Flag.project),
)
"""What tells of the project that goes, and stays with it."""

NO_REASON = N_("Say why these two are one, so that everybody who takes part knows.")
MOVED_ON = N_("One of the two projects has changed since you looked. Look through it again: nothing was merged yet.")


class Uneven(ReportsvcError):
    """The totals before and after a merge are not the same: nothing was stored."""

    status = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody decided: which project stays, and which reports of the other one tell the same twice."""

    kept: int
    gone: int
    reason: str = ""
    doubles: frozenset[int] = frozenset()
    """Ids of slots."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """A report of the project that goes, beside those of the same quarter that may tell the same."""

    slot: Slot
    others: tuple[Slot, ...]
    rows: tuple[tuple[str, int, int], ...]
    """(indicator's code, what it gives, what the others give), for those that are counted."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a merge does; sums are by indicator's code, in its smallest unit."""

    kept: Project
    gone: Project
    before: Mapping[str, tuple[int, int]]
    """What the one that stays and the one that goes had reported."""
    removed: Mapping[str, int]
    """What was counted twice, as a person said, and is counted no more."""
    after: Mapping[str, int]
    moved: Mapping[str, int]
    """How many rows come over, by kind."""
    met: tuple[Participation, ...]
    """Participations of organizations that take part in both."""
    seen: str
    """Digest of what was looked at: if it is another one later, something has changed."""


def pair(staff: finding.Staff, kept_id: int, gone_id: int) -> tuple[Project, Project]:
    """Both projects, if somebody may merge them.

    :raises NotFound: if one of them is out of scope.
    :raises Forbidden: if the person publishes nothing there.
    :raises Invalid: if they can't be one.
    """
    kept, gone = finding.find(staff, kept_id), finding.find(staff, gone_id)
    if not (finding.edits(staff, kept) and finding.edits(staff, gone)):
        raise Forbidden("Only publishers merge projects. Tell them which two are one.")
    if kept.id == gone.id:
        raise Invalid("Choose another project than this one.")
    if kept.campaign_id != gone.campaign_id:
        raise Invalid("Both projects must belong to the same campaign.")
    if kept.merged_into_id is not None or gone.merged_into_id is not None:
        raise Invalid("One of the two was merged already. Go on with the one that it was merged into.")
    return kept, gone


def candidates(project: Project, text: str) -> list[Project]:
    """Projects of the same campaign by a part of their name or their code, to be chosen from."""
    word = text.strip()
    found = Project.select(Project, Organization).join(Organization, on=(Project.lead == Organization.id), attr="lead")
    named = found.where(
        Project.campaign == project.campaign_id,
        Project.merged_into.is_null(),
        Project.id != project.id,
        (Project.code == word.upper()) | Project.name.contains(word),
    )
    return list(named.order_by(Project.name, Project.id).limit(20)) if word else []


# --- looking ---------------------------------------------------------------------------------------------------------


def overlaps(kept: Project, gone: Project) -> list[Overlap]:
    """The reports of one quarter that may tell the same: of one organization, or of both leads."""
    staying, going = _slots(kept), _slots(gone)
    given = sums.of_slots([slot.id for slot in (*staying, *going)])
    found = []
    for slot in going:
        others = tuple(one for one in staying if _may_double(one, slot))
        if others and slot.state != "not_required":
            codes = {code for one in (slot, *others) for code in given[one.id]}
            rows = tuple(
                (code, given[slot.id].get(code, 0), sum(given[one.id].get(code, 0) for one in others))
                for code in sorted(codes)
            )
            found.append(Overlap(slot, others, rows))
    return found


def _slots(project: Project) -> list[Slot]:
    return list(
        Slot.select(Slot, Round, Organization)
        .join_from(Slot, Round)
        .join_from(Slot, Organization)
        .where(Slot.project == project)
        .order_by(Round.year, Round.quarter, Slot.id)
    )


def _may_double(one: Slot, other: Slot) -> bool:
    leads = one.role == other.role == "lead"
    return one.round_id == other.round_id and (leads or one.organization_id == other.organization_id)


def look(staff: finding.Staff, person: Person, wanted: Wanted) -> Outcome:
    """What a merge would do: it is done, looked at, and taken back.

    :raises: as :func:`merge`, but no reason is needed yet.
    """
    pair(staff, wanted.kept, wanted.gone)
    with database.atomic() as transaction:
        outcome = _merge(wanted, person, wanted.reason)
        transaction.rollback()
    return outcome


# --- merging ---------------------------------------------------------------------------------------------------------


def merge(staff: finding.Staff, person: Person, wanted: Wanted, seen: str) -> Outcome:
    """Make one project out of two, all or nothing.

    :param seen: :attr:`Outcome.seen` of what was looked at before.
    :raises NotFound: if one of them is out of scope.
    :raises Forbidden: if the person publishes nothing there.
    :raises Invalid: without a reason, or if they can't be one.
    :raises Conflict: if anything about them has changed since it was looked at.
    """
    pair(staff, wanted.kept, wanted.gone)
    said = events.said(wanted.reason, NO_REASON)
    with database.atomic():
        outcome = _merge(wanted, person, said)
        if outcome.seen != seen:
            raise Conflict(MOVED_ON)
    return outcome


def _merge(wanted: Wanted, person: Person, reason: str) -> Outcome:
    kept, gone = _locked(wanted)
    seen = _digest(kept, gone)
    earlier = _possible_before(kept, gone)
    before = sums.of([kept.id, gone.id])
    met = _met(kept, gone)
    doubles = _set_aside(kept, gone, wanted.doubles, person, reason)
    rest = sums.of([kept.id, gone.id])
    moved: dict[str, Any] = {"slots": _move_slots(kept, gone), "doubles": doubles, "region": kept.region_id}
    moved["earlier"] = earlier
    counted = _counted(moved["slots"])
    moved["rows"] = {**_move_following(kept, gone), **_move_meeting(kept, gone)}
    moved["lead"] = _lead_becomes_partner(kept, gone)
    _settle(kept, gone, person, reason, moved)
    after = sums.of([kept.id, gone.id])
    _even(rest, after, kept, gone)
    return Outcome(
        kept=kept,
        gone=gone,
        before=_beside(before[kept.id], before[gone.id]),
        removed=_difference(_added(before), _added(rest)),
        after=after[kept.id],
        moved={**counted, **{table: len(ids) for table, ids in moved["rows"].items()}},
        met=met,
        seen=seen,
    )


def _locked(wanted: Wanted) -> tuple[Project, Project]:
    """Both as they stay until the end of the transaction: first their slots, as whoever moves a slot does."""
    ids = sorted((wanted.kept, wanted.gone))
    slots = Slot.select(Slot.id).where(Slot.project.in_(ids)).order_by(Slot.id)
    rows = Project.select().where(key(Project).in_(ids)).order_by(Project.id)
    if database.for_update:
        list(slots.for_update())
        rows = rows.for_update()
    found = {one.id: one for one in rows}
    if any(one.merged_into_id is not None for one in found.values()):
        raise Conflict(MOVED_ON)
    return found[wanted.kept], found[wanted.gone]


def _digest(kept: Project, gone: Project) -> str:
    slots = Slot.select(Slot.id, Slot.revision).where(Slot.project.in_([kept.id, gone.id])).order_by(Slot.id)
    state = [[kept.id, kept.revision], [gone.id, gone.revision], [[one.id, one.revision] for one in slots]]
    return hashlib.sha256(json.dumps(state).encode()).hexdigest()[:32]


def _met(kept: Project, gone: Project) -> tuple[Participation, ...]:
    theirs = Participation.select(Participation.organization).where(Participation.project == kept)
    query = Participation.select(Participation, Organization).join(Organization)
    return tuple(query.where(Participation.project == gone, Participation.organization.in_(theirs)))


def _set_aside(
    kept: Project, gone: Project, doubles: Collection[int], person: Person, reason: str
) -> list[dict[str, Any]]:
    """Take the reports that tell the same twice out of every total; gives where each of them stood."""
    if not doubles:
        return []
    possible = {one.slot.id: one.slot for one in overlaps(kept, gone)}
    if not set(doubles) <= set(possible):
        raise Conflict(MOVED_ON)
    found = []
    for slot in (possible[number] for number in sorted(doubles)):
        since = slot.waiting_since.isoformat() if slot.waiting_since else None
        stood = {"state": slot.state, "waiting_at": slot.waiting_at_id, "since": since, "reason": slot.reason}
        found.append({"slot": slot.id, **stood})
        move = transitions.Move(action="double", person=person, revision=slot.revision, reason=reason)
        transitions.apply(slot, move)
    return found


def _move_slots(kept: Project, gone: Project) -> list[list[int]]:
    """Gives [id, ``merged_from`` of before] of each slot."""
    slots = list(Slot.select().where(Slot.project == gone).order_by(Slot.id))
    own = peewee.Case(None, [(Slot.merged_from == 0, gone.id)], Slot.merged_from)
    Slot.update(project=kept, merged_from=own).where(Slot.project == gone).execute()
    return [[slot.id, slot.merged_from] for slot in slots]


def _counted(slots: Sequence[Sequence[int]]) -> dict[str, int]:
    ids = [slot for slot, _ in slots]
    versions = Version.select(Version.id).where(Version.slot.in_(ids))
    photos = Photo.select().where(Photo.slot.in_(ids), Photo.removed == False)  # noqa: E712 - SQL
    return {"slot": len(ids), "version": versions.count(), "photo": photos.count()}


def _move_following(kept: Project, gone: Project) -> dict[str, list[int]]:
    return {_table(column): _move(column, kept, _ids(column, gone)) for column in FOLLOW}


def _move_meeting(kept: Project, gone: Project) -> dict[str, list[int]]:
    found = {}
    for column, name in MEET:
        same = getattr(column.model, name)
        there = column.model.select(same).where(column == kept)
        found[_table(column)] = _move(column, kept, _ids(column, gone, same.not_in(there)))
    return found


def _table(column: Any) -> str:
    return str(column.model._meta.table_name)  # peewee's own way to it


def _ids(column: Any, project: Project, *conditions: Any) -> list[int]:
    return [one.id for one in column.model.select(column.model.id).where(column == project, *conditions)]


def _move(column: Any, to: Project, ids: list[int]) -> list[int]:
    if ids:
        column.model.update({column: to.id}).where(column.model.id.in_(ids)).execute()
    return ids


def _lead_becomes_partner(kept: Project, gone: Project) -> int | None:
    """One project has one lead; gives the participation that was changed. What it has reported as a lead stays so."""
    found: Participation | None = Participation.get_or_none(
        Participation.project == kept, Participation.role == "lead", Participation.organization != kept.lead_id
    )
    if found is None:
        return None
    Participation.update(role="partner").where(Participation.id == found.id).execute()
    return found.id


def _settle(kept: Project, gone: Project, person: Person, reason: str, moved: dict[str, Any]) -> None:
    here = Region.select(Region.path).join(ProjectCounty).where(ProjectCounty.project == kept)
    paths = [one.path for one in here]
    finding.change(kept, region=regions.common(paths) if paths else kept.region_id)
    finding.change(gone, merged_into=kept)
    data = {"kept": kept.id, "gone": gone.id, "names": [kept.name, gone.name]}
    for one in (kept, gone):
        events.write(one, "merged", person, reason, data)
    moved |= stand(kept.id, gone.id)
    ProjectMerge.create(kept=kept, gone=gone, person=person, reason=reason, moved=moved, at=clock.now())


# --- whether it can be taken back ------------------------------------------------------------------------------------


def stand(kept: int, gone: int) -> dict[str, Any]:
    """How two projects stand: it is another way as soon as either is changed, or a slot is moved or added."""
    slots = Slot.select(Slot.id, Slot.revision).where(Slot.project == kept).order_by(Slot.id)
    revisions = [Project.get_by_id(number).revision for number in (kept, gone)]
    return {"stand": [[one.id, one.revision] for one in slots], "revisions": revisions}


def possible(merge: ProjectMerge) -> bool:
    """Whether a merge can be taken back: nothing else has happened to the two since."""
    then = {name: merge.moved[name] for name in ("stand", "revisions")}
    return merge.undone_at is None and stand(merge.kept_id, merge.gone_id) == then


def _possible_before(*projects: Project) -> list[int]:
    """Earlier merges that could still be taken back: once this one is, they can be again."""
    standing = ProjectMerge.select().where(ProjectMerge.kept.in_(projects), ProjectMerge.undone_at.is_null())
    return [one.id for one in standing if possible(one)]


# --- sums ------------------------------------------------------------------------------------------------------------


def _added(found: Mapping[int, Mapping[str, int]]) -> dict[str, int]:
    codes = {code for each in found.values() for code in each}
    return {code: sum(each.get(code, 0) for each in found.values()) for code in sorted(codes)}


def _beside(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    return {code: (one.get(code, 0), other.get(code, 0)) for code in sorted({*one, *other})}


def _difference(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    return {code: value - after.get(code, 0) for code, value in before.items() if value != after.get(code, 0)}


def _even(
    before: Mapping[int, Mapping[str, int]], after: Mapping[int, Mapping[str, int]], kept: Project, gone: Project
) -> None:
    if after[gone.id] or _added(before) != _added({kept.id: after[kept.id]}):
        raise Uneven("The totals of %(kept)s and %(gone)s are not even.", kept=kept.code, gone=gone.code)
