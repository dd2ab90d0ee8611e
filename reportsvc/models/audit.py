"""The log of every change, each entry sealed with the one before it."""

from __future__ import annotations

import peewee

from reportsvc.models.base import Base, UtcDateTimeField


class AuditPending(Base):
    """What a transaction has recorded so far; as its last thing it becomes entries. Empty to everybody else."""

    at = UtcDateTimeField()
    actor = peewee.IntegerField(null=True)
    area = peewee.CharField(max_length=20)
    action = peewee.CharField(max_length=40)
    subject = peewee.CharField(max_length=60)
    place = peewee.CharField(max_length=40, default="")
    data = peewee.TextField()


class AuditEntry(Base):
    """One change. Only ever added to: the database itself refuses to change or delete one (migration 0017).

    ``sequence`` counts from 1 without a gap. ``actor`` is the id of who did it, nobody when the service or its operator
    did; a number and no key, so that an entry says who even of a row that is gone. ``area`` and ``action`` say what,
    ``subject`` to what (``slot:12``), ``place`` is the path of the region that it belongs to, ``data`` canonical JSON.
    ``hash`` seals all that together with ``previous``, the hash of the entry before.
    """

    sequence = peewee.BigIntegerField(primary_key=True)
    at = UtcDateTimeField()
    actor = peewee.IntegerField(null=True)
    area = peewee.CharField(max_length=20)
    action = peewee.CharField(max_length=40)
    subject = peewee.CharField(max_length=60)
    place = peewee.CharField(max_length=40)
    data = peewee.TextField()
    previous = peewee.CharField(max_length=64)
    hash = peewee.CharField(max_length=64, unique=True)

    class Meta:
        indexes = (
            (("at", "sequence"), False),
            (("actor", "at"), False),
            (("area", "at"), False),
            (("area", "action", "at"), False),
            (("subject", "at"), False),
            (("place", "at"), False),
        )
