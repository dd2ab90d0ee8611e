"""Difficulties, all that happened to them, their photos, and the days that a campaign gives for them."""

from __future__ import annotations

from typing import Any

import peewee


def up(migrator: Any, db: peewee.Database) -> None:
    class Base(peewee.Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Region(Base):
        code = peewee.CharField(max_length=6, primary_key=True)

    class Campaign(Base):
        pass

    class Project(Base):
        pass

    class Organization(Base):
        pass

    class Person(Base):
        pass

    class Slot(Base):
        pass

    class Version(Base):
        pass

    class Attachment(Base):
        pass

    class Difficulty(Base):
        campaign = peewee.ForeignKeyField(Campaign, backref="+")
        project = peewee.ForeignKeyField(Project, backref="+")
        organization = peewee.ForeignKeyField(Organization, backref="+")
        region = peewee.ForeignKeyField(Region, backref="+")
        raised_by = peewee.ForeignKeyField(Person, backref="+", null=True)
        raised_at = peewee.DateTimeField()
        slot = peewee.ForeignKeyField(Slot, backref="+", null=True, unique=True)
        version = peewee.ForeignKeyField(Version, backref="+", null=True)
        submission = peewee.CharField(max_length=36, null=True, unique=True)
        kind = peewee.CharField(max_length=20)
        urgency = peewee.CharField(max_length=10)
        asked = peewee.CharField(max_length=12)
        text = peewee.TextField()
        owner_region = peewee.ForeignKeyField(Region, backref="+")
        owner = peewee.ForeignKeyField(Person, backref="+", null=True)
        department = peewee.CharField(max_length=60)
        due = peewee.DateField(null=True)
        state = peewee.CharField(max_length=12)
        revision = peewee.IntegerField()
        closed_at = peewee.DateTimeField(null=True)

        class Meta:
            indexes = (
                (("state", "due"), False),
                (("campaign", "state", "due"), False),
                (("organization", "state"), False),
                (("project", "state"), False),
            )

    class DifficultyEvent(Base):
        difficulty = peewee.ForeignKeyField(Difficulty, backref="+")
        action = peewee.CharField(max_length=20)
        before = peewee.CharField(max_length=12)
        after = peewee.CharField(max_length=12)
        side = peewee.CharField(max_length=10)
        person = peewee.ForeignKeyField(Person, backref="+", null=True)
        version = peewee.ForeignKeyField(Version, backref="+", null=True)
        words = peewee.TextField()
        data = peewee.JSONField()
        at = peewee.DateTimeField()

    class DifficultyPhoto(Base):
        difficulty = peewee.ForeignKeyField(Difficulty, backref="+", unique=True)
        state = peewee.CharField(max_length=10)
        original = peewee.ForeignKeyField(Attachment, backref="+")
        ready = peewee.ForeignKeyField(Attachment, backref="+", null=True)
        small = peewee.ForeignKeyField(Attachment, backref="+", null=True)
        width = peewee.IntegerField()
        height = peewee.IntegerField()
        reason = peewee.CharField(max_length=200)

    class DifficultyRules(Base):
        campaign = peewee.ForeignKeyField(Campaign, backref="+", unique=True)
        data = peewee.JSONField()

    db.create_tables([Difficulty, DifficultyEvent, DifficultyPhoto, DifficultyRules])
