"""Do-not-play lists in PostgreSQL: reading them, and changing one entry."""

from collections.abc import AsyncGenerator, Sequence
from typing import Any

import psycopg

from adapters.postgres.errors import constraint_of
from adapters.postgres.export_places import ExportPlaces
from adapters.postgres.list_lock import keep_tag_keys, locked_list, note_key
from adapters.postgres.list_pages import ENTRIES, page_statement
from adapters.postgres.pool import Connection, Pool, fetch_all, snapshot
from application.blocklists.ports import (
    BlockedArtist,
    ListedArtist,
    ListOrder,
    ListPage,
    ListPosition,
    ListSlice,
)
from application.shared.ports import Clock
from domain.blocklists.dnp_entry import DnpEntry, EntrySource, Note, SourceKind, Tag
from domain.blocklists.errors import (
    ArtistAlreadyBlockedError,
    ArtistExceptedError,
    ArtistNotBlockedError,
    UnknownArtistError,
)
from domain.shared.ids import ArtistId, UserId

_ROWS_AT_ONCE = 500
_ENTRY = "tags, note, created_at, until, source, source_name, artist_id"
_ADD = """
insert into user_artist_blocks as b
    (user_id, artist_id, tags, note, note_key, until, source, source_name, created_at)
values (%(user_id)s, survivor_of(%(artist_id)s), %(tags)s, %(note)s, %(note_key)s, %(until)s,
        %(source)s, %(source_name)s, %(created_at)s)
on conflict (user_id, artist_id) do update
set tags = excluded.tags, note = excluded.note, note_key = excluded.note_key,
    until = excluded.until, source = excluded.source, source_name = excluded.source_name,
    created_at = excluded.created_at, change_id = null
where b.until <= excluded.created_at
"""


class PostgresBlockedArtistReader:
    """``BlockedArtistReader``: one statement a page, one snapshot for the whole."""

    def __init__(self, pool: Pool, places: ExportPlaces, clock: Clock) -> None:
        self._pool = pool
        self._places = places
        self._clock = clock

    async def page(self, slice: ListSlice, /) -> ListPage:
        """One more row than asked for says whether there is more."""
        parameters: dict[str, object] = {
            "user_id": slice.user_id,
            "now": self._clock(),
            "fetch": slice.limit + 1,
        }
        if slice.tag is not None:
            parameters["tag"] = slice.tag
        if slice.source is not None:
            parameters["source"] = slice.source.value
        if slice.source_name is not None:
            parameters["source_name"] = slice.source_name
        if slice.text is not None:
            escaped = slice.text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
            parameters["text"] = f"%{escaped}%"
        if slice.after is not None:
            parameters |= {"value": slice.after.value, "artist_id": slice.after.artist_id}
        # How much a text finds is known only with the text: a plan for any would read too much.
        prepare = None if slice.text is None else False
        rows = await fetch_all(self._pool, page_statement(slice), parameters, prepare=prepare)
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
            ENTRIES + " and b.artist_id = survivor_of(%(artist_id)s)",
            {"user_id": user_id, "artist_id": artist_id, "now": self._clock()},
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
                ENTRIES + " order by b.created_at, b.artist_id",
                {"user_id": user_id, "now": self._clock()},
            )
            async for row in cursor:
                yield _entry(row)


class PostgresDnpRepository:
    """``DnpRepository`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, entry: DnpEntry, /) -> None:
        """Insert, or replace what has ended; the list's lock decides who of several is first."""
        async with locked_list(self._connection, entry.user_id):
            excepted = await self._connection.execute(
                "select id from user_exceptions where user_id = %s and artist_id = survivor_of(%s)",
                [entry.user_id, entry.artist_id],
            )
            if (row := await excepted.fetchone()) is not None:
                raise ArtistExceptedError(
                    f"To block this artist, take the exception back first: {row[0]}."
                )
            await keep_tag_keys(self._connection, entry.user_id, entry.tags)
            try:
                added = await self._connection.execute(_ADD, _values(entry))
            except psycopg.errors.ForeignKeyViolation as error:
                if constraint_of(error) != "user_artist_blocks_artist_id_fkey":
                    raise
                raise UnknownArtistError("Search for the artist and use its id.") from error
        if added.rowcount == 0:
            raise ArtistAlreadyBlockedError("Change the entry that is there instead.")

    async def get_for_update(self, user_id: UserId, artist_id: ArtistId, /) -> DnpEntry:
        """Lock the list, then select."""
        async with locked_list(self._connection, user_id):
            cursor = await self._connection.execute(
                f"""
                select {_ENTRY} from user_artist_blocks
                where user_id = %s and artist_id = survivor_of(%s) for update
                """,  # noqa: S608
                [user_id, artist_id],
            )
            return _dnp_entry(user_id, await cursor.fetchone())

    async def update(self, entry: DnpEntry, /) -> None:
        """Write tags, note and end."""
        async with locked_list(self._connection, entry.user_id):
            await keep_tag_keys(self._connection, entry.user_id, entry.tags)
            await self._connection.execute(
                """
                update user_artist_blocks
                set tags = %(tags)s, note = %(note)s, note_key = %(note_key)s, until = %(until)s,
                    change_id = null
                where user_id = %(user_id)s and artist_id = %(artist_id)s
                """,
                _values(entry),
            )

    async def remove(self, user_id: UserId, artist_id: ArtistId, /) -> DnpEntry:
        """Delete one row."""
        async with locked_list(self._connection, user_id):
            cursor = await self._connection.execute(
                f"""
                delete from user_artist_blocks where user_id = %s and artist_id = survivor_of(%s)
                returning {_ENTRY}
                """,  # noqa: S608
                [user_id, artist_id],
            )
            return _dnp_entry(user_id, await cursor.fetchone())


def _values(entry: DnpEntry) -> dict[str, object]:
    return {
        "user_id": entry.user_id,
        "artist_id": entry.artist_id,
        "tags": sorted(entry.tags),
        "note": entry.note,
        "note_key": note_key(entry.note),
        "until": entry.until,
        "source": entry.source.kind.value,
        "source_name": entry.source.name,
        "created_at": entry.added_at,
    }


def _dnp_entry(user_id: UserId, row: Sequence[Any] | None) -> DnpEntry:
    if row is None:
        raise _not_blocked()
    return DnpEntry(
        user_id=user_id,
        artist_id=row[6],
        tags=frozenset(Tag(tag) for tag in row[0]),
        note=None if row[1] is None else Note(row[1]),
        added_at=row[2],
        until=row[3],
        source=EntrySource(kind=SourceKind(row[4]), name=row[5]),
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
            disambiguation=row[13],
        ),
        tags=row[2],
        note=row[3],
        added_at=row[4],
        until=row[10],
        source=EntrySource(kind=SourceKind(row[11]), name=row[12]),
    )


def _not_blocked() -> ArtistNotBlockedError:
    return ArtistNotBlockedError("It may have been taken off already; read the list again.")
