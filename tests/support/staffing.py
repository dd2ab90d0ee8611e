"""One of the staff with a password and an authenticator, for tests of signing in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import argon2
import pyotp
import pytest

from reportsvc import clock
from reportsvc.accounts import passwords, staff
from reportsvc.models import Person
from tests.support.world import KEY

PASSWORD = "梅雨 plum 山坡 rain"


@contextmanager
def quick_hashes() -> Iterator[None]:
    """Hashes that cost nothing, so that a test is quick. How they are made in earnest: tests/unit/test_passwords.py."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        passwords._nobodys.cache_clear()
        yield
    passwords._nobodys.cache_clear()


@dataclass
class Enrolled:
    """What one of the staff has at hand."""

    person: Person
    secret: str
    recovery: list[str]

    def code(self, moment: datetime | None = None) -> str:
        """What the app shows."""
        return pyotp.TOTP(self.secret).at(int((moment or clock.now()).timestamp()))


def enrol(person: Person, moment: datetime) -> Enrolled:
    """By invitation, at a moment of the past: its code is used up."""
    with clock.frozen(moment):
        _, token = staff.invite(KEY, person.phone)
        staff.choose_password(KEY, token, PASSWORD)
        secret = staff.pending_secret(KEY, person.id)
        _, recovery = staff.join(KEY, token, pyotp.TOTP(secret).at(int(moment.timestamp())))
    return Enrolled(person, secret, recovery)
