"""Wire shapes of single tracks, and of what no list may block."""

from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from application.blocklists import track_ports as ports
from domain.blocklists.limits import MAX_BULK_TRACKS
from domain.blocklists.track import (
    MAX_TITLE_LENGTH,
    Track,
    TrackAddOutcome,
    TrackId,
    TrackRegister,
    TrackRemoveOutcome,
)
from domain.shared.errors import InvalidInputError
from entrypoints.http.blocklists.schemas import Id, Note
from entrypoints.http.wire import Time

IdOfTrack = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=500,
        description="The bare id on the service, or where it takes one, a URI or an address.",
        examples=["11dFghVXANMlKmJXsNCbNl"],
    ),
]
Title = Annotated[
    str, Meta(min_length=1, max_length=MAX_TITLE_LENGTH, examples=["Eleven Kinds of Rain"])
]
Credit = Annotated[
    str, Meta(min_length=1, max_length=MAX_TITLE_LENGTH, examples=["Static Bloom & Echo Plumbing"])
]
Number = Annotated[int, Meta(ge=0, examples=[1])]


class TrackToBlock(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A track, by its id on a service or in a register."""

    service: TrackRegister
    id: IdOfTrack
    title: Title
    artist_credit: Credit
    note: Note | None = None

    def parsed(self) -> Track:
        """The track; ``InvalidInputError`` for an id that is none of the service's."""
        return Track.parse(self.service, self.id, self.title, self.artist_credit, self.note)


class TracksToBlock(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which tracks to put on the list; of two with one id the first counts."""

    tracks: Annotated[list[TrackToBlock], Meta(min_length=1, max_length=MAX_BULK_TRACKS)]

    def parsed(self) -> list[Track]:
        """All of them; ``InvalidInputError`` says which one cannot be read."""
        read = []
        for index, track in enumerate(self.tracks):
            try:
                read.append(track.parsed())
            except InvalidInputError as error:
                [refused] = error.errors
                field = f"tracks[{index}].{refused.field}"
                raise InvalidInputError.of(field, refused.message) from error
        return read


class TrackReference(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which track, by its id on a service or in a register."""

    service: TrackRegister
    id: IdOfTrack


class TracksToUnblock(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which tracks to take off the list."""

    tracks: Annotated[list[TrackReference], Meta(min_length=1, max_length=MAX_BULK_TRACKS)]


class AddedTrack(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one track."""

    service: TrackRegister
    id: str
    outcome: TrackAddOutcome


class RemovedTrack(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one track."""

    service: TrackRegister
    id: str
    outcome: TrackRemoveOutcome


class AddedTracks(msgspec.Struct, frozen=True, kw_only=True):
    """What became of tracks that were to come onto a list."""

    added: Number
    items: list[AddedTrack]

    @classmethod
    def of(cls, outcomes: Mapping[TrackId, TrackAddOutcome]) -> "AddedTracks":
        """The wire shape of outcomes."""
        return cls(
            added=sum(outcome is TrackAddOutcome.ADDED for outcome in outcomes.values()),
            items=[
                AddedTrack(service=key.service, id=key.value, outcome=outcome)
                for key, outcome in outcomes.items()
            ],
        )


class RemovedTracks(msgspec.Struct, frozen=True, kw_only=True):
    """What became of tracks that were to come off a list."""

    removed: Number
    items: list[RemovedTrack]

    @classmethod
    def of(cls, outcomes: Mapping[TrackId, TrackRemoveOutcome]) -> "RemovedTracks":
        """The wire shape of outcomes."""
        return cls(
            removed=sum(outcome is TrackRemoveOutcome.REMOVED for outcome in outcomes.values()),
            items=[
                RemovedTrack(service=key.service, id=key.value, outcome=outcome)
                for key, outcome in outcomes.items()
            ],
        )


class ListedTrack(msgspec.Struct, frozen=True, kw_only=True):
    """A track as it was named by whoever put it there."""

    service: TrackRegister
    id: str
    title: Title
    artist_credit: Credit

    @classmethod
    def of(cls, track: Track) -> "ListedTrack":
        """The wire shape of a track."""
        return cls(
            service=track.id.service,
            id=track.id.value,
            title=track.title,
            artist_credit=track.artist_credit,
        )


class BlockedTrack(msgspec.Struct, frozen=True, kw_only=True):
    """A track on somebody's do-not-play list."""

    track: ListedTrack
    note: Note | None
    created_at: Time


class TrackPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some tracks of a list, and the cursor of the next ones (`null` at the end)."""

    items: list[BlockedTrack]
    next_cursor: str | None

    @classmethod
    def of(cls, page: ports.TrackPage, next_cursor: str | None) -> "TrackPage":
        """The wire shape of a page."""
        return cls(
            items=[
                BlockedTrack(
                    track=ListedTrack.of(blocked.track),
                    note=blocked.track.note,
                    created_at=blocked.added_at,
                )
                for blocked in page.tracks
            ],
            next_cursor=next_cursor,
        )


class ExceptionToAdd(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Either an artist of the catalogue or a track, and why if one likes."""

    artist_id: Id | None = None
    track: TrackToBlock | None = None
    note: Note | None = None


class ListException(msgspec.Struct, frozen=True, kw_only=True):
    """An artist, or else a track, that no list may block for somebody."""

    id: Id
    artist_id: Id | None
    track: ListedTrack | None
    note: Note | None
    created_at: Time

    @classmethod
    def of(cls, exception: ports.ListException) -> "ListException":
        """The wire shape of an exception."""
        subject = exception.subject
        track = subject if isinstance(subject, Track) else None
        return cls(
            id=exception.id,
            artist_id=None if isinstance(subject, Track) else subject,
            track=ListedTrack.of(track) if track else None,
            note=exception.note,
            created_at=exception.added_at,
        )


class ShownException(msgspec.Struct, frozen=True, kw_only=True):
    """An exception with the name of its artist, or its track's title."""

    exception: ListException
    name: Annotated[str, Meta(examples=["Static Bloom"])]


class ExceptionPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some exceptions, and the cursor of the next ones (`null` at the end)."""

    items: list[ShownException]
    next_cursor: str | None

    @classmethod
    def of(cls, page: ports.ExceptionPage, next_cursor: str | None) -> "ExceptionPage":
        """The wire shape of a page."""
        return cls(
            items=[
                ShownException(exception=ListException.of(shown.exception), name=shown.name)
                for shown in page.exceptions
            ],
            next_cursor=next_cursor,
        )
