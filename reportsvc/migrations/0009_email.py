"""An e-mail address of a person, for codes that don't come as a text message."""

from __future__ import annotations

from typing import Any

import peewee


def up(migrator: Any, db: peewee.Database) -> None:
    migrator.migrate(migrator.add_column("person", "email", peewee.CharField(max_length=254, null=True)))
