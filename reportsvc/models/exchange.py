"""What comes in and goes out: workbooks to import, campaigns to take away, tokens, webhooks and their deliveries."""

from __future__ import annotations

import peewee

from reportsvc.models.base import Base, UtcDateTimeField
from reportsvc.models.campaigns import Campaign
from reportsvc.models.people import Person
from reportsvc.models.places import Region
from reportsvc.models.publishing import Attachment


class SheetImport(Base):
    """A workbook that was uploaded to be imported.

    ``state`` is asked, checking, checked (may be applied), wrong (has problems), applying, applied, failed or
    discarded. ``counts`` says of each sheet how many rows are new, changed, the same and wrong; ``digest`` is of all
    that the preview showed, so that nothing else is ever applied. ``marked`` is the workbook with its wrong cells
    marked. ``times`` counts how often it was checked. ``mapping`` names the legacy form's columns, empty for our own
    template.
    """

    campaign = peewee.ForeignKeyField(Campaign)
    campaign_id: int
    filename = peewee.CharField(max_length=200)
    source = peewee.ForeignKeyField(Attachment, backref="+")
    source_id: int
    marked = peewee.ForeignKeyField(Attachment, backref="+", null=True)
    marked_id: int | None
    mapping_id = peewee.IntegerField(null=True)
    target_id = peewee.IntegerField(null=True)
    """Id of the round that a legacy form is for."""
    state = peewee.CharField(max_length=12)
    times = peewee.IntegerField(default=1)
    counts = peewee.JSONField(default=dict)
    digest = peewee.CharField(max_length=64, default="")
    person = peewee.ForeignKeyField(Person, backref="+")
    person_id: int
    created_at = UtcDateTimeField()
    applied_at = UtcDateTimeField(null=True)

    class Meta:
        indexes = ((("campaign", "created_at"), False),)


class ImportLine(Base):
    """One row of an import's preview. ``outcome`` is new, changed, same or wrong.

    Of a wrong one ``cell`` is where (``B17``), ``message`` a message id and ``details`` its values; of a changed one
    ``details`` is a list of [column, before, after].
    """

    work = peewee.ForeignKeyField(SheetImport, backref="lines", on_delete="CASCADE")
    work_id: int
    sheet = peewee.CharField(max_length=20)
    row = peewee.IntegerField()
    outcome = peewee.CharField(max_length=8)
    title = peewee.CharField(max_length=260)
    cell = peewee.CharField(max_length=12, default="")
    column = peewee.CharField(max_length=60, default="")
    message = peewee.TextField(default="")
    details = peewee.JSONField()

    class Meta:
        indexes = ((("work", "outcome", "id"), False),)


class SheetMapping(Base):
    """Which column of a spreadsheet of somebody's own answers which question of a form; ``columns`` is by question."""

    campaign = peewee.ForeignKeyField(Campaign)
    campaign_id: int
    form_id = peewee.CharField(max_length=60)
    name = peewee.CharField(max_length=60)
    sheet = peewee.CharField(max_length=60)
    header_row = peewee.IntegerField()
    columns = peewee.JSONField()
    person = peewee.ForeignKeyField(Person, backref="+")
    person_id: int
    created_at = UtcDateTimeField()

    class Meta:
        indexes = ((("campaign", "name"), True),)


class CampaignExport(Base):
    """A whole campaign as a zip: asked for, making, made or failed. ``regions`` is whose reports are in it."""

    campaign = peewee.ForeignKeyField(Campaign)
    campaign_id: int
    regions = peewee.JSONField()
    personal = peewee.JSONField()
    """The regions among them whose reporters' names and numbers are in it."""
    state = peewee.CharField(max_length=12)
    attachment = peewee.ForeignKeyField(Attachment, backref="+", null=True)
    attachment_id: int | None
    person = peewee.ForeignKeyField(Person, backref="+")
    person_id: int
    created_at = UtcDateTimeField()

    class Meta:
        indexes = ((("person", "created_at"), False),)


class ApiToken(Base):
    """A key to the read-only API, over one region. Only a keyed hash of it is kept."""

    person = peewee.ForeignKeyField(Person, on_delete="CASCADE")
    person_id: int
    region = peewee.ForeignKeyField(Region, backref="+")
    region_id: str
    name = peewee.CharField(max_length=60)
    secret_hash = peewee.CharField(max_length=64, unique=True)
    created_at = UtcDateTimeField()
    expires_at = UtcDateTimeField()
    revoked_at = UtcDateTimeField(null=True)
    used_at = UtcDateTimeField(null=True)


class Hook(Base):
    """An address that is told of events in a region. ``secret`` is encrypted; ``events`` names what it is told of."""

    person = peewee.ForeignKeyField(Person, backref="+")
    person_id: int
    region = peewee.ForeignKeyField(Region, backref="+")
    region_id: str
    address = peewee.CharField(max_length=500)
    secret = peewee.CharField(max_length=300)
    events = peewee.JSONField()
    created_at = UtcDateTimeField()
    ended_at = UtcDateTimeField(null=True)


class Delivery(Base):
    """One event on its way to one address: due, sent or failed. Written in the transaction of the event itself."""

    hook = peewee.ForeignKeyField(Hook, backref="deliveries", on_delete="CASCADE")
    hook_id: int
    event = peewee.CharField(max_length=30)
    uuid = peewee.CharField(max_length=36, unique=True)
    body = peewee.TextField()
    state = peewee.CharField(max_length=8, default="due")
    tries = peewee.IntegerField(default=0)
    status = peewee.IntegerField(default=0)
    error = peewee.CharField(max_length=300, default="")
    created_at = UtcDateTimeField()
    due_at = UtcDateTimeField()
    sent_at = UtcDateTimeField(null=True)

    class Meta:
        indexes = ((("state", "due_at"), False), (("hook", "id"), False))
