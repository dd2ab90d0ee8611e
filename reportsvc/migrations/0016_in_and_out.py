"""Imports, exports, tokens of the API, webhooks."""

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

    class Person(Base):
        pass

    class Attachment(Base):
        pass

    class Region(Base):
        code = peewee.CharField(max_length=6, primary_key=True)

    class SheetImport(Base):
        campaign = peewee.ForeignKeyField(Campaign, backref="+")
        filename = peewee.CharField(max_length=200)
        source = peewee.ForeignKeyField(Attachment, backref="+")
        marked = peewee.ForeignKeyField(Attachment, backref="+", null=True)
        mapping_id = peewee.IntegerField(null=True)
        target_id = peewee.IntegerField(null=True)
        state = peewee.CharField(max_length=12)
        times = peewee.IntegerField()
        counts = peewee.JSONField()
        digest = peewee.CharField(max_length=64)
        person = peewee.ForeignKeyField(Person, backref="+")
        created_at = peewee.DateTimeField()
        applied_at = peewee.DateTimeField(null=True)

        class Meta:
            indexes = ((("campaign", "created_at"), False),)

    class ImportLine(Base):
        work = peewee.ForeignKeyField(SheetImport, backref="+", on_delete="CASCADE")
        sheet = peewee.CharField(max_length=20)
        row = peewee.IntegerField()
        outcome = peewee.CharField(max_length=8)
        title = peewee.CharField(max_length=260)
        cell = peewee.CharField(max_length=12)
        column = peewee.CharField(max_length=60)
        message = peewee.TextField()
        details = peewee.JSONField()

        class Meta:
            indexes = ((("work", "outcome", "id"), False),)

    class SheetMapping(Base):
        campaign = peewee.ForeignKeyField(Campaign, backref="+")
        form_id = peewee.CharField(max_length=60)
        name = peewee.CharField(max_length=60)
        sheet = peewee.CharField(max_length=60)
        header_row = peewee.IntegerField()
        columns = peewee.JSONField()
        person = peewee.ForeignKeyField(Person, backref="+")
        created_at = peewee.DateTimeField()

        class Meta:
            indexes = ((("campaign", "name"), True),)

    class CampaignExport(Base):
        campaign = peewee.ForeignKeyField(Campaign, backref="+")
        regions = peewee.JSONField()
        personal = peewee.JSONField()
        state = peewee.CharField(max_length=12)
        attachment = peewee.ForeignKeyField(Attachment, backref="+", null=True)
        person = peewee.ForeignKeyField(Person, backref="+")
        created_at = peewee.DateTimeField()

        class Meta:
            indexes = ((("person", "created_at"), False),)

    class ApiToken(Base):
        person = peewee.ForeignKeyField(Person, backref="+", on_delete="CASCADE")
        region = peewee.ForeignKeyField(Region, backref="+")
        name = peewee.CharField(max_length=60)
        secret_hash = peewee.CharField(max_length=64, unique=True)
        created_at = peewee.DateTimeField()
        expires_at = peewee.DateTimeField()
        revoked_at = peewee.DateTimeField(null=True)
        used_at = peewee.DateTimeField(null=True)

    class Hook(Base):
        person = peewee.ForeignKeyField(Person, backref="+")
        region = peewee.ForeignKeyField(Region, backref="+")
        address = peewee.CharField(max_length=500)
        secret = peewee.CharField(max_length=300)
        events = peewee.JSONField()
        created_at = peewee.DateTimeField()
        ended_at = peewee.DateTimeField(null=True)

    class Delivery(Base):
        hook = peewee.ForeignKeyField(Hook, backref="+", on_delete="CASCADE")
        event = peewee.CharField(max_length=30)
        uuid = peewee.CharField(max_length=36, unique=True)
        body = peewee.TextField()
        state = peewee.CharField(max_length=8)
        tries = peewee.IntegerField()
        status = peewee.IntegerField()
        error = peewee.CharField(max_length=300)
        created_at = peewee.DateTimeField()
        due_at = peewee.DateTimeField()
        sent_at = peewee.DateTimeField(null=True)

        class Meta:
            indexes = ((("state", "due_at"), False), (("hook", "id"), False))

    db.create_tables([SheetImport, ImportLine, SheetMapping, CampaignExport, ApiToken, Hook, Delivery])
