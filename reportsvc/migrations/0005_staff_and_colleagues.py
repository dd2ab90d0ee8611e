"""Passwords of staff; who gave and took away which role; who has read the notice on personal data."""

from __future__ import annotations

from typing import Any

import peewee


def up(migrator: Any, db: peewee.Database) -> None:
    class Base(peewee.Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Person(Base):
        pass

    class Organization(Base):
        pass

    class Region(Base):
        code = peewee.CharField(max_length=6, primary_key=True)

    class StaffLogin(Base):
        person = peewee.ForeignKeyField(Person, backref="+", on_delete="CASCADE", unique=True)
        password_hash = peewee.CharField(max_length=200)
        totp_secret = peewee.CharField(max_length=200)
        pending_secret = peewee.CharField(max_length=200)
        totp_step = peewee.BigIntegerField()
        changed_at = peewee.DateTimeField()

    class RecoveryCode(Base):
        person = peewee.ForeignKeyField(Person, backref="+", on_delete="CASCADE")
        secret_hash = peewee.CharField(max_length=64)
        created_at = peewee.DateTimeField()
        used_at = peewee.DateTimeField(null=True)

        class Meta:
            indexes = ((("person", "secret_hash"), True),)

    class GrantEvent(Base):
        person = peewee.ForeignKeyField(Person, backref="+")
        action = peewee.CharField(max_length=10)
        role = peewee.CharField(max_length=20)
        organization = peewee.ForeignKeyField(Organization, backref="+", null=True)
        region = peewee.ForeignKeyField(Region, backref="+", null=True)
        by = peewee.ForeignKeyField(Person, backref="+", null=True)
        at = peewee.DateTimeField()

    db.create_tables([StaffLogin, RecoveryCode, GrantEvent])
    # All may be empty: SQLite can't add another kind of column without making the table anew.
    number: Any = Person._meta.primary_key
    giver = peewee.ForeignKeyField(Person, field=number, backref="+", null=True)
    migrator.migrate(
        migrator.add_column("grant", "granted_by_id", giver),
        migrator.add_column("grant", "granted_at", peewee.DateTimeField(null=True)),
        migrator.add_column("person", "notice_version", peewee.CharField(max_length=20, null=True)),
        migrator.add_column("person", "notice_at", peewee.DateTimeField(null=True)),
    )
