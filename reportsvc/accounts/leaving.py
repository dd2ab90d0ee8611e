"""Deleting one's own data (个人信息保护法, article 47): what is about the person goes, what was reported stays.

Reports belong to the organizations, which have to keep them; they keep a pseudonym in place of the name.
"""

from __future__ import annotations

from reportsvc import audit
from reportsvc.accounts import colleagues, people
from reportsvc.accounts.people import MANAGER, Actor
from reportsvc.db import database
from reportsvc.errors import Forbidden, Invalid, NotFound
from reportsvc.models import Grant, Organization, Person, RecoveryCode, Session, SignInCode, StaffLogin

PSEUDONYM = "已注销用户 #{id}"
NUMBER = "left-{id}"
"""In place of the mobile number: as unique, and no number."""


def without_manager(actor: Actor) -> list[Organization]:
    """The organizations in which nobody could add colleagues if this person left."""
    managed = colleagues.organizations(actor.id, MANAGER)
    others = Grant.select().where(Grant.role == MANAGER, Grant.person != actor.id)
    return [one for one in managed if not others.where(Grant.organization == one).exists()]


def leave(person_id: int, last_four: str) -> None:
    """Delete what is kept of somebody; done twice, it is done once.

    :param last_four: what they typed to confirm: the end of their mobile number.
    :raises Forbidden: for the staff, whose steps are records of their office.
    :raises Invalid: if it is not the end of their number.
    """
    with database.atomic():
        query = Person.select().where(Person.id == person_id)
        person: Person = (query.for_update() if database.for_update else query).get()
        if person.phone == NUMBER.format(id=person.id):
            return
        if people.is_staff(person):
            raise Forbidden(
                "What you reviewed and published is a record of your office. Ask the operator of the service."
            )
        if not _same(last_four, person.phone[-4:]):
            raise Invalid("These are not the last four digits of your mobile number.")
        people.log(person.id, "left")
        _forget(person)


def close(phone: str, by: int | None = None) -> Person:
    """Close an account from outside, as when one of the staff leaves the office: no role, no session, no password.

    The name stays under the steps that are records of the office; the number is free for whoever has it next.

    :param by: id of who closes it; nobody at the command line.
    :raises NotFound: if nobody has the number.
    """
    with database.atomic():
        person: Person | None = Person.get_or_none(Person.phone == people.phone_number(phone))
        if person is None:
            raise NotFound("Nobody has the number %(phone)s.", phone=phone)
        audit.record("person.closed", f"person:{person.id}", actor=by, region=people.home_region(person.id))
        _let_go(person, by=by)
        Person.update(active=False, phone=NUMBER.format(id=person.id)).where(Person.id == person.id).execute()
    return person


def _same(typed: str, wanted: str) -> bool:
    return "".join(str(int(char)) for char in typed if char.isdecimal()) == wanted


def _let_go(person: Person, by: int | None) -> None:
    for one in Grant.select().where(Grant.person == person):
        people.withdraw(one, by)
    for table in (Session, SignInCode, StaffLogin, RecoveryCode):
        table.delete().where(table.person == person).execute()


def _forget(person: Person) -> None:
    _let_go(person, by=person.id)
    person.name, person.phone = PSEUDONYM.format(id=person.id), NUMBER.format(id=person.id)
    person.email = None
    person.active = False
    person.notice_version = person.notice_at = None
    person.save()
