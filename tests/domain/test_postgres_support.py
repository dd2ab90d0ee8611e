"""The PostgreSQL that the other tests stand on works, with the drivers that the service uses."""

from collections.abc import Iterator

import psycopg
import pytest
from playhouse.db_url import connect
from playhouse.pool import PooledPostgresqlDatabase

from tests.support.postgres import Postgres, postgres_server


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres_server() as running:
        yield running


def fill(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE counties (name text)")
        connection.execute("INSERT INTO counties VALUES ('阜平县')")


def test_databases_copied_from_a_template_do_not_see_each_other(server: Postgres) -> None:
    first, second = (server.create(server.template("filled", fill)) for _ in range(2))
    with psycopg.connect(first) as connection:
        connection.execute("DELETE FROM counties")
    with psycopg.connect(second) as connection:
        assert connection.execute("SELECT name FROM counties").fetchall() == [("阜平县",)]


def test_the_address_works_as_a_database_url(server: Postgres) -> None:
    url = server.create()
    pooled = PooledPostgresqlDatabase(url, prefer_psycopg3=True, max_connections=4)
    by_url = connect(url, prefer_psycopg3=True)
    for database in (pooled, by_url):
        with database.connection_context():
            version = database.execute_sql("SHOW server_version").fetchone()[0]
            assert int(version.partition(".")[0]) >= 16
    pooled.close_all()


def test_a_database_can_be_dropped_while_somebody_is_connected(server: Postgres) -> None:
    url = server.create()
    with psycopg.connect(url) as connection:
        server.drop(url)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
