"""Which page saved a section of a draft last."""

from __future__ import annotations

from typing import Any

import peewee


def up(migrator: Any, db: peewee.Database) -> None:
    # One statement, with a default for the rows that stand there already: see 0008.
    column = peewee.JSONField(default=dict, constraints=[peewee.SQL("DEFAULT '{}'")])
    migrator.migrate(migrator.add_column("draft", "writers", column, allow_not_null=True))
