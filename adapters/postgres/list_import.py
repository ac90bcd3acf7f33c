"""Whole files onto a list: one COPY, then a handful of statements on all rows at once."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from adapters.postgres.list_lock import NAMES_KEY, keep_tag_keys, locked_list, note_key
from adapters.postgres.pool import Connection
from application.blocklists.ports import ImportCounts
from domain.blocklists.dnp_entry import EntrySource
from domain.blocklists.list_file import OWN_SERVICE, ListRow, Rejection
from domain.catalog.artist_name import search_key
from domain.shared.external_id import ExternalId
from domain.shared.ids import BulkChangeId, UserId

_ROWS_BETWEEN_BREATHS = 250
_LOCK = 0x696D706F7274  # "import": one transaction at a time takes new artists in

_STAGE = """
create temporary table import_rows (
    line integer, service text, external_id text, artist_id uuid, new_id uuid, name text,
    sort_key text, tags text[], note text, note_key text, added_at timestamptz,
    until timestamptz
) on commit drop
"""
_COPY = """
copy import_rows
    (line, service, external_id, artist_id, new_id, name, sort_key, tags, note, note_key, added_at,
     until)
from stdin (format binary)
"""
_TYPES = (
    "int4", "text", "text", "uuid", "uuid", "text", "text", "text[]", "text", "text",
    "timestamptz", "timestamptz",
)  # fmt: skip
_RESOLVE = """
update import_rows r set artist_id = e.artist_id
from artist_external_ids e
where r.artist_id is null and e.service = r.service and e.external_id = r.external_id
"""
_MISSING = "select exists (select from import_rows where artist_id is null)"
# Longer than the usual ten seconds: a full file on a busy machine, within the request's deadline.
_TAKE_TIME = "set local statement_timeout = '28s'"
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
_IS_OVER = "until: this time has passed"
_EXCEPTED = "artist: you have excepted this artist"
_UNKNOWN = """
delete from import_rows r
where r.service = %(own)s and not exists (select from artists a where a.id = r.artist_id)
returning r.line
"""
_REFUSED = """
delete from import_rows r using (
    select line, until <= %(now)s as is_over from import_rows i
    where until <= %(now)s or exists (
        select from user_exceptions x where x.user_id = %(user_id)s and x.artist_id = i.artist_id
    )
) refused
where r.line = refused.line returning r.line, refused.is_over
"""
_ADD = f"""
with rows as materialized (
    select distinct on (artist_id) * from import_rows order by artist_id, line
), added as (
    insert into user_artist_blocks as b
        (user_id, artist_id, tags, note, note_key, until, source, source_name, change_id, sort_key,
         names_key, created_at)
    select %(user_id)s, a.id, r.tags, r.note, r.note_key, r.until, %(source)s, %(source_name)s,
           %(change_id)s, a.sort_key, {NAMES_KEY}, least(coalesce(r.added_at, %(now)s), %(now)s)
    from rows r join artists a on a.id = r.artist_id order by a.id
    on conflict (user_id, artist_id) do update
    set tags = excluded.tags, note = excluded.note, note_key = excluded.note_key,
        until = excluded.until, source = excluded.source, source_name = excluded.source_name,
        change_id = excluded.change_id, created_at = excluded.created_at
    where b.until <= %(now)s
    returning 1
)
insert into bulk_changes (id, user_id, kind, entries, made_at)
select %(change_id)s, %(user_id)s, 'import', count(*), %(now)s from added having count(*) > 0
returning entries
"""  # noqa: S608


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
        change_id: BulkChangeId,
        source: EntrySource,
    ) -> ImportCounts:
        """Stage, resolve, take in what is new, add."""
        execute = self._connection.execute
        await execute(_TAKE_TIME)
        await execute(_STAGE)
        tags: set[str] = set()
        staged = await self._copy(rows, new_id, tags)
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
            await execute("select pg_advisory_xact_lock(%s)", [_LOCK])
            await execute(_RESOLVE)
            await execute(_TAKE_IN, {"now": now})
            await execute(_RESOLVE)
        # The list itself is locked at the end: until here, others change it as they like.
        await execute(_WAIT_FOR_OTHERS)
        async with locked_list(self._connection, user_id):
            refused = await execute(_REFUSED, {"user_id": user_id, "now": now})
            rejections += [
                Rejection(line=line, reason=_IS_OVER if is_over else _EXCEPTED)
                for line, is_over in await refused.fetchall()
            ]
            await keep_tag_keys(self._connection, user_id, sorted(tags))
            cursor = await execute(
                _ADD,
                {
                    "user_id": user_id,
                    "now": now,
                    "change_id": change_id,
                    "source": source.kind.value,
                    "source_name": source.name,
                },
            )
            row = await cursor.fetchone()
        added: int = row[0] if row else 0
        if added >= _MANY:
            await execute(_ANALYZE)
        return ImportCounts(
            added=added,
            already_there=staged - len(rejections) - added,
            unknown=rejections,
        )

    async def _copy(
        self, rows: Iterable[ListRow], new_id: Callable[[], UUID], tags: set[str]
    ) -> int:
        staged = 0
        async with self._connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            copy.set_types(_TYPES)
            for row in rows:
                await copy.write_row(_cells(row, new_id()))
                tags |= row.tags
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
        note_key(row.note),
        row.added_at,
        row.until,
    )
