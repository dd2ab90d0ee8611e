"""How an entry is sealed: canonical text, and SHA-256 over the seal before and that text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from reportsvc.models import Base

BEFORE_THE_FIRST = "0" * 64
SEALED = ("sequence", "at", "actor", "area", "action", "subject", "place", "data")
"""What the seal of an entry covers, besides the seal before."""
EMPTY: tuple[object, ...] = (None, "", [], {})


def canonical(value: object) -> str:
    """JSON with sorted keys, without spaces, in UTF-8; instants and days as ISO 8601, bytes in hexadecimal."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    raise TypeError(f"{type(value).__name__} has no canonical form")


def seal(previous: str, entry: Mapping[str, Any]) -> str:
    """The hash of an entry, in hexadecimal."""
    content = canonical({name: entry[name] for name in SEALED})
    return hashlib.sha256(f"{previous}\n{content}".encode()).hexdigest()


def row_digest(row: Base) -> str:
    """SHA-256 of all columns of a row that hold something, as it was read from the database.

    Without the empty ones, so that a column that a later migration adds leaves the digests of older rows as they are.
    """
    values: dict[str, object] = row.__data__
    text = canonical({name: value for name, value in values.items() if value not in EMPTY})
    return hashlib.sha256(text.encode()).hexdigest()


def name_of(row: Base) -> str:
    """``table:number`` of a row: what an entry calls it."""
    return f"{table_of(type(row))}:{row.id}"


def table_of(model: type[Base]) -> str:
    """The name of a table."""
    return str(model._meta.table_name)
