"""Taking a merge back, as long as nothing else has happened to what it moved."""

from __future__ import annotations

from datetime import date
from typing import Any

from reportsvc import clock
from reportsvc.checklist import events, finding, sums
from reportsvc.checklist.columns import key
from reportsvc.checklist.merging import FOLLOW, MEET, Uneven, possible, stand
from reportsvc.db import database
from reportsvc.errors import Conflict, Forbidden, NotFound
from reportsvc.forms.messages import N_
from reportsvc.models import Participation, Person, Project, ProjectMerge, Slot
from reportsvc.reports import transitions

__all__ = ["of", "possible", "undo"]

TOO_LATE = N_("Something has happened to this project since the merge, so it can't be taken apart any more.")


def of(project: Project) -> list[ProjectMerge]:
    """The merges that made this project what it is, the newest first."""
    query = ProjectMerge.select(ProjectMerge, Person).join(Person, on=(ProjectMerge.person == Person.id), attr="person")
    made = query.where(ProjectMerge.kept == project, ProjectMerge.undone_at.is_null())
    return list(made.order_by(key(ProjectMerge).desc()))


def undo(staff: finding.Staff, merge_id: int, person: Person) -> Project:
    """Put everything back to where it was, all or nothing; gives the project that is there again.

    :raises NotFound: if there is no such merge, or it is out of scope.
    :raises Forbidden: if the person publishes nothing there.
    :raises Conflict: if something else has happened since.
    """
    merge: ProjectMerge | None = ProjectMerge.get_or_none(ProjectMerge.id == merge_id)
    if merge is None:
        raise NotFound(finding.THERE_IS_NONE)
    if not finding.edits(staff, finding.find(staff, merge.kept_id)):
        raise Forbidden("Only publishers merge projects. Tell them which two are one.")
    with database.atomic():
        now = _locked(merge)
        if not possible(now):
            raise Conflict(TOO_LATE)
        _undo(now, person)
    found: Project = Project.get_by_id(merge.gone_id)
    return found


def _locked(merge: ProjectMerge) -> ProjectMerge:
    ids = sorted((merge.kept_id, merge.gone_id))
    if database.for_update:
        list(Slot.select(Slot.id).where(Slot.project.in_(ids)).order_by(Slot.id).for_update())
        list(Project.select(Project.id).where(key(Project).in_(ids)).order_by(Project.id).for_update())
    found: ProjectMerge = ProjectMerge.get_by_id(merge.id)
    return found


def _undo(merge: ProjectMerge, person: Person) -> None:
    kept, gone = (Project.get_by_id(number) for number in (merge.kept_id, merge.gone_id))
    before = sums.of([kept.id])[kept.id]
    moved: dict[str, Any] = merge.moved
    for column in (*FOLLOW, *(column for column, _ in MEET)):
        ids = moved["rows"].get(column.model._meta.table_name, [])
        if ids:
            column.model.update({column: gone.id}).where(column.model.id.in_(ids)).execute()
    if moved["lead"] is not None:
        Participation.update(role="lead").where(Participation.id == moved["lead"]).execute()
    for slot, merged_from in moved["slots"]:
        Slot.update(project=gone, merged_from=merged_from).where(Slot.id == slot).execute()
    _even(before, kept, gone)
    for one in moved["doubles"]:
        _count_again(one, person)
    finding.change(kept, region=moved["region"])
    finding.change(gone, merged_into=None)
    for project in (kept, gone):
        events.write(project, "unmerged", person, data={"kept": kept.id, "gone": gone.id})
    ProjectMerge.update(undone_by=person, undone_at=clock.now()).where(ProjectMerge.id == merge.id).execute()
    for earlier in ProjectMerge.select().where(key(ProjectMerge).in_(moved["earlier"])):
        again = {**earlier.moved, **stand(earlier.kept_id, earlier.gone_id)}
        ProjectMerge.update(moved=again).where(ProjectMerge.id == earlier.id).execute()


def _count_again(stood: dict[str, Any], person: Person) -> None:
    slot, since = transitions.locked(stood["slot"]), stood.get("since")
    move = transitions.Move(
        action=f"single_{stood['state']}",
        person=person,
        revision=slot.revision,
        waiting_at=stood["waiting_at"],
        since=date.fromisoformat(since) if since else None,
        reason=stood["reason"],
    )
    transitions.apply(slot, move)


def _even(before: dict[str, int], kept: Project, gone: Project) -> None:
    after = sums.of([kept.id, gone.id])
    codes = {*before, *after[kept.id], *after[gone.id]}
    if any(before.get(code, 0) != after[kept.id].get(code, 0) + after[gone.id].get(code, 0) for code in codes):
        raise Uneven("The totals of %(kept)s and %(gone)s are not even.", kept=kept.code, gone=gone.code)
