"""Colleagues of an organization: its managers say who may report for it, and who no longer.

Nothing here changes an existing person's name, and nobody who reviews or publishes can be added: who looks at reports
doesn't write them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import peewee

from reportsvc.accounts import people
from reportsvc.accounts.people import MANAGER, OVER_ORGANIZATIONS, REPORTER, Actor
from reportsvc.db import database
from reportsvc.errors import Conflict, Invalid, NotFound
from reportsvc.models import Grant, GrantEvent, Organization, Person

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Part:
    """One role of a colleague."""

    role: str
    since: datetime | None
    by: str
    """Name of who gave it; empty if it was there from the beginning."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody with a role over the organization."""

    id: int
    name: str
    phone: str
    parts: tuple[Part, ...]

    @property
    def roles(self) -> frozenset[str]:
        """Reporter, manager or both."""
        return frozenset(part.role for part in self.parts)


def organizations(person_id: int, role: str) -> list[Organization]:
    """The organizations over which somebody has a role, by name."""
    found = Organization.select().join(Grant).where(Grant.person == person_id, Grant.role == role)
    return list(found.order_by(Organization.name, Organization.id))


def listed(actor: Actor, organization_id: int) -> list[Colleague]:
    """Who has a role over an organization, in order of joining.

    :raises NotFound: if the actor doesn't manage it.
    """
    _managed(actor, organization_id)
    found: dict[int, tuple[Person, list[Part]]] = {}
    for grant in _grants(organization_id):
        part = Part(grant.role, grant.granted_at, grant.granted_by.name if grant.granted_by else "")
        found.setdefault(grant.person_id, (grant.person, []))[1].append(part)
    return [Colleague(person.id, person.name, person.phone, tuple(parts)) for person, parts in found.values()]


def history(actor: Actor, organization_id: int) -> list[GrantEvent]:
    """Who gave and withdrew which role over an organization, the newest first.

    :raises NotFound: if the actor doesn't manage it.
    """
    _managed(actor, organization_id)
    subject, giver = Person.alias(), Person.alias()
    events = (
        GrantEvent.select(GrantEvent, subject, giver)
        .join(subject, on=(GrantEvent.person == subject.id))
        .switch(GrantEvent)
        .join(giver, peewee.JOIN.LEFT_OUTER, on=(GrantEvent.by == giver.id))
        .where(GrantEvent.organization == organization_id)
        .order_by(GrantEvent.id)
    )
    return list(events)[::-1]


def add(actor: Actor, organization_id: int, name: str, phone: str) -> Person:
    """Let somebody report for the organization; they can sign in at once with a code to this number.

    Whoever has the number already keeps the name that they have.

    :raises NotFound: if the actor doesn't manage the organization.
    :raises Invalid: if the name is missing or too long, the number is none, or its owner can't be added.
    """
    organization = _managed(actor, organization_id)
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid("Enter the name of your colleague, %(most)s characters at most.", most=LONGEST_NAME)
    with database.atomic():
        person = people.create_person(name, phone)
        if not person.active or people.is_staff(person):
            raise Invalid("This number can't be added here. Ask your civil-affairs department.")
        people.grant(person, REPORTER, organization=organization, by=actor.id)
    return person


def make_manager(actor: Actor, organization_id: int, person_id: int) -> Person:
    """Let a colleague add and withdraw colleagues as well.

    :raises NotFound: if the actor doesn't manage the organization, or the person has no role over it.
    """
    organization = _managed(actor, organization_id)
    with database.atomic():
        held = next((one for one in _grants(organization_id) if one.person_id == person_id), None)
        if held is None:
            raise NotFound("There is no such colleague. Reload the page to see who is there.")
        people.grant(held.person, MANAGER, organization=organization, by=actor.id)
    colleague: Person = held.person
    return colleague


def withdraw(actor: Actor, organization_id: int, person_id: int, role: str) -> None:
    """Take a colleague's role away, one's own too; withdrawn twice is withdrawn once.

    :raises NotFound: if the actor doesn't manage the organization.
    :raises Conflict: if nobody would be left who can add colleagues.
    """
    _managed(actor, organization_id)
    with database.atomic():
        lock(organization_id)
        held = [one for one in _grants(organization_id) if one.role == role]
        theirs = [one for one in held if one.person_id == person_id]
        if role == MANAGER and theirs and len(held) == 1:
            raise Conflict(
                "You are the last one who can add colleagues here. Make somebody else a manager first, then withdraw."
            )
        for one in theirs:
            people.withdraw(one, actor.id)


def lock(organization_id: int) -> None:
    """Let nobody else change who manages an organization until the transaction around this ends.

    PostgreSQL locks the row; SQLite's transactions follow one another by themselves. Without it two managers who
    withdraw each other at the same moment would leave nobody.
    """
    if database.for_update:
        Organization.select().where(Organization.id == organization_id).for_update().execute()


def _managed(actor: Actor, organization_id: int) -> Organization:
    if organization_id not in actor.manages:
        raise NotFound("There is no such organization, or it is not yours to manage.")
    found: Organization = Organization.get_by_id(organization_id)
    return found


def _grants(organization_id: int) -> list[Grant]:
    giver = Person.alias()
    return list(
        Grant.select(Grant, Person, giver)
        .join(Person, on=(Grant.person == Person.id))
        .switch(Grant)
        .join(giver, peewee.JOIN.LEFT_OUTER, on=(Grant.granted_by == giver.id))
        .where(Grant.organization == organization_id, Grant.role.in_(OVER_ORGANIZATIONS))
        .order_by(Grant.id)
    )
