"""The application's role: what it may do, and what it is refused."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from adapters.postgres.grants import grant_application_role
from adapters.postgres.migrations import MigrationError
from adapters.postgres.pool import create_pool
from adapters.postgres.transaction import PostgresTransaction, begin_on
from adapters.system.new_id import UuidV7
from application.audit.expire_audit_records import ExpireAuditRecords, Expired
from application.audit.seal_audit_log import SealAuditLog
from domain.catalog.dump_rows import Staging
from domain.shared.external_id import ExternalId, MusicService
from domain.shared.ids import BulkChangeId
from tests.builders.accounts import NOW, a_session, a_token, a_user, in_a_week
from tests.builders.audit import a_record
from tests.builders.blocklists import FROM_A_FILE, a_row, a_spotify_id
from tests.builders.transactions import SECRETS


@pytest.fixture
def url(make_database: Callable[[], str]) -> str:
    """A database of one's own, as its owner."""
    return make_database()


@pytest.fixture
def role(url: str) -> Iterator[str]:
    """A role that may sign in and nothing else."""
    role = f"app_{uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("create role {} login password 'app'").format(sql.Identifier(role))
        )
    yield role
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in ("drop owned by {} cascade", "drop role {}"):
            connection.execute(sql.SQL(statement).format(sql.Identifier(role)))


@pytest.fixture
def app_url(url: str, role: str) -> str:
    """The same database, as the application."""
    grant_application_role(url, role)
    return make_conninfo(url, user=role, password="app")


WANTED = {
    "audit_log": {"SELECT", "INSERT"},
    "audit_chain": {"SELECT", "INSERT", "UPDATE"},
    "schema_migrations": {"SELECT"},
}
ROWS = {"SELECT", "INSERT", "UPDATE", "DELETE"}
WANTED |= {staging.value: {*ROWS, "TRUNCATE"} for staging in Staging}
ALL = (*sorted(ROWS), "TRUNCATE", "REFERENCES", "TRIGGER")


def test_the_matrix_of_privileges(url: str, role: str, app_url: str) -> None:
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "select tablename from pg_tables where schemaname = 'public'"
        ).fetchall()
        found = {
            table: {
                privilege
                for privilege in ALL
                if connection.execute(
                    "select has_table_privilege(%s, %s, %s)", [role, table, privilege]
                ).fetchone() == (True,)
            }
            for (table,) in tables
        }  # fmt: skip
        columns = connection.execute(
            "select attname from pg_attribute where attrelid = 'audit_log'::regclass "
            "and attnum > 0 and has_column_privilege(%s, attrelid, attnum, 'update')",
            [role],
        ).fetchall()
        function = "remove_audit_records(bigint)"
        public = connection.execute(
            "select has_function_privilege(%s, %s, 'execute'), "
            "exists (select from pg_proc where proname = 'remove_audit_records' "
            "and proacl::text like '%%{=X%%')",
            [role, function],
        ).fetchone()
    assert len(found) > 10
    assert found == {table: WANTED.get(table, ROWS) for table in found}
    assert {name for (name,) in columns} == {"chain_position", "chain_hash", "ip_address"}
    assert public == (True, False)


ATTEMPTS = [
    "update audit_log set action = 'x'",
    "update audit_log set created_at = now()",
    "delete from audit_log",
    "truncate audit_log",
    "update audit_log set chain_position = chain_position + 1",
    "update audit_log set chain_position = null, chain_hash = null",
    "update audit_log set chain_hash = sha256('x') where chain_hash is not null",
    "update audit_log set ip_address = null",
    "update audit_log set ip_address = '198.51.100.1'",
    "insert into audit_log (id, action, resource_type, request_id, chain_position, chain_hash) "
    "values (gen_random_uuid(), 'x', 'x', 'x', 9, sha256('x'))",
    "select remove_audit_records(1000)",
    "delete from audit_chain",
    "truncate audit_chain",
    "update audit_chain set position = position - 1",
    "alter table audit_log disable trigger all",
    "set session_replication_role = replica",
    "drop table audit_log",
    "drop trigger guard_rows on audit_log",
    "create table mine (id int)",
    "create function mine() returns int language sql as 'select 1'",
    "alter table users add column mine int",
    "create index on users (created_at)",
    "delete from schema_migrations",
    "update schema_migrations set checksum = ''",
]


Begin = Callable[[], AbstractAsyncContextManager[PostgresTransaction]]


