"""Which page saved a section of a draft last."""

from __future__ import annotations

from typing import Any

import peewee


def up(migrator: Any, db: peewee.Database) -> None:
    class Draft(peewee.Model):
        writers = peewee.JSONField(null=True)

        class Meta:
            database = db
            legacy_table_names = False

    migrator.migrate(migrator.add_column("draft", "writers", peewee.JSONField(null=True)))
    Draft.update(writers={}).execute()
    migrator.migrate(migrator.add_not_null("draft", "writers"))
