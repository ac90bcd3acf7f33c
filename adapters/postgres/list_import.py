"""Whole files onto a list: one COPY, then a handful of statements on all rows at once."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from adapters.postgres.pool import Connection
from application.blocklists.ports import ImportCounts
from domain.blocklists.list_file import OWN_SERVICE, ListRow, Rejection
from domain.catalog.artist_name import search_key
from domain.shared.external_id import ExternalId
from domain.shared.ids import UserId

_ROWS_BETWEEN_BREATHS = 250
TAKING_IN = 0x696D706F7274  # "import": one transaction at a time takes new artists in

_STAGE = """
create temporary table import_rows (
    line integer, service text, external_id text, artist_id uuid, new_id uuid, name text,
    sort_key text, tags text[], note text, added_at timestamptz
) on commit drop
"""
_COPY = """
copy import_rows
    (line, service, external_id, artist_id, new_id, name, sort_key, tags, note, added_at)
from stdin (format binary)
"""
_TYPES = (
    "int4", "text", "text", "uuid", "uuid", "text", "text", "text[]", "text", "timestamptz",
)  # fmt: skip
_RESOLVE = """
update import_rows r set artist_id = e.artist_id
from artist_external_ids e
where r.artist_id is null and e.service = r.service and e.external_id = r.external_id
"""
_MISSING = "select exists (select from import_rows where artist_id is null)"
# Longer than the usual two seconds: a file of 100,000 rows holds the lock for some.
_WAIT_FOR_OTHERS = "set local lock_timeout = '9s'"
_TAKE_IN = """
with newcomers as (
    select distinct on (service, external_id) service, external_id, new_id, name, sort_key
    from import_rows where artist_id is null
    order by service, external_id, line
), made as (
    insert into artists (id, canonical_name, sort_key, created_at)
    select new_id, name, sort_key, %(now)s from newcomers
), named as (
    insert into artist_names (artist_id, name, search_key, source)
    select new_id, name, sort_key, 'import' from newcomers
)
insert into artist_external_ids (service, external_id, artist_id)
select service, external_id, new_id from newcomers
"""
# Until autovacuum comes by, the planner knows nothing of so many new rows and sorts whole lists
# to show a page: 24 ms in place of 0.1. Only samples are read, whatever the size of the tables.
_MANY = 1_000
_ANALYZE = """
analyze (skip_locked) user_artist_blocks, artists, artist_names, artist_external_ids
"""
_UNKNOWN = """
delete from import_rows r
where r.service = %(own)s and not exists (select from artists a where a.id = r.artist_id)
returning r.line
"""
_ADD = """
insert into user_artist_blocks (user_id, artist_id, tags, note, created_at)
select distinct on (artist_id) %(user_id)s, artist_id, tags, note,
       least(coalesce(added_at, %(now)s), %(now)s)
from import_rows order by artist_id, line
on conflict (user_id, artist_id) do nothing
"""


class PostgresListImport:
    """``ListImport`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def run(
        self,
        user_id: UserId,
        rows: Iterable[ListRow],
        /,
        *,
        now: datetime,
        new_id: Callable[[], UUID],
    ) -> ImportCounts:
        """Stage, resolve, take in what is new, add."""
        execute = self._connection.execute
        await execute(_STAGE)
        staged = await self._copy(rows, new_id)
        await execute("analyze import_rows")
        unknown = await execute(_UNKNOWN, {"own": OWN_SERVICE})
        rejections = [
            Rejection(line=line, reason="id: there is no artist with this id")
            for (line,) in await unknown.fetchall()
        ]
        await execute(_RESOLVE)
        missing = await (await execute(_MISSING)).fetchone()
        if missing and missing[0]:
            # Two files with the same newcomer: the second waits here and then finds it.
            await execute(_WAIT_FOR_OTHERS)
            await execute("select pg_advisory_xact_lock(%s)", [TAKING_IN])
            await execute(_RESOLVE)
            await execute(_TAKE_IN, {"now": now})
            await execute(_RESOLVE)
        added = (await execute(_ADD, {"user_id": user_id, "now": now})).rowcount
        if added >= _MANY:
            await execute(_ANALYZE)
        return ImportCounts(
            added=added,
            already_there=staged - len(rejections) - added,
            unknown=rejections,
        )

    async def _copy(self, rows: Iterable[ListRow], new_id: Callable[[], UUID]) -> int:
        staged = 0
        async with self._connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            copy.set_types(_TYPES)
            for row in rows:
                await copy.write_row(_cells(row, new_id()))
                staged += 1
                if staged % _ROWS_BETWEEN_BREATHS == 0:
                    await asyncio.sleep(0)  # other requests are waiting for the event loop
        return staged


def _cells(row: ListRow, new_id: UUID) -> tuple[Any, ...]:
    if isinstance(row.key, ExternalId):
        service, external_id, artist_id = row.key.service.value, row.key.value, None
    else:
        service, external_id, artist_id = OWN_SERVICE, None, row.key
    return (
        row.line,
        service,
        external_id,
        artist_id,
        new_id,
        row.name,
        search_key(row.name),
        sorted(row.tags),
        row.note,
        row.added_at,
    )
