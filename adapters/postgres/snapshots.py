"""A moment of the database: what is in its tables just then, and pg_dump reading the same."""

import select
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

import msgspec
import psycopg
from psycopg import sql

from adapters.postgres.client_tools import KEEPALIVE, ClientProcess, find_tools, running
from adapters.postgres.pool import CONNECT_TIMEOUT_SECONDS
from domain.audit.chain import Mark
from domain.shared.backup import BackupError, TableDigest

Connection = psycopg.Connection[tuple[Any, ...]]

_SILENCE_SECONDS = 300.0
_CANCEL_SECONDS = 5.0
_OPTIONS = (
    "--format=custom",
    "--no-unlogged-table-data",  # what a crash may empty is not worth keeping
    "--no-publications",
    "--no-subscriptions",
    "--lock-wait-timeout=30s",
)
# One form for each value, whatever the server or the role is set to, and no end to waiting.
_SESSION = """
select set_config(name, value, false)
from (values ('statement_timeout', '0'), ('transaction_timeout', '0'),
             ('idle_in_transaction_session_timeout', '0'), ('idle_session_timeout', '0'),
             ('lock_timeout', '30000'),
             ('datestyle', 'ISO, YMD'), ('intervalstyle', 'postgres'), ('timezone', 'UTC'),
             ('extra_float_digits', '1'), ('bytea_output', 'hex')) wanted (name, value)
join pg_settings using (name)
"""
_TABLES = """
select c.relname, greatest(c.reltuples, 0)::bigint
from pg_class c
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relpersistence = 'p'
order by c.relname
"""
# Sums do not depend on the order of rows, and unlike XOR they see that a row is there twice.
_DIGEST = """
select count(*), coalesce(sum(('x' || encode(substr(h, 1, 8), 'hex'))::bit(64)::bigint), 0),
       coalesce(sum(('x' || encode(substr(h, 9, 8), 'hex'))::bit(64)::bigint), 0)
from (select sha256(convert_to((whole_row.*)::text, 'UTF8')) from {} whole_row) hashed (h)
"""
# Whoever is granted something by name; an owner has what belongs to it wherever it is restored.
_ROLES = """
select distinct r.rolname
from (select relacl, relowner from pg_class where relnamespace = 'public'::regnamespace
      union all
      select proacl, proowner from pg_proc where pronamespace = 'public'::regnamespace
      union all
      select nspacl, nspowner from pg_namespace where nspname = 'public') as granted (acl, owner),
     aclexplode(acl) one join pg_roles r on r.oid = one.grantee
where one.grantee <> granted.owner and r.rolname not like 'pg\\_%'
order by r.rolname
"""
_HEAD = "select position, hash, signature from audit_chain where kind = 'head'"

Tell = Callable[[str, float], None]


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the moment besides the rows."""

    server: int
    client: int
    schema: int
    roles: tuple[str, ...]
    audit_head: str | None


class Dump:
    """pg_dump at work, and the transaction whose moment it reads."""

    def __init__(self, connection: Connection, process: ClientProcess, snapshot: Snapshot) -> None:
        self._connection = connection
        self._process = process
        self.snapshot = snapshot
        self.rows = _Impatient(process.output, _SILENCE_SECONDS)

    def digests(self, tell: Tell) -> dict[str, TableDigest]:
        """Of every table, at the moment of the dump; ``tell`` hears of each and of the share."""
        return table_digests(self._connection, tell)

    def require_success(self) -> None:
        """``BackupError`` unless pg_dump has written all of it."""
        self._process.require_success()

    def kill(self) -> None:
        """End it at once: whoever reads sees the end."""
        self._process.kill()

    def stop_digests(self) -> None:
        """From another thread: what is asked of the server is given up, if something is."""
        with suppress(psycopg.Error):
            self._connection.cancel_safe(timeout=_CANCEL_SECONDS)


@contextmanager
def dumping(database_url: str) -> Iterator[Dump]:
    """A dump of the moment at which this is called; ``BackupError`` where it cannot be made."""
    try:
        with connected(database_url) as connection, connection.transaction():
            connection.execute("set transaction isolation level repeatable read, read only")
            exported = _one(connection, "select pg_export_snapshot()")[0]
            server = connection.info.server_version // 10_000
            tools = find_tools(server=server, at_least=server)
            snapshot = Snapshot(
                server=server,
                client=tools.major,
                schema=schema_version(connection),
                roles=tuple(row[0] for row in connection.execute(_ROLES)),
                audit_head=_head(connection),
            )
            options = (*_OPTIONS, f"--snapshot={exported}")
            with running(tools, "pg_dump", options, database_url) as process:
                yield Dump(connection, process, snapshot)
    except psycopg.Error as error:
        raise BackupError(f"PostgreSQL broke off: {_first_line(error)}") from error


@contextmanager
def connected(database_url: str) -> Iterator[Connection]:
    """A connection whose statements may take as long as they do, on a server that is there."""
    with psycopg.connect(
        database_url,
        autocommit=True,
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
        application_name="nodrake-backup",
        **KEEPALIVE,  # type: ignore[arg-type]
    ) as connection:
        connection.execute(_SESSION)
        yield connection


def table_digests(connection: Connection, tell: Tell) -> dict[str, TableDigest]:
    """Of every table that outlives a crash, as the transaction sees it."""
    tables = connection.execute(_TABLES).fetchall()
    expected = sum(rows for _, rows in tables) or 1
    found: dict[str, TableDigest] = {}
    done = 0
    for name, estimate in tables:
        tell(name, done / expected)
        statement = sql.SQL(_DIGEST).format(sql.Identifier("public", name))
        row = connection.execute(statement).fetchone()
        assert row is not None
        halves = "".join(f"{int(each) % 2**64:016x}" for each in row[1:])
        found[name] = TableDigest(rows=row[0], digest=halves)
        done += estimate
    tell("", 1.0)
    return found


def schema_version(connection: Connection) -> int:
    """The newest migration; ``BackupError`` where there is none."""
    try:
        version = _one(connection, "select max(version) from schema_migrations")[0]
    except psycopg.errors.UndefinedTable:
        version = None
    if version is None:
        raise BackupError(
            f"the database {connection.info.dbname} has no schema of ours: check DATABASE_URL"
        )
    return int(version)


def _head(connection: Connection) -> str | None:
    row = connection.execute(_HEAD).fetchone()
    return None if row is None else Mark(position=row[0], hash=row[1], signature=row[2]).to_hex()


class _Impatient:
    """A pipe that is not read for ever: a server that hangs does not hang us."""

    def __init__(self, pipe: IO[bytes], seconds: float) -> None:
        self._pipe = pipe
        self._seconds = seconds

    def read(self, size: int = -1, /) -> bytes:
        """Up to ``size`` bytes as soon as there are some."""
        if not select.select([self._pipe], [], [], self._seconds)[0]:
            raise BackupError(f"pg_dump has written nothing for {self._seconds:g} s: it hangs")
        return self._pipe.raw.read(size) or b""  # type: ignore[attr-defined]


def _one(connection: Connection, query: str) -> tuple[Any, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row


def _first_line(error: psycopg.Error) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
