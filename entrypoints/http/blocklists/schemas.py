"""Wire shapes of the do-not-play list."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from application.blocklists import ports
from domain.blocklists.dnp_entry import MAX_NOTE_LENGTH, MAX_TAG_LENGTH, MAX_TAGS
from entrypoints.http.wire import Artist, Time

Tags = Annotated[
    list[Annotated[str, Meta(min_length=1, max_length=MAX_TAG_LENGTH)]],
    Meta(max_length=MAX_TAGS, description="The person's own labels.", examples=[["ai", "covers"]]),
]
Note = Annotated[
    str,
    Meta(
        max_length=MAX_NOTE_LENGTH,
        description="The person's own words.",
        examples=["Not on the commute."],
    ),
]
Id = Annotated[UUID, Meta(examples=["01a1fc92-f28d-7423-8b08-1933147824f5"])]


class ArtistToBlock(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which artist to put on the list, with tags and a note."""

    artist_id: Id
    tags: Tags = []
    note: Note | None = None


class EntryChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to change about an entry; what is left out stays, `null` takes the note away."""

    tags: Tags | msgspec.UnsetType = msgspec.UNSET
    note: Note | None | msgspec.UnsetType = msgspec.UNSET


class DnpEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An artist on somebody's do-not-play list."""

    user_id: Id
    artist_id: Id
    artist: Artist
    tags: Tags
    note: Note | None
    created_at: Annotated[Time, Meta(description="Since when the artist is on the list.")]

    @classmethod
    def of(cls, entry: ports.BlockedArtist) -> "DnpEntry":
        """The wire shape of an entry."""
        artist = entry.artist
        return cls(
            user_id=entry.user_id,
            artist_id=artist.id,
            artist=Artist(
                id=artist.id,
                canonical_name=artist.canonical_name,
                external_ids=artist.external_ids,  # type: ignore[arg-type]  # keys are StrEnum
                metadata=artist.metadata,
                created_at=artist.created_at,
            ),
            tags=entry.tags,
            note=entry.note,
            created_at=entry.added_at,
        )


class DnpPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some entries of a list, and the cursor of the next ones (`null` at the end)."""

    items: list[DnpEntry]
    next_cursor: str | None


class ExportedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One artist of an exported list."""

    artist: Annotated[str, Meta(examples=["Neural Groove Machine"])]
    artist_id: Annotated[Id, Meta(description="The artist's id on the service that wrote this.")]
    external_ids: Annotated[dict[str, str], Meta(description="Ids on services, by the service.")]
    tags: Tags
    note: Note | None
    added_at: Time


class ExportedList(msgspec.Struct, frozen=True, kw_only=True):
    """A whole list to take away."""

    version: Annotated[int, Meta(examples=[1])]
    entries: list[ExportedEntry]
