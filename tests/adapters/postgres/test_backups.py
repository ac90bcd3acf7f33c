"""Dumps of one moment, and what comes back of them."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import msgspec
import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from adapters.postgres.grants import grant_application_role
from adapters.postgres.restoring import Writer, restore, scratch_database, tables_in
from adapters.postgres.snapshots import connected, dumping, table_digests
from domain.shared.backup import BackupError, Manifest, TableDigest, differences
from tests.builders.backups import a_manifest
from tests.services import Services

# A change of each kind that a digest has to see.
CHANGES = (
    "insert into users (id, email, email_key) values (gen_random_uuid(), 'b@x.org', 'b@x.org')",
    "delete from users where email = 'ada@example.org'",
    "update users set email = 'Ada@example.org'",
    "update users set created_at = created_at + interval '1 microsecond'",
)


def quiet(_: str, __: float) -> None:
    """Nobody wants to know."""


def add_person(url: str, name: str = "ada") -> None:
    """Into a database."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "insert into users (id, email, email_key) values (%s, %s, %s)",
            [uuid4(), f"{name}@example.org", f"{name}@example.org"],
        )


def dumped(url: str, meanwhile: Callable[[], None] = lambda: None) -> tuple[bytes, Manifest]:
    """A dump; ``meanwhile`` something happens, after its moment."""
    content = io.BytesIO()
    with dumping(url) as dump:
        meanwhile()
        tables = dump.digests(quiet)
        while part := dump.rows.read(65536):
            content.write(part)
        dump.require_success()
        of = dump.snapshot
        return content.getvalue(), a_manifest(
            tables=tables, roles=of.roles, server=of.server, client=of.client, schema=of.schema
        )


def feeding(content: bytes) -> Callable[[Writer], None]:
    """What writes it."""

    def feed(writer: Writer) -> None:
        writer.write(content)
        writer.flush()

    return feed


def digests(url: str) -> dict[str, TableDigest]:
    """Of all tables, now."""
    with connected(url) as connection:
        return table_digests(connection, quiet)


@contextmanager
def role(server_url: str, *databases: str) -> Iterator[str]:
    """A role that is gone afterwards, with what it was granted in ``databases``."""
    name = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("create role {} login").format(sql.Identifier(name)))
        try:
            yield name
        finally:
            for database in databases:
                with psycopg.connect(database) as owning:
                    owning.execute(sql.SQL("drop owned by {}").format(sql.Identifier(name)))
            connection.execute(sql.SQL("drop role {}").format(sql.Identifier(name)))


def test_what_happens_after_its_moment_is_in_neither_dump_nor_digests(
    make_database: Callable[[], str], services: Services
) -> None:
    url = make_database()
    add_person(url)
    content, manifest = dumped(url, meanwhile=lambda: add_person(url, "eve"))
    assert manifest.tables["users"].rows == 1
    assert differences(manifest.tables, digests(url)) == [
        "user_lists: 2 rows, 1 in the backup",
        "users: 2 rows, 1 in the backup",
    ]
    with scratch_database(services.database_url) as empty:
        assert restore(empty, manifest, feeding(content), quiet) == []
        with psycopg.connect(empty) as connection:
            rows = connection.execute("select email from users").fetchall()
    assert rows == [("ada@example.org",)]
    assert tables_in(manifest, feeding(content)) >= manifest.tables.keys()


def test_rows_that_came_back_otherwise_are_told(
    make_database: Callable[[], str], services: Services
) -> None:
    url = make_database()
    add_person(url)
    content, manifest = dumped(url)
    before = digests(url)
    for change in CHANGES:
        with connected(url) as connection, connection.transaction(force_rollback=True):
            connection.execute(change)
            assert table_digests(connection, quiet) != before, change
    expected = dict(manifest.tables)
    expected["users"] = msgspec.structs.replace(expected["users"], digest="f" * 32)
    altered = msgspec.structs.replace(manifest, tables=expected)
    with scratch_database(services.database_url) as empty:
        assert restore(empty, altered, feeding(content), quiet) == [
            "users: 1 rows as in the backup, but not the same ones"
        ]


