"""Imports into the catalogue: the ledger of them, and what is staged on the way."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from adapters.postgres.catalog_batches import merge_next
from adapters.postgres.catalog_merge import MERGE_TABLES
from adapters.postgres.errors import translated_errors
from adapters.postgres.pool import Connection, Pool
from application.catalog.imports import CatalogImport, DumpBatch, DumpMark, ImportStage
from application.shared.ports import NewId
from domain.catalog.dump_rows import COLUMNS, Staging
from domain.catalog.errors import ImportRunningError

SOURCE = "musicbrainz"
_LOCK = 0x636174616C6F67  # "catalog": one import at a time, whatever its host
# Seconds: the server may still be busy with what somebody who was killed has asked of it.
_PATIENCE = 20
_CONNECTIONS = 2
_SESSION = (
    "set statement_timeout = 0",
    "set lock_timeout = '60s'",
    "set idle_in_transaction_session_timeout = '5min'",
    "set work_mem = '32MB'",
    *MERGE_TABLES,
)

_TYPES = {"place": "int8", "id": "int8", "type_id": "int8", "link": "int8", "url": "int8"}
LEDGER = (
    "id, source, dump, stage, lines_read, staged, added, matched, changed, unchanged, "
    "contested, gone, left_out, started_at, finished_at"
)
_UNFINISHED = """
select id, dump_mark = %(mark)s from catalog_imports where stage in ('reading', 'merging')
"""
_ABANDON = "update catalog_imports set stage = 'abandoned', finished_at = %(now)s where id = %(id)s"
_OPEN = f"""
insert into catalog_imports (id, source, dump, dump_mark, stage, started_at)
values (%(id)s, '{SOURCE}', %(name)s, %(mark)s, 'reading', %(now)s)
"""  # noqa: S608
_STAGED = "select count(*) from staged_artists"
_AGAIN = """
update catalog_imports
set stage = 'reading', lines_read = '{}', staged = 0, merged = '{}', left_out = 0,
    added = 0, matched = 0, changed = 0, unchanged = 0, contested = 0
where id = %(id)s
"""
_KEEP = f"""
update catalog_imports
set lines_read = lines_read || jsonb_build_object(%(file)s::text, %(lines)s::bigint),
    staged = staged + %(artists)s, left_out = left_out + %(broken)s
where id = %(id)s and stage = 'reading' returning {LEDGER}
"""  # noqa: S608
# A relation that has ended is of a page that is no longer the artist's.
_ARRANGE = """
insert into staged_ids (place, service, external_id)
select distinct l.place, u.service, u.external_id
from staged_links l join staged_urls u on u.id = l.url
where not exists (select from staged_ended_links e where e.link = l.link)
"""
_ARRANGED = f"update catalog_imports set stage = 'merging' where id = %(id)s returning {LEDGER}"  # noqa: S608
_MISSING = f"""
select (select count(*) from artists a where a.source = '{SOURCE}' and a.gone_at is null
        and not exists (select from staged_artists s where s.record = a.source_record)),
       (select count(*) from artists a where a.source = '{SOURCE}' and a.gone_at is null)
"""  # noqa: S608
_MARK = f"""
update artists a set gone_at = %(now)s
where a.source = '{SOURCE}' and a.gone_at is null
  and not exists (select from staged_artists s where s.record = a.source_record)
"""  # noqa: S608
# An id that two artists claim goes to one of them once the artist that had it gives it up.
_SETTLE = """
insert into artist_external_ids (service, external_id, artist_id, source)
select distinct on (c.service, c.external_id) c.service, c.external_id, c.artist_id, c.source
from contested_external_ids c
where not exists (select from artist_external_ids e
                  where e.service = c.service and e.external_id = c.external_id)
order by c.service, c.external_id, c.artist_id
on conflict do nothing
"""
_SETTLED = """
delete from contested_external_ids c using artist_external_ids e
where e.service = c.service and e.external_id = c.external_id and e.artist_id = c.artist_id
"""
_FINISH = f"""
update catalog_imports
set stage = 'done', finished_at = %(now)s, gone = %(gone)s,
    contested = (select count(*) from contested_external_ids where source = '{SOURCE}')
