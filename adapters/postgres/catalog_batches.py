"""Which staged artists are merged next, and by which connection."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import psycopg

from adapters.postgres.catalog_merge import MetSomebodyError, Places, merge_batch
from adapters.postgres.pool import Connection
from application.shared.ports import NewId

_TRIES = 6
_MET_SOMEBODY = (
    MetSomebodyError,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.UniqueViolation,
    psycopg.errors.ForeignKeyViolation,
)
# What is merged begins with the first place and has no gap, but for what one connection had done
# and the other had not when both were cut off.
_NEXT = """
with unmerged as (
    select s.place, i.merged_to, (row_number() over (order by s.place) - 1) / %(limit)s as number
    from (
        select merged, coalesce((select min(upper(r)) from unnest(merged) r), 0) as merged_to
        from catalog_imports where id = %(id)s
    ) i
    cross join lateral (
        select s.place from staged_artists s
        where s.place >= i.merged_to and not s.place <@ i.merged
        order by s.place limit %(all)s
    ) s
)
select coalesce(lag(max(place)) over (order by number) + 1, min(merged_to)), max(place), count(*)
from unmerged group by number order by number
"""


async def merge_next(
    connections: Sequence[Connection], id: UUID, limit: int, new_id: NewId, now: datetime
) -> bool:
    """Merge the next ``limit`` staged artists on each connection; whether there were any."""
    bounds = {"id": id, "limit": limit, "all": limit * len(connections)}
    found = await (await connections[0].execute(_NEXT, bounds)).fetchall()
    ended = await asyncio.gather(
        *(
            _merge(connection, id, Places(first=row[0], last=row[1], artists=row[2]), new_id, now)
            for connection, row in zip(connections, found, strict=False)
        ),
        return_exceptions=True,
    )
    for outcome in ended:
        if outcome is not None:
            raise outcome
    return bool(found)


async def _merge(
    connection: Connection, id: UUID, places: Places, new_id: NewId, now: datetime
) -> None:
    """Again from its beginning where it has met somebody else."""
    for attempt in range(1, _TRIES + 1):
        try:
            async with connection.transaction():
                await merge_batch(connection, id, places, new_id, now)
                return
        except _MET_SOMEBODY:
            if attempt == _TRIES:
                raise
