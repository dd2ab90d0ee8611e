"""Columns of ids in conditions."""

from __future__ import annotations

from typing import Any

import peewee


def key(model: type[peewee.Model]) -> Any:
    """The column of a table's ids. On a row it is a number, and that is what type checkers take it for."""
    return model.id  # type: ignore[attr-defined]
