"""The service's own role: it can do its work, and none of what only a migration does."""

from collections.abc import Iterator
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from adapters.postgres.grants import LIMITED, grant_to
from adapters.postgres.migrations import MigrationError, migrate

RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


@pytest.fixture
def role(database_url: str) -> Iterator[str]:
    """A role that may sign in, after a migration that granted it what it needs."""
    name = f"app_{uuid4().hex[:12]}"
    migrate(database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("create role {} login password 'app'").format(sql.Identifier(name))
        )
    grant_to(database_url, name)
    yield name
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(sql.SQL("drop owned by {}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("drop role {}").format(sql.Identifier(name)))


def rights(url: str, role: str) -> dict[str, set[str]]:
    """What the role may do with each table."""
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "select tablename, p, has_table_privilege(%s, format('public.%%I', tablename), p)"
            " from pg_tables cross join unnest(%s::text[]) p where schemaname = 'public'",
            [role, list(RIGHTS)],
        ).fetchall()
    tables: dict[str, set[str]] = {table: set() for table, _, _ in found}
    for table, right, granted in found:
        tables[table] |= {right.lower()} if granted else set()
    return tables


def test_it_may_read_and_write_every_table_but_those_that_are_limited(
    database_url: str, role: str
) -> None:
    found = rights(database_url, role)
    assert len(found) > 10
    for table, granted in found.items():
        assert granted == set(LIMITED.get(table, ("select", "insert", "update", "delete"))), table


def test_the_audit_log_can_only_grow(database_url: str, role: str) -> None:
    assert rights(database_url, role)["audit_log"] == {"select", "insert"}


@pytest.mark.parametrize(
    "statement",
    [
        "create table x ()",
        "alter table users add column x text",
        "drop table users",
        "truncate users",
        "update audit_log set action = ''",
        "delete from audit_log",
        "update schema_migrations set version = 1",
        "alter role current_user superuser",
        "create role x",
        "set role postgres",
        "copy users to program 'cat'",
    ],
)
def test_it_can_do_nothing_to_the_schema(database_url: str, role: str, statement: str) -> None:
    with _as(database_url, role) as connection, pytest.raises(psycopg.Error):
        connection.execute(statement)


def test_granting_again_takes_away_what_was_too_much(database_url: str, role: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("grant all on all tables in schema public to {}").format(sql.Identifier(role))
        )
        connection.execute("create table newer ()")
    grant_to(database_url, role)
    found = rights(database_url, role)
    assert found["audit_log"] == {"select", "insert"}
    assert found["newer"] == {"select", "insert", "update", "delete"}


def test_a_role_that_is_not_there_or_a_superuser_is_refused(database_url: str) -> None:
    with pytest.raises(MigrationError, match="there is no role"):
        grant_to(database_url, "nobody_at_all")
    with psycopg.connect(database_url) as connection:
        user = connection.info.user
    with pytest.raises(MigrationError, match="superuser"):
        grant_to(database_url, user)


def _as(url: str, role: str) -> "psycopg.Connection[tuple[object, ...]]":
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return psycopg.connect(parts._replace(netloc=f"{role}:app@{host}").geturl(), autocommit=True)
