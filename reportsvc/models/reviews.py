"""Beside the moves of a report: what is talked over about it, and what a reviewer moved all at once."""

from __future__ import annotations

import peewee

from reportsvc.models.base import Base, UtcDateTimeField
from reportsvc.models.people import Person
from reportsvc.models.places import Region
from reportsvc.models.reports import Slot


class CommentThread(Base):
    """What is said about one answer of a report, or about all of it: then ``path`` is empty.

    An ``internal`` one is between reviewers; for the same answer it stands apart from the one that both sides see.
    """

    slot = peewee.ForeignKeyField(Slot, backref="threads", on_delete="CASCADE")
    slot_id: int
    path = peewee.CharField(max_length=200)
    internal = peewee.BooleanField(default=False)
    resolved_by = peewee.ForeignKeyField(Person, backref="+", null=True)
    resolved_by_id: int | None
    resolved_at = UtcDateTimeField(null=True)

    class Meta:
        indexes = ((("slot", "path", "internal"), True),)


class Comment(Base):
    """One thing that was said. ``region`` is the reviewer's; empty where the organization speaks. Never changed."""

    thread = peewee.ForeignKeyField(CommentThread, backref="comments", on_delete="CASCADE")
    thread_id: int
    person = peewee.ForeignKeyField(Person, backref="+")
    person_id: int
    region = peewee.ForeignKeyField(Region, backref="+", null=True)
    region_id: str | None
    text = peewee.TextField()
    at = UtcDateTimeField()


class ReviewBatch(Base):
    """Reports that one reviewer moved at once. ``fen`` is the sum of their money; ``refused`` what stayed, and why."""

    person = peewee.ForeignKeyField(Person, backref="+")
    person_id: int
    region = peewee.ForeignKeyField(Region, backref="+")
    region_id: str
    at = UtcDateTimeField()
    fen = peewee.BigIntegerField(default=0)
    refused = peewee.JSONField(default=list)
    undone_at = UtcDateTimeField(null=True)


class ReviewBatchSlot(Base):
    """A report of a batch, with its revision after the move: what has moved on since is not taken back."""

    batch = peewee.ForeignKeyField(ReviewBatch, backref="moved", on_delete="CASCADE")
    batch_id: int
    slot = peewee.ForeignKeyField(Slot, backref="+", on_delete="CASCADE")
    slot_id: int
    revision = peewee.IntegerField()

    class Meta:
        indexes = ((("batch", "slot"), True),)
