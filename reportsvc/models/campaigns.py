"""Campaigns, their indicators, forms, projects and rounds."""

from __future__ import annotations

import peewee

from reportsvc.models.base import Base, UtcDateTimeField
from reportsvc.models.people import Organization, Person
from reportsvc.models.places import Region


class Campaign(Base):
    """A programme over years (行动), with its own categories, route of review and kinds of money.

    ``route`` lists the levels that review, lowest first; each has ``review_days`` working days before the one above may
    act in its place. ``fund_kinds`` lists the indicators whose sum is "funds".
    """

    code = peewee.CharField(max_length=40, unique=True)
    name = peewee.CharField(max_length=200)
    province = peewee.ForeignKeyField(Region)
    province_id: str
    starts = peewee.DateField()
    ends = peewee.DateField(null=True)
    route = peewee.JSONField()
    review_days = peewee.IntegerField(default=5)
    categories = peewee.JSONField()
    fund_kinds = peewee.JSONField()
    circular = peewee.JSONField()
    created_at = UtcDateTimeField()


class Indicator(Base):
    """A named quantity with its unit, kind and rules of summing.

    A figure's integer counts ``10 ** -scale`` of the unit: money has the unit 元 and the scale 2, so it counts fen.
    """

    campaign = peewee.ForeignKeyField(Campaign, backref="indicators", on_delete="CASCADE")
    campaign_id: int
    code = peewee.CharField(max_length=60)
    name = peewee.CharField(max_length=60)
    unit = peewee.CharField(max_length=20)
    measure = peewee.CharField(max_length=12)
    kind = peewee.CharField(max_length=12)
    time_rule = peewee.CharField(max_length=8)
    partner_rule = peewee.CharField(max_length=8)
    scale = peewee.IntegerField(default=0)
    position = peewee.IntegerField(default=0)

    class Meta:
        indexes = ((("campaign", "code"), True),)


class FormVersion(Base):
    """One published version of a form. Never altered once it stands here."""

    form_id = peewee.CharField(max_length=60)
    number = peewee.IntegerField()
    title = peewee.CharField(max_length=200)
    filename = peewee.CharField(max_length=200)
    source = peewee.BlobField()
    definition = peewee.JSONField()
    sha256 = peewee.CharField(max_length=64)
    created_at = UtcDateTimeField()

    class Meta:
        indexes = ((("form_id", "number"), True),)


class FormProposal(Base):
    """A spreadsheet that could become a version: read and looked at, but asked of nobody.

    ``files`` holds the CSV files that came with it, by name, in base64; ``warnings`` what its importer told. Once it is
    published, ``version`` is what it became; the row then says who did it.
    """

    campaign = peewee.ForeignKeyField(Campaign)
    campaign_id: int
    form_id = peewee.CharField(max_length=60)
    title = peewee.CharField(max_length=200)
    filename = peewee.CharField(max_length=200)
    source = peewee.BlobField()
    files = peewee.JSONField()
    definition = peewee.JSONField()
    warnings = peewee.JSONField()
    sha256 = peewee.CharField(max_length=64)
    person = peewee.ForeignKeyField(Person, backref="+")
    person_id: int
    created_at = UtcDateTimeField()
    version = peewee.ForeignKeyField(FormVersion, backref="proposals", null=True)
    version_id: int | None
    publisher = peewee.ForeignKeyField(Person, backref="+", null=True)
    publisher_id: int | None
    published_at = UtcDateTimeField(null=True)


class Project(Base):
    """A piece of work of a campaign: one lead, any number of partners, in any number of counties.

    ``state``, ``light`` and ``why`` are what :mod:`reportsvc.checklist.rules` worked out on the day ``worked_out``, so
    that thousands can be listed by them; that day is empty when something has happened since. ``override`` is what a
    person set instead. ``closing`` is empty, asked or closed, ``outcome`` then done or ended_early. A project that was
    merged into another has ``merged_into``, and leads there. ``revision`` grows with every change of this row.
    """

    campaign = peewee.ForeignKeyField(Campaign, backref="projects")
    campaign_id: int
    code = peewee.CharField(max_length=40)
    name = peewee.CharField(max_length=200)
    category = peewee.CharField(max_length=40, index=True)
    lead = peewee.ForeignKeyField(Organization, backref="led")
    lead_id: int
    region = peewee.ForeignKeyField(Region)
    region_id: str
    village = peewee.CharField(max_length=60, default="")
    executor = peewee.CharField(max_length=200, default="")
    organizer = peewee.CharField(max_length=200, default="")
    sample = peewee.BooleanField(default=False)
    deadline = peewee.DateField(null=True)
    owner = peewee.ForeignKeyField(Person, backref="+", null=True)
    owner_id: int | None
    signed_on = peewee.DateField(null=True)
    state = peewee.CharField(max_length=20, default="")
    light = peewee.CharField(max_length=10, default="")
    why = peewee.JSONField(default=dict)
    worked_out = peewee.DateField(null=True)
    override = peewee.JSONField(default=dict)
    closing = peewee.CharField(max_length=10, default="")
    outcome = peewee.CharField(max_length=20, default="")
    merged_into = peewee.ForeignKeyField("self", backref="merged", null=True)
    merged_into_id: int | None
    revision = peewee.IntegerField(default=0)

    class Meta:
        indexes = (
            (("campaign", "code"), True),
            (("campaign", "light"), False),
            (("campaign", "worked_out"), False),
        )


class ProjectCounty(Base):
    """A county that a project takes place in."""

    project = peewee.ForeignKeyField(Project, backref="places", on_delete="CASCADE")
    project_id: int
    region = peewee.ForeignKeyField(Region)
    region_id: str

    class Meta:
        indexes = ((("project", "region"), True),)


class ProjectPlan(Base):
    """What a project set out to reach of one indicator by its end; ``amount`` counts ``10 ** -indicator.scale``."""

    project = peewee.ForeignKeyField(Project, backref="plans", on_delete="CASCADE")
    project_id: int
    indicator = peewee.ForeignKeyField(Indicator, on_delete="CASCADE")
    indicator_id: int
    amount = peewee.BigIntegerField()

    class Meta:
        indexes = ((("project", "indicator"), True),)


class Participation(Base):
    """One organization's part in one project: ``lead`` or ``partner``."""

    project = peewee.ForeignKeyField(Project, backref="participations", on_delete="CASCADE")
    project_id: int
    organization = peewee.ForeignKeyField(Organization, backref="participations")
    organization_id: int
    role = peewee.CharField(max_length=10)

    class Meta:
        indexes = ((("project", "organization"), True),)


class Round(Base):
    """One quarter of one campaign (填报期): opens, is due, closes. Days count in China Standard Time."""

    campaign = peewee.ForeignKeyField(Campaign, backref="rounds")
    campaign_id: int
    year = peewee.IntegerField()
    quarter = peewee.IntegerField()
    form_version = peewee.ForeignKeyField(FormVersion)
    form_version_id: int
    opens = peewee.DateField()
    due = peewee.DateField()
    closes = peewee.DateField()
    created_by = peewee.ForeignKeyField(Person, null=True)
    created_by_id: int | None

    class Meta:
        indexes = ((("campaign", "year", "quarter"), True),)
