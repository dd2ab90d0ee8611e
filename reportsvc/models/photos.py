"""Photos of a report, and which of them went into which version."""

from __future__ import annotations

import peewee

from reportsvc.models.base import Base, UtcDateTimeField
from reportsvc.models.people import Person
from reportsvc.models.publishing import Attachment
from reportsvc.models.reports import Slot, Version


class Photo(Base):
    """A photo that an organization put beside its report. ``state`` is raw, ready or refused.

    ``original`` is what the phone sent, and is shown to nobody; ``ready`` was made from it, ``small`` is the same as a
    thumbnail. ``uuid`` is made by the phone: it makes a resend harmless, also after ``removed``, so the row stays.
    ``width`` and ``height`` are pixels of ``ready``. ``reason`` is a message id: why it was refused.
    """

    slot = peewee.ForeignKeyField(Slot, backref="photos")
    slot_id: int
    person = peewee.ForeignKeyField(Person, null=True)
    person_id: int | None
    uuid = peewee.CharField(max_length=36, unique=True)
    sha256 = peewee.CharField(max_length=64)
    position = peewee.IntegerField()
    caption = peewee.CharField(max_length=200, default="")
    consent = peewee.BooleanField(default=False)
    state = peewee.CharField(max_length=10, default="raw")
    removed = peewee.BooleanField(default=False)
    original = peewee.ForeignKeyField(Attachment, null=True)
    original_id: int | None
    ready = peewee.ForeignKeyField(Attachment, null=True)
    ready_id: int | None
    small = peewee.ForeignKeyField(Attachment, null=True)
    small_id: int | None
    width = peewee.IntegerField(default=0)
    height = peewee.IntegerField(default=0)
    reason = peewee.CharField(max_length=200, default="")
    created_at = UtcDateTimeField()
    dhash = peewee.CharField(max_length=16, null=True)
    """How the picture looks, as 64 bits in hexadecimal: alike pictures differ in few of them."""

    class Meta:
        indexes = ((("slot", "removed", "position"), False),)


class VersionPhoto(Base):
    """A photo as it stood when a version was submitted: its place, caption and consent of then. Never changed."""

    version = peewee.ForeignKeyField(Version, backref="photos")
    version_id: int
    photo = peewee.ForeignKeyField(Photo, backref="versions")
    photo_id: int
    position = peewee.IntegerField()
    caption = peewee.CharField(max_length=200)
    consent = peewee.BooleanField()

    class Meta:
        indexes = ((("version", "photo"), True),)
