"""How often something was asked for, counted in the database so that all workers count together."""

from __future__ import annotations

from typing import Any

import peewee


def up(migrator: Any, db: peewee.Database) -> None:
    class Base(peewee.Model):
        class Meta:
            database = db
            legacy_table_names = False

    class RateLimit(Base):
        key = peewee.CharField(max_length=64, unique=True)
        count = peewee.IntegerField()
        ends_at = peewee.DateTimeField(index=True)

    db.create_tables([RateLimit])
