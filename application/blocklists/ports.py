"""What the use cases of the do-not-play list need from the outside."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from application.blocklists.bulk_ports import BulkChanges, Endings, TagRepository
from application.blocklists.import_ports import ListImport
from application.blocklists.track_ports import ExceptionRepository, TrackRepository
from application.shared.ports import AuditLog, Outbox
from domain.blocklists.dnp_entry import DnpEntry, EntrySource, Note, SourceKind, Tag
from domain.shared.external_id import MusicService
from domain.shared.ids import ArtistId, UserId
from domain.shared.version import Version


class ListedArtist(msgspec.Struct, frozen=True, kw_only=True):
    """The artist of an entry, as the list shows it."""

    id: ArtistId
    canonical_name: str
    external_ids: dict[MusicService, str]
    metadata: dict[str, object]
    created_at: datetime
    disambiguation: str | None


class BlockedArtist(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a list together with its artist; ``tags`` are sorted."""

    user_id: UserId
    artist: ListedArtist
    tags: list[str]
    note: str | None
    added_at: datetime
    until: datetime | None
    source: EntrySource

    @property
    def version(self) -> Version:
        """That of the entry itself; the artist may change without it."""
        return DnpEntry(
            user_id=self.user_id,
            artist_id=self.artist.id,
            tags=frozenset(Tag(tag) for tag in self.tags),
            note=None if self.note is None else Note(self.note),
            added_at=self.added_at,
            until=self.until,
        ).version


class ListOrder(StrEnum):
    """In which order a list is read; a leading minus turns it round."""

    NEWEST = "-created_at"
    OLDEST = "created_at"
    NAME = "name"
    NAME_REVERSED = "-name"


class ListPosition(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """The last entry that was read: by its time or its name's search key, then by its artist."""

    value: datetime | str
    artist_id: ArtistId


class ListSlice(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of whose list is wanted.

    ``text`` is a search key that a name, an alias, a tag or the note must contain;
    ``source_name`` is empty for what comes from something without a name.
    """

    user_id: UserId
    order: ListOrder
    limit: int
    after: ListPosition | None
    tag: str | None
    text: str | None
    source: SourceKind | None
    source_name: str | None


class ListPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some entries, and where to go on (``None`` at the end)."""

    entries: list[BlockedArtist]
    next: ListPosition | None


class BlockedArtistReader(Protocol):
    """Lists as they are shown: one statement for each page. Somebody else's are empty.

    An entry is gone from all of them the moment it ends.
    """

    async def page(self, slice: ListSlice, /) -> ListPage:
        """The entries after ``slice.after``; stable while entries come and go."""
        ...

    async def get(self, user_id: UserId, artist_id: ArtistId, /) -> BlockedArtist:
        """One entry; ``ArtistNotBlockedError`` where it is not on this person's list."""
        ...

    def all(self, user_id: UserId, /) -> AsyncGenerator[BlockedArtist, None]:
        """The whole list, oldest entry first, as of one moment, a few rows at a time.

        It holds a connection until it ends or is closed: ``TooManyRequestsError`` where the
        person has others open, ``ServiceUnavailableError`` where everybody has too many.
        """
        ...


class DnpRepository(Protocol):
    """The entries of everybody's lists; each method touches the list of one person only.

    Each locks that list until the transaction ends, so that nothing comes between.
    """

    async def add(self, entry: DnpEntry, /) -> None:
        """Keep an entry, in place of one that has ended by the time of its adding.

        ``ArtistAlreadyBlockedError``, ``UnknownArtistError``, ``ArtistExceptedError`` or
        ``ListFullError`` if it cannot.
        """
        ...

    async def get_for_update(self, user_id: UserId, artist_id: ArtistId, /) -> DnpEntry:
        """An entry, locked until the transaction ends; else ``ArtistNotBlockedError``."""
        ...

    async def update(self, entry: DnpEntry, /) -> None:
        """Keep the new tags, note and end of an entry that is there."""
        ...

    async def remove(self, user_id: UserId, artist_id: ArtistId, /) -> DnpEntry:
        """Take an entry off; what it was, or ``ArtistNotBlockedError`` where there is none."""
        ...


class BlocklistsTransaction(Protocol):
    """All of it or nothing: commits on a clean exit, rolls back on any exception."""

    @property
    def entries(self) -> DnpRepository:
        """The entries of everybody's lists."""
        ...

    @property
    def imports(self) -> ListImport:
        """Whole files."""
        ...

    @property
    def bulk(self) -> BulkChanges:
        """Many entries at once."""
        ...

    @property
    def tags(self) -> TagRepository:
        """Tags of whole lists."""
        ...

    @property
    def endings(self) -> Endings:
        """Entries whose time has come."""
        ...

    @property
    def tracks(self) -> TrackRepository:
        """Single tracks."""
        ...

    @property
    def exceptions(self) -> ExceptionRepository:
        """What no list may block."""
        ...

    @property
    def outbox(self) -> Outbox:
        """Events of this transaction."""
        ...

    @property
    def audit(self) -> AuditLog:
        """Audit records of this transaction."""
        ...


BeginBlocklists = Callable[[], AbstractAsyncContextManager[BlocklistsTransaction]]
