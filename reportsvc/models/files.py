"""Files that answer a question of a form, and which of them went into which version."""

from __future__ import annotations

import peewee

from reportsvc.models.base import Base, UtcDateTimeField
from reportsvc.models.people import Person
from reportsvc.models.publishing import Attachment
from reportsvc.models.reports import Slot, Version


class AnswerFile(Base):
    """A file that an organization gave as an answer. ``kind`` is image, pdf, docx and so on, by its content.

    ``original`` is what was sent: a document is handed out as it is, a photo's original to nobody. Of a photo ``state``
    is raw, ready or refused, and ``ready`` and ``small`` are made as those of :class:`~reportsvc.models.photos.Photo`,
    the longer side no larger than ``long_side`` pixels; a document is ready at once. ``uuid`` is made by the phone, or
    from the content where no script runs: it makes a resend harmless. ``reason`` is a message id: why it was refused.
    """

    slot = peewee.ForeignKeyField(Slot, backref="files")
    slot_id: int
    person = peewee.ForeignKeyField(Person, null=True)
    person_id: int | None
    uuid = peewee.CharField(max_length=36, unique=True)
    sha256 = peewee.CharField(max_length=64)
    kind = peewee.CharField(max_length=10)
    name = peewee.CharField(max_length=100)
    size = peewee.IntegerField()
    long_side = peewee.IntegerField()
    state = peewee.CharField(max_length=10)
    original = peewee.ForeignKeyField(Attachment)
    original_id: int
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


class VersionFile(Base):
    """A file that an answer of a version names. Never changed."""

    version = peewee.ForeignKeyField(Version, backref="files")
    version_id: int
    file = peewee.ForeignKeyField(AnswerFile, backref="versions")
    file_id: int

    class Meta:
        indexes = ((("version", "file"), True),)
