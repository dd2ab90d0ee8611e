"""How timely a report was and whether it says "nothing", kept with the slot; who asked for a reminder, and when."""

from __future__ import annotations

from typing import Any

import peewee

SQLITE = {
    "late": """
        UPDATE slot SET late = 1 WHERE id IN (
            SELECT version.slot_id FROM version
            JOIN slot AS owed ON owed.id = version.slot_id JOIN round ON round.id = owed.round_id
            WHERE version.number = 1 AND date(version.submitted_at, '+8 hours') > round.due)
    """,
    "nil": """
        UPDATE slot SET nil = 1 WHERE id IN (
            SELECT version.slot_id FROM version JOIN slot AS owed ON owed.id = version.slot_id
            WHERE version.number = owed.current AND json_extract(version.answers, '$.activity') = 'no')
    """,
}
POSTGRESQL = {
    "late": """
        UPDATE slot SET late = true FROM version, round
        WHERE version.slot_id = slot.id AND round.id = slot.round_id
        AND version.number = 1 AND (version.submitted_at + interval '8 hours')::date > round.due
    """,
    "nil": """
        UPDATE slot SET nil = true FROM version
        WHERE version.slot_id = slot.id AND version.number = slot.current
        AND version.answers::jsonb ->> 'activity' = 'no'
    """,
}


def up(migrator: Any, db: Any) -> None:
    class Base(peewee.Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Slot(Base):
        pass

    class Person(Base):
        pass

    class ReminderRequest(Base):
        slot = peewee.ForeignKeyField(Slot, backref="+")
        person = peewee.ForeignKeyField(Person, backref="+")
        day = peewee.DateField()
        asked_at = peewee.DateTimeField()

        class Meta:
            indexes = ((("slot", "day"), True),)

    db.create_tables([ReminderRequest])
    # One statement each, with a default for the rows that stand there already: see 0008.
    for name in ("late", "nil"):
        column = peewee.BooleanField(default=False, constraints=[peewee.SQL("DEFAULT false")])
        migrator.migrate(migrator.add_column("slot", name, column, allow_not_null=True))
    # Until now only a return moved the day on which something is due, so the round's is the one that counted.
    for statement in (SQLITE if isinstance(db, peewee.SqliteDatabase) else POSTGRESQL).values():
        db.execute_sql(statement)
    migrator.migrate(
        migrator.add_index("slot", ("region_id", "round_id", "state", "late", "nil", "due", "revision"), False)
    )
