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

import structlog

from reportsvc import audit, clock
from reportsvc.accounts import allowances
from reportsvc.accounts.allowances import Allowance
from reportsvc.accounts.people import Reach, home_region, is_staff, phone_number
from reportsvc.db import connected, database
from reportsvc.errors import Invalid
from reportsvc.models import Person, SignInCode

CODE_DIGITS = 6
MOST_TRIES = 5

log = structlog.get_logger("reportsvc.accounts")

Send = Callable[[Reach, str], None]
"""Brings a code to a person; handed in by whoever wires it."""
Later = Callable[[Callable[[], None]], None]
"""Does something soon, or at once; handed in as well."""


def at_once(job: Callable[[], None]) -> None:
    """Do it now."""
    job()


@dataclass(frozen=True, slots=True)
class Desk:
    """What signing in needs of the outside: the key of the hashes, the way to the phone, how long a code lives."""

    key: str
    send: Send
    minutes: int
    later: Later = at_once
    allowance: Allowance = Allowance()


def ask(desk: Desk, phone: str, address: str = "") -> str:
    """Send a code to the phone, if somebody has it; gives the number as we keep it.

    Whether somebody has it is looked up later, off the request: until the answer the same is done for every number.
    Asked again within a minute, or more than five times in an hour, nothing more is sent, and nothing is said of it:
    a different answer would tell who has an account. Nothing is sent to staff either, who sign in with a password.

    :param address: the network address that asks.
    :raises Invalid: if the number is no mobile number.
    :raises TooMany: if the address has asked too often.
    """
    number = phone_number(phone)
    allowances.asked_from(desk.key, desk.allowance, address)
    if allowances.code_for(desk.key, number):
        desk.later(lambda: _issue(desk, number))
    return number


def _issue(desk: Desk, number: str) -> None:
    with connected():
        person: Person | None = Person.get_or_none(Person.phone == number, Person.active == True)  # noqa: E712 - SQL
        if person is None or is_staff(person):
            return
        if not allowances.one_of_today(desk.key, desk.allowance):
            log.error("no more codes go out today: REPORTSVC_CODES_A_DAY is reached")
            return
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
        _store(desk, person, "code", f"{person.id}:{code}", timedelta(minutes=desk.minutes))
    desk.send(Reach(person.phone, person.email or ""), code)


def enter(desk: Desk, phone: str, code: str, address: str = "") -> int:
    """The id of the person whose newest code this is; the code is used up.

    For an unknown number, and for one without a code, the same is done as for a wrong code.

    :param address: the network address that it is typed at.
    :raises Invalid: if it is not, is too old, or was tried too often. A try counts even so.
    :raises TooMany: if too many codes were tried at this address.
    """
    number = phone_number(phone)
    typed = "".join(str(int(char)) for char in code if char.isdecimal())  # full-width digits and spaces are fine
    allowances.tried_from(desk.key, desk.allowance, address)
    with database.atomic():
        # Counted within the transaction, which is then one that writes for every number; it is never rolled back.
        allowed = allowances.try_for(desk.key, number)
        newest: SignInCode | None = (
            SignInCode.select()
            .join(Person)
            .where(Person.phone == number, Person.active == True, SignInCode.kind == "code")  # noqa: E712 - SQL
            .order_by(SignInCode.created_at.desc())
            .first()
        )
        found = _try(desk, newest, typed) and allowed
        # Whose code it is, is asked only of a right one: a wrong one takes no step more than for an unknown number.
        let_in = newest is not None and found and not is_staff(newest.person) and _use(newest)
        person = newest.person_id if newest is not None and let_in else None
        if person is None:
            _log_failure(newest)
    if person is None:
        raise Invalid("This code is wrong or too old. Enter the newest code, or ask for another.")
    return person


def _log_failure(held: SignInCode | None) -> None:
    """One entry for every failure; only one for whom a code was on its way says who it was."""
    subject = f"person:{held.person_id}" if held is not None else "sign_in"
    region = home_region(held.person_id if held is not None else 0)
    audit.record("sign_in.failed", subject, actor=None, region=region, data={"by": held.kind if held else "code"})


def _try(desk: Desk, held: SignInCode | None, typed: str) -> bool:
    """Count the try in the database, so that many at once count each; whether it was one of five, and right."""
    number, owner, kept = (held.id, held.person_id, held.secret_hash) if held is not None else (0, 0, "")
    counted = SignInCode.update(tries=SignInCode.tries + 1).where(
        SignInCode.id == number, SignInCode.tries < MOST_TRIES
    )
    in_time = bool(counted.execute())
    return hmac.compare_digest(kept, _hash(desk, f"{owner}:{typed}")) and in_time


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
        good = held is not None and held.person.active and _use(held)
        if held is not None and not good:
            _log_failure(held)
    if held is None or not good:
        raise Invalid("This link was used before or is too old. Sign in with your mobile number.")
    return held.person_id


def _store(desk: Desk, person: Person, kind: str, secret: str, good_for: timedelta) -> None:
    now = clock.now()
    SignInCode.create(
        person=person, kind=kind, secret_hash=_hash(desk, secret), created_at=now, expires_at=now + good_for
    )


def _hash(desk: Desk, secret: str) -> str:
    return hmac.new(desk.key.encode(), secret.encode(), hashlib.sha256).hexdigest()
