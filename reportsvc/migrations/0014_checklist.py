"""Projects as a checklist: deadline, owner, state and light; events, agreements, and projects that became one."""

from __future__ import annotations

from typing import Any

import peewee


def up(migrator: Any, db: peewee.Database) -> None:
    class Base(peewee.Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Person(Base):
        pass

    class Project(Base):
        pass

    class Attachment(Base):
        pass

    class ProjectEvent(Base):
        project = peewee.ForeignKeyField(Project, backref="+")
        action = peewee.CharField(max_length=30)
        person = peewee.ForeignKeyField(Person, backref="+", null=True)
        reason = peewee.TextField()
        data = peewee.JSONField()
        at = peewee.DateTimeField()

        class Meta:
            indexes = ((("project", "at"), False),)

    class ProjectFile(Base):
        project = peewee.ForeignKeyField(Project, backref="+")
        attachment = peewee.ForeignKeyField(Attachment, backref="+")
        name = peewee.CharField(max_length=100)
        kind = peewee.CharField(max_length=10)
        size = peewee.IntegerField()
        person = peewee.ForeignKeyField(Person, backref="+", null=True)
        removed = peewee.BooleanField()
        created_at = peewee.DateTimeField()

    class ProjectMerge(Base):
        kept = peewee.ForeignKeyField(Project, backref="+")
        gone = peewee.ForeignKeyField(Project, backref="+")
        person = peewee.ForeignKeyField(Person, backref="+")
        reason = peewee.TextField()
        moved = peewee.JSONField()
        at = peewee.DateTimeField()
        undone_by = peewee.ForeignKeyField(Person, backref="+", null=True)
        undone_at = peewee.DateTimeField(null=True)

    db.create_tables([ProjectEvent, ProjectFile, ProjectMerge])
    number: Any = Person._meta.primary_key
    itself: Any = Project._meta.primary_key
    migrator.migrate(
        migrator.add_column("project", "deadline", peewee.DateField(null=True)),
        migrator.add_column("project", "owner_id", peewee.ForeignKeyField(Person, number, backref="+", null=True)),
        migrator.add_column("project", "signed_on", peewee.DateField(null=True)),
        migrator.add_column("project", "worked_out", peewee.DateField(null=True)),
        migrator.add_column(
            "project", "merged_into_id", peewee.ForeignKeyField(Project, itself, backref="+", null=True)
        ),
        *(
            # One statement each, with a default for the rows that stand there already: see 0008.
            migrator.add_column(table, name, field, allow_not_null=True)
            for table, name, field in (
                ("project", "state", _text(20)),
                ("project", "light", _text(10)),
                ("project", "why", _json()),
                ("project", "override", _json()),
                ("project", "closing", _text(10)),
                ("project", "outcome", _text(20)),
                ("project", "revision", _zero()),
                ("slot", "merged_from", _zero()),
            )
        ),
        migrator.add_index("project", ("campaign_id", "light")),
        migrator.add_index("project", ("campaign_id", "worked_out")),
        # Under the name that it has by the first migration; two reports of one organization may meet in one project.
        migrator.drop_index("slot", "slot_round_id_project_id_organization_id"),
        migrator.add_index("slot", ("round_id", "project_id", "organization_id", "merged_from"), unique=True),
    )


def _text(length: int) -> peewee.CharField:
    return peewee.CharField(max_length=length, default="", constraints=[peewee.SQL("DEFAULT ''")])


def _json() -> peewee.JSONField:
    return peewee.JSONField(default=dict, constraints=[peewee.SQL("DEFAULT '{}'")])


def _zero() -> peewee.IntegerField:
    return peewee.IntegerField(default=0, constraints=[peewee.SQL("DEFAULT 0")])
