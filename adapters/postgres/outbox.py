"""The outbox in PostgreSQL."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec

from adapters.postgres.errors import translated_errors
from adapters.postgres.pool import Connection, Pool
from domain.shared.events import Event


class PostgresOutbox:
    """``Outbox`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def append(self, event: Event, /) -> None:
        """Insert."""
        await self._connection.execute(
            """
            insert into outbox (id, type, user_id, payload, occurred_at)
            values (%s, %s, %s, %s::jsonb, %s)
            """,
            [
                event.id,
                event.type,
                event.user_id,
                msgspec.json.encode(event).decode(),
                event.occurred_at,
            ],
        )


class PostgresEventRelay:
    """``EventRelay``: rows that another relay holds are skipped, not waited for."""

    def __init__(self, pool: Pool, announce: Callable[[bytes], Awaitable[None]]) -> None:
        self._pool = pool
        self._announce = announce

    async def relay(self, limit: int, now: datetime, /) -> int:
        """Lock some, announce each, mark them; a failure in between leaves them waiting."""
        with translated_errors():
            async with self._pool.connection() as connection, connection.transaction():
                cursor = await connection.execute(
                    """
                    select id, payload::text from outbox where relayed_at is null
                    order by id limit %s for update skip locked
                    """,
                    [limit],
                )
                waiting = await cursor.fetchall()
                for _, payload in waiting:
                    await self._announce(payload.encode())
                await connection.execute(
                    "update outbox set relayed_at = %s where id = any(%s)",
                    [now, [event_id for event_id, _ in waiting]],
                )
        return len(waiting)

    async def forget(self, told_before: datetime, /) -> int:
        """Delete by the index on ``relayed_at``."""
        with translated_errors():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(
                    "delete from outbox where relayed_at < %s", [told_before]
                )
                return cursor.rowcount
