"""The memory of who was erased, in PostgreSQL."""

import hmac
from collections.abc import Sequence
from datetime import datetime

from adapters.postgres.errors import translated_errors
from adapters.postgres.pool import Pool, fetch_all

_ROWS_AT_A_TIME = 5_000


class PostgresErasureLedger:
    """``ErasureLedger``; ``keys`` are those that digests may have been made with."""

    def __init__(self, pool: Pool, keys: Sequence[bytes]) -> None:
        self._pool = pool
        self._keys = keys

    async def digests(self) -> list[bytes]:
        """One read."""
        rows = await fetch_all(
            self._pool, "select user_hash from erased_users order by erased_at", {}
        )
        return [row[0] for row in rows]

    async def schedule(self, digests: frozenset[bytes], now: datetime, /) -> int:
        """Look at everybody by a cursor, and schedule those who are found."""
        found = 0
        with translated_errors():
            async with (
                self._pool.connection() as connection,
                connection.transaction(),
                connection.cursor("everybody") as cursor,
            ):
                await cursor.execute("select id from users")
                while rows := await cursor.fetchmany(_ROWS_AT_A_TIME):
                    erased = [
                        user_id
                        for (user_id,) in rows
                        if any(
                            hmac.digest(key, user_id.bytes, "sha256") in digests
                            for key in self._keys
                        )
                    ]
                    found += len(erased)
                    await connection.execute(
                        """
                        insert into account_deletions (user_id, requested_at, due_at)
                        select id, %(now)s, %(now)s from unnest(%(erased)s::uuid[]) id
                        on conflict (user_id) do update set due_at = excluded.due_at
                        """,
                        {"now": now, "erased": erased},
                    )
        return found
