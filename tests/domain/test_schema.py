"""The migrations end where the models are, on both databases."""

import peewee
import pytest
from playhouse.schema_diff import diff_models

from reportsvc import db, models
from reportsvc.errors import ConfigurationError


def test_migrations_reach_the_models_schema(database: peewee.Database) -> None:
    assert not diff_models(database, models.ALL), str(diff_models(database, models.ALL))
    assert db.pending(database) == []


def test_migrations_make_the_same_columns_as_the_models_would(database: peewee.Database) -> None:
    """diff_models looks at names only; this looks at types and at what may be empty, too."""

    def columns() -> dict[str, list[tuple[str, str, bool]]]:
        return {
            model._meta.table_name: sorted(
                (column.name, column.data_type.lower(), column.null)
                for column in database.get_columns(model._meta.table_name)
            )
            for model in models.ALL
        }

    migrated = columns()
    database.drop_tables(models.ALL)
    database.create_tables(models.ALL)
    assert migrated == columns()


def test_sqlite_is_safe_against_power_cuts_and_dangling_rows(database: peewee.Database) -> None:
    if not isinstance(database, peewee.SqliteDatabase):
        return
    assert database.pragma("journal_mode") == "wal"
    assert database.pragma("synchronous") == 2
    assert database.pragma("foreign_keys") == 1


def test_an_old_sqlite_is_refused_with_the_fix() -> None:
    with pytest.raises(ConfigurationError, match=r"3\.40\.1 can corrupt.*3\.51\.3"):
        db.check_sqlite_version((3, 40, 1))
    db.check_sqlite_version((3, 51, 3))


def test_an_unknown_kind_of_database_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="DATABASE_URL starts with mysql"):
        db.open_database("mysql://localhost/x")
