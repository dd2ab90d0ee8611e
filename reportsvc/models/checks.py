"""Checks before a person looks: rules as data, what they found, and what they lean on."""

from __future__ import annotations

import peewee

from reportsvc.models.base import Base, UtcDateTimeField
from reportsvc.models.campaigns import Campaign, Indicator, Project, Round
from reportsvc.models.people import Person
from reportsvc.models.reports import Version


class CheckRule(Base):
    """One check of a campaign. ``severity`` is must_fix, explain or look; ``parameters`` are decimal texts by name.

    A rule is never deleted, only made inactive: what it found before says which rule it was.
    """

    campaign = peewee.ForeignKeyField(Campaign, backref="check_rules", on_delete="CASCADE")
    campaign_id: int
    kind = peewee.CharField(max_length=30)
    parameters = peewee.JSONField()
    severity = peewee.CharField(max_length=10)
    active = peewee.BooleanField(default=True)
    position = peewee.IntegerField(default=0)
    person = peewee.ForeignKeyField(Person, backref="+", null=True)
    """Who changed it last."""
    person_id: int | None
    changed_at = UtcDateTimeField(null=True)

    class Meta:
        indexes = ((("campaign", "kind"), True),)


class Flag(Base):
    """What one rule found about one version, or about a project. ``data`` holds the arithmetic, ``path`` the answer.

    ``key`` says rule, version or project, and about what: found again, it is the same flag. A reviewer closes it with a
    ``word``; a closed one stays as it is.
    """

    key = peewee.CharField(max_length=200, unique=True)
    rule = peewee.ForeignKeyField(CheckRule, backref="flags")
    rule_id: int
    version = peewee.ForeignKeyField(Version, backref="flags", null=True)
    version_id: int | None
    project = peewee.ForeignKeyField(Project, backref="flags", null=True)
    project_id: int | None
    severity = peewee.CharField(max_length=10)
    path = peewee.CharField(max_length=120, default="")
    data = peewee.JSONField()
    found_at = UtcDateTimeField()
    word = peewee.CharField(max_length=500, default="")
    closed_by = peewee.ForeignKeyField(Person, backref="+", null=True)
    closed_by_id: int | None
    closed_at = UtcDateTimeField(null=True)


class Spread(Base):
    """How the reports of one category and one quarter spread: median, and median distance from it, in smallest units.

    Worked out by a job, so that sending a report never reads the province.
    """

    round = peewee.ForeignKeyField(Round, backref="spreads", on_delete="CASCADE")
    round_id: int
    category = peewee.CharField(max_length=40)
    indicator = peewee.ForeignKeyField(Indicator, on_delete="CASCADE")
    indicator_id: int
    count = peewee.IntegerField()
    median = peewee.DecimalField(max_digits=24, decimal_places=4)
    distance = peewee.DecimalField(max_digits=24, decimal_places=4)

    class Meta:
        indexes = ((("round", "category", "indicator"), True),)


class CheckTrial(Base):
    """Rules that are tried over a quarter before they are kept: what was asked, and how many reports each would flag.

    ``rules`` is kind → severity, active and parameters as they were typed; ``counts`` kind → reports, once it is done.
    """

    round = peewee.ForeignKeyField(Round, backref="+", on_delete="CASCADE")
    round_id: int
    rules = peewee.JSONField()
    person = peewee.ForeignKeyField(Person, backref="+")
    person_id: int
    asked_at = UtcDateTimeField()
    reports = peewee.IntegerField(default=0)
    counts = peewee.JSONField(default=dict)
    state = peewee.CharField(max_length=10, default="asked")
    done_at = UtcDateTimeField(null=True)
