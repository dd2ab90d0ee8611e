"""Organizations, persons, what each person may do, and signing in."""

from __future__ import annotations

import peewee

from reportsvc.models.base import Base, UtcDateTimeField
from reportsvc.models.places import Region


class Organization(Base):
    """A social organization (or a collective or company beside one), keyed by its 统一社会信用代码."""

    uscc = peewee.CharField(max_length=18, unique=True)
    name = peewee.CharField(max_length=200)
    kind = peewee.CharField(max_length=20, index=True)
    level = peewee.CharField(max_length=20, default="")
    region = peewee.ForeignKeyField(Region, null=True)
    region_id: str | None
    sample = peewee.BooleanField(default=False)


class Person(Base):
    """Somebody who signs in, known by a mobile number."""

    name = peewee.CharField(max_length=60)
    phone = peewee.CharField(max_length=20, unique=True)
    email = peewee.CharField(max_length=254, null=True)
    active = peewee.BooleanField(default=True)
    created_at = UtcDateTimeField()
    notice_version = peewee.CharField(max_length=20, null=True)
    """Of the notice on personal data that they have read last."""
    notice_at = UtcDateTimeField(null=True)


class Grant(Base):
    """One role of one person over one organization, or over one region and all below it."""

    person = peewee.ForeignKeyField(Person, backref="grants", on_delete="CASCADE")
    person_id: int
    role = peewee.CharField(max_length=20)
    organization = peewee.ForeignKeyField(Organization, null=True)
    organization_id: int | None
    region = peewee.ForeignKeyField(Region, null=True)
    region_id: str | None
    granted_by = peewee.ForeignKeyField(Person, backref="+", null=True)
    granted_by_id: int | None
    granted_at = UtcDateTimeField(null=True)

    class Meta:
        indexes = ((("person", "role", "organization", "region"), True),)


class GrantEvent(Base):
    """A role that was given or withdrawn, by whom and when. Only ever added to. ``action`` is given or withdrawn.

    ``by`` is empty when it was done at the server's command line or came with older records.
    """

    person = peewee.ForeignKeyField(Person, backref="+")
    person_id: int
    action = peewee.CharField(max_length=10)
    role = peewee.CharField(max_length=20)
    organization = peewee.ForeignKeyField(Organization, backref="+", null=True)
    organization_id: int | None
    region = peewee.ForeignKeyField(Region, backref="+", null=True)
    region_id: str | None
    by = peewee.ForeignKeyField(Person, backref="+", null=True)
    by_id: int | None
    at = UtcDateTimeField()


class StaffLogin(Base):
    """How one of the staff signs in. ``totp_secret`` is empty until its first code was confirmed.

    Both secrets are encrypted; ``pending_secret`` is one that is being set up. ``totp_step`` is the last half minute
    whose code was taken, so that a code is taken once.
    """

    person = peewee.ForeignKeyField(Person, on_delete="CASCADE", unique=True)
    person_id: int
    password_hash = peewee.CharField(max_length=200)
    totp_secret = peewee.CharField(max_length=200, default="")
    pending_secret = peewee.CharField(max_length=200, default="")
    totp_step = peewee.BigIntegerField(default=0)
    changed_at = UtcDateTimeField()


class RecoveryCode(Base):
    """A code in place of the authenticator's, good once. Only a keyed hash is kept."""

    person = peewee.ForeignKeyField(Person, on_delete="CASCADE")
    person_id: int
    secret_hash = peewee.CharField(max_length=64)
    created_at = UtcDateTimeField()
    used_at = UtcDateTimeField(null=True)

    class Meta:
        indexes = ((("person", "secret_hash"), True),)


class SignInCode(Base):
    """A code on its way to a phone, or a one-use link. Only a keyed hash is kept."""

    person = peewee.ForeignKeyField(Person, on_delete="CASCADE")
    person_id: int
    kind = peewee.CharField(max_length=10)
    secret_hash = peewee.CharField(max_length=64, index=True)
    created_at = UtcDateTimeField()
    expires_at = UtcDateTimeField()
    tries = peewee.IntegerField(default=0)
    used_at = UtcDateTimeField(null=True)


class Session(Base):
    """A device that is signed in. Only a keyed hash of its token is kept; an ended one never comes back."""

    person = peewee.ForeignKeyField(Person, backref="sessions", on_delete="CASCADE")
    person_id: int
    token_hash = peewee.CharField(max_length=64, unique=True)
    staff = peewee.BooleanField(default=False)
    device = peewee.CharField(max_length=80, default="")
    created_at = UtcDateTimeField()
    seen_at = UtcDateTimeField()
    ended_at = UtcDateTimeField(null=True)


class RateLimit(Base):
    """How often something was asked for in one window of time. ``key`` is a keyed hash: no number, no address."""

    key = peewee.CharField(max_length=64, unique=True)
    count = peewee.IntegerField(default=0)
    ends_at = UtcDateTimeField(index=True)
