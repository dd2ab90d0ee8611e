"""Deleting one's own data (个人信息保护法, article 47): what is about the person goes, what was reported stays.

Reports belong to the organizations, which have to keep them; they keep a pseudonym in place of the name.
"""

from __future__ import annotations

from reportsvc.accounts import colleagues, people
from reportsvc.accounts.people import MANAGER, Actor
from reportsvc.db import database
from reportsvc.errors import Forbidden, Invalid
from reportsvc.models import Grant, Organization, Person, Session, SignInCode

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
        _forget(person)


def _same(typed: str, wanted: str) -> bool:
    return "".join(str(int(char)) for char in typed if char.isdecimal()) == wanted


def _forget(person: Person) -> None:
    for one in Grant.select().where(Grant.person == person):
        people.withdraw(one, person.id)
    for table in (Session, SignInCode):
        table.delete().where(table.person == person).execute()
    person.name, person.phone = PSEUDONYM.format(id=person.id), NUMBER.format(id=person.id)
    person.active = False
    person.notice_version = person.notice_at = None
    person.save()
