"""Queries whose rows are plain tuples or dicts: types that the stubs of peewee don't know, in one place."""

from __future__ import annotations

from typing import Any

import peewee


def tuples(query: Any) -> Any:
    """The rows of a query as tuples."""
    return query.tuples()


def dicts(query: Any) -> Any:
    """The rows of a query as dicts."""
    return query.dicts()


def key(model: type[peewee.Model]) -> Any:
    """The column of a table's own ids."""
    return model._meta.primary_key
