"""Since when a report waits, how long a level has, what is said about answers, and what was moved at once."""

from __future__ import annotations

from typing import Any

import peewee


def up(migrator: Any, db: peewee.Database) -> None:
    class Base(peewee.Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Slot(Base):
        pass

    class Person(Base):
        pass

    class Region(Base):
        code = peewee.CharField(max_length=6, primary_key=True)

    class CommentThread(Base):
        slot = peewee.ForeignKeyField(Slot, backref="+", on_delete="CASCADE")
        path = peewee.CharField(max_length=200)
        internal = peewee.BooleanField()
        resolved_by = peewee.ForeignKeyField(Person, backref="+", null=True)
        resolved_at = peewee.DateTimeField(null=True)

        class Meta:
            indexes = ((("slot", "path", "internal"), True),)

    class Comment(Base):
        thread = peewee.ForeignKeyField(CommentThread, backref="+", on_delete="CASCADE")
        person = peewee.ForeignKeyField(Person, backref="+")
        region = peewee.ForeignKeyField(Region, backref="+", null=True)
        text = peewee.TextField()
        at = peewee.DateTimeField()

    class ReviewBatch(Base):
        person = peewee.ForeignKeyField(Person, backref="+")
        region = peewee.ForeignKeyField(Region, backref="+")
        at = peewee.DateTimeField()
        fen = peewee.BigIntegerField()
        refused = peewee.JSONField()
        undone_at = peewee.DateTimeField(null=True)

    class ReviewBatchSlot(Base):
        batch = peewee.ForeignKeyField(ReviewBatch, backref="+", on_delete="CASCADE")
        slot = peewee.ForeignKeyField(Slot, backref="+", on_delete="CASCADE")
        revision = peewee.IntegerField()

        class Meta:
            indexes = ((("batch", "slot"), True),)

    db.create_tables([CommentThread, Comment, ReviewBatch, ReviewBatchSlot])
    days = peewee.IntegerField(default=5, constraints=[peewee.SQL("DEFAULT 5")])
    migrator.migrate(
        migrator.add_column("slot", "waiting_since", peewee.DateField(null=True)),
        migrator.add_column("campaign", "review_days", days, allow_not_null=True),
        migrator.add_index("slot", ("state", "waiting_at_id", "round_id", "waiting_since")),
        migrator.add_index("slot", ("round_id", "region_id", "state", "waiting_at_id")),
    )
    # What waits already has waited since its last step; to the day, by the clock of UTC, is near enough.
    run: Any = db.execute_sql
    run(
        "UPDATE slot SET waiting_since = (SELECT CAST(MAX(event.at) AS date) FROM event WHERE event.slot_id = slot.id) "
        "WHERE waiting_at_id IS NOT NULL"
        if not isinstance(db, peewee.SqliteDatabase)
        else "UPDATE slot SET waiting_since = (SELECT date(MAX(event.at)) FROM event WHERE event.slot_id = slot.id) "
        "WHERE waiting_at_id IS NOT NULL"
    )
