"""Difficulties that organizations meet: who is asked for help, who owns them now, and all that was said and done."""

from __future__ import annotations

import peewee

from reportsvc.models.base import Base, UtcDateTimeField
from reportsvc.models.campaigns import Campaign, Project
from reportsvc.models.people import Organization, Person
from reportsvc.models.places import Region
from reportsvc.models.publishing import Attachment
from reportsvc.models.reports import Slot, Version


class Difficulty(Base):
    """Something that an organization needs help with (困难). ``revision`` grows by one with every step.

    ``region`` is where it is, as the project's; ``owner_region`` the level whose turn it is, and ``owner`` who of its
    people took it over. ``due`` is the last day for whoever has to act: the owner, or once it is answered the raiser;
    nothing once it is closed. One that was raised inside a report holds the ``slot`` (one for each, at most) and the
    ``version`` that its text comes from. ``submission`` is made with the page, and makes a second tap harmless.
    ``department`` names the office that it was handed on to, if any.
    """

    campaign = peewee.ForeignKeyField(Campaign, backref="difficulties")
    campaign_id: int
    project = peewee.ForeignKeyField(Project, backref="difficulties")
    project_id: int
    organization = peewee.ForeignKeyField(Organization, backref="difficulties")
    organization_id: int
    region = peewee.ForeignKeyField(Region, backref="difficulties")
    region_id: str
    raised_by = peewee.ForeignKeyField(Person, null=True, backref="raised")
    raised_by_id: int | None
    raised_at = UtcDateTimeField()
    slot = peewee.ForeignKeyField(Slot, null=True, unique=True, backref="difficulties")
    slot_id: int | None
    version = peewee.ForeignKeyField(Version, null=True, backref="difficulties")
    version_id: int | None
    submission = peewee.CharField(max_length=36, null=True, unique=True)
    kind = peewee.CharField(max_length=20)
    urgency = peewee.CharField(max_length=10)
    asked = peewee.CharField(max_length=12)
    text = peewee.TextField()
    owner_region = peewee.ForeignKeyField(Region, backref="owned_difficulties")
    owner_region_id: str
    owner = peewee.ForeignKeyField(Person, null=True, backref="owned")
    owner_id: int | None
    department = peewee.CharField(max_length=60, default="")
    due = peewee.DateField(null=True)
    state = peewee.CharField(max_length=12)
    revision = peewee.IntegerField(default=0)
    closed_at = UtcDateTimeField(null=True)

    class Meta:
        indexes = (
            (("state", "due"), False),
            (("campaign", "state", "due"), False),
            (("organization", "state"), False),
            (("project", "state"), False),
        )


class DifficultyEvent(Base):
    """One thing that happened to a difficulty. Append-only.

    ``side`` is who did it: ``raiser``, ``reviewer`` or ``service``. ``data`` holds what changed, as from and to.
    """

    difficulty = peewee.ForeignKeyField(Difficulty, backref="events")
    difficulty_id: int
    action = peewee.CharField(max_length=20)
    before = peewee.CharField(max_length=12)
    after = peewee.CharField(max_length=12)
    side = peewee.CharField(max_length=10)
    person = peewee.ForeignKeyField(Person, null=True, backref="+")
    person_id: int | None
    version = peewee.ForeignKeyField(Version, null=True, backref="+")
    version_id: int | None
    words = peewee.TextField(default="")
    data = peewee.JSONField()
    at = UtcDateTimeField()


class DifficultyPhoto(Base):
    """The photo of a difficulty that was raised on the spot; made fit to be seen as those of a report are."""

    difficulty = peewee.ForeignKeyField(Difficulty, unique=True, backref="photos")
    difficulty_id: int
    state = peewee.CharField(max_length=10, default="raw")
    original = peewee.ForeignKeyField(Attachment, backref="+")
    original_id: int
    ready = peewee.ForeignKeyField(Attachment, null=True, backref="+")
    ready_id: int | None
    small = peewee.ForeignKeyField(Attachment, null=True, backref="+")
    small_id: int | None
    width = peewee.IntegerField(default=0)
    height = peewee.IntegerField(default=0)
    reason = peewee.CharField(max_length=200, default="")


class DifficultyRules(Base):
    """How many working days whom is given, where a campaign has it differently from what the service does by itself."""

    campaign = peewee.ForeignKeyField(Campaign, unique=True, backref="difficulty_rules")
    campaign_id: int
    data = peewee.JSONField()
