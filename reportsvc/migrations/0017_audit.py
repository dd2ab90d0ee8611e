"""The log of every change, which the database itself refuses to change."""

from __future__ import annotations

from typing import Any

import peewee

SQLITE = (
    "CREATE TRIGGER audit_entry_not_changed BEFORE UPDATE ON audit_entry "
    "BEGIN SELECT RAISE(ABORT, 'audit_entry is only ever added to'); END",
    "CREATE TRIGGER audit_entry_not_deleted BEFORE DELETE ON audit_entry "
    "BEGIN SELECT RAISE(ABORT, 'audit_entry is only ever added to'); END",
)
POSTGRES = (
    "CREATE FUNCTION audit_entry_stays() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'audit_entry is only ever added to'; END $$",
    "CREATE TRIGGER audit_entry_not_changed BEFORE UPDATE OR DELETE ON audit_entry "
    "FOR EACH ROW EXECUTE FUNCTION audit_entry_stays()",
    "CREATE TRIGGER audit_entry_not_emptied BEFORE TRUNCATE ON audit_entry "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_stays()",
)


def up(migrator: Any, db: peewee.Database) -> None:
    class Base(peewee.Model):
        class Meta:
            database = db
            legacy_table_names = False

    class AuditPending(Base):
        at = peewee.DateTimeField()
        actor = peewee.IntegerField(null=True)
        area = peewee.CharField(max_length=20)
        action = peewee.CharField(max_length=40)
        subject = peewee.CharField(max_length=60)
        place = peewee.CharField(max_length=40)
        data = peewee.TextField()

    class AuditEntry(Base):
        sequence = peewee.BigIntegerField(primary_key=True)
        at = peewee.DateTimeField()
        actor = peewee.IntegerField(null=True)
        area = peewee.CharField(max_length=20)
        action = peewee.CharField(max_length=40)
        subject = peewee.CharField(max_length=60)
        place = peewee.CharField(max_length=40)
        data = peewee.TextField()
        previous = peewee.CharField(max_length=64)
        hash = peewee.CharField(max_length=64, unique=True)

        class Meta:
            indexes = (
                (("at", "sequence"), False),
                (("actor", "at"), False),
                (("area", "at"), False),
                (("area", "action", "at"), False),
                (("subject", "at"), False),
                (("place", "at"), False),
            )

    db.create_tables([AuditPending, AuditEntry])
    # A dropped table takes its triggers along and asks them nothing.
    for statement in SQLITE if isinstance(db, peewee.SqliteDatabase) else POSTGRES:
        db.execute_sql(statement)  # type: ignore[no-untyped-call]
