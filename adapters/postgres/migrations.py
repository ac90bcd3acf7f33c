"""The schema's versions: numbered SQL files that are run once, in order, forward only."""

import hashlib
import re
import time
from contextlib import suppress
from pathlib import Path

import msgspec
import psycopg
from psycopg import sql

FOLDER = Path(__file__).resolve().parents[2] / "migrations"

_FILE_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
_LOCK = 0x6E6F6472616B65  # "nodrake": one migrator at a time, whatever its host
_CONCURRENT = re.compile(
    r"create\s+(?:unique\s+)?index\s+concurrently\s+([a-z0-9_]+)\s+on\s[^;]*;?", re.IGNORECASE
)
_COMMENT = re.compile(r"--[^\n]*")
# Whoever comes after us waits as long as we do, and PostgreSQL looks for deadlocks after a second:
# requests that lock in another order than a file does must never become its victims. The first
# ten attempts are so short that one request in a hundred notices; the later ones insist.
_YIELDS = ("50ms",) * 10 + ("500ms",) * 20
# An index that is built concurrently waits for every open transaction, and nobody waits for it.
_PATIENCE = "10min"
_TABLE = """
create table if not exists schema_migrations (
    version integer primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now()
)
"""


class MigrationError(Exception):
    """The files and the database do not fit together; the message says what to do."""


class Migration(msgspec.Struct, frozen=True, kw_only=True):
    """One file: its number, name and text, and the digest that is remembered of it."""

    version: int
    name: str
    text: str

    @property
    def checksum(self) -> str:
        """The SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def concurrent_index(self) -> str | None:
        """The index that it builds while others write; ``None`` where it does something else.

        ``MigrationError`` where it does both: such a statement stands in no transaction.
        """
        text = _COMMENT.sub("", self.text).strip()
        match = _CONCURRENT.fullmatch(text)
        if match is None and re.search(r"\bconcurrently\b", text, re.IGNORECASE):
            raise MigrationError(
                f"{self.name}: `create index concurrently NAME on …` stands alone in a file, "
                "for it cannot be part of a transaction"
            )
        return None if match is None else match[1].lower()


def read_migrations(folder: Path = FOLDER) -> list[Migration]:
    """All migrations in order; ``MigrationError`` on a gap, a twin or a strange file name."""
    migrations = []
    for path in sorted(folder.glob("[0-9]*.sql")):
        match = _FILE_NAME.fullmatch(path.name)
        if match is None:
            raise MigrationError(f"{path.name}: expected a name such as 0005_what_it_does.sql")
        migrations.append(
            Migration(version=int(match[1]), name=path.stem, text=path.read_text("utf-8"))
        )
        if migrations[-1].version != len(migrations):
            raise MigrationError(
                f"{path.name}: expected number {len(migrations):04}; numbers have no gaps or twins"
            )
    return migrations


def latest_version(folder: Path = FOLDER) -> int:
    """The version of the schema that this code was written for."""
    return len(read_migrations(folder))


def migrate(
    database_url: str,
    folder: Path = FOLDER,
    *,
    wait_seconds: int = 30,
    attempts: int = len(_YIELDS),
) -> list[str]:
    """Apply what is missing and return the names; several at once apply each file once.

    Another migrator is waited for ``wait_seconds`` long, then ``MigrationError``.
    Each file runs in a transaction of its own and, while somebody holds a lock, up to ``attempts``
    times, with pauses: about two minutes, in which it never blocks the service for longer than
    half a second.
    A file that builds an index concurrently waits for minutes, and blocks nobody meanwhile.
    """
    migrations = read_migrations(folder)
    with psycopg.connect(database_url, autocommit=True, connect_timeout=5) as connection:
        _take_turn(connection, wait_seconds)
        connection.execute("set lock_timeout = '2s'")
        # A migrator that is killed lets go of its locks at once, not at the end of its statement.
        with suppress(psycopg.errors.InvalidParameterValue):  # where the system cannot tell
            connection.execute("set client_connection_check_interval = '1s'")
        try:
            connection.execute(_TABLE)
            missing = _missing(connection, migrations)
            for migration, index in [(each, each.concurrent_index) for each in missing]:
                if index is not None:
                    _build(connection, migration, index)
                else:
                    _apply(connection, migration, attempts)
        finally:
            connection.execute("select pg_advisory_unlock(%s)", [_LOCK])
    return [migration.name for migration in missing]


def _take_turn(connection: psycopg.Connection[tuple[object, ...]], wait_seconds: int) -> None:
    """Ask again and again: a statement that waits is one that a concurrent index waits for."""
    until = time.monotonic() + wait_seconds
    while connection.execute("select pg_try_advisory_lock(%s)", [_LOCK]).fetchone() != (True,):
        if time.monotonic() > until:
            raise MigrationError(
                f"another migration has been running for more than {wait_seconds} seconds; "
                "nothing was changed, run it again when that one has ended"
            )
        time.sleep(0.1)


def _missing(
    connection: psycopg.Connection[tuple[object, ...]], migrations: list[Migration]
) -> list[Migration]:
    applied = connection.execute(
        "select version, name, checksum from schema_migrations order by version"
    ).fetchall()
    known = {migration.version: migration for migration in migrations}
    for version, name, checksum in applied:
        migration = known.pop(version, None) if isinstance(version, int) else None
        if migration is None:
            raise MigrationError(
                f"{name} was applied to this database, but there is no such file: "
                "run the release that the database was last used with, or a later one"
            )
        if migration.checksum != checksum:
            raise MigrationError(
                f"{migration.name}.sql was changed after it had been applied: restore it and "
                "put the change into a new file with the next number"
            )
    return list(known.values())


def _apply(
    connection: psycopg.Connection[tuple[object, ...]], migration: Migration, attempts: int
) -> None:
    for attempt, yields in enumerate(_YIELDS[:attempts], start=1):
        try:
            with connection.transaction():
                connection.execute("select set_config('lock_timeout', %s, true)", [yields])
                connection.execute(sql.SQL(migration.text))
                _remember(connection, migration)
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected) as error:
            if attempt == attempts:
                raise MigrationError(
                    f"{migration.name}: a lock was held for too long; nothing was changed, "
                    "run it again when the database is less busy"
                ) from error
            time.sleep(min(0.1 * 2**attempt, 5))
        else:
            return


def _build(
    connection: psycopg.Connection[tuple[object, ...]], migration: Migration, index: str
) -> None:
    """Build an index; what a migrator that was killed has left of it is taken away before.

    One that is whole lacks its record alone.
    """
    found = connection.execute(
        "select indisvalid from pg_index where indexrelid = to_regclass(%s)", [index]
    ).fetchone()
    connection.execute(sql.SQL("set lock_timeout = {}").format(_PATIENCE))
    try:
        if found == (False,):
            connection.execute(sql.SQL("drop index concurrently {}").format(sql.Identifier(index)))
        if found != (True,):
            connection.execute(sql.SQL(migration.text))
    except psycopg.errors.LockNotAvailable as error:
        raise MigrationError(
            f"{migration.name}: a transaction was open for more than {_PATIENCE}; run it again "
            "when that has ended (pg_stat_activity has its pid, xact_start and query)"
        ) from error
    _remember(connection, migration)


def _remember(connection: psycopg.Connection[tuple[object, ...]], migration: Migration) -> None:
    connection.execute(
        "insert into schema_migrations (version, name, checksum) values (%s, %s, %s)",
        [migration.version, migration.name, migration.checksum],
    )
