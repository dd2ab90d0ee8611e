"""Persons and their grants: who may report for whom, review where, publish what; who administers, who audits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import peewee

from reportsvc import audit, clock
from reportsvc.db import database
from reportsvc.errors import Invalid
from reportsvc.models import Grant, GrantEvent, Organization, Person, Region

REPORTER, MANAGER, REVIEWER, PUBLISHER = "reporter", "manager", "reviewer", "publisher"
ADMINISTRATOR, AUDITOR = "administrator", "auditor"
OVER_ORGANIZATIONS = frozenset({REPORTER, MANAGER})
STAFF = frozenset({REVIEWER, PUBLISHER, ADMINISTRATOR, AUDITOR})
"""Over regions; they sign in with a password."""
APART = frozenset({ADMINISTRATOR, AUDITOR})
"""Who has one of these has no other: who gives roles does not review, and who looks on changes nothing."""
GIVEN, WITHDRAWN = "given", "withdrawn"
MOBILE = re.compile(r"1[3-9]\d{9}")
"""Eleven digits from 13 to 19 (工信部 电信网编号计划, 2017)."""


EMAIL = re.compile(r"[\w.+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}", re.ASCII)
"""Stricter than the standard: what mail servers really give out, and nothing that could break a header."""
LONGEST_EMAIL = 254


@dataclass(frozen=True, slots=True)
class Reach:
    """Where somebody can be reached."""

    phone: str
    email: str = ""
    """Empty if they have given none."""

    @property
    def masked(self) -> str:
        """The number as it may stand in a log: who holds the phone knows it, nobody else can call it."""
        return f"{self.phone[:3]}****{self.phone[-4:]}"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who is signed in, with what they may do; made anew for each request, so a grant taken away is gone."""

    id: int
    name: str
    organizations: tuple[int, ...]
    """Ids of the organizations that they report for."""
    reviews: tuple[str, ...]
    """Codes of the regions that they review, widest first."""
    publishes: tuple[str, ...]
    """Codes of the regions whose circulars they publish."""
    manages: tuple[int, ...] = ()
    """Ids of the organizations whose colleagues they add and withdraw; that alone lets nobody report."""
    administers: tuple[str, ...] = ()
    """Codes of the regions whose people and roles they look after."""
    audits: tuple[str, ...] = ()
    """Codes of the regions in which they read everything and change nothing."""
    notice: str = ""
    """Version of the notice on personal data that they have read last."""

    @property
    def staff(self) -> bool:
        """Whether they have a role over a region."""
        return bool(self.reviews or self.publishes or self.administers or self.audits)

    @property
    def reads_reports(self) -> tuple[str, ...]:
        """Codes of the regions whose reports they may read, as reviewer or as auditor; nobody is both."""
        return self.reviews or self.audits

    @property
    def reads_circulars(self) -> tuple[str, ...]:
        """Codes of the regions whose circulars and forms they may read."""
        return self.publishes or self.audits

    @property
    def reads_people(self) -> tuple[str, ...]:
        """Codes of the regions whose people they may see."""
        return self.administers or self.audits

    @property
    def reads_log(self) -> tuple[str, ...]:
        """Codes of the regions whose part of the log they may read."""
        return self.administers or self.audits or self.publishes

    @property
    def roles(self) -> frozenset[str]:
        """The roles that they have anywhere."""
        held = {
            REPORTER: self.organizations,
            MANAGER: self.manages,
            REVIEWER: self.reviews,
            PUBLISHER: self.publishes,
            ADMINISTRATOR: self.administers,
            AUDITOR: self.audits,
        }
        return frozenset(role for role, places in held.items() if places)


def phone_number(text: str) -> str:
    """A mobile number as we keep it: eleven digits, without +86, spaces, dashes and full-width digits.

    :raises Invalid: if it is no mobile number of the mainland.
    """
    digits = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", text)).removeprefix("+86").removeprefix("0086")
    if MOBILE.fullmatch(digits) is None:
        raise Invalid("A mobile number has 11 digits and starts with 1. Look at what you typed.")
    return digits


def find(phone: str) -> Person | None:
    """Who has this number.

    :raises Invalid: if it is no mobile number.
    """
    found: Person | None = Person.get_or_none(Person.phone == phone_number(phone))
    return found


def create_person(name: str, phone: str, *, by: int | None = None, region: str | None = None) -> Person:
    """Store a person, or find the one who has this number already.

    :param by: id of who does it; nobody at the command line.
    :param region: code of the region that this belongs to, for the log.
    :raises Invalid: if the number is no mobile number.
    """
    number = phone_number(phone)
    with database.atomic():
        found: Person | None = Person.get_or_none(Person.phone == number)
        if found is not None:
            return found
        made = Person.create(name=name, phone=number, created_at=clock.now())
        audit.record("person.created", f"person:{made.id}", actor=by, region=region)
    return made


def email_address(text: str) -> str:
    """An e-mail address as we keep it, or an empty text.

    :raises Invalid: if it is none.
    """
    address = unicodedata.normalize("NFKC", text).strip()
    if address and (len(address) > LONGEST_EMAIL or EMAIL.fullmatch(address) is None):
        raise Invalid("An e-mail address looks like name@example.cn. Look at what you typed.")
    return address


