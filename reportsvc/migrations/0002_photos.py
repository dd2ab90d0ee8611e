"""Photos beside reports."""

from __future__ import annotations

from typing import Any

import peewee


def up(migrator: Any, db: peewee.Database) -> None:
    class Base(peewee.Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Slot(Base):
        pass

    class Version(Base):
        pass

    class Person(Base):
        pass

    class Attachment(Base):
        pass

    class Photo(Base):
        slot = peewee.ForeignKeyField(Slot, backref="+")
        person = peewee.ForeignKeyField(Person, backref="+", null=True)
        uuid = peewee.CharField(max_length=36, unique=True)
        sha256 = peewee.CharField(max_length=64)
        position = peewee.IntegerField()
        caption = peewee.CharField(max_length=200)
        consent = peewee.BooleanField()
        state = peewee.CharField(max_length=10)
        removed = peewee.BooleanField()
        original = peewee.ForeignKeyField(Attachment, backref="+", null=True)
        ready = peewee.ForeignKeyField(Attachment, backref="+", null=True)
        small = peewee.ForeignKeyField(Attachment, backref="+", null=True)
        width = peewee.IntegerField()
        height = peewee.IntegerField()
        reason = peewee.CharField(max_length=200)
        created_at = peewee.DateTimeField()

        class Meta:
            indexes = ((("slot", "removed", "position"), False),)

    class VersionPhoto(Base):
        version = peewee.ForeignKeyField(Version, backref="+")
        photo = peewee.ForeignKeyField(Photo, backref="+")
        position = peewee.IntegerField()
        caption = peewee.CharField(max_length=200)
        consent = peewee.BooleanField()

        class Meta:
            indexes = ((("version", "photo"), True),)

    db.create_tables([Photo, VersionPhoto])
