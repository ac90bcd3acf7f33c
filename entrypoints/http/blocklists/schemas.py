"""Wire shapes of the do-not-play list."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from application.blocklists import ports
from application.blocklists.import_blocked_artists import ImportResult as Result
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


class RejectedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that was not taken over, and why."""

    line: Annotated[int, Meta(description="Line of the file; the header is 1.", examples=[17])]
    reason: Annotated[str, Meta(examples=["id: the id is missing"])]


class ImportResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the rows of a file."""

    added: Annotated[int, Meta(examples=[7477])]
    already_there: Annotated[int, Meta(examples=[0])]
    rejected: Annotated[int, Meta(examples=[0])]
    rejections: Annotated[
        list[RejectedRow], Meta(description="The first thousand of the rejected rows.")
    ]

    @classmethod
    def of(cls, result: Result) -> "ImportResult":
        """The wire shape of a result."""
        return cls(
            added=result.added,
            already_there=result.already_there,
            rejected=result.rejected,
            rejections=[RejectedRow(line=r.line, reason=r.reason) for r in result.rejections],
        )


class ExportedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One artist of an exported list."""

    artist: Annotated[str, Meta(examples=["Neural Groove Machine"])]
    external_ids: dict[str, str]
    tags: Tags
    note: Note | None
    added_at: Time


class ExportedList(msgspec.Struct, frozen=True, kw_only=True):
    """A whole list to take away."""

    version: Annotated[int, Meta(examples=[1])]
    entries: list[ExportedEntry]
