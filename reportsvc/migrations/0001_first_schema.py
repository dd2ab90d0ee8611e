"""The first schema."""

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
        name = peewee.CharField(max_length=60)
        level = peewee.CharField(max_length=10)
        parent = peewee.ForeignKeyField("self", backref="+", null=True)
        reports_to = peewee.ForeignKeyField("self", backref="+", null=True)
        path = peewee.CharField(max_length=40, index=True)
        key_county = peewee.CharField(max_length=10)

    class RetiredRegion(Base):
        code = peewee.CharField(max_length=6, primary_key=True)
        name = peewee.CharField(max_length=60)
        successor = peewee.ForeignKeyField(Region, backref="+", null=True)
        retired_in = peewee.IntegerField()
        note = peewee.CharField(max_length=200)

    class Organization(Base):
        uscc = peewee.CharField(max_length=18, unique=True)
        name = peewee.CharField(max_length=200)
        kind = peewee.CharField(max_length=20, index=True)
        level = peewee.CharField(max_length=20)
        region = peewee.ForeignKeyField(Region, backref="+", null=True)
        sample = peewee.BooleanField()

    class Person(Base):
        name = peewee.CharField(max_length=60)
        phone = peewee.CharField(max_length=20, unique=True)
        active = peewee.BooleanField()
        created_at = peewee.DateTimeField()

    class Grant(Base):
        person = peewee.ForeignKeyField(Person, backref="+", on_delete="CASCADE")
        role = peewee.CharField(max_length=20)
        organization = peewee.ForeignKeyField(Organization, backref="+", null=True)
        region = peewee.ForeignKeyField(Region, backref="+", null=True)

        class Meta:
            indexes = ((("person", "role", "organization", "region"), True),)

    class SignInCode(Base):
        person = peewee.ForeignKeyField(Person, backref="+", on_delete="CASCADE")
        kind = peewee.CharField(max_length=10)
        secret_hash = peewee.CharField(max_length=64, index=True)
        created_at = peewee.DateTimeField()
        expires_at = peewee.DateTimeField()
        tries = peewee.IntegerField()
        used_at = peewee.DateTimeField(null=True)

    class Campaign(Base):
        code = peewee.CharField(max_length=40, unique=True)
        name = peewee.CharField(max_length=200)
        province = peewee.ForeignKeyField(Region, backref="+")
        starts = peewee.DateField()
        ends = peewee.DateField(null=True)
        route = peewee.JSONField()
        categories = peewee.JSONField()
        fund_kinds = peewee.JSONField()
        circular = peewee.JSONField()
        created_at = peewee.DateTimeField()

    class Indicator(Base):
        campaign = peewee.ForeignKeyField(Campaign, backref="+", on_delete="CASCADE")
        code = peewee.CharField(max_length=60)
        name = peewee.CharField(max_length=60)
        unit = peewee.CharField(max_length=20)
        measure = peewee.CharField(max_length=12)
        kind = peewee.CharField(max_length=12)
        time_rule = peewee.CharField(max_length=8)
        partner_rule = peewee.CharField(max_length=8)
        scale = peewee.IntegerField()
        position = peewee.IntegerField()

        class Meta:
            indexes = ((("campaign", "code"), True),)

    class FormVersion(Base):
        form_id = peewee.CharField(max_length=60)
        number = peewee.IntegerField()
        title = peewee.CharField(max_length=200)
        filename = peewee.CharField(max_length=200)
        source = peewee.BlobField()
        definition = peewee.JSONField()
        sha256 = peewee.CharField(max_length=64)
        created_at = peewee.DateTimeField()

        class Meta:
            indexes = ((("form_id", "number"), True),)

    class Project(Base):
        campaign = peewee.ForeignKeyField(Campaign, backref="+")
        code = peewee.CharField(max_length=40)
        name = peewee.CharField(max_length=200)
        category = peewee.CharField(max_length=40, index=True)
        lead = peewee.ForeignKeyField(Organization, backref="+")
        region = peewee.ForeignKeyField(Region, backref="+")
        village = peewee.CharField(max_length=60)
        executor = peewee.CharField(max_length=200)
        organizer = peewee.CharField(max_length=200)
        sample = peewee.BooleanField()

        class Meta:
            indexes = ((("campaign", "code"), True),)

    class ProjectCounty(Base):
        project = peewee.ForeignKeyField(Project, backref="+", on_delete="CASCADE")
        region = peewee.ForeignKeyField(Region, backref="+")

        class Meta:
            indexes = ((("project", "region"), True),)

    class Participation(Base):
        project = peewee.ForeignKeyField(Project, backref="+", on_delete="CASCADE")
        organization = peewee.ForeignKeyField(Organization, backref="+")
        role = peewee.CharField(max_length=10)

        class Meta:
            indexes = ((("project", "organization"), True),)

    class Round(Base):
        campaign = peewee.ForeignKeyField(Campaign, backref="+")
        year = peewee.IntegerField()
        quarter = peewee.IntegerField()
        form_version = peewee.ForeignKeyField(FormVersion, backref="+")
        opens = peewee.DateField()
        due = peewee.DateField()
        closes = peewee.DateField()
        created_by = peewee.ForeignKeyField(Person, backref="+", null=True)

        class Meta:
            indexes = ((("campaign", "year", "quarter"), True),)

    class Slot(Base):
        round = peewee.ForeignKeyField(Round, backref="+")
        project = peewee.ForeignKeyField(Project, backref="+")
        organization = peewee.ForeignKeyField(Organization, backref="+")
        role = peewee.CharField(max_length=10)
        region = peewee.ForeignKeyField(Region, backref="+")
        state = peewee.CharField(max_length=20)
        waiting_at = peewee.ForeignKeyField(Region, backref="+", null=True)
        due = peewee.DateField()
        revision = peewee.IntegerField()
        current = peewee.IntegerField()
        reason = peewee.TextField()

        class Meta:
            indexes = (
                (("round", "project", "organization"), True),
                (("waiting_at", "state"), False),
                (("round", "state"), False),
            )

    class Draft(Base):
        slot = peewee.ForeignKeyField(Slot, backref="+", on_delete="CASCADE", unique=True)
        person = peewee.ForeignKeyField(Person, backref="+")
        form_version = peewee.ForeignKeyField(FormVersion, backref="+")
        answers = peewee.JSONField()
        revision = peewee.IntegerField()
        submission = peewee.CharField(max_length=36)
        updated_at = peewee.DateTimeField()

    class Version(Base):
        slot = peewee.ForeignKeyField(Slot, backref="+")
        number = peewee.IntegerField()
        form_version = peewee.ForeignKeyField(FormVersion, backref="+")
        answers = peewee.JSONField()
        sha256 = peewee.CharField(max_length=64)
        person = peewee.ForeignKeyField(Person, backref="+", null=True)
        submission = peewee.CharField(max_length=36, unique=True)
        receipt = peewee.CharField(max_length=24, unique=True)
        source = peewee.CharField(max_length=60)
        submitted_at = peewee.DateTimeField()

        class Meta:
            indexes = ((("slot", "number"), True),)

    class Figure(Base):
        version = peewee.ForeignKeyField(Version, backref="+")
        indicator = peewee.ForeignKeyField(Indicator, backref="+")
        region = peewee.ForeignKeyField(Region, backref="+")
        value = peewee.BigIntegerField()
        path = peewee.CharField(max_length=80)

        class Meta:
            indexes = ((("version", "indicator", "path"), True), (("indicator", "version"), False))

    class Event(Base):
        slot = peewee.ForeignKeyField(Slot, backref="+")
        action = peewee.CharField(max_length=30)
        before = peewee.CharField(max_length=20)
        after = peewee.CharField(max_length=20)
        person = peewee.ForeignKeyField(Person, backref="+", null=True)
        version = peewee.ForeignKeyField(Version, backref="+", null=True)
        reason = peewee.TextField()
        data = peewee.JSONField()
        at = peewee.DateTimeField()

    class Attachment(Base):
        sha256 = peewee.CharField(max_length=64, unique=True)
        media_type = peewee.CharField(max_length=60)
        filename = peewee.CharField(max_length=200)
        size = peewee.BigIntegerField()
        created_at = peewee.DateTimeField()

    class Snapshot(Base):
        campaign = peewee.ForeignKeyField(Campaign, backref="+")
        year = peewee.IntegerField()
        quarter = peewee.IntegerField()
        data = peewee.TextField()
        sha256 = peewee.CharField(max_length=64)
        created_at = peewee.DateTimeField()

    class Circular(Base):
        campaign = peewee.ForeignKeyField(Campaign, backref="+")
        kind = peewee.CharField(max_length=20)
        year = peewee.IntegerField()
        quarter = peewee.IntegerField()
        title = peewee.CharField(max_length=200)
        state = peewee.CharField(max_length=20)
        snapshot = peewee.ForeignKeyField(Snapshot, backref="+", null=True)
        attachment = peewee.ForeignKeyField(Attachment, backref="+", null=True)
        person = peewee.ForeignKeyField(Person, backref="+", null=True)
        created_at = peewee.DateTimeField()

    class Task(Base):
        kind = peewee.CharField(max_length=40)
        key = peewee.CharField(max_length=120, unique=True)
        payload = peewee.JSONField()
        state = peewee.CharField(max_length=12)
        due_at = peewee.DateTimeField()
        tries = peewee.IntegerField()
        worker = peewee.CharField(max_length=80)
        lease_until = peewee.DateTimeField(null=True)
        done = peewee.IntegerField()
        total = peewee.IntegerField()
        error = peewee.TextField()
        created_at = peewee.DateTimeField()
        finished_at = peewee.DateTimeField(null=True)

        class Meta:
            indexes = ((("state", "due_at"), False),)

    db.create_tables(
        [
            Region,
            RetiredRegion,
            Organization,
            Person,
            Grant,
            SignInCode,
            Campaign,
            Indicator,
            FormVersion,
            Project,
            ProjectCounty,
            Participation,
            Round,
            Slot,
            Draft,
            Version,
            Figure,
            Event,
            Attachment,
            Snapshot,
            Circular,
            Task,
        ]
    )
