"""How the staff sign in: by invitation a password and an authenticator, then both at every sign-in.

A password alone opens nothing, and neither does a code to a phone. One sentence answers every failure, and it takes the
same time, so that nobody learns who has an account.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from reportsvc import audit, clock
from reportsvc.accounts import authenticator, limits, passwords, people, sessions
from reportsvc.db import database
from reportsvc.errors import Conflict, Invalid
from reportsvc.models import Person, RecoveryCode, SignInCode, StaffLogin

INVITATION_DAYS = 3
WINDOW = timedelta(minutes=15)
BY_NUMBER = limits.Limit("staff password for a number", 10, WINDOW, locks=True)
BY_ADDRESS = limits.Limit("staff sign-in from an address", 60, WINDOW, locks=True)
"""A whole office may share one address."""
CODES = limits.Limit("staff code of a person", 10, WINDOW, locks=True)


# --- the way in -------------------------------------------------------------------------------------------------------


def invite(key: str, phone: str, *, reset: bool = False, by: int | None = None) -> tuple[Person, str]:
    """A person of the staff, and the token of the link by which they choose a password; it replaces earlier ones.

    :param reset: forget the password, the authenticator and the recovery codes, and sign them out everywhere.
    :param by: id of who invites; nobody at the command line.
    :raises Invalid: if nobody of the staff has this number.
    :raises Conflict: if they have a password already and it is not to be forgotten.
    """
    number = people.phone_number(phone)
    person: Person | None = Person.get_or_none(Person.phone == number, Person.active == True)  # noqa: E712 - SQL
    if person is None or not people.is_staff(person):
        raise Invalid("Nobody who reviews or publishes has the number %(phone)s.", phone=number)
    now, token = clock.now(), secrets.token_urlsafe(24)
    with database.atomic():
        if reset:
            StaffLogin.delete().where(StaffLogin.person == person).execute()
            RecoveryCode.delete().where(RecoveryCode.person == person).execute()
            sessions.end_all(person.id, by)
        elif _set_up(_login(person.id)):
            raise Conflict("%(name)s has a password already. To begin anew: reportsvc staff reset.", name=person.name)
        _used_up(person)
        SignInCode.create(
            person=person,
            kind="invite",
            secret_hash=_hash(key, token),
            created_at=now,
            expires_at=now + timedelta(days=INVITATION_DAYS),
        )
        region = people.home_region(person.id)
        audit.record(f"person.{'reset' if reset else 'invited'}", f"person:{person.id}", actor=by, region=region)
    return person, token


def invited(key: str, token: str) -> Person:
    """Whose invitation this is.

    :raises Invalid: if there is none, or it is too old or was used.
    """
    held: SignInCode | None = SignInCode.get_or_none(
        SignInCode.kind == "invite",
        SignInCode.secret_hash == _hash(key, token),
        SignInCode.used_at.is_null(),
        SignInCode.expires_at > clock.now(),
    )
    if held is None or not held.person.active or not people.is_staff(held.person):
        raise Invalid("This invitation was used before or is too old. Ask the operator of the service for another.")
    found: Person = held.person
    return found


def choose_password(key: str, token: str, password: str) -> None:
    """Keep the first password; it opens nothing before the authenticator is set up.

    :raises Invalid: if the invitation is not good, or the password is not good enough.
    """
    person = invited(key, token)
    kept = passwords.hashed(passwords.accepted(password, person.name, person.phone))
    pending = authenticator.hidden(key, authenticator.new_secret())
    with database.atomic():
        StaffLogin.delete().where(StaffLogin.person == person, StaffLogin.totp_secret == "").execute()
        StaffLogin.create(person=person, password_hash=kept, pending_secret=pending, changed_at=clock.now())
        people.log(person.id, "password_set")


def join(key: str, token: str, code: str) -> tuple[Person, list[str]]:
    """Set the authenticator up with its first code; uses the invitation up and gives the recovery codes.

    :raises Invalid: if the invitation is not good, or the code is wrong.
    """
    person = invited(key, token)
    with database.atomic():
        confirm_authenticator(key, person.id, code)
        _used_up(person)
        return person, authenticator.new_recovery_codes(key, person.id)


def _used_up(person: Person) -> None:
    SignInCode.update(used_at=clock.now()).where(
        SignInCode.person == person, SignInCode.kind == "invite", SignInCode.used_at.is_null()
    ).execute()


# --- signing in -------------------------------------------------------------------------------------------------------


def check_password(key: str, phone: str, password: str, address: str) -> int:
    """The id of the person whose number and password these are; they are not signed in by that.

    :param address: where the request comes from, for counting.
    :raises Invalid: if they are not, or after too many tries.
    """
    number = people.phone_number(phone)
    # Both are counted, whether or not the first one is used up already.
    allowed = [limits.take(key, BY_NUMBER, number), limits.take(key, BY_ADDRESS, address)]
    _slow_down(all(allowed))
    person: Person | None = Person.get_or_none(Person.phone == number, Person.active == True)  # noqa: E712 - SQL
    login = _login(person.id) if person is not None and people.is_staff(person) else None
    usable = login if _set_up(login) else None
    if not passwords.verified(usable.password_hash if usable else None, password) or usable is None:
        _log_failure(person, "password")
        raise Invalid(
            "The number or the password is wrong. Without a password yet, ask the operator for an invitation."
        )
    if passwords.outdated(usable.password_hash):
        StaffLogin.update(password_hash=passwords.renewed(password)).where(
            StaffLogin.person == usable.person_id
        ).execute()
    return usable.person_id


def check_code(key: str, person_id: int, code: str) -> str:
    """Take a code of the authenticator (``app``) or a recovery code (``recovery``), each once; says which it was.

    :raises Invalid: if it is neither, was used before, or after too many tries.
    """
    _slow_down(limits.take(key, CODES, str(person_id)))
    login, actor = _login(person_id), people.actor(person_id)
    kind = authenticator.take(key, login, code) if login is not None and actor is not None and actor.staff else None
    if kind is None:
        _log_failure(people.find_by_id(person_id), "authenticator")
        raise Invalid("This code is wrong or was used before. Wait for the next one, or use a recovery code.")
    return kind


def _log_failure(person: Person | None, by: str) -> None:
    """Who it was is said only of one whom we know."""
    subject = f"person:{person.id}" if person else "sign_in"
    region = people.home_region(person.id if person else 0)
    audit.record("sign_in.failed", subject, actor=None, region=region, data={"by": by})


def _slow_down(allowed: bool) -> None:
    if not allowed:
        raise Invalid("Too many tries. Wait a quarter of an hour, then try again.")


# --- later changes ----------------------------------------------------------------------------------------------------


def check_own_password(key: str, person_id: int, password: str) -> StaffLogin:
    """The sign-in of somebody who has just typed their password once more.

    :raises Invalid: if it is not their password, or after too many tries.
    """
    login = _login(person_id)
    _slow_down(limits.take(key, CODES, f"password {person_id}"))
    if not passwords.verified(login.password_hash if login else None, password) or login is None:
        raise Invalid("This is not your password.")
    return login


def change_password(key: str, person_id: int, old: str, new: str) -> None:
    """Another password.

    :raises Invalid: if the old one is wrong or the new one is not good enough.
    """
    check_own_password(key, person_id, old)
    person = people.person_by_id(person_id)
    kept = passwords.hashed(passwords.accepted(new, person.name, person.phone))
    with database.atomic():
        StaffLogin.update(password_hash=kept, changed_at=clock.now()).where(StaffLogin.person == person_id).execute()
        people.log(person_id, "password_set")


def begin_authenticator(key: str, person_id: int, password: str, code: str) -> None:
    """Make a secret for another app; the old one stays good until the new one's first code.

    :raises Invalid: if the password or the code is wrong.
    """
    check_own_password(key, person_id, password)
    check_code(key, person_id, code)
    pending = authenticator.hidden(key, authenticator.new_secret())
    StaffLogin.update(pending_secret=pending).where(StaffLogin.person == person_id).execute()


def pending_secret(key: str, person_id: int) -> str:
    """The secret that is being set up; empty if none is."""
    login = _login(person_id)
    return authenticator.readable(key, login.pending_secret) if login else ""


def confirm_authenticator(key: str, person_id: int, code: str) -> None:
    """Take the secret that is being set up, shown by a code made from it.

    :raises Invalid: if the code is wrong, or none is being set up.
    """
    login, secret = _login(person_id), pending_secret(key, person_id)
    step = authenticator.step_of(secret, code) if secret else None
    if login is None or step is None:
        raise Invalid("This code does not fit. Look at the newest one in the app, and at the clock of your phone.")
    with database.atomic():
        StaffLogin.update(
            totp_secret=login.pending_secret, pending_secret="", totp_step=step, changed_at=clock.now()
        ).where(StaffLogin.person == person_id).execute()
        people.log(person_id, "authenticator_set")


def _login(person_id: int) -> StaffLogin | None:
    found: StaffLogin | None = StaffLogin.get_or_none(StaffLogin.person == person_id)
    return found


def _set_up(login: StaffLogin | None) -> bool:
    return login is not None and bool(login.totp_secret)


def _hash(key: str, token: str) -> str:
    return hmac.new(key.encode(), f"invite {token}".encode(), hashlib.sha256).hexdigest()
