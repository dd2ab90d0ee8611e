"""Many reports at once: looked over in sum, moved one by one, each by its own revision, and taken back the same day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from reportsvc import clock
from reportsvc.db import database
from reportsvc.errors import Conflict, NotFound, ReportsvcError
from reportsvc.models import Person, ReviewBatch, ReviewBatchSlot, Slot
from reportsvc.projects.regions import Scope
from reportsvc.reviews import acting, finding, lists
from reportsvc.reviews.acting import ReadQuantities

MOST = 500
"""Reports that are moved at once; the rest of a longer list waits for the next time."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody is about to move."""

    rows: list[lists.Row]
    flagged: int
    """How many were left out since they are flagged."""
    more: int
    """How many are over the most that is moved at once."""

    @property
    def fen(self) -> int:
        """The sum of their money."""
        return sum(row.fen or 0 for row in self.rows)


def ticked(scope: Scope, wanted: Iterable[int], read: ReadQuantities, flagged: lists.Flagged) -> Chosen:
    """Reports that were chosen one by one: those too that are flagged, for somebody has looked at them."""
    theirs = set(lists.ids(scope, lists.Wanted(tab="ready")))
    chosen = [one for one in dict.fromkeys(wanted) if one in theirs]
    return Chosen(lists.rows(chosen[:MOST], read, flagged), 0, max(0, len(chosen) - MOST))


def unflagged(
    scope: Scope, wanted: lists.Wanted, read: ReadQuantities, flagged: lists.Flagged, *, page: bool
) -> Chosen:
    """All of a list that wait for this region and are not flagged.

    :param page: only those of the list's page.
    """
    found = lists.ids(scope, wanted, flagged)
    if page:
        found = found[(wanted.page - 1) * lists.PAGE : wanted.page * lists.PAGE]
    theirs = set(lists.ids(scope, lists.Wanted(tab="ready")))
    waiting = [one for one in found if one in theirs]
    marked = lists.marked(waiting, flagged)
    chosen = [one for one in waiting if one not in marked]
    return Chosen(lists.rows(chosen[:MOST], read, flagged), len(marked), max(0, len(chosen) - MOST))


def move(scope: Scope, person: Person, chosen: Sequence[tuple[int, int]], read: ReadQuantities) -> ReviewBatch:
    """Pass on or approve reports, each in a transaction of its own; what can't be moved is remembered with the reason.

    :param chosen: (slot's id, its revision as the person saw it).
    """
    batch = ReviewBatch.create(person=person, region=scope.code, at=clock.now())
    refused, fen = [], 0
    for slot_id, revision in list(dict(chosen).items())[:MOST]:
        try:
            with database.atomic():
                slot = acting.endorse(scope, slot_id, person, revision, read, batch=batch.id)
                ReviewBatchSlot.create(batch=batch, slot=slot, revision=slot.revision)
                fen += lists.funds([slot], read).get(slot.id, 0)
        except NotFound:
            continue  # somebody else's report: nobody is told that it is there
        except ReportsvcError as problem:
            refused.append(_refused(slot_id, problem))
    ReviewBatch.update(fen=fen, refused=refused).where(ReviewBatch.id == batch.id).execute()
    return ReviewBatch.get_by_id(batch.id)


def _refused(slot_id: int, problem: ReportsvcError) -> dict[str, Any]:
    values = {name: str(value) for name, value in problem.values.items()}
    return {"slot": slot_id, "message": problem.message, "values": values}


@dataclass(frozen=True, slots=True)
class Refused:
    """A report that stayed where it was."""

    slot: Slot
    message: str
    values: dict[str, str]
    last: finding.Told | None
    """What happened to it last: who was quicker, and with what."""


@dataclass(frozen=True, slots=True)
class Done:
    """A batch as its page shows it."""

    batch: ReviewBatch
    rows: list[lists.Row]
    refused: list[Refused]
    may_undo: bool


def done(codes: Sequence[str], batch_id: int) -> tuple[str, Done]:
    """A batch of one of these regions, with its region's code.

    :raises NotFound: if there is none.
    """
    batch: ReviewBatch | None = ReviewBatch.get_or_none(ReviewBatch.id == batch_id)
    if batch is None or batch.region_id not in codes:
        raise NotFound("There is no such page.")
    moved = [one.slot_id for one in ReviewBatchSlot.select().where(ReviewBatchSlot.batch == batch)]
    stayed = {one["slot"]: one for one in batch.refused}
    slots = {row.slot.id: row.slot for row in lists.rows([*stayed], None)}
    refused = [
        Refused(slots[one], found["message"], found["values"], next(reversed(finding.history(slots[one])), None))
        for one, found in stayed.items()
        if one in slots
    ]
    today = clock.local(batch.at).date() == clock.today()
    may_undo = today and batch.undone_at is None and bool(moved)
    return batch.region_id, Done(batch, lists.rows(moved[:MOST], None), refused, may_undo)


def undo(scope: Scope, person: Person, batch_id: int) -> tuple[int, int]:
    """Take back all of a batch that nobody has acted on since; gives how many went back, and how many stayed.

    :raises NotFound: if there is no such batch of this region.
    :raises Conflict: if it is of another day, or was taken back already.
    """
    with database.atomic():
        _, found = done((scope.code,), batch_id)
        if not found.may_undo:
            raise Conflict("This can't be taken back any more: it was done on another day, or the report moved on.")
        open_still = (ReviewBatch.id == batch_id) & ReviewBatch.undone_at.is_null()
        if not ReviewBatch.update(undone_at=clock.now()).where(open_still).execute():
            raise Conflict(acting.QUICKER)
    back = stayed = 0
    for one in ReviewBatchSlot.select().where(ReviewBatchSlot.batch == batch_id).order_by(ReviewBatchSlot.id):
        try:
            acting.take_back(scope, one.slot_id, person, one.revision)
            back += 1
        except ReportsvcError:
            stayed += 1
    return back, stayed
