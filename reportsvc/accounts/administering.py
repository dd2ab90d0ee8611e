"""What an administrator does: people found, added, given roles and relieved of them, over a region and all below it.

Nobody's own roles are among it, so that there is always somebody else who gave them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import peewee

from reportsvc.accounts import leaving, people, staff
from reportsvc.accounts.colleagues import LONGEST_NAME
from reportsvc.accounts.people import OVER_ORGANIZATIONS, Actor
from reportsvc.db import database
from reportsvc.errors import Conflict, Forbidden, Invalid, NotFound
from reportsvc.models import Grant, GrantEvent, Organization, Person, Region, StaffLogin

PAGE = 50
EVENTS = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody with the roles that they have within the scope."""

    person: Person
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One page of those who were looked for."""

    people: tuple[Listed, ...]
    count: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is looked for: part of a name or the whole number; a role; only those of one organization."""

    text: str = ""
    role: str = ""
    organization: int | None = None
    page: int = 1


def codes_below(codes: Sequence[str]) -> list[str] | None:
    """Codes of the regions and of all below them; nothing for a province, which holds whatever there is."""
    held = list(Region.select().where(Region.code.in_(list(codes))))
    if any(one.level == "province" for one in held):
        return None
    # As a prefix on both sides of the comparison, since SQLite's LIKE would not tell letters' cases apart.
    return [one.code for one in Region.select() if any(one.path.startswith(each.path) for each in held)]


def regions_below(codes: Sequence[str]) -> list[Region]:
    """The regions over which roles may be given, widest first."""
    below = codes_below(codes)
    query = Region.select().where(Region.level != "outside")
    return list((query if below is None else query.where(Region.code.in_(below))).order_by(Region.path))


def _within(codes: Sequence[str]) -> peewee.Expression | None:
    """The condition on a grant, joined with its organization, that it lies in these regions."""
    below = codes_below(codes)
    return None if below is None else Grant.region.in_(below) | Organization.region.in_(below)


def _grants() -> Any:
    return Grant.select(Grant, Organization, Region).join_from(Grant, Organization, peewee.JOIN.LEFT_OUTER).join_from(
        Grant, Region, peewee.JOIN.LEFT_OUTER
    )  # fmt: skip


