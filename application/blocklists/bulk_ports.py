"""What changing many entries at once needs from the outside."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from domain.blocklists.bulk import Added, BulkChange, Edited, Removed, UndoneChange
from domain.blocklists.dnp_entry import Note, Tag
from domain.shared.ids import ArtistId, BulkChangeId, UserId


class BulkEdit(msgspec.Struct, frozen=True, kw_only=True):
    """What is to change about each of many entries; what is ``UNSET`` stays."""

    add_tags: frozenset[Tag]
    remove_tags: frozenset[Tag]
    note: Note | None | msgspec.UnsetType
    until: datetime | None | msgspec.UnsetType


class BulkChanges(Protocol):
    """Changes of up to 10,000 entries of one list, one statement each, that can be taken back.

    Every method locks the list until the transaction ends. Nothing is remembered of a change
    that changed nothing.
    """

    async def add(
        self,
        user_id: UserId,
        change_id: BulkChangeId,
        artist_ids: Sequence[ArtistId],
        /,
        *,
        tags: frozenset[Tag],
        note: Note | None,
        until: datetime | None,
        now: datetime,
    ) -> Added:
        """Put artists on the list; ``ListFullError`` if they are too many."""
        ...

    async def edit(
        self,
        user_id: UserId,
        change_id: BulkChangeId,
        artist_ids: Sequence[ArtistId],
        /,
        *,
        edit: BulkEdit,
        now: datetime,
    ) -> Edited:
        """Change entries; ``ListFullError`` where the list gets too many tags."""
        ...

    async def remove(
        self,
        user_id: UserId,
        change_id: BulkChangeId,
        artist_ids: Sequence[ArtistId],
        /,
        *,
        now: datetime,
    ) -> Removed:
        """Take entries off the list."""
        ...

    async def undo(
        self, user_id: UserId, change_id: BulkChangeId | None, /, *, now: datetime
    ) -> UndoneChange:
        """Take the last bulk change back, once; what was changed since stays as it is.

        ``NothingToUndoError`` where there is none of the last day, it was undone already, or it
        is not ``change_id``.
        """
        ...


class TagCount(msgspec.Struct, frozen=True, kw_only=True):
    """A tag, and how many entries have it."""

    tag: str
    entries: int


class SourceCount(msgspec.Struct, frozen=True, kw_only=True):
    """A source, and how many entries come from it; see ``EntrySource``."""

    kind: str
    name: str | None
    entries: int


class ListSummary(msgspec.Struct, frozen=True, kw_only=True):
    """How much is on a list, and where it comes from, most first."""

    entries: int
    temporary: int
    tracks: int
    exceptions: int
    sources: list[SourceCount]
    last_change: BulkChange | None


class ListCounts(Protocol):
    """Numbers about a list; the cost does not grow with it."""

    async def tags(self, user_id: UserId, /) -> list[TagCount]:
        """Every tag of the list, in alphabetical order."""
        ...

    async def summary(self, user_id: UserId, /) -> ListSummary:
        """The list as a whole."""
        ...


class TagRepository(Protocol):
    """Tags of whole lists; every method locks the list, and can be undone as a bulk change."""

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
        """Give ``tag`` another name, or take it off everywhere (``None``); how many had it.

        An entry that has both keeps the one. ``TagNotFoundError`` where nothing has ``tag``.
        """
        ...


class EndedEntries(msgspec.Struct, frozen=True, kw_only=True):
    """Entries of one list that have ended and are gone now."""

    user_id: UserId
    artist_ids: list[ArtistId]


class Endings(Protocol):
    """Entries whose time has come."""

    async def remove_some(self, limit: int, now: datetime, /) -> EndedEntries | None:
        """Delete up to ``limit`` of one list, which it locks; ``None`` where there are none."""
        ...