where id = %(id)s returning {LEDGER}
"""  # noqa: S608
_REFRESH = "analyze (skip_locked) artists, artist_names, artist_external_ids"


class PostgresCatalogImports:
    """``CatalogImports`` on two connections, which it keeps from the first to the last."""

    def __init__(self, pool: Pool, *, patience: int = _PATIENCE) -> None:
        self._pool = pool
        self._patience = patience
        self._connections: tuple[Connection, ...] = ()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """The lock is the connection's own: it is gone when that is, however it ends."""
        with translated_errors():
            async with AsyncExitStack() as stack:
                first = await stack.enter_async_context(self._session())
                try:
                    await first.execute(f"set lock_timeout = {1000 * self._patience}")
                    await first.execute("select pg_advisory_lock(%s)", [_LOCK])
                except psycopg.errors.LockNotAvailable as error:
                    raise ImportRunningError(
                        "another import is running; wait until it has ended"
                    ) from error
                await first.execute("set lock_timeout = '60s'")
                further = [
                    await stack.enter_async_context(self._session())
                    for _ in range(min(_CONNECTIONS, self._pool.max_size) - 1)
                ]
                self._connections = (first, *further)
                try:
                    yield
                finally:
                    self._connections = ()

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[Connection]:
        async with self._pool.connection() as connection:
            for statement in _SESSION:
                await connection.execute(statement)
            try:
                yield connection
            finally:
                if not connection.closed:
                    await connection.execute("select pg_advisory_unlock_all()")
                    await connection.execute("reset all")

    async def begin(self, dump: DumpMark, id: UUID, now: datetime, /) -> CatalogImport:
        """What is staged counts only if all of it is still there."""
        connection = self._connection
        async with connection.transaction():
            found = await (await connection.execute(_UNFINISHED, {"mark": dump.mark})).fetchone()
            if found is not None and found[1]:
                return await self._resumed(found[0])
            if found is not None:
                await connection.execute(_ABANDON, {"id": found[0], "now": now})
            await self._empty()
            await connection.execute(
                _OPEN, {"id": id, "name": dump.name, "mark": dump.mark, "now": now}
            )
            return await self._state(id)

    async def _resumed(self, id: UUID) -> CatalogImport:
        state = await self._state(id)
        count = await (await self._connection.execute(_STAGED)).fetchone()
        if count != (state.staged,):
            await self._empty()
            await self._connection.execute(_AGAIN, {"id": id})
            return await self._state(id)
        return state

    async def stage(self, id: UUID, batch: DumpBatch, /) -> CatalogImport:
        """One COPY for each kind of row, and the ledger, in one transaction."""
        connection = self._connection
        async with connection.transaction():
            for staging, rows in batch.rows.items():
                columns = COLUMNS[staging]
                async with connection.cursor().copy(_copy(staging)) as copy:
                    copy.set_types([_TYPES.get(column, "text") for column in columns])
                    for row in rows:
                        await copy.write_row(row)
            artists = len(batch.rows.get(Staging.ARTISTS, ()))
            return await self._fetch(
                _KEEP,
                id=id,
                file=batch.file,
                lines=batch.lines,
                artists=artists,
                broken=len(batch.broken),
            )

    async def arrange(self, id: UUID, /) -> CatalogImport:
        """Join addresses to artists."""
        connection = self._connection
        async with connection.transaction():
            await connection.execute("analyze staged_links, staged_urls, staged_ended_links")
            await connection.execute(_ARRANGE)
            for staging in (Staging.LINKS, Staging.URLS, Staging.ENDED_LINKS):
                await connection.execute(_truncate(staging))
            await connection.execute("analyze staged_artists, staged_names, staged_ids")
            return await self._fetch(_ARRANGED, id=id)

    async def merge(
        self, id: UUID, limit: int, new_id: NewId, now: datetime, /
    ) -> CatalogImport | None:
        """On two connections at once: what PostgreSQL does for one of them takes one core."""
        merged = await merge_next(self._connections, id, limit, new_id, now)
        return await self._state(id) if merged else None

    async def count_missing(self, id: UUID, /) -> tuple[int, int]:
        """One pass over both."""
        row = await (await self._connection.execute(_MISSING)).fetchone()
        assert row is not None
        return row[0], row[1]

    async def finish(self, id: UUID, now: datetime, /, *, mark_gone: bool) -> CatalogImport:
        """In one transaction: an import that is done has nothing staged."""
        connection = self._connection
        async with connection.transaction():
            gone = 0
            if mark_gone:
                gone = (await connection.execute(_MARK, {"now": now})).rowcount
            await connection.execute(_SETTLE)
            await connection.execute(_SETTLED)
            await self._empty()
            return await self._fetch(_FINISH, id=id, now=now, gone=gone)

    async def refresh(self) -> None:
        """Samples are read, whatever the size of the tables."""
        await self._connection.execute(_REFRESH)

    @property
    def _connection(self) -> Connection:
        assert self._connections, "imports happen alone"
        return self._connections[0]

    async def _empty(self) -> None:
        for staging in Staging:
            await self._connection.execute(_truncate(staging))

    async def _state(self, id: UUID) -> CatalogImport:
        return await self._fetch(f"select {LEDGER} from catalog_imports where id = %(id)s", id=id)  # noqa: S608

    async def _fetch(self, query: str, **parameters: Any) -> CatalogImport:
        row = await (await self._connection.execute(query, parameters)).fetchone()
        assert row is not None
        return import_of(row)


def import_of(row: tuple[Any, ...]) -> CatalogImport:
    """A row of the ledger."""
    return CatalogImport(
        id=row[0],
        source=row[1],
        dump=row[2],
        stage=ImportStage(row[3]),
        lines_read=row[4],
        staged=row[5],
        added=row[6],
        matched=row[7],
        changed=row[8],
        unchanged=row[9],
        contested=row[10],
        gone=row[11],
        left_out=row[12],
        started_at=row[13],
        finished_at=row[14],
    )


def _copy(staging: Staging) -> sql.Composed:
    columns = sql.SQL(", ").join(map(sql.Identifier, COLUMNS[staging]))
    return sql.SQL("copy {} ({}) from stdin (format binary)").format(
        sql.Identifier(staging.value), columns
    )


def _truncate(staging: Staging) -> sql.Composed:
    return sql.SQL("truncate {}").format(sql.Identifier(staging.value))