def search(codes: Sequence[str], asked: Asked) -> Found:
    """Those who have a role within the regions, by name; from a province, also those who have none."""
    query: Any = Person.select()
    held = Grant.select(Grant.person).join(Organization, peewee.JOIN.LEFT_OUTER)
    conditions = [_within(codes)]
    conditions.append(Grant.role == asked.role if asked.role else None)
    conditions.append(Grant.organization == asked.organization if asked.organization is not None else None)
    wanted = [one for one in conditions if one is not None]
    if wanted:
        query = query.where(peewee.Expression(Person.id, peewee.OP.IN, held.where(*wanted)))
    if asked.text:
        query = query.where(Person.name.contains(asked.text) | (Person.phone == _number(asked.text)))
    count = query.count()
    pages = max(1, -(-count // PAGE))
    page = min(max(asked.page, 1), pages)
    rows = list(query.order_by(Person.name, Person.id).paginate(page, PAGE))
    theirs = _by_person(codes, [one.id for one in rows])
    return Found(tuple(Listed(one, tuple(theirs.get(one.id, ()))) for one in rows), count, page, pages)


def _number(text: str) -> str:
    try:
        return people.phone_number(text)
    except Invalid:
        return ""


def _by_person(codes: Sequence[str], ids: Iterable[int]) -> dict[int, list[Grant]]:
    query, within = _grants().where(Grant.person.in_(list(ids))).order_by(Grant.id), _within(codes)
    found: dict[int, list[Grant]] = {}
    for one in query if within is None else query.where(within):
        found.setdefault(one.person_id, []).append(one)
    return found


def named(codes: Sequence[str], text: str, most: int) -> tuple[int, ...]:
    """Ids of those within the regions who are called so, or have the number after ``#``."""
    query: Any = Person.select(Person.id)
    number = text.removeprefix("#")
    meant = Person.id == int(number) if text.startswith("#") and number.isdecimal() else Person.name == text
    within = _within(codes)
    if within is not None:
        held = Grant.select(Grant.person).join(Organization, peewee.JOIN.LEFT_OUTER).where(within)
        query = query.where(peewee.Expression(Person.id, peewee.OP.IN, held))
    return tuple(one.id for one in query.where(meant).order_by(Person.id).limit(most))


def find(codes: Sequence[str], person_id: int) -> Listed:
    """Somebody with their roles within these regions.

    :raises NotFound: if they are not there, or have no role here: nobody is told which.
    """
    person = people.find_by_id(person_id)
    grants = _by_person(codes, [person_id]).get(person_id, [])
    if person is None or (not grants and codes_below(codes) is not None):
        raise NotFound("There is no such person here.")
    return Listed(person, tuple(grants))


def history(codes: Sequence[str], person_id: int) -> list[GrantEvent]:
    """Which roles within these regions were given to and taken from somebody, the newest first."""
    giver, below = Person.alias(), codes_below(codes)
    number: Any = GrantEvent.id
    query = (
        GrantEvent.select(GrantEvent, giver, Organization, Region)
        .join_from(GrantEvent, giver, peewee.JOIN.LEFT_OUTER, on=(GrantEvent.by == giver.id), attr="by")
        .join_from(GrantEvent, Organization, peewee.JOIN.LEFT_OUTER)
        .join_from(GrantEvent, Region, peewee.JOIN.LEFT_OUTER, on=(GrantEvent.region == Region.code))
        .where(GrantEvent.person == person_id)
        .order_by(number.desc())
    )
    if below is not None:
        query = query.where(GrantEvent.region.in_(below) | Organization.region.in_(below))
    return list(query.limit(EVENTS))


def has_password(person_id: int) -> bool:
    """Whether somebody of the staff has set a password and an authenticator up."""
    return bool(StaffLogin.select().where(StaffLogin.person == person_id, StaffLogin.totp_secret != "").exists())


def add(actor: Actor, name: str, phone: str, role: str, over: str) -> Person:
    """Store somebody with a first role; whoever has the number already keeps their name and gets the role.

    :raises Invalid: if the name is missing, the number is none, or the role can't be given so.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid("Enter the name, %(most)s characters at most.", most=LONGEST_NAME)
    with database.atomic():
        organization, region = _over(actor, role, over)
        home = region.code if region else organization.region_id if organization else None
        person = people.create_person(name, phone, by=actor.id, region=home)
        if not person.active:
            raise Invalid("This account is closed. Its number is free: type it anew.")
        _give(actor, person, role, organization, region)
    return person


def give(actor: Actor, person_id: int, role: str, over: str) -> Person:
    """Give a role over an organization or a region.

    :raises NotFound: if the person is not theirs to see.
    :raises Invalid: if the role can't be given so.
    :raises Forbidden: for the administrator's own account.
    """
    person = find(actor.administers, person_id).person
    if not person.active:
        raise Invalid("This account is closed.")
    with database.atomic():
        _give(actor, person, role, *_over(actor, role, over))
    return person


def _give(actor: Actor, person: Person, role: str, organization: Organization | None, region: Region | None) -> None:
    _not_own(actor, person.id)
    people.grant(person, role, organization=organization, region=region.code if region else None, by=actor.id)


def _over(actor: Actor, role: str, over: str) -> tuple[Organization | None, Region | None]:
    """What a role is to be given over, as it was typed: code or name of an organization or a region within scope."""
    text, below = over.strip(), codes_below(actor.administers)
    if role in OVER_ORGANIZATIONS:
        named = (Organization.uscc == text.upper()) | (Organization.name == text)
        found = [one for one in Organization.select().where(named) if below is None or one.region_id in below]
        if len(found) == 1:
            return found[0], None
        raise Invalid("There is no such organization here. Type its 18-character code.")
    if role not in people.STAFF:
        raise Invalid("Choose a role from the list.")
    named = (Region.code == text.upper()) | (Region.name == text)
    places = [one for one in Region.select().where(named) if below is None or one.code in below]
    if len(places) == 1:
        return None, places[0]
    raise Invalid("There is no such region here. Type its 6-digit code.")


def take(actor: Actor, person_id: int, grant_id: int) -> None:
    """Take a role away; taken twice it is taken once.

    :raises NotFound: if the person is not theirs to see.
    :raises Forbidden: for the administrator's own account.
    """
    listed = find(actor.administers, person_id)
    _not_own(actor, person_id)
    held = next((one for one in listed.grants if one.id == grant_id), None)
    if held is not None:
        people.withdraw(held, actor.id)


def invite(actor: Actor, key: str, person_id: int, *, reset: bool) -> tuple[Person, str]:
    """A person of the staff, and the token of the link by which they choose a password.

    :param reset: forget password and authenticator first, and sign them out everywhere.
    :raises NotFound: if the person is not theirs to see.
    :raises Forbidden: for the administrator's own account, and for somebody with roles elsewhere.
    :raises Conflict: if they have a password and it is not to be forgotten.
    """
    person = _wholly(actor, person_id)
    return staff.invite(key, person.phone, reset=reset, by=actor.id)


def close(actor: Actor, person_id: int) -> Person:
    """Close somebody's account: no role, no session; their name stays under what they did.

    :raises NotFound: if the person is not theirs to see.
    :raises Forbidden: for the administrator's own account, and for somebody with roles elsewhere.
    """
    person = _wholly(actor, person_id)
    if not person.active:
        raise Conflict("This account is closed.")
    return leaving.close(person.phone, by=actor.id)


def _wholly(actor: Actor, person_id: int) -> Person:
    listed = find(actor.administers, person_id)
    _not_own(actor, person_id)
    if Grant.select().where(Grant.person == person_id).count() != len(listed.grants):
        raise Forbidden("This person has roles in other regions, too. Ask the administrator of the province.")
    return listed.person


def _not_own(actor: Actor, person_id: int) -> None:
    if person_id == actor.id:
        raise Forbidden("Your own roles and account are looked after by another administrator.")
