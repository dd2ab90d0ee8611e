"""The reports behind a number, and whom to call about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import peewee
import structlog

from reportsvc import clock
from reportsvc.accounts.people import MANAGER, REPORTER
from reportsvc.db import database
from reportsvc.errors import NotFound
from reportsvc.models import Grant, Organization, Person, Project, Region, ReminderRequest, Round, Slot
from reportsvc.reports import outcomes

log = structlog.get_logger("reportsvc.picture")

PAGE = 50
NUMBERS: dict[str, tuple[str, ...]] = {
    "expected": outcomes.EXPECTED,
    "reported": outcomes.REPORTED,
    "late_in_all": (outcomes.LATE, outcomes.OVERDUE),
    "nil": outcomes.REPORTED,
    **{name: (name,) for name in outcomes.OUTCOMES},
}
"""What can be asked for, and which outcomes it counts; the same names as :class:`counts.Counts` has."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A number to look behind: of a quarter, of these regions, and as it was filtered."""

    owed: Round | None
    """Nothing: of every quarter."""
    codes: Sequence[str]
    number: str = "overdue"
    kind: str = ""
    category: str = ""
    words: str = ""
    """Part of the name of an organization or a project."""


@dataclass(slots=True)
class Listing:
    """One page of the reports behind a number."""

    rows: list[Slot]
    count: int
    page: int
    pages: int
    asked: dict[int, tuple[datetime, str]] = field(default_factory=dict)
    """When a reminder was asked for last, and by whom, by slot."""
    contacts: dict[int, list[Contact]] = field(default_factory=dict)
    """By organization; empty unless they were asked for."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody of an organization who can be called."""

    name: str
    phone: str
    role: str


def behind(asked: Asked, today: date) -> Any:
    """Ids of the slots that a number counts; only what is filtered by is joined, so that counting reads one index.

    :raises NotFound: if there is no such number.
    """
    if asked.number not in NUMBERS:
        raise NotFound("There is no such page.")
    slots: Any = Slot.select(Slot.id).where(
        Slot.region.in_(asked.codes), outcomes.is_one_of(NUMBERS[asked.number], today)
    )
    if asked.owed is not None:
        slots = slots.where(Slot.round == asked.owed)
    if asked.number == "nil":
        slots = slots.where(Slot.nil == True)  # noqa: E712 - SQL
    if asked.category or asked.words:
        slots = slots.join_from(Slot, Project)
    if asked.kind or asked.words:
        slots = slots.join_from(Slot, Organization)
    if asked.kind:
        slots = slots.where(Organization.kind == asked.kind)
    if asked.category:
        slots = slots.where(Project.category == asked.category)
    if asked.words:
        slots = slots.where(Organization.name.contains(asked.words) | Project.name.contains(asked.words))
    return slots


def listing(asked: Asked, page: int, today: date) -> Listing:
    """One page, place by place; a page beyond the last is the last.

    :raises NotFound: if there is no such number.
    """
    numbers = behind(asked, today)
    count = numbers.count()
    pages = max(1, -(-count // PAGE))
    page = min(max(page, 1), pages)
    chosen = [one.id for one in numbers.order_by(Slot.region, Slot.id).paginate(page, PAGE)]
    query: Any = (
        Slot.select(Slot, Project, Organization, Region)
        .join_from(Slot, Project)
        .join_from(Slot, Organization)
        .join_from(Slot, Region, on=(Slot.region == Region.code))
        .where(peewee.Expression(Slot.id, peewee.OP.IN, chosen))
        .order_by(Slot.region, Slot.id)
    )
    rows = list(query)
    return Listing(rows, count, page, pages, asked=_asked_for(rows))


def _asked_for(rows: Sequence[Slot]) -> dict[int, tuple[datetime, str]]:
    requests = (
        ReminderRequest.select(ReminderRequest, Person)
        .join(Person)
        .where(ReminderRequest.slot.in_([row.id for row in rows]))
        .order_by(ReminderRequest.day)
    )
    return {one.slot_id: (one.asked_at, one.person.name) for one in requests}


def add_contacts(listing: Listing, person: int, region: str) -> None:
    """Add who can be called for each organization on the page; who looked, and where, is logged.

    :param person: id of who looks.
    :param region: code of the region that they look at.
    """
    wanted = sorted({row.organization_id for row in listing.rows})
    listing.contacts = contacts(wanted)
    log.info("phone numbers shown", person=person, region=region, organizations=wanted)


def contacts(organizations: Sequence[int]) -> dict[int, list[Contact]]:
    """The reporters and managers of organizations, each person once, reporters first."""
    grants = (
        Grant.select(Grant, Person)
        .join(Person, on=(Grant.person == Person.id))
        .where(Grant.organization.in_(organizations), Grant.role.in_((REPORTER, MANAGER)), Person.active == True)  # noqa: E712 - SQL
        .order_by(Grant.role.desc(), Grant.id)
    )
    found: defaultdict[int, list[Contact]] = defaultdict(list)
    for one in grants:
        known = found[int(one.organization_id or 0)]
        if one.person.phone not in {contact.phone for contact in known}:
            known.append(Contact(one.person.name, one.person.phone, one.role))
    return dict(found)


def ask(slots: Iterable[Slot], person: Person) -> int:
    """Record that organizations are to be reminded of what they owe; says of how many it was not asked today already.

    A slot that owes nothing is passed over.
    """
    today, now = clock.today(), clock.now()
    wanted = [slot.id for slot in slots if slot.state in outcomes.OWED]
    with database.atomic():
        known = ReminderRequest.select().where(ReminderRequest.slot.in_(wanted), ReminderRequest.day == today)
        missing = set(wanted) - {one.slot_id for one in known}
        rows = [{"slot": one, "person": person, "day": today, "asked_at": now} for one in sorted(missing)]
        if rows:
            # Somebody else may have asked in the same moment; theirs stands.
            ReminderRequest.insert_many(rows).on_conflict_ignore().execute()
    log.info("reminders asked for", person=person.id, slots=sorted(missing))
    return len(rows)
