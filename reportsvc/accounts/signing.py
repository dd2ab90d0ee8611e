"""Signing in with a mobile number and a code, or with a link that works once.

Only a keyed hash of a code is kept: who reads the database can't sign in as somebody else. An unknown number gets the
same answer as a known one, so that nobody can find out who has an account.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from reportsvc import clock
from reportsvc.accounts.people import is_staff, phone_number
from reportsvc.db import database
from reportsvc.errors import Invalid
from reportsvc.models import Person, SignInCode

CODE_DIGITS = 6
MOST_TRIES = 5
WAIT_SECONDS = 60
MOST_AN_HOUR = 5

Send = Callable[[str, str], None]
"""Brings a code to a phone number; handed in by whoever wires it."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What signing in needs of the outside: the key of the hashes, the way to the phone, how long a code lives."""

    key: str
    send: Send
    minutes: int


def ask(desk: Desk, phone: str) -> str:
    """Send a code to the phone, if somebody has it; gives the number as we keep it.

    Asked again within a minute, or more than five times in an hour, nothing more is sent, and nothing is said of it:
    a different answer would tell who has an account. Nothing is sent to staff either, who sign in with a password.

    :raises Invalid: if the number is no mobile number.
    """
    number = phone_number(phone)
    person: Person | None = Person.get_or_none(Person.phone == number, Person.active == True)  # noqa: E712 - SQL
    if person is None or is_staff(person):
        return number
    with database.atomic():
        if _too_often(person):
            return number
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
        _store(desk, person, "code", f"{person.id}:{code}", timedelta(minutes=desk.minutes))
    desk.send(number, code)
    return number


def _too_often(person: Person) -> bool:
    now = clock.now()
    sent = SignInCode.select().where(SignInCode.person == person, SignInCode.kind == "code")
    just_now = sent.where(SignInCode.created_at > now - timedelta(seconds=WAIT_SECONDS)).exists()
    return just_now or sent.where(SignInCode.created_at > now - timedelta(hours=1)).count() >= MOST_AN_HOUR


def enter(desk: Desk, phone: str, code: str) -> int:
    """The id of the person whose newest code this is; the code is used up.

    :raises Invalid: if it is not, is too old, or was tried too often. A try counts even so.
    """
    number = phone_number(phone)
    typed = "".join(str(int(char)) for char in code if char.isdecimal())  # full-width digits and spaces are fine
    with database.atomic():
        newest: SignInCode | None = (
            SignInCode.select()
            .join(Person)
            .where(Person.phone == number, Person.active == True, SignInCode.kind == "code")  # noqa: E712 - SQL
            .order_by(SignInCode.created_at.desc())
            .first()
        )
        found = newest is not None and not is_staff(newest.person) and _try(desk, newest, f"{newest.person_id}:{typed}")
        if newest is not None and not found:
            # Counted in the database, so that many tries at once count each.
            SignInCode.update(tries=SignInCode.tries + 1).where(SignInCode.id == newest.id).execute()
    if newest is None or not found:
        raise Invalid("This code is wrong or too old. Enter the newest code, or ask for another.")
    return newest.person_id


def _try(desk: Desk, held: SignInCode, secret: str) -> bool:
    if held.tries >= MOST_TRIES or not hmac.compare_digest(held.secret_hash, _hash(desk, secret)):
        return False
    return _use(held)


def _use(held: SignInCode) -> bool:
    """Mark as used; false if it is too old or somebody was quicker."""
    now = clock.now()
    used = SignInCode.update(used_at=now).where(
        SignInCode.id == held.id, SignInCode.used_at.is_null(), SignInCode.expires_at > now
    )
    return bool(used.execute())


def make_link(desk: Desk, person: Person, *, good_for: timedelta = timedelta(days=1)) -> str:
    """A token for a link that signs the person in once."""
    token = secrets.token_urlsafe(24)
    _store(desk, person, "link", token, good_for)
    return token


def use_link(desk: Desk, token: str) -> int:
    """The id of the person whose link this is; the link is used up.

    :raises Invalid: if there is no such link, or it was used, or is too old.
    """
    with database.atomic():
        held: SignInCode | None = SignInCode.get_or_none(
            SignInCode.kind == "link", SignInCode.secret_hash == _hash(desk, token)
        )
        if held is None or not held.person.active or not _use(held):
            raise Invalid("This link was used before or is too old. Sign in with your mobile number.")
    return held.person_id


def _store(desk: Desk, person: Person, kind: str, secret: str, good_for: timedelta) -> None:
    now = clock.now()
    SignInCode.create(
        person=person, kind=kind, secret_hash=_hash(desk, secret), created_at=now, expires_at=now + good_for
    )


def _hash(desk: Desk, secret: str) -> str:
    return hmac.new(desk.key.encode(), secret.encode(), hashlib.sha256).hexdigest()
