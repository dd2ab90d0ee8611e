"""Checks before a person looks, what they found, plans of projects, and how a photo looks."""

from __future__ import annotations

import json
from typing import Any

import peewee

DEFAULTS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("evidence", "look", {"photos": "1", "floor": "100000", "text": "10"}),
    ("fell", "explain", {}),
    ("jump", "explain", {"times": "10", "floor": "10000"}),
    ("category", "look", {"limit": "3.5", "least": "5", "times": "10"}),
    ("own", "look", {"limit": "3.5", "least": "5"}),
    ("unpaid", "look", {"least": "1"}),
    ("unused", "look", {"floor": "10000"}),
    ("plan", "explain", {"over": "120", "under": "80"}),
    ("place", "explain", {}),
    ("copied", "look", {"alike": "90", "least": "40"}),
    ("shared_text", "look", {"alike": "90", "least": "40"}),
    ("shared_photo", "look", {"points": "6"}),
    ("twin", "look", {"alike": "90"}),
)
"""What a campaign began with when this script was written; newer ones take reportsvc.projects.rules."""


def up(migrator: Any, db: Any) -> None:
    _tables(db)
    for table in ("photo", "answer_file"):
        migrator.migrate(migrator.add_column(table, "dhash", peewee.CharField(max_length=16, null=True)))
    mark = "%s" if isinstance(db, peewee.PostgresqlDatabase) else "?"
    columns = "campaign_id, kind, parameters, severity, active, position"
    insert = f"INSERT INTO check_rule ({columns}) VALUES ({', '.join([mark] * 6)})"  # noqa: S608 - nothing but marks
    for (campaign,) in db.execute_sql("SELECT id FROM campaign").fetchall():
        for position, (kind, severity, parameters) in enumerate(DEFAULTS):
            db.execute_sql(insert, (campaign, kind, json.dumps(parameters), severity, True, position))


def _tables(db: peewee.Database) -> None:
    class Base(peewee.Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Campaign(Base):
        pass

    class Indicator(Base):
        pass

    class Project(Base):
        pass

    class Round(Base):
        pass

    class Person(Base):
        pass

    class Version(Base):
        pass

    class ProjectPlan(Base):
        project = peewee.ForeignKeyField(Project, backref="+", on_delete="CASCADE")
        indicator = peewee.ForeignKeyField(Indicator, backref="+", on_delete="CASCADE")
        amount = peewee.BigIntegerField()

        class Meta:
            indexes = ((("project", "indicator"), True),)

    class CheckRule(Base):
        campaign = peewee.ForeignKeyField(Campaign, backref="+", on_delete="CASCADE")
        kind = peewee.CharField(max_length=30)
        parameters = peewee.JSONField()
        severity = peewee.CharField(max_length=10)
        active = peewee.BooleanField()
        position = peewee.IntegerField()
        person = peewee.ForeignKeyField(Person, backref="+", null=True)
        changed_at = peewee.DateTimeField(null=True)

        class Meta:
            indexes = ((("campaign", "kind"), True),)

    class Flag(Base):
        key = peewee.CharField(max_length=200, unique=True)
        rule = peewee.ForeignKeyField(CheckRule, backref="+")
        version = peewee.ForeignKeyField(Version, backref="+", null=True)
        project = peewee.ForeignKeyField(Project, backref="+", null=True)
        severity = peewee.CharField(max_length=10)
        path = peewee.CharField(max_length=120)
        data = peewee.JSONField()
        found_at = peewee.DateTimeField()
        word = peewee.CharField(max_length=500)
        closed_by = peewee.ForeignKeyField(Person, backref="+", null=True)
        closed_at = peewee.DateTimeField(null=True)

    class Spread(Base):
        round = peewee.ForeignKeyField(Round, backref="+", on_delete="CASCADE")
        category = peewee.CharField(max_length=40)
        indicator = peewee.ForeignKeyField(Indicator, backref="+", on_delete="CASCADE")
        count = peewee.IntegerField()
        median = peewee.DecimalField(max_digits=24, decimal_places=4)
        distance = peewee.DecimalField(max_digits=24, decimal_places=4)

        class Meta:
            indexes = ((("round", "category", "indicator"), True),)

    class CheckTrial(Base):
        round = peewee.ForeignKeyField(Round, backref="+", on_delete="CASCADE")
        rules = peewee.JSONField()
        person = peewee.ForeignKeyField(Person, backref="+")
        asked_at = peewee.DateTimeField()
        reports = peewee.IntegerField()
        counts = peewee.JSONField()
        state = peewee.CharField(max_length=10)
        done_at = peewee.DateTimeField(null=True)

    db.create_tables([ProjectPlan, CheckRule, Flag, Spread, CheckTrial])
