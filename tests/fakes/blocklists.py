"""Do-not-play lists in memory."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from application.blocklists.ports import (
    BeginBlocklists,
    BlockedArtist,
    ListedArtist,
    ListOrder,
    ListPage,
    ListPosition,
    ListSlice,
)
from application.catalog.ports import Artist
from application.shared.ports import Clock
from domain.blocklists.dnp_entry import DnpEntry
from domain.blocklists.errors import (
    ArtistAlreadyBlockedError,
    ArtistExceptedError,
    ArtistNotBlockedError,
    UnknownArtistError,
)
from domain.catalog.artist_name import search_key
from domain.shared.ids import ArtistId, UserId
from domain.shared.search_key import text_key
from tests.fakes.bulk_changes import FakeBulkChanges, FakeEndings, FakeTagRepository
from tests.fakes.list_import import FakeListImport
from tests.fakes.list_limits import check_limits, exception_of
from tests.fakes.list_tracks import FakeExceptionRepository, FakeTrackRepository
from tests.fakes.shared import FakeAuditLog, FakeDatabase, FakeOutbox, Rows


class FakeDnpRepository:
    """``DnpRepository`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, entry: DnpEntry, /) -> None:
        """Refuse a second one and an unknown artist."""
        entry = msgspec.structs.replace(entry, artist_id=self._rows.survivor_of(entry.artist_id))
        key = (entry.user_id, entry.artist_id)
        if exception := exception_of(self._rows, *key):
            raise ArtistExceptedError(f"excepted: {exception}")
        if entry.artist_id not in self._rows.artists:
            raise UnknownArtistError("unknown")
        if key in self._rows.entries and not self._rows.entries[key].is_over(entry.added_at):
            raise ArtistAlreadyBlockedError("there already")
        self._rows.entries[key] = entry
        self._rows.touched.pop(key, None)
        check_limits(self._rows, entry.user_id)

    async def get_for_update(self, user_id: UserId, artist_id: ArtistId, /) -> DnpEntry:
        """Look it up."""
        artist_id = self._rows.survivor_of(artist_id)
        if (user_id, artist_id) not in self._rows.entries:
            raise ArtistNotBlockedError("not there")
        return self._rows.entries[user_id, artist_id]

    async def update(self, entry: DnpEntry, /) -> None:
        """Replace it."""
        key = (entry.user_id, entry.artist_id)
        if key in self._rows.entries:
            self._rows.entries[key] = entry
            self._rows.touched.pop(key, None)
        check_limits(self._rows, entry.user_id)

    async def remove(self, user_id: UserId, artist_id: ArtistId, /) -> DnpEntry:
        """Drop it."""
        artist_id = self._rows.survivor_of(artist_id)
        self._rows.touched.pop((user_id, artist_id), None)
        entry = self._rows.entries.pop((user_id, artist_id), None)
        if entry is None:
            raise ArtistNotBlockedError("not there")
        return entry


class FakeBlockedArtistReader:
    """``BlockedArtistReader`` over what is committed."""

    def __init__(self, database: FakeDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def page(self, slice: ListSlice, /) -> ListPage:
        """Sort, filter, cut."""
        by_time = slice.order in {ListOrder.NEWEST, ListOrder.OLDEST}
        backwards = slice.order.value.startswith("-")

        def position(entry: BlockedArtist) -> ListPosition:
            value = entry.added_at if by_time else search_key(entry.artist.canonical_name)
            return ListPosition(value=value, artist_id=entry.artist.id)

        def key(place: ListPosition) -> tuple[float | str, ArtistId]:
            value = place.value
            return (value if isinstance(value, str) else value.timestamp(), place.artist_id)

        entries = sorted(
            (entry for entry in self._of(slice.user_id) if self._matches(entry, slice)),
            key=lambda entry: key(position(entry)),
            reverse=backwards,
        )
        if slice.after is not None:
            after = key(slice.after)
            entries = [
                entry
                for entry in entries
                if (key(position(entry)) < after if backwards else key(position(entry)) > after)
            ]
        cut = entries[: slice.limit]
        more = len(entries) > slice.limit
        return ListPage(entries=cut, next=position(cut[-1]) if more else None)

    async def get(self, user_id: UserId, artist_id: ArtistId, /) -> BlockedArtist:
        """Look it up."""
        meant = self._database.rows.survivor_of(artist_id)
        for entry in self._of(user_id):
            if entry.artist.id == meant:
                return entry
        raise ArtistNotBlockedError("not there")

    async def all(self, user_id: UserId, /) -> AsyncGenerator[BlockedArtist, None]:
        """Oldest first."""
        for entry in sorted(self._of(user_id), key=lambda e: (e.added_at, e.artist.id)):
            yield entry

    def _of(self, user_id: UserId) -> list[BlockedArtist]:
        rows, now = self._database.rows, self._clock()
        return [
            BlockedArtist(
                user_id=entry.user_id,
                artist=_listed(
                    rows.artists[entry.artist_id], rows.disambiguations.get(entry.artist_id)
                ),
                tags=sorted(entry.tags),
                note=entry.note,
                added_at=entry.added_at,
                until=entry.until,
                source=entry.source,
            )
            for entry in rows.entries.values()
            if entry.user_id == user_id and not entry.is_over(now)
        ]

    def _matches(self, entry: BlockedArtist, slice: ListSlice) -> bool:
        words = [*self._database.rows.names[entry.artist.id], *entry.tags, entry.note or ""]
        source = entry.source
        return (
            (slice.tag is None or slice.tag in entry.tags)
            and (slice.text is None or any(slice.text in text_key(word) for word in words))
            and slice.source in {None, source.kind}
            and slice.source_name in {None, source.name or ""}
        )


def _listed(artist: Artist, disambiguation: str | None) -> ListedArtist:
    return ListedArtist(
        id=artist.id,
        canonical_name=artist.canonical_name,
        external_ids=artist.external_ids,
        metadata=artist.metadata,
        created_at=artist.created_at,
        disambiguation=disambiguation,
    )


class FakeBlocklistsTransaction:
    """``BlocklistsTransaction`` on a copy of the rows."""

    def __init__(self, rows: Rows) -> None:
        self.entries = FakeDnpRepository(rows)
        self.imports = FakeListImport(rows)
        self.bulk = FakeBulkChanges(rows)
        self.tags = FakeTagRepository(rows)
        self.endings = FakeEndings(rows)
        self.tracks = FakeTrackRepository(rows)
        self.exceptions = FakeExceptionRepository(rows)
        self.outbox = FakeOutbox(rows)
        self.audit = FakeAuditLog(rows)


def begin_blocklists(database: FakeDatabase) -> BeginBlocklists:
    """``BeginBlocklists`` in memory."""

    @asynccontextmanager
    async def begin() -> AsyncIterator[FakeBlocklistsTransaction]:
        async with database.transaction() as rows:
            yield FakeBlocklistsTransaction(rows)

    return begin
