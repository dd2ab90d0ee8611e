"""Files that answer questions."""

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

    class AnswerFile(Base):
        slot = peewee.ForeignKeyField(Slot, backref="+")
        person = peewee.ForeignKeyField(Person, backref="+", null=True)
        uuid = peewee.CharField(max_length=36, unique=True)
        sha256 = peewee.CharField(max_length=64)
        kind = peewee.CharField(max_length=10)
        name = peewee.CharField(max_length=100)
        size = peewee.IntegerField()
        long_side = peewee.IntegerField()
        state = peewee.CharField(max_length=10)
        original = peewee.ForeignKeyField(Attachment, backref="+")
        ready = peewee.ForeignKeyField(Attachment, backref="+", null=True)
        small = peewee.ForeignKeyField(Attachment, backref="+", null=True)
        width = peewee.IntegerField()
        height = peewee.IntegerField()
        reason = peewee.CharField(max_length=200)
        created_at = peewee.DateTimeField()

    class VersionFile(Base):
        version = peewee.ForeignKeyField(Version, backref="+")
        file = peewee.ForeignKeyField(AnswerFile, backref="+")

        class Meta:
            indexes = ((("version", "file"), True),)

    db.create_tables([AnswerFile, VersionFile])