def set_email(person_id: int, text: str) -> str:
    """Keep somebody's e-mail address and give it as it is kept; an empty text removes it.

    :raises Invalid: if it is no e-mail address.
    """
    address = email_address(text)
    with database.atomic():
        Person.update(email=address or None).where(Person.id == person_id).execute()
        log(person_id, "email_set" if address else "email_removed")
    return address


def grant(
    person: Person,
    role: str,
    *,
    organization: Organization | None = None,
    region: str | None = None,
    by: int | None = None,
) -> bool:
    """Give a role over an organization or a region; giving it twice changes nothing. Says whether it was new.

    :param by: id of the person who gives it; nobody when it is done at the command line.
    :raises Invalid: if the role does not fit what it is given over.
    """
    over_organization = organization is not None and region is None and role in OVER_ORGANIZATIONS
    over_region = organization is None and bool(region) and role in STAFF
    if not over_organization and not over_region:
        raise Invalid(
            "A reporter's or manager's role is over an organization, a reviewer's or publisher's over a region."
        )
    with database.atomic():
        _check_apart(lock(person.id), role)
        # Looked up first, since a unique index lets several rows through that differ in nothing but a NULL.
        same = (
            (Grant.person == person)
            & (Grant.role == role)
            & (Grant.organization.is_null() if organization is None else Grant.organization == organization)
            & (Grant.region.is_null() if region is None else Grant.region == region)
        )
        if Grant.select().where(same).exists():
            return False
        made = Grant.create(
            person=person, role=role, organization=organization, region=region, granted_by=by, granted_at=clock.now()
        )
        _remember(GIVEN, made, by)
    return True


def lock(person_id: int) -> Person:
    """Somebody as they are, and as they stay until the transaction around this ends.

    PostgreSQL locks the row; SQLite's transactions follow one another by themselves.
    """
    query = Person.select().where(Person.id == person_id)
    found: Person = (query.for_update() if database.for_update else query).get()
    return found


def _check_apart(person: Person, role: str) -> None:
    others = {one.role for one in Grant.select(Grant.role).where(Grant.person == person, Grant.role != role)}
    if others and (role in APART or others & APART):
        raise Invalid(
            "Who gives roles or looks on has no other role. Withdraw the other roles first, or choose another person."
        )


def withdraw(held: Grant, by: int | None) -> None:
    """Take a role away again; it is gone at the next request of whoever had it."""
    with database.atomic():
        if Grant.delete().where(Grant.id == held.id).execute():
            _remember(WITHDRAWN, held, by)


def _remember(action: str, held: Grant, by: int | None) -> None:
    happened = GrantEvent.create(
        person=held.person_id,
        action=action,
        role=held.role,
        organization=held.organization_id,
        region=held.region_id,
        by=by,
        at=clock.now(),
    )
    audit.record(
        f"grant.{action}",
        f"person:{held.person_id}",
        actor=by,
        region=held.organization.region_id if held.organization else held.region_id,
        data={"role": held.role, "organization": held.organization_id, "region": held.region_id},
        rows=(happened,),
    )


def home_region(person_id: int) -> str | None:
    """Code of the region that what somebody does to their own account belongs to: of the first role that they have."""
    first: Grant | None = (
        Grant.select(Grant, Organization)
        .join(Organization, peewee.JOIN.LEFT_OUTER)
        .where(Grant.person == person_id)
        .order_by(Grant.id)
        .first()
    )
    if first is None:
        return None
    return first.organization.region_id if first.organization else first.region_id


def log(person_id: int, action: str, *, by: int | None = None, data: Mapping[str, object] | None = None) -> None:
    """Record a change of somebody's account, by themselves unless it is said by whom."""
    region = home_region(person_id)
    audit.record(f"person.{action}", f"person:{person_id}", actor=by or person_id, region=region, data=data)


def is_staff(person: Person) -> bool:
    """Whether somebody has a role over a region, so that they sign in with a password."""
    return bool(Grant.select().where(Grant.person == person, Grant.role.in_(STAFF)).exists())


def actor(person_id: int) -> Actor | None:
    """The person with their grants; nobody if they are gone or no longer active."""
    person: Person | None = Person.get_or_none(Person.id == person_id, Person.active == True)  # noqa: E712 - SQL
    if person is None:
        return None
    grants = list(
        Grant.select(Grant, Region)
        .join(Region, peewee.JOIN.LEFT_OUTER)
        .where(Grant.person == person)
        .order_by(Region.path, Grant.id)
    )

    def regions_of(role: str) -> tuple[str, ...]:
        return tuple(str(one.region_id) for one in grants if one.role == role)

    def organizations_of(role: str) -> tuple[int, ...]:
        return tuple(one.organization_id for one in grants if one.role == role and one.organization_id)

    return Actor(
        id=person.id,
        name=person.name,
        organizations=organizations_of(REPORTER),
        reviews=regions_of(REVIEWER),
        publishes=regions_of(PUBLISHER),
        manages=organizations_of(MANAGER),
        administers=regions_of(ADMINISTRATOR),
        audits=regions_of(AUDITOR),
        notice=person.notice_version or "",
    )


def find_by_id(person_id: int) -> Person | None:
    """The row of a person, if there is one."""
    found: Person | None = Person.get_or_none(Person.id == person_id)
    return found


def person_by_id(person_id: int) -> Person:
    """The row of a person who is known to be there."""
    found: Person = Person.get_by_id(person_id)
    return found
