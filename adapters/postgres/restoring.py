"""A dump put back: into a database that is empty, all of it or nothing."""

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Protocol
from urllib.parse import quote, urlencode
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from adapters.postgres.client_tools import close, find_tools, running
from adapters.postgres.snapshots import Connection, Tell, connected, table_digests
from domain.shared.backup import BackupError, Manifest, differences

# `--no-acl` would be shorter, and let everybody call what was taken from `public`.
_OPTIONS = ("--single-transaction", "--exit-on-error", "--no-owner")
_TABLE_DATA = re.compile(r"^\d+; \d+ \d+ TABLE DATA public (\S+) ", re.MULTILINE)
_OCCUPIED = """
select string_agg(name, ', ') from (
    select format('%I.%I', n.nspname, c.relname) as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    order by name limit 3) occupied
"""
_MISSING = """
select role from unnest(%s::text[]) wanted (role)
where not exists (select from pg_roles where rolname = role) order by role
"""
# Of this role, and with nobody in them.
_LEFT = """
select datname from pg_database
where datname ~ '^nodrake_verify_[0-9a-f]{12}$' and pg_get_userbyid(datdba) = current_user
  and not exists (select from pg_stat_activity a where a.datname = pg_database.datname)
"""


class Writer(Protocol):
    """Where the dump is written to."""

    def write(self, data: bytes, /) -> int:
        """All of it."""
        ...

    def flush(self) -> None:
        """Pass on what was taken."""
        ...


Feed = Callable[[Writer], None]


def restore(database_url: str, manifest: Manifest, feed: Feed, tell: Tell) -> list[str]:
    """Put back what ``feed`` writes, in one transaction, and say what differs from the manifest.

    ``BackupError`` before anything is changed where the database is not empty, the server older
    than the backup's, or a role is missing; and where the dump is not whole, which changes nothing
    either.
    """
    try:
        with connected(database_url) as connection:
            server = connection.info.server_version // 10_000
            _require_room(connection, manifest, server)
            tools = find_tools(server=server, at_least=manifest.client)
            with running(tools, "pg_restore", _OPTIONS, database_url) as process:
                try:
                    feed(process.input)
                except BrokenPipeError:
                    pass  # it has ended, and says below why
                except BaseException:
                    process.kill()  # before it sees an end that looks like one
                    raise
                close(process.input)
                process.require_success()
            connection.execute("analyze")
            return differences(manifest.tables, table_digests(connection, tell))
    except psycopg.Error as error:
        said = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise BackupError(f"PostgreSQL broke off: {said}") from error


def tables_in(manifest: Manifest, feed: Feed) -> set[str]:
    """The tables of which a dump has rows, by its own list; all of it is read, no server needed."""
    tools = find_tools(server=manifest.client, at_least=manifest.client)
    with (
        tempfile.TemporaryFile() as listed,
        running(tools, "pg_restore", ["--list"], None, listed) as process,
    ):
        feed(_Satisfied(process.input))
        close(process.input)
        process.require_success()
        listed.seek(0)
        return set(_TABLE_DATA.findall(listed.read().decode()))


class _Satisfied:
    """A pipe to somebody who reads the beginning only."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._open = True

    def write(self, data: bytes, /) -> int:
        """All of it, as far as it is wanted."""
        if self._open:
            try:
                self._pipe.write(data)
            except BrokenPipeError:
                self._open = False
        return len(data)

    def flush(self) -> None:
        """Whoever has read enough needs no more."""


@contextmanager
def scratch_database(server_url: str) -> Iterator[str]:
    """The address of a new database on that server, which is dropped in the end.

    A session stays in it meanwhile: those in which nobody is were left by killed processes, and go.
    """
    name = f"nodrake_verify_{uuid4().hex[:12]}"
    try:
        with connected(server_url) as connection:
            _drop_left(connection)
            connection.execute(
                sql.SQL("create database {} template template0 encoding 'UTF8'").format(
                    sql.Identifier(name)
                )
            )
    except psycopg.Error as error:
        raise BackupError(
            f"no database could be made to restore into: {str(error).strip()}; the role of "
            "DATABASE_URL needs createdb, or leave --on-server out"
        ) from error
    url = _in_database(server_url, name)
    try:
        with connected(url) as staying:
            there = staying.execute("select current_database()").fetchone()
            if there != (name,):
                raise BackupError(
                    "DATABASE_URL leads to the same database whichever is asked for: name the "
                    "server itself, or leave --on-server out"
                )
            yield url
    finally:
        with connected(server_url) as connection:
            connection.execute(
                sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
            )


def _drop_left(connection: Connection) -> None:
    for (name,) in connection.execute(_LEFT).fetchall():
        with suppress(psycopg.errors.ObjectInUse, psycopg.errors.InvalidCatalogName):
            connection.execute(sql.SQL("drop database {}").format(sql.Identifier(name)))


def _in_database(url: str, name: str) -> str:
    """Another database of the same server: a name in the query of an address outdoes its path."""
    parts = {**conninfo_to_dict(url), "dbname": name}
    return f"postgresql:///?{urlencode(parts, quote_via=quote)}"


def make_roles(database_url: str, roles: tuple[str, ...]) -> None:
    """Make those that are missing, without a way to sign in: for a server that is thrown away."""
    with connected(database_url) as connection:
        for (role,) in connection.execute(_MISSING, [list(roles)]).fetchall():
            connection.execute(sql.SQL("create role {}").format(sql.Identifier(role)))


def _require_room(connection: Connection, manifest: Manifest, server: int) -> None:
    if server < manifest.server:
        raise BackupError(
            f"the backup is of PostgreSQL {manifest.server}, this server is {server}: restore it "
            f"into version {manifest.server} or later"
        )
    occupied = connection.execute(_OCCUPIED).fetchone()
    if occupied is not None and occupied[0] is not None:
        raise BackupError(
            f"the database {connection.info.dbname} is not empty, it has {occupied[0]}: restore "
            "into a new one (createdb), nothing is ever overwritten"
        )
    missing = [row[0] for row in connection.execute(_MISSING, [list(manifest.roles)])]
    if missing:
        statements = " ".join(f"create role {role} login password '…';" for role in missing)
        raise BackupError(
            f"the backup grants something to {', '.join(missing)}, which this server does not "
            f"have: make it first: {statements}"
        )
