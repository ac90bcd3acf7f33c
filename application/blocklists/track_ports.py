"""What single tracks and exceptions need from the outside."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from domain.blocklists.track import Track, TrackAddOutcome, TrackId, TrackRemoveOutcome
from domain.shared.ids import ArtistId, ExceptionId, UserId


class BlockedTrack(msgspec.Struct, frozen=True, kw_only=True):
    """A track on a list."""

    track: Track
    added_at: datetime


class TrackPosition(msgspec.Struct, frozen=True, kw_only=True):
    """The last track that was read."""

    added_at: datetime
    service: str
    id: str


class TrackSlice(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of whose tracks is wanted, newest first."""

    user_id: UserId
    limit: int
    after: TrackPosition | None


class TrackPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some tracks, and where to go on (``None`` at the end)."""

    tracks: list[BlockedTrack]
    next: TrackPosition | None


class TrackRepository(Protocol):
    """Tracks on everybody's lists; each method locks the list of one person until the end."""

    async def add(
        self, user_id: UserId, tracks: Sequence[Track], now: datetime, /
    ) -> Mapping[TrackId, TrackAddOutcome]:
        """Put tracks on the list in one statement; ``ListFullError`` if they are too many."""
        ...

    async def remove(
        self, user_id: UserId, ids: Sequence[TrackId], /
    ) -> Mapping[TrackId, TrackRemoveOutcome]:
        """Take tracks off the list in one statement."""
        ...


class ListException(msgspec.Struct, frozen=True, kw_only=True):
    """What no list may block for one person: an artist of the catalogue, or a track."""

    id: ExceptionId
    user_id: UserId
    subject: ArtistId | Track
    note: str | None
    added_at: datetime


class ShownException(msgspec.Struct, frozen=True, kw_only=True):
    """An exception as it is shown; ``name`` is the artist's or the track's."""

    exception: ListException
    name: str


class ExceptionPosition(msgspec.Struct, frozen=True, kw_only=True):
    """The last exception that was read."""

    added_at: datetime
    id: ExceptionId


class ExceptionSlice(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of whose exceptions is wanted, newest first."""

    user_id: UserId
    limit: int
    after: ExceptionPosition | None


class ExceptionPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some exceptions, and where to go on (``None`` at the end)."""

    exceptions: list[ShownException]
    next: ExceptionPosition | None


class ExceptionRepository(Protocol):
    """Exceptions of everybody; each method locks the list of one person until the end."""

    async def add(self, exception: ListException, /) -> None:
        """Keep it; ``AlreadyExceptedError``, ``BlockedByOwnListError``, ``UnknownArtistError``
        or ``ListFullError`` if it cannot.
        """
        ...

    async def remove(self, user_id: UserId, id: ExceptionId, /) -> None:
        """Take it back; ``ExceptionNotFoundError`` where this person has none such."""
        ...


class TrackReader(Protocol):
    """Tracks and exceptions as they are shown: one statement for each page."""

    async def tracks(self, slice: TrackSlice, /) -> TrackPage:
        """The tracks after ``slice.after``; stable while others come and go."""
        ...

    async def exceptions(self, slice: ExceptionSlice, /) -> ExceptionPage:
        """The exceptions after ``slice.after``; stable while others come and go."""
        ...
