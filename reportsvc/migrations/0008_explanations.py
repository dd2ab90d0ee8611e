"""What is said to values that look wrong against last quarter: with the draft, and frozen in the version."""

from __future__ import annotations

from typing import Any

import peewee


def up(migrator: Any, db: peewee.Database) -> None:
    # One statement, with a default for the rows that stand there already. Without `allow_not_null` SQLite's table would
    # be written anew, and dropping the old one be refused for the rows that point to it.
    column = peewee.JSONField(default=dict, constraints=[peewee.SQL("DEFAULT '{}'")])
    for table in ("draft", "version"):
        migrator.migrate(migrator.add_column(table, "explanations", column, allow_not_null=True))
