"""Do-not-play lists in PostgreSQL: reading them, and changing one entry."""

from collections.abc import AsyncGenerator, Sequence
from typing import Any

import psycopg

from adapters.postgres.errors import constraint_of
from adapters.postgres.export_places import ExportPlaces
from adapters.postgres.pool import Connection, Pool, fetch_all, snapshot
from application.blocklists.ports import (
    BlockedArtist,
    ListedArtist,
    ListOrder,
    ListPage,
    ListPosition,
    ListSlice,
)
from domain.blocklists.dnp_entry import DnpEntry, Note, Tag
from domain.blocklists.errors import (
    ArtistAlreadyBlockedError,
    ArtistNotBlockedError,
    UnknownArtistError,
)
from domain.shared.ids import ArtistId, UserId

_SELECT = """
select b.user_id, b.artist_id, b.tags, b.note, b.created_at, a.canonical_name,
       a.external_ids, a.metadata, a.created_at, a.sort_key
from user_artist_blocks b
join artists a on a.id = b.artist_id
where b.user_id = %(user_id)s
"""
_TAG = " and b.tags @> array[%(tag)s]"
_TEXT = """ and exists (
    select from artist_names n where n.artist_id = b.artist_id and n.search_key like %(text)s
)"""
_SORTS = {
    ListOrder.NEWEST: ("b.created_at", "desc", "<", "timestamptz"),
    ListOrder.OLDEST: ("b.created_at", "asc", ">", "timestamptz"),
    ListOrder.NAME: ("a.sort_key", "asc", ">", "text"),
    ListOrder.NAME_REVERSED: ("a.sort_key", "desc", "<", "text"),
}
_ROWS_AT_ONCE = 500


def page_statement(slice: ListSlice) -> str:
    """The one statement that reads a page; its parts are constants, never somebody's input."""
    column, direction, beyond, type_ = _SORTS[slice.order]
    statement = _SELECT
    if slice.tag is not None:
        statement += _TAG
    if slice.text is not None:
        statement += _TEXT
    if slice.after is not None:
        statement += (
            f" and ({column}, b.artist_id) {beyond} (%(value)s::{type_}, %(artist_id)s::uuid)"
        )
    return f"{statement} order by {column} {direction}, b.artist_id {direction} limit %(fetch)s"


class PostgresBlockedArtistReader:
    """``BlockedArtistReader``: one statement a page, one snapshot for the whole."""

    def __init__(self, pool: Pool, places: ExportPlaces) -> None:
        self._pool = pool
        self._places = places

    async def page(self, slice: ListSlice, /) -> ListPage:
        """One more row than asked for says whether there is more."""
        parameters: dict[str, object] = {"user_id": slice.user_id, "fetch": slice.limit + 1}
        if slice.tag is not None:
            parameters["tag"] = slice.tag
        if slice.text is not None:
            escaped = slice.text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
            parameters["text"] = f"%{escaped}%"
        if slice.after is not None:
            parameters |= {"value": slice.after.value, "artist_id": slice.after.artist_id}
        rows = await fetch_all(self._pool, page_statement(slice), parameters)
        entries = [_entry(row) for row in rows[: slice.limit]]
        if len(rows) <= slice.limit:
            return ListPage(entries=entries, next=None)
        last = rows[slice.limit - 1]
        by_time = slice.order in {ListOrder.NEWEST, ListOrder.OLDEST}
        return ListPage(
            entries=entries,
            next=ListPosition(value=last[4] if by_time else last[9], artist_id=last[1]),
        )

    async def get(self, user_id: UserId, artist_id: ArtistId, /) -> BlockedArtist:
        """One row by its key."""
        rows = await fetch_all(
            self._pool,
            _SELECT + " and b.artist_id = survivor_of(%(artist_id)s)",
            {"user_id": user_id, "artist_id": artist_id},
        )
        if not rows:
            raise _not_blocked()
        return _entry(rows[0])

    async def all(self, user_id: UserId, /) -> AsyncGenerator[BlockedArtist, None]:
        """A server-side cursor, so that memory does not grow with the list."""
        async with (
            self._places.take(user_id),
            snapshot(self._pool) as connection,
            connection.cursor("whole_list", binary=True) as cursor,
        ):
            cursor.itersize = _ROWS_AT_ONCE
            await cursor.execute(
                _SELECT + " order by b.created_at, b.artist_id", {"user_id": user_id}
            )
            async for row in cursor:
                yield _entry(row)


class PostgresDnpRepository:
    """``DnpRepository`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, entry: DnpEntry, /) -> None:
        """Insert; the primary key decides who of several is first."""
        try:
            await self._connection.execute(
                """
                insert into user_artist_blocks (user_id, artist_id, tags, note, created_at)
                values (%s, survivor_of(%s), %s, %s, %s)
                """,
                [entry.user_id, entry.artist_id, sorted(entry.tags), entry.note, entry.added_at],
            )
        except psycopg.errors.UniqueViolation as error:
            raise ArtistAlreadyBlockedError("Change the entry that is there instead.") from error
        except psycopg.errors.ForeignKeyViolation as error:
            if constraint_of(error) != "user_artist_blocks_artist_id_fkey":
                raise
            raise UnknownArtistError("Search for the artist and use its id.") from error

    async def get_for_update(self, user_id: UserId, artist_id: ArtistId, /) -> DnpEntry:
        """Select and lock."""
        cursor = await self._connection.execute(
            """
            select tags, note, created_at, artist_id from user_artist_blocks
            where user_id = %s and artist_id = survivor_of(%s) for update
            """,
            [user_id, artist_id],
        )
        return _dnp_entry(user_id, await cursor.fetchone())

    async def update(self, entry: DnpEntry, /) -> None:
        """Write tags and note."""
        await self._connection.execute(
            """
            update user_artist_blocks set tags = %s, note = %s
            where user_id = %s and artist_id = %s
            """,
            [sorted(entry.tags), entry.note, entry.user_id, entry.artist_id],
        )

    async def remove(self, user_id: UserId, artist_id: ArtistId, /) -> DnpEntry:
        """Delete one row."""
        cursor = await self._connection.execute(
            """
            delete from user_artist_blocks where user_id = %s and artist_id = survivor_of(%s)
            returning tags, note, created_at, artist_id
            """,
            [user_id, artist_id],
        )
        return _dnp_entry(user_id, await cursor.fetchone())


def _dnp_entry(user_id: UserId, row: Sequence[Any] | None) -> DnpEntry:
    if row is None:
        raise _not_blocked()
    return DnpEntry(
        user_id=user_id,
        artist_id=row[3],
        tags=frozenset(Tag(tag) for tag in row[0]),
        note=None if row[1] is None else Note(row[1]),
        added_at=row[2],
    )


def _entry(row: Sequence[Any]) -> BlockedArtist:
    return BlockedArtist(
        user_id=row[0],
        artist=ListedArtist(
            id=row[1],
            canonical_name=row[5],
            external_ids=row[6],
            metadata=row[7],
            created_at=row[8],
        ),
        tags=row[2],
        note=row[3],
        added_at=row[4],
    )


def _not_blocked() -> ArtistNotBlockedError:
    return ArtistNotBlockedError("It may have been taken off already; read the list again.")
