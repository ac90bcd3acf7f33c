"""Personal data in PostgreSQL: all of it, its erasure, and its end."""

import hmac
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime

from psycopg.rows import scalar_row

from adapters.postgres.accounts import PostgresUserRepository
from adapters.postgres.data_map import DATA_MAP
from adapters.postgres.errors import translated_errors
from adapters.postgres.export_places import ExportPlaces
from adapters.postgres.pool import Connection, Pool, fetch_all, snapshot
from adapters.postgres.table_map import TableMap
from application.privacy.ports import Contact, Section
from domain.accounts.errors import AuthenticationRequiredError
from domain.privacy.deletion import Deletion
from domain.shared.ids import UserId

_ROWS_AT_A_TIME = 1_000
_BATCH = 10_000

SECTIONS = tuple(
    Section(
        name=name,
        purpose=table.purpose,
        kept=table.kept,
        columns=table.shown,
        joined=table.joined,
    )
    for name, table in DATA_MAP.items()
    if table.shown
)


class PostgresDeletionRepository:
    """``DeletionRepository`` inside one transaction."""

    def __init__(self, connection: Connection, ledger_key: bytes) -> None:
        self._connection = connection
        self._ledger_key = ledger_key

    async def contact(self, user_id: UserId, /) -> Contact:
        """Select and lock."""
        cursor = await self._connection.execute(
            "select email, settings->>'language' from users where id = %s for update", [user_id]
        )
        row = await cursor.fetchone()
        if row is None:
            raise AuthenticationRequiredError("The account is gone.")
        return Contact(email=row[0], language=row[1] or "en")

    async def schedule(self, user_id: UserId, deletion: Deletion, /) -> Deletion:
        """Insert unless there is one."""
        cursor = await self._connection.execute(
            """
            insert into account_deletions (user_id, requested_at, due_at) values (%s, %s, %s)
            on conflict (user_id) do update set due_at = account_deletions.due_at
            returning requested_at, due_at
            """,
            [user_id, deletion.requested_at, deletion.due_at],
        )
        row = await cursor.fetchone()
        assert row is not None
        return Deletion(requested_at=row[0], due_at=row[1])

    async def is_last_administrator(self, user_id: UserId, /) -> bool:
        """By the repository that decides it for a change of role as well."""
        staying = await PostgresUserRepository(self._connection).lock_administrators()
        return staying == {user_id}

    async def cancel(self, user_id: UserId, now: datetime, /) -> bool:
        """Delete what is not due: whoever is due may have lost something already."""
        cursor = await self._connection.execute(
            "delete from account_deletions where user_id = %s and due_at > %s", [user_id, now]
        )
        return cursor.rowcount == 1

    async def next_due(self, now: datetime, /) -> UserId | None:
        """One that nobody has locked."""
        cursor = await self._connection.execute(
            """
            select user_id from account_deletions where due_at <= %s
            order by due_at limit 1 for update skip locked
            """,
            [now],
        )
        row = await cursor.fetchone()
        return UserId(row[0]) if row else None

    async def erase_some(self, user_id: UserId, limit: int, /) -> int:
        """Entries of the list: a person may have a hundred thousand."""
        cursor = await self._connection.execute(
            """
            delete from user_artist_blocks where user_id = %(user_id)s and artist_id in (
                select artist_id from user_artist_blocks where user_id = %(user_id)s limit %(limit)s
            )
            """,
            {"user_id": user_id, "limit": limit},
        )
        return cursor.rowcount

    async def erase(self, user_id: UserId, now: datetime, /) -> None:
        """What no foreign key deletes, then the account with all that hangs on it."""
        for table in DATA_MAP.values():
            if table.erase:
                await self._connection.execute(table.erase.encode(), {"user_id": user_id})
        await self._connection.execute("delete from users where id = %s", [user_id])
        await self._connection.execute(
            """
            insert into erased_users (user_hash, erased_at) values (%s, %s)
            on conflict do nothing
            """,
            [hmac.digest(self._ledger_key, user_id.bytes, "sha256"), now],
        )


class PostgresDeletionReader:
    """``DeletionReader``: one read."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def find(self, user_id: UserId, /) -> Deletion | None:
        """By the key."""
        query = "select requested_at, due_at from account_deletions where user_id = %(user_id)s"
        rows = await fetch_all(self._pool, query, {"user_id": user_id})
        return Deletion(requested_at=rows[0][0], due_at=rows[0][1]) if rows else None


class _Snapshot:
    def __init__(self, connection: Connection, user_id: UserId) -> None:
        self._connection = connection
        self._user_id = user_id

    @property
    def sections(self) -> tuple[Section, ...]:
        return SECTIONS

    async def rows(self, section: Section, /) -> AsyncGenerator[Mapping[str, object], None]:
        query = _query(section.name, DATA_MAP[section.name])
        async with self._connection.cursor("personal_data", row_factory=scalar_row) as cursor:
            await cursor.execute(query.encode(), {"user_id": self._user_id})
            while rows := await cursor.fetchmany(_ROWS_AT_A_TIME):
                for row in rows:
                    yield row


class PostgresPersonalData:
    """``PersonalData``: one snapshot, one statement a table, read by a cursor."""

    def __init__(self, pool: Pool, places: ExportPlaces) -> None:
        self._pool = pool
        self._places = places

    @asynccontextmanager
    async def open(self, user_id: UserId, /) -> AsyncIterator[_Snapshot]:
        """Take a connection for as long as it lasts."""
        async with self._places.take(user_id), snapshot(self._pool) as connection:
            yield _Snapshot(connection, user_id)


class PostgresRetention:
    """``Retention``: the data map's times, a few thousand rows in each transaction."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def apply(self, now: datetime, /) -> Mapping[str, int]:
        """Table by table; what another process deletes at the same time is skipped."""
        gone = {}
        for name, table in DATA_MAP.items():
            if table.over:
                gone[name] = await self._all(
                    f"delete from {name} where ctid in (select ctid from {name} where {table.over} "  # noqa: S608
                    f"limit {_BATCH} for update skip locked)",
                    now,
                )
        gone["addresses"] = await self._all(
            f"""
            update user_sessions set ip_address = null, user_agent = null where id in (
                select id from user_sessions
                where created_at < %(now)s - interval '90 days'
                  and (ip_address is not null or user_agent is not null)
                limit {_BATCH} for update skip locked
            )
            """,  # noqa: S608
            now,
        )
        return {name: rows for name, rows in gone.items() if rows}

    async def _all(self, statement: str, now: datetime) -> int:
        total = 0
        while True:
            with translated_errors():
                async with self._pool.connection() as connection:
                    cursor = await connection.execute(statement.encode(), {"now": now})
            total += cursor.rowcount
            if cursor.rowcount < _BATCH:
                return total


def _query(name: str, table: TableMap) -> str:
    select = table.select or f"select {', '.join(table.shown)} from {name}"  # noqa: S608
    return f"select to_jsonb(t) from ({select} where {table.rows_of}) t"  # noqa: S608
