"""What is kept of a project besides its row: what happened to it, its agreement's files, and how two became one."""

from __future__ import annotations

import peewee

from reportsvc.models.base import Base, UtcDateTimeField
from reportsvc.models.campaigns import Project
from reportsvc.models.people import Person
from reportsvc.models.publishing import Attachment


class ProjectEvent(Base):
    """One thing that happened to a project. Only ever added to.

    ``data`` holds, by the kind of event, ``changes`` as [field, before, after], or what else belongs to it.
    """

    project = peewee.ForeignKeyField(Project, backref="events")
    project_id: int
    action = peewee.CharField(max_length=30)
    person = peewee.ForeignKeyField(Person, backref="+", null=True)
    person_id: int | None
    reason = peewee.TextField(default="")
    data = peewee.JSONField(default=dict)
    at = UtcDateTimeField()

    class Meta:
        indexes = ((("project", "at"), False),)


class ProjectFile(Base):
    """A file of a project's agreement: a PDF, or a photo made anew from its pixels. ``kind`` is pdf or jpg."""

    project = peewee.ForeignKeyField(Project, backref="agreement")
    project_id: int
    attachment = peewee.ForeignKeyField(Attachment)
    attachment_id: int
    name = peewee.CharField(max_length=100)
    kind = peewee.CharField(max_length=10)
    size = peewee.IntegerField()
    person = peewee.ForeignKeyField(Person, backref="+", null=True)
    person_id: int | None
    removed = peewee.BooleanField(default=False)
    created_at = UtcDateTimeField()


class ProjectMerge(Base):
    """Two projects that became one. ``moved`` says what came from ``gone``, so that it can be taken apart again."""

    kept = peewee.ForeignKeyField(Project, backref="+")
    kept_id: int
    gone = peewee.ForeignKeyField(Project, backref="+")
    gone_id: int
    person = peewee.ForeignKeyField(Person, backref="+")
    person_id: int
    reason = peewee.TextField()
    moved = peewee.JSONField()
    at = UtcDateTimeField()
    undone_by = peewee.ForeignKeyField(Person, backref="+", null=True)
    undone_by_id: int | None
    undone_at = UtcDateTimeField(null=True)
