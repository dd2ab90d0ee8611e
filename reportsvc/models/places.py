"""Regions: the division codes of GB/T 2260 that we hold, and the units that report without a code of their own."""

from __future__ import annotations

import peewee

from reportsvc.models.base import Base


class Region(Base):
    """A province, a prefecture, a county, or a reporting unit that has no division code of its own.

    ``parent`` is the administrative parent; ``reports_to`` the one that reviews its reports, which differs for
    雄安新区's counties and for 定州 and 辛集. ``path`` is the reporting chain from the province down, each code
    followed by a slash, so that a subtree is one prefix.
    """

    code = peewee.CharField(max_length=6, primary_key=True)
    name = peewee.CharField(max_length=60)
    level = peewee.CharField(max_length=10)
    parent = peewee.ForeignKeyField("self", null=True, backref="children")
    parent_id: str | None
    reports_to = peewee.ForeignKeyField("self", null=True, backref="reporting")
    reports_to_id: str | None
    path = peewee.CharField(max_length=40, index=True)
    key_county = peewee.CharField(max_length=10, default="none")


class RetiredRegion(Base):
    """A division code that is no longer in use, but still stands inside older organization codes."""

    code = peewee.CharField(max_length=6, primary_key=True)
    name = peewee.CharField(max_length=60)
    successor = peewee.ForeignKeyField(Region, null=True)
    successor_id: str | None
    retired_in = peewee.IntegerField()
    note = peewee.CharField(max_length=200, default="")
