"""Tags and numbers of whole lists in PostgreSQL, and entries whose time has come."""

from datetime import datetime

from adapters.postgres.bulk_changes import bulk_change, change_of, saved_of
from adapters.postgres.list_lock import keep_tag_keys, locked_list
from adapters.postgres.pool import Connection, Pool, fetch_all
from application.blocklists.bulk_ports import (
    EndedEntries,
    ListSummary,
    SourceCount,
    TagCount,
)
from application.shared.ports import Clock
from domain.blocklists.bulk import BulkKind
from domain.blocklists.dnp_entry import Tag
from domain.blocklists.errors import TagNotFoundError
from domain.shared.ids import BulkChangeId, UserId

# Entries that have ended count until the worker has removed them; these are few.
TAGS = """
with ended as (
    select tag, count(*) as entries from user_artist_blocks b, unnest(b.tags) as tag
    where b.until <= %(now)s and b.user_id = %(user_id)s group by tag
)
select c.name, c.entries - coalesce(e.entries, 0)
from user_list_counts c left join ended e on e.tag = c.name
where c.user_id = %(user_id)s and c.kind = 'tag' and c.entries > coalesce(e.entries, 0)
order by c.search_key, c.name
"""
SUMMARY = """
with ended as (
    select b.source as kind, coalesce(b.source_name, '') as name, count(*) as entries
    from user_artist_blocks b where b.until <= %(now)s and b.user_id = %(user_id)s group by 1, 2
), sources as (
    select c.kind, nullif(c.name, '') as name, c.entries - coalesce(e.entries, 0) as entries
    from user_list_counts c left join ended e using (kind, name)
    where c.user_id = %(user_id)s and c.kind <> 'tag' and c.entries > coalesce(e.entries, 0)
)
select (select coalesce(sum(entries), 0)::integer from sources),
       (select count(*)::integer from user_artist_blocks b
        where b.user_id = %(user_id)s and b.until > %(now)s),
       l.tracks, l.exceptions,
       (select jsonb_agg(to_jsonb(s) order by s.entries desc, s.kind, s.name) from sources s),
       c.id, c.kind, c.entries, c.made_at, c.undone_at
from user_lists l left join lateral (
    select * from bulk_changes c where c.user_id = l.user_id
    order by c.place desc limit 1
) c on true
where l.user_id = %(user_id)s
"""
_RENAME = f"""
with mine as materialized (
    select b.* from user_artist_blocks b
    where b.user_id = %(user_id)s and b.tags @> array[%(tag)s]
      and (b.until is null or b.until > %(now)s)
    order by b.artist_id for update
), changed as (
    update user_artist_blocks b
    set change_id = %(change_id)s, tags = (
        select coalesce(array_agg(tag order by tag collate "C"), '{{}}') from (
            select unnest(array_remove(m.tags, %(tag)s)) union select unnest(%(to)s::text[])
        ) as kept (tag)
    )
    from mine m where b.user_id = %(user_id)s and b.artist_id = m.artist_id returning b.artist_id
), {saved_of("changed")}, {change_of(BulkKind.EDIT, "changed")}
select count(*) from changed
"""  # noqa: S608
_NEXT = "select user_id from user_artist_blocks where until <= %s order by until limit 1"
_REMOVE_ENDED = """
delete from user_artist_blocks where user_id = %(user_id)s and artist_id in (
    select artist_id from user_artist_blocks
    where until <= %(now)s and user_id = %(user_id)s order by artist_id limit %(limit)s
) and until <= %(now)s
returning artist_id
"""


class PostgresListCounts:
    """``ListCounts``: one statement each."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    async def tags(self, user_id: UserId, /) -> list[TagCount]:
        """What triggers have counted."""
        rows = await fetch_all(self._pool, TAGS, {"user_id": user_id, "now": self._clock()})
        return [TagCount(tag=row[0], entries=row[1]) for row in rows]

    async def summary(self, user_id: UserId, /) -> ListSummary:
        """What triggers have counted."""
        rows = await fetch_all(self._pool, SUMMARY, {"user_id": user_id, "now": self._clock()})
        if not rows:
            return ListSummary(
                entries=0, temporary=0, tracks=0, exceptions=0, sources=[], last_change=None
            )
        entries, temporary, tracks, exceptions, sources, *change = rows[0]
        return ListSummary(
            entries=entries,
            temporary=temporary,
            tracks=tracks,
            exceptions=exceptions,
            sources=[SourceCount(**source) for source in sources or []],
            last_change=bulk_change(change) if change[0] else None,
        )


class PostgresTagRepository:
    """``TagRepository`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def rename(
        self,
        user_id: UserId,
        change_id: BulkChangeId,
        tag: Tag,
        /,
        *,
        to: Tag | None,
        now: datetime,
    ) -> int:
        """One update of every entry that has it."""
        async with locked_list(self._connection, user_id):
            await keep_tag_keys(self._connection, user_id, [] if to is None else [to])
            cursor = await self._connection.execute(
                _RENAME.encode(),
                {
                    "user_id": user_id,
                    "change_id": change_id,
                    "tag": tag,
                    "to": [] if to is None else [to],
                    "now": now,
                },
            )
            row = await cursor.fetchone()
        if not row or not row[0]:
            raise TagNotFoundError("Read the tags again; somebody may have renamed it.")
        return int(row[0])


class PostgresEndings:
    """``Endings`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def remove_some(self, limit: int, now: datetime, /) -> EndedEntries | None:
        """The list of the entry that ended first; by then another worker may have been there."""
        cursor = await self._connection.execute(_NEXT, [now])
        row = await cursor.fetchone()
        if row is None:
            return None
        user_id = UserId(row[0])
        async with locked_list(self._connection, user_id):
            removed = await self._connection.execute(
                _REMOVE_ENDED, {"user_id": user_id, "now": now, "limit": limit}
            )
            artist_ids = [artist_id for (artist_id,) in await removed.fetchall()]
        return EndedEntries(user_id=user_id, artist_ids=artist_ids)
