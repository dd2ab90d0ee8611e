"""Sessions are rows, so that a device can be listed and signed out from elsewhere."""

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

    class Session(Base):
        person = peewee.ForeignKeyField(Person, backref="+", on_delete="CASCADE")
        token_hash = peewee.CharField(max_length=64, unique=True)
        staff = peewee.BooleanField()
        device = peewee.CharField(max_length=80)
        created_at = peewee.DateTimeField()
        seen_at = peewee.DateTimeField()
        ended_at = peewee.DateTimeField(null=True)

    db.create_tables([Session])
