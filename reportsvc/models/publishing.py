"""Snapshots, circulars, the files they become, and the work that makes them."""

from __future__ import annotations

import peewee

from reportsvc.models.base import Base, UtcDateTimeField
from reportsvc.models.campaigns import Campaign
from reportsvc.models.people import Person


class Attachment(Base):
    """A stored file, found by the SHA-256 of its bytes."""

    sha256 = peewee.CharField(max_length=64, unique=True)
    media_type = peewee.CharField(max_length=60)
    filename = peewee.CharField(max_length=200)
    size = peewee.BigIntegerField()
    created_at = UtcDateTimeField()


class Snapshot(Base):
    """Every number that a circular prints, frozen: ``data`` is canonical JSON, ``sha256`` its digest."""

    campaign = peewee.ForeignKeyField(Campaign, backref="snapshots")
    campaign_id: int
    year = peewee.IntegerField()
    quarter = peewee.IntegerField()
    data = peewee.TextField()
    sha256 = peewee.CharField(max_length=64)
    created_at = UtcDateTimeField()


class Circular(Base):
    """An official document on its way: asked for, compiled, downloadable."""

    campaign = peewee.ForeignKeyField(Campaign, backref="circulars")
    campaign_id: int
    kind = peewee.CharField(max_length=20)
    year = peewee.IntegerField()
    quarter = peewee.IntegerField()
    title = peewee.CharField(max_length=200)
    state = peewee.CharField(max_length=20)
    snapshot = peewee.ForeignKeyField(Snapshot, null=True)
    snapshot_id: int | None
    attachment = peewee.ForeignKeyField(Attachment, null=True)
    attachment_id: int | None
    person = peewee.ForeignKeyField(Person, null=True)
    person_id: int | None
    created_at = UtcDateTimeField()


class Task(Base):
    """A piece of due work. Claimed by a conditional update with a lease; ``key`` keeps it from being due twice."""

    kind = peewee.CharField(max_length=40)
    key = peewee.CharField(max_length=120, unique=True)
    payload = peewee.JSONField()
    state = peewee.CharField(max_length=12, default="due")
    due_at = UtcDateTimeField()
    tries = peewee.IntegerField(default=0)
    worker = peewee.CharField(max_length=80, default="")
    lease_until = UtcDateTimeField(null=True)
    done = peewee.IntegerField(default=0)
    total = peewee.IntegerField(default=0)
    error = peewee.TextField(default="")
    created_at = UtcDateTimeField()
    finished_at = UtcDateTimeField(null=True)

    class Meta:
        indexes = ((("state", "due_at"), False),)
