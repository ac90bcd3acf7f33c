"""Wire shapes of the do-not-play list."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from application.blocklists import ports
from domain.blocklists.dnp_entry import MAX_NOTE_LENGTH, MAX_TAG_LENGTH, MAX_TAGS, SourceKind
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
Until = Annotated[
    datetime,
    Meta(
        tz=True,
        description="When the entry ends by itself; `null` for never.",
        examples=["2046-01-31T12:00:00Z"],
    ),
]
Id = Annotated[UUID, Meta(examples=["01a1fc92-f28d-7423-8b08-1933147824f5"])]


class ArtistToBlock(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which artist to put on the list, with tags and a note."""

    artist_id: Id
    tags: Tags = []
    note: Note | None = None
    until: Until | None = None


class EntryChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to change about an entry; what is left out stays, `null` takes it away."""

    tags: Tags | msgspec.UnsetType = msgspec.UNSET
    note: Note | None | msgspec.UnsetType = msgspec.UNSET
    until: Until | None | msgspec.UnsetType = msgspec.UNSET


class EntrySource(msgspec.Struct, frozen=True, kw_only=True):
    """Whose reason it is: the listener's `own`, or that of an `import` or a `list`."""

    kind: SourceKind
    name: Annotated[
        str | None, Meta(description="What the file or list is called.", examples=["robots.csv"])
    ]


class DnpEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An artist on somebody's do-not-play list."""

    user_id: Id
    artist_id: Id
    artist: Artist
    disambiguation: Annotated[
        str | None,
        Meta(
            description="A few words that tell artists of the same name apart.",
            examples=["trio from Ghent"],
        ),
    ]
    tags: Tags
    note: Note | None
    created_at: Annotated[Time, Meta(description="Since when the artist is on the list.")]
    until: Until | None
    source: EntrySource

    @classmethod
    def of(cls, entry: ports.BlockedArtist) -> "DnpEntry":
        """The wire shape of an entry."""
        return cls(
            user_id=entry.user_id,
            artist_id=entry.artist.id,
            artist=Artist.of(entry.artist),
            disambiguation=entry.artist.disambiguation,
            tags=entry.tags,
            note=entry.note,
            created_at=entry.added_at,
            until=entry.until,
            source=EntrySource(kind=entry.source.kind, name=entry.source.name),
        )


class DnpPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some entries of a list, and the cursor of the next ones (`null` at the end)."""

    items: list[DnpEntry]
    next_cursor: str | None


ChangeId = Annotated[
    UUID,
    Meta(
        description="What `undoBulkChange` takes it back by; `null` where nothing changed.",
        examples=["01a1fc92-f28d-7423-8b08-1933147824f5"],
    ),
]


class ExportedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One artist of an exported list."""

    artist: Annotated[str, Meta(examples=["Neural Groove Machine"])]
    artist_id: Annotated[Id, Meta(description="The artist's id on the service that wrote this.")]
    external_ids: Annotated[dict[str, str], Meta(description="Ids on services, by the service.")]
    tags: Tags
    note: Note | None
    added_at: Time
    until: Until | None
    source: EntrySource


class ExportedList(msgspec.Struct, frozen=True, kw_only=True):
    """A whole list to take away."""

    version: Annotated[int, Meta(examples=[1])]
    entries: list[ExportedEntry]