def test_it_keeps_who_may_do_what(make_database: Callable[[], str], services: Services) -> None:
    url = make_database()
    with role(services.database_url, url) as application:
        grant_application_role(url, application)
        content, manifest = dumped(url)
        assert manifest.roles == (application,)
        with scratch_database(services.database_url) as empty:
            assert restore(empty, manifest, feeding(content), quiet) == []
            for database in (url, empty):
                with psycopg.connect(database) as connection:
                    row = connection.execute(
                        "select has_table_privilege(%(r)s, 'users', 'insert'), "
                        "has_table_privilege(%(r)s, 'audit_log', 'delete'), "
                        "has_schema_privilege(%(r)s, 'public', 'create'), "
                        "has_function_privilege(%(r)s, 'remove_audit_records(bigint)', 'execute'), "
                        "has_function_privilege('pg_monitor', 'remove_audit_records(bigint)', "
                        "'execute')",
                        {"r": application},
                    ).fetchone()
                assert row == (True, False, False, True, False), database
        elsewhere = msgspec.structs.replace(manifest, roles=("nobody_made_me",))
        with (
            scratch_database(services.database_url) as empty,
            pytest.raises(BackupError, match="create role nobody_made_me login"),
        ):
            restore(empty, elsewhere, feeding(content), quiet)


def test_an_ordinary_owner_can_take_it_back(
    make_database: Callable[[], str], services: Services
) -> None:
    url = make_database()
    add_person(url)
    content, manifest = dumped(url)
    with (
        role(services.database_url) as owner,
        scratch_database(services.database_url) as empty,
    ):
        name = sql.Identifier(str(conninfo_to_dict(empty)["dbname"]))
        with psycopg.connect(services.database_url, autocommit=True) as connection:
            statement = sql.SQL("alter database {} owner to {}")
            connection.execute(statement.format(name, sql.Identifier(owner)))
        into = make_conninfo(empty, user=owner)
        assert restore(into, manifest, feeding(content), quiet) == []


def test_what_is_there_is_never_overwritten(make_database: Callable[[], str]) -> None:
    url = make_database()
    add_person(url)
    content, manifest = dumped(url)
    before = digests(url)
    with pytest.raises(BackupError, match="is not empty, it has public"):
        restore(url, manifest, feeding(content), quiet)
    assert digests(url) == before


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_dump_that_breaks_off_changes_nothing(
    make_database: Callable[[], str], services: Services, share: float
) -> None:
    url = make_database()
    add_person(url)
    content, manifest = dumped(url)
    part = content[: int(len(content) * share)]

    def break_off(writer: Writer) -> None:
        writer.write(part)
        writer.flush()
        raise BackupError("the backup is damaged")

    with scratch_database(services.database_url) as empty:
        for feed, told in ((break_off, "is damaged"), (feeding(part), "pg_restore failed")):
            with pytest.raises(BackupError, match=told):
                restore(empty, manifest, feed, quiet)
            assert digests(empty) == {}
        assert restore(empty, manifest, feeding(content), quiet) == []


def test_a_backup_of_a_later_server_is_refused(
    make_database: Callable[[], str], services: Services
) -> None:
    content, manifest = dumped(make_database())
    with scratch_database(services.database_url) as empty:
        later = msgspec.structs.replace(manifest, server=manifest.server + 1)
        with pytest.raises(BackupError, match="restore it into version"):
            restore(empty, later, feeding(content), quiet)


def test_a_database_of_somebody_else_is_not_backed_up(database_url: str) -> None:
    with pytest.raises(BackupError, match="has no schema of ours"), dumping(database_url):
        pass


def test_what_is_thrown_away_is_never_the_database_that_the_query_names(database_url: str) -> None:
    name = conninfo_to_dict(database_url)["dbname"]
    address = f"{database_url}{'&' if '?' in database_url else '?'}dbname={name}"
    with scratch_database(address) as empty, connected(empty) as connection:
        row = connection.execute("select current_database()").fetchone()
    assert row is not None
    assert row[0].startswith("nodrake_verify_")


def test_databases_that_killed_processes_have_left_go_and_those_in_use_stay(
    services: Services,
) -> None:
    def there() -> set[str]:
        with connected(services.database_url) as connection:
            return {row[0] for row in connection.execute("select datname from pg_database")}

    left = f"nodrake_verify_{uuid4().hex[:12]}"
    with connected(services.database_url) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(left)))
    with scratch_database(services.database_url) as first:
        assert left not in there()
        with scratch_database(services.database_url):
            assert conninfo_to_dict(first)["dbname"] in there()
