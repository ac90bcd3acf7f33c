"""When API tokens were last used, in PostgreSQL."""

import asyncio
from collections import OrderedDict
from contextlib import suppress
from datetime import datetime, timedelta

import psycopg

from adapters.postgres.pool import Pool
from adapters.postgres.short_memory import CAPACITY
from domain.shared.ids import ApiTokenId

_BETWEEN = timedelta(minutes=1)
_WRITE = """
update api_tokens t set last_used_at = u.used_at
from unnest(%(ids)s::uuid[], %(times)s::timestamptz[]) u (id, used_at)
where t.id = u.id and (t.last_used_at is null or t.last_used_at <= u.used_at - %(between)s)
"""


class PostgresApiTokenUses:
    """``ApiTokenUses``: one task writes what has come together since it last wrote.

    The statement looks at the minute too, since other processes write as well.
    """

    def __init__(self, pool: Pool, *, capacity: int = CAPACITY) -> None:
        self._pool = pool
        self._capacity = capacity
        self._noted: OrderedDict[ApiTokenId, datetime] = OrderedDict()
        self._waiting: dict[ApiTokenId, datetime] = {}
        self._writing: asyncio.Task[None] | None = None

    def note(self, token_id: ApiTokenId, now: datetime, /) -> None:
        """Leave it for the task, which is started where none is running."""
        last = self._noted.get(token_id)
        if last is not None and now < last + _BETWEEN:
            return
        self._noted[token_id] = self._waiting[token_id] = now
        self._noted.move_to_end(token_id)
        if len(self._noted) > self._capacity:
            self._noted.popitem(last=False)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    async def settle(self) -> None:
        """Let the task come to its end."""
        if self._writing is not None:
            await self._writing

    async def _write(self) -> None:
        while self._waiting:
            uses, self._waiting = self._waiting, {}
            # Who gets no connection or no answer leaves it at that: the next minute tries again.
            with suppress(psycopg.Error):
                async with self._pool.connection() as connection:
                    await connection.execute(
                        _WRITE,
                        {"ids": list(uses), "times": list(uses.values()), "between": _BETWEEN},
                    )
