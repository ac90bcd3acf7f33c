"""The schema's versions: numbered SQL files that are run once, in order, forward only."""

import hashlib
import re
import time
from pathlib import Path

import msgspec
import psycopg
from psycopg import sql

FOLDER = Path(__file__).resolve().parents[2] / "migrations"

_FILE_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
_LOCK = 0x6E6F6472616B65  # "nodrake": one migrator at a time, whatever its host
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
    attempts: int = 10,
) -> list[str]:
    """Apply what is missing and return the names; several at once apply each file once.

    Another migrator is waited for ``wait_seconds`` long, then ``MigrationError``.
    Each file runs in a transaction of its own with a ``lock_timeout`` of two seconds, and
    up to ``attempts`` times, with pauses, while somebody holds a lock: it never blocks the service.
    """
    migrations = read_migrations(folder)
    with psycopg.connect(database_url, autocommit=True, connect_timeout=5) as connection:
        connection.execute("select set_config('lock_timeout', %s, false)", [f"{wait_seconds}s"])
        try:
            connection.execute("select pg_advisory_lock(%s)", [_LOCK])
        except psycopg.errors.LockNotAvailable as error:
            raise MigrationError(
                f"another migration has been running for more than {wait_seconds} seconds; "
                "nothing was changed, run it again when that one has ended"
            ) from error
        connection.execute("set lock_timeout = '2s'")
        try:
            connection.execute(_TABLE)
            missing = _missing(connection, migrations)
            for migration in missing:
                _apply(connection, migration, attempts)
        finally:
            connection.execute("select pg_advisory_unlock(%s)", [_LOCK])
    return [migration.name for migration in missing]


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
    for attempt in range(1, attempts + 1):
        try:
            with connection.transaction():
                connection.execute(sql.SQL(migration.text))
                connection.execute(
                    "insert into schema_migrations (version, name, checksum) values (%s, %s, %s)",
                    [migration.version, migration.name, migration.checksum],
                )
        except psycopg.errors.LockNotAvailable as error:
            if attempt == attempts:
                raise MigrationError(
                    f"{migration.name}: a lock was held for too long; nothing was changed, "
                    "run it again when the database is less busy"
                ) from error
            time.sleep(min(0.1 * 2**attempt, 5))
        else:
            return
