"""What all tables share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import peewee

from reportsvc.db import database


class Base(peewee.Model):
    """A table of the service's database."""

    id: int

    class Meta:
        database = database
        legacy_table_names = False


class UtcDateTimeField(peewee.DateTimeField):
    """An instant. Kept as UTC without a zone, the same on both databases; aware on the Python side."""

    def db_value(self, value: datetime | None) -> Any:
        """Refuse a naive datetime, which would be a guess about a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a timezone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def python_value(self, value: Any) -> datetime | None:
        """Give the instant back with its zone."""
        if value is None:
            return None
        found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return found.replace(tzinfo=UTC)
