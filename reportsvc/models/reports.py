"""From the obligation to the figure: slots, drafts, versions, figures, and the log of what happened."""

from __future__ import annotations

import peewee

from reportsvc.models.base import Base, UtcDateTimeField
from reportsvc.models.campaigns import FormVersion, Indicator, Project, Round
from reportsvc.models.people import Organization, Person
from reportsvc.models.places import Region


class Slot(Base):
    """Who owes which report: unique (round, project, organization). The denominator of every rate.

    ``merged_from`` is 0, or the id of the project that it was opened for when that one was merged into ``project``:
    so both reports stay where two of one organization meet, and a total goes on counting each as it did.

    ``waiting_at`` is the region whose reviewers act next, while the slot is in review, and ``waiting_since`` the day on
    which it came to them. ``revision`` grows by one with every move, so that two people never move a slot from the same
    state. ``current`` is the number of the newest version, 0 before the first. ``late`` says whether the first
    version came after the day on which it was due then, ``nil`` whether the newest says that nothing was done
    (:mod:`reportsvc.reports.outcomes`).
    """

    round = peewee.ForeignKeyField(Round, backref="slots")
    round_id: int
    project = peewee.ForeignKeyField(Project, backref="slots")
    project_id: int
    organization = peewee.ForeignKeyField(Organization, backref="slots")
    organization_id: int
    role = peewee.CharField(max_length=10)
    region = peewee.ForeignKeyField(Region)
    region_id: str
    state = peewee.CharField(max_length=20, default="open")
    waiting_at = peewee.ForeignKeyField(Region, null=True)
    waiting_at_id: str | None
    waiting_since = peewee.DateField(null=True)
    due = peewee.DateField()
    revision = peewee.IntegerField(default=0)
    current = peewee.IntegerField(default=0)
    reason = peewee.TextField(default="")
    late = peewee.BooleanField(default=False)
    nil = peewee.BooleanField(default=False)
    merged_from = peewee.IntegerField(default=0)

    class Meta:
        indexes = (
            (("round", "project", "organization", "merged_from"), True),
            (("waiting_at", "state"), False),
            (("round", "state"), False),
            (("state", "waiting_at", "round", "waiting_since"), False),
            (("round", "region", "state", "waiting_at"), False),
            # Holds all that the picture of a quarter counts, so that no row is read for it.
            (("region", "round", "state", "late", "nil", "due", "revision"), False),
        )


class ReminderRequest(Base):
    """Somebody at a desk asked that an organization be reminded of a report; at most once a day for each."""

    slot = peewee.ForeignKeyField(Slot, backref="reminders")
    slot_id: int
    person = peewee.ForeignKeyField(Person)
    person_id: int
    day = peewee.DateField()
    asked_at = UtcDateTimeField()

    class Meta:
        indexes = ((("slot", "day"), True),)


class Draft(Base):
    """Answers that nobody has submitted yet. ``submission`` is made with the draft: it makes a resend harmless.

    ``writers`` is section → the id of the page that saved it last, so that a page is never told of its own earlier save
    as of another device's.
    ``explanations`` holds what was typed about values that look wrong, as it was typed, by the key of the doubt.
    """

    slot = peewee.ForeignKeyField(Slot, unique=True, backref="drafts", on_delete="CASCADE")
    slot_id: int
    person = peewee.ForeignKeyField(Person)
    person_id: int
    form_version = peewee.ForeignKeyField(FormVersion)
    form_version_id: int
    answers = peewee.JSONField()
    writers = peewee.JSONField(default=dict)
    revision = peewee.IntegerField(default=1)
    submission = peewee.CharField(max_length=36)
    updated_at = UtcDateTimeField()
    explanations = peewee.JSONField(default=dict)


class Version(Base):
    """What was submitted, never changed. A correction is a new version of the same slot.

    ``explanations`` holds what looked wrong when it was sent, with both values and what was said to it, by indicator.
    """

    slot = peewee.ForeignKeyField(Slot, backref="versions")
    slot_id: int
    number = peewee.IntegerField()
    form_version = peewee.ForeignKeyField(FormVersion)
    form_version_id: int
    answers = peewee.JSONField()
    sha256 = peewee.CharField(max_length=64)
    person = peewee.ForeignKeyField(Person, null=True)
    person_id: int | None
    submission = peewee.CharField(max_length=36, unique=True)
    receipt = peewee.CharField(max_length=24, unique=True)
    source = peewee.CharField(max_length=60, default="phone")
    submitted_at = UtcDateTimeField()
    explanations = peewee.JSONField(default=dict)

    class Meta:
        indexes = ((("slot", "number"), True),)


class Figure(Base):
    """One quantity of one indicator, in one place, from one version. Written at approval.

    ``region`` is the county where that is known, else the smallest region that holds all the project's counties.
    ``value`` counts ``10 ** -indicator.scale`` of the indicator's unit.
    """

    version = peewee.ForeignKeyField(Version, backref="figures")
    version_id: int
    indicator = peewee.ForeignKeyField(Indicator)
    indicator_id: int
    region = peewee.ForeignKeyField(Region)
    region_id: str
    value = peewee.BigIntegerField()
    path = peewee.CharField(max_length=80)

    class Meta:
        indexes = ((("version", "indicator", "path"), True), (("indicator", "version"), False))


class Event(Base):
    """One thing that happened to a slot. Append-only."""

    slot = peewee.ForeignKeyField(Slot, backref="events")
    slot_id: int
    action = peewee.CharField(max_length=30)
    before = peewee.CharField(max_length=20)
    after = peewee.CharField(max_length=20)
    person = peewee.ForeignKeyField(Person, null=True)
    person_id: int | None
    version = peewee.ForeignKeyField(Version, null=True)
    version_id: int | None
    reason = peewee.TextField(default="")
    data = peewee.JSONField()
    at = UtcDateTimeField()
