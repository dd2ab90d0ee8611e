"""The one table of what can happen to a slot, and the one function that makes it happen (design.md §4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reportsvc import audit, clock, hooks
from reportsvc.db import database
from reportsvc.errors import Conflict, NotFound
from reportsvc.models import Event, Person, Project, Slot, Version
from reportsvc.reports import outcomes

IN_REVIEW = ("submitted", "endorsed_county", "endorsed_city")
"""States in which somebody is to review the slot."""

EDITABLE = ("open", "draft", "returned")
"""States in which the organization may write."""

TRANSITIONS: dict[tuple[str, str], str] = {
    ("open", "start"): "draft",
    ("open", "submit"): "submitted",
    ("draft", "submit"): "submitted",
    ("returned", "submit"): "submitted",
    ("submitted", "endorse_county"): "endorsed_county",
    ("submitted", "endorse_city"): "endorsed_city",
    ("endorsed_county", "endorse_city"): "endorsed_city",
    **{(state, "approve"): "approved" for state in IN_REVIEW},
    **{(state, "return"): "returned" for state in (*IN_REVIEW, "approved")},
    **{(state, "excuse"): "not_required" for state in EDITABLE},
    ("not_required", "require"): "open",
    **{(state, "double"): "not_required" for state in (*EDITABLE, *IN_REVIEW, "approved")},
    **{("not_required", f"single_{state}"): state for state in (*EDITABLE, *IN_REVIEW, "approved")},
    ("open", "import"): "approved",
    ("approved", "import"): "approved",
}
"""(state, action) to the state after it. Returning an approved report takes its figures out of every total.

``double`` is said of a report that was made a second time under another project's name, before the two were merged;
``single_…`` puts it back to where it stood when the merge is undone.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One step of one slot, as somebody asked for it.

    ``revision`` is the slot's as that person saw it; ``due`` and ``waiting_at`` change the slot with the step.
    """

    action: str
    person: Person | None
    revision: int
    waiting_at: str | None = None
    version: Version | None = None
    reason: str = ""
    fields: tuple[str, ...] = ()
    due: date | None = None


def slot_by_id(slot_id: int) -> Slot:
    """Find a slot.

    :raises NotFound: if there is none.
    """
    found = Slot.get_or_none(Slot.id == slot_id)
    if found is None:
        raise NotFound("There is no such report.")
    return found


def locked(slot_id: int) -> Slot:
    """A slot as it is now, and as it stays for everybody else until the transaction around this ends.

    PostgreSQL locks the row; SQLite's transactions follow one another by themselves.

    :raises NotFound: if there is none.
    """
    query = Slot.select().where(Slot.id == slot_id)
    found: Slot | None = (query.for_update() if database.for_update else query).first()
    if found is None:
        raise NotFound("There is no such report.")
    return found


def apply(slot: Slot, move: Move) -> Slot:
    """Move a slot and write the event, both or neither; gives the slot as it is after that.

    :raises Conflict: if the step does not lead on from where the slot stands, or somebody moved it first.
    """
    after = TRANSITIONS.get((slot.state, move.action))
    if after is None:
        raise Conflict("This report has moved on in the meantime. Reload the page to see where it stands.")
    with database.atomic():
        changed = (
            Slot.update(
                state=after,
                revision=move.revision + 1,
                waiting_at=move.waiting_at,
                current=move.version.number if move.version else Slot.current,
                due=move.due or Slot.due,
                reason=move.reason,
                **(outcomes.of_version(slot, move.version) if move.version else {}),
            )
            .where(Slot.id == slot.id, Slot.revision == move.revision, Slot.state == slot.state)
            .execute()
        )
        if not changed:
            raise Conflict("Somebody else has just worked on this report. Reload the page to see what they did.")
        happened = Event.create(
            slot=slot,
            action=move.action,
            before=slot.state,
            after=after,
            person=move.person,
            version=move.version,
            reason=move.reason,
            data={"fields": list(move.fields)},
            at=clock.now(),
        )
        Project.update(worked_out=None).where(Project.id == slot.project_id).execute()
        audit.record(
            f"slot.{move.action}",
            f"slot:{slot.id}",
            actor=move.person.id if move.person else None,
            region=slot.region_id,
            data={"before": slot.state, "after": after},
            rows=(happened, move.version) if move.version else (happened,),
        )
        moved = slot_by_id(slot.id)
        if move.action in TOLD:
            hooks.announce(TOLD[move.action], slot.region_id, lambda: _told(moved))
    return moved


TOLD = {"submit": hooks.SUBMITTED, "approve": hooks.APPROVED}
"""Steps that webhooks are told of. Older records that are brought in are no news."""


def _told(slot: Slot) -> dict[str, object]:
    return {
        "report": slot.id,
        "campaign": slot.round.campaign.code,
        "quarter": f"{slot.round.year}Q{slot.round.quarter}",
        "project": slot.project.code,
        "organization": slot.organization.uscc,
        "region": slot.region_id,
        "state": slot.state,
        "version": slot.current,
    }
