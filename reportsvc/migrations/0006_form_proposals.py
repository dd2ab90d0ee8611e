"""Forms that were uploaded and are looked at before they are published."""

from __future__ import annotations

from typing import Any

import peewee


def up(migrator: Any, db: peewee.Database) -> None:
    class Base(peewee.Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Campaign(Base):
        pass

    class FormVersion(Base):
        pass

    class Person(Base):
        pass

    class FormProposal(Base):
        campaign = peewee.ForeignKeyField(Campaign, backref="+")
        form_id = peewee.CharField(max_length=60)
        title = peewee.CharField(max_length=200)
        filename = peewee.CharField(max_length=200)
        source = peewee.BlobField()
        files = peewee.JSONField()
        definition = peewee.JSONField()
        warnings = peewee.JSONField()
        sha256 = peewee.CharField(max_length=64)
        person = peewee.ForeignKeyField(Person, backref="+")
        created_at = peewee.DateTimeField()
        version = peewee.ForeignKeyField(FormVersion, backref="+", null=True)
        publisher = peewee.ForeignKeyField(Person, backref="+", null=True)
        published_at = peewee.DateTimeField(null=True)

    db.create_tables([FormProposal])
