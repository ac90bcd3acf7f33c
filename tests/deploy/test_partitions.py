"""Outbox and audit log by months: the service does not notice."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from psycopg import sql

from adapters.postgres.grants import grant_application_role
from tests.e2e.process import ROOT, nodrake, running_worker, serving, wait_for
from tests.entrypoints.person import PASSWORD, Person

PARTITIONS = (ROOT / "deploy" / "scaling" / "partitions.sql").read_text("utf-8")


@pytest.fixture
def url(make_database: Callable[[], str], redis_url: str, tmp_path: Path) -> str:
    """A database that was in use before it got its partitions."""
    url = make_database()
    use(url, redis_url, tmp_path / "before.log")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(PARTITIONS)
    return url


def use(url: str, redis_url: str, log: Path) -> None:
    """Somebody registers, changes a list and fails to sign in, and the worker is done with it."""
    settings = {"DATABASE_URL": url, "REDIS_URL": redis_url}
    with (
        serving(log, workers=1, **settings) as served,
        running_worker(settings),
        httpx.Client(base_url=served.url, trust_env=False, timeout=30) as api,
    ):
        ada = Person.register(api, f"{uuid4().hex}@example.org")
        csv = "artist,id\n" + "".join(f"Monthly {n},{n:022}\n" for n in range(50))
        assert ada.import_csv(csv).status_code == 200
        wrong = {"email": ada.email, "password": f"not {PASSWORD}"}
        assert api.post("/api/v1/auth/login", json=wrong).status_code == 401
        wait_for(lambda: not any(_waiting(url)), 30, "the worker has done everything")


def _waiting(url: str) -> tuple[int, int]:
    """Events that are not told, and records that are not sealed."""
    with psycopg.connect(url) as connection:
        events = connection.execute(
            "select count(*) from outbox where relayed_at is null"
        ).fetchone()
        records = connection.execute(
            "select count(*) from audit_log where chain_hash is null"
        ).fetchone()
    assert events is not None
    assert records is not None
    return events[0], records[0]


def test_events_are_told_and_records_are_sealed_over_the_border_of_a_month(
    url: str, redis_url: str, tmp_path: Path
) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for table in ("outbox", "audit_log"):  # as if the month had just ended
            newest = connection.execute(
                sql.SQL("select max(id::text)::uuid from {}").format(sql.Identifier(table))
            ).fetchone()
            assert newest is not None
            before = sql.Identifier(f"{table}_before")
            parent = sql.Identifier(table)
            connection.execute(sql.SQL("alter table {} detach partition {}").format(parent, before))
            border = sql.Literal(str(UUID(int=newest[0].int + 1)))
            connection.execute(
                sql.SQL(
                    "alter table {} attach partition {} for values from (minvalue) to ({})"
                ).format(parent, before, border)
            )
            connection.execute(
                sql.SQL(
                    "create table {} partition of {} for values from ({}) to (uuid_at(date_trunc("
                    "'month', now() at time zone 'utc') at time zone 'utc' + interval '1 month'))"
                ).format(sql.Identifier(f"{table}_now"), parent, border)
            )
    use(url, redis_url, tmp_path / "after.log")
    with psycopg.connect(url) as connection:
        for table in ("outbox_before", "outbox_now", "audit_log_before", "audit_log_now"):
            counted = connection.execute(
                sql.SQL("select count(*) from {}").format(sql.Identifier(table))
            ).fetchone()
            assert counted is not None
            assert counted[0] > 0, table
    verified = nodrake("audit", "verify", DATABASE_URL=url, REDIS_URL=redis_url)
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_the_application_role_may_what_it_could_before(make_database: Callable[[], str]) -> None:
    url, role = make_database(), f"app_{uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as connection:
        name = sql.Identifier(role)
        connection.execute(sql.SQL("create role {}").format(name))
        try:
            grant_application_role(url, role)
            before = rights(connection, role)
            assert before
            connection.execute(PARTITIONS)
            assert rights(connection, role) == before
            grant_application_role(url, role)
            assert rights(connection, role) == before
            connection.execute(sql.SQL("set role {}").format(name))
            for table in ("audit_log", "audit_log_before"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(
                        sql.SQL("update {} set action = 'nothing'").format(sql.Identifier(table))
                    )
            connection.execute("reset role")
            direct = "select has_table_privilege(%s, 'audit_log_before', 'select')"
            assert connection.execute(direct, [role]).fetchone() == (False,)
        finally:
            connection.execute("reset role")
            connection.execute(sql.SQL("drop owned by {}").format(name))
            connection.execute(sql.SQL("drop role {}").format(name))


def rights(
    connection: "psycopg.Connection[tuple[object, ...]]", role: str
) -> list[tuple[object, ...]]:
    """What a role may do with both tables and each of their columns."""
    return connection.execute(
        "select table_name, privilege_type, '' from information_schema.table_privileges "
        "where grantee = %(role)s and table_name in ('outbox', 'audit_log') "
        "union select table_name, privilege_type, column_name "
        "from information_schema.column_privileges "
        "where grantee = %(role)s and table_name in ('outbox', 'audit_log') order by 1, 2, 3",
        {"role": role},
    ).fetchall()


def test_the_log_is_still_append_only_in_whole_and_in_parts(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        parts = connection.execute(
            "select inhrelid::regclass::text from pg_inherits "
            "where inhparent = 'audit_log'::regclass"
        ).fetchall()
        assert len(parts) == 4
        for statement in ("delete from audit_log", "truncate audit_log"):
            with pytest.raises(psycopg.Error, match="append-only"):
                connection.execute(statement)
        for (part,) in parts:
            with pytest.raises(psycopg.Error, match="append-only"):
                connection.execute(sql.SQL("truncate {}").format(sql.Identifier(str(part))))


def test_what_others_may_is_neither_taken_nor_given(make_database: Callable[[], str]) -> None:
    """Rights that may be passed on, rights by default, and tables of the same names elsewhere."""
    url, (reader, friend) = make_database(), (f"{who}_{uuid4().hex[:8]}" for who in "RF")
    names = {"reader": sql.Identifier(reader), "friend": sql.Identifier(friend)}
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in (
            "create role {reader}", "create role {friend}",
            "grant select on outbox to {reader} with grant option",
            "set role {reader}", "grant select on outbox to {friend}", "reset role",
            "create schema elsewhere",
            "create table elsewhere.outbox ()", "create table elsewhere.outbox_before ()",
            "grant all on elsewhere.outbox_before to {friend}",
            "alter default privileges grant all on tables to {friend}",
        ):  # fmt: skip
            connection.execute(sql.SQL(statement).format(**names))
        try:
            connection.execute(PARTITIONS)
            assert ("outbox", "SELECT", "") in rights(connection, reader)
            direct = connection.execute(
                "select relname from pg_class where relispartition and "
                "has_table_privilege(%s, oid, 'select, insert, delete, truncate')",
                [friend],
            ).fetchall()
            assert direct == []
        finally:
            for statement in (
                "alter default privileges revoke all on tables from {friend}",
                "drop owned by {reader}, {friend} cascade", "drop role {reader}, {friend}",
            ):  # fmt: skip
                connection.execute(sql.SQL(statement).format(**names))


def test_months_ahead_are_made_once(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("call add_partitions()")
        rows = connection.execute(
            "select count(*) from pg_inherits "
            "where inhparent in ('outbox'::regclass, 'audit_log'::regclass)"
        ).fetchone()
    assert rows == (8,)