@pytest.fixture
async def begin(app_url: str) -> AsyncIterator[Begin]:
    """Transactions of the application."""
    pool = create_pool(app_url, 4)
    await pool.open()
    yield begin_on(pool, SECRETS)
    await pool.close()


async def write(begin: Begin, *ages: int) -> None:
    """Records that are so many days old, sealed."""
    for days in ages:
        async with begin() as tx:
            await tx.audit.append(a_record(created_at=datetime.now(UTC) - timedelta(days=days)))
    await SealAuditLog(begin=begin)()


def rows(url: str) -> list[tuple[object, ...]]:
    """The whole log."""
    with psycopg.connect(url) as connection:
        return connection.execute("select * from audit_log order by id").fetchall()


@pytest.mark.anyio
@pytest.mark.parametrize("attempt", ATTEMPTS)
async def test_the_application_is_refused(begin: Begin, app_url: str, attempt: str) -> None:
    await write(begin, 0, 0)
    before = rows(app_url)
    with (
        psycopg.connect(app_url) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(attempt)
    assert rows(app_url) == before


# The owner of the tables, and superusers as long as they do not switch triggers off.
@pytest.mark.anyio
@pytest.mark.parametrize(
    "attempt",
    [
        "update audit_log set action = 'x'",
        "update audit_log set chain_position = chain_position + 9",
        "update audit_log set ip_address = null where created_at > now() - interval '89 days'",
        "delete from audit_log",
        "delete from audit_log where created_at < now() - interval '366 days'",
        "truncate audit_log",
        "truncate audit_chain",
        "delete from audit_chain",
        "update audit_chain set kind = 'floor', position = position + 1",
        "insert into audit_log (id, action, resource_type, request_id, chain_position, chain_hash)"
        " values (gen_random_uuid(), 'x', 'x', 'x', 9, sha256('x'))",
    ],
)
async def test_so_is_the_owner(begin: Begin, url: str, attempt: str) -> None:
    await write(begin, 400, 0)
    before = rows(url)
    with (
        psycopg.connect(url) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match=r"append-only|moves forward"),
    ):
        connection.execute(attempt)
    assert rows(url) == before


@pytest.mark.anyio
@pytest.mark.parametrize("change", ["action = 'x'", "ip_address = null", "user_id = null"])
async def test_sealing_changes_nothing_else(begin: Begin, url: str, change: str) -> None:
    async with begin() as tx:
        await tx.audit.append(a_record())
    with (
        psycopg.connect(url) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"),
    ):
        connection.execute(
            f"update audit_log set chain_position = 1, chain_hash = sha256('x'), {change}"
        )


@pytest.mark.anyio
async def test_the_application_does_all_of_its_work(begin: Begin) -> None:
    user, new_id = a_user(), UuidV7()
    known = ExternalId(service=MusicService.SPOTIFY, value=a_spotify_id().value)
    async with begin() as tx:
        await tx.users.add(user)
        token = a_token()
        await tx.sessions.open(a_session(user), token, token_expires_at=in_a_week())
        counts = await tx.imports.run(
            user.id,
            [a_row(known)],
            now=NOW,
            new_id=new_id,
            change_id=BulkChangeId(new_id()),
            source=FROM_A_FILE,
            dry_run=False,
        )
        assert counts.added == 1
    await write(begin, 400, 300, 0)
    expire = ExpireAuditRecords(begin=begin, clock=lambda: datetime.now(UTC), new_id=new_id)
    assert await expire() == Expired(addresses=2, records=1)
    await write(begin)


def test_granting_again_takes_back_what_is_too_much(url: str, role: str, app_url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            sql.SQL("grant all on audit_log, schema_migrations to {}").format(sql.Identifier(role))
        )
    grant_application_role(url, role)
    test_the_matrix_of_privileges(url, role, app_url)


def test_a_role_that_is_not_there_or_could_help_itself_is_refused(url: str, role: str) -> None:
    with pytest.raises(MigrationError, match="make it first"):
        grant_application_role(url, "nobody'; drop table users")
    owner = str(conninfo_to_dict(url)["user"])
    with pytest.raises(MigrationError, match="owns tables or administers"):
        grant_application_role(url, owner)
    with psycopg.connect(url) as connection:
        connection.execute("grant delete on audit_log to public")
    with pytest.raises(MigrationError, match="has more than was granted"):
        grant_application_role(url, role)
