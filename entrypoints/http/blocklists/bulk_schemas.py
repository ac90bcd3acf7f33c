"""Wire shapes of many entries at once, of tags, and of numbers about a list."""

from collections import Counter
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from application.blocklists import bulk_ports as ports
from application.blocklists.bulk_result import BulkResult
from domain.blocklists import bulk
from domain.blocklists.bulk import AddOutcome, BulkKind, EditOutcome, RemoveOutcome
from domain.blocklists.dnp_entry import MAX_TAG_LENGTH, SourceKind
from domain.blocklists.limits import MAX_BULK, UNDO_WITHIN
from domain.shared.ids import ArtistId, BulkChangeId
from entrypoints.http.blocklists.schemas import ChangeId, Id, Note, Tags, Until
from entrypoints.http.wire import Time

ArtistIds = Annotated[
    list[Id], Meta(min_length=1, max_length=MAX_BULK, description="Each counts once.")
]
Tag = Annotated[str, Meta(min_length=1, max_length=MAX_TAG_LENGTH, examples=["covers"])]
Number = Annotated[int, Meta(ge=0, examples=[2])]


class ArtistsToBlock(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which artists to put on the list, and what all of their entries have."""

    artist_ids: ArtistIds
    tags: Tags = []
    note: Note | None = None
    until: Until | None = None


class EntryChanges(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to change about which entries; what is left out stays, `null` takes it away."""

    artist_ids: ArtistIds
    add_tags: Tags = []
    remove_tags: Tags = []
    note: Note | None | msgspec.UnsetType = msgspec.UNSET
    until: Until | None | msgspec.UnsetType = msgspec.UNSET


class ArtistsToUnblock(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which artists to take off the list."""

    artist_ids: ArtistIds


class AddedArtist(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one artist."""

    artist_id: Id
    outcome: AddOutcome


class EditedArtist(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one entry."""

    artist_id: Id
    outcome: EditOutcome


class RemovedArtist(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one entry."""

    artist_id: Id
    outcome: RemoveOutcome


class AddedArtists(msgspec.Struct, frozen=True, kw_only=True):
    """What became of many artists, in numbers and one by one."""

    change_id: ChangeId | None
    added: Number
    already_there: Number
    excepted: Number
    unknown: Number
    items: list[AddedArtist]

    @classmethod
    def of(cls, asked: list[UUID], result: BulkResult[AddOutcome]) -> "AddedArtists":
        """The wire shape, in the order in which the artists were named."""
        numbers = Counter(result.outcomes.values())
        return cls(
            change_id=result.change_id,
            added=numbers[AddOutcome.ADDED],
            already_there=numbers[AddOutcome.ALREADY_THERE],
            excepted=numbers[AddOutcome.EXCEPTED],
            unknown=numbers[AddOutcome.UNKNOWN],
            items=[
                AddedArtist(artist_id=artist_id, outcome=result.outcomes[ArtistId(artist_id)])
                for artist_id in dict.fromkeys(asked)
            ],
        )


class EditedArtists(msgspec.Struct, frozen=True, kw_only=True):
    """What became of many entries, in numbers and one by one."""

    change_id: ChangeId | None
    changed: Number
    unchanged: Number
    too_many_tags: Number
    not_there: Number
    items: list[EditedArtist]

    @classmethod
    def of(cls, asked: list[UUID], result: BulkResult[EditOutcome]) -> "EditedArtists":
        """The wire shape, in the order in which the artists were named."""
        numbers = Counter(result.outcomes.values())
        return cls(
            change_id=result.change_id,
            changed=numbers[EditOutcome.CHANGED],
            unchanged=numbers[EditOutcome.UNCHANGED],
            too_many_tags=numbers[EditOutcome.TOO_MANY_TAGS],
            not_there=numbers[EditOutcome.NOT_THERE],
            items=[
                EditedArtist(artist_id=artist_id, outcome=result.outcomes[ArtistId(artist_id)])
                for artist_id in dict.fromkeys(asked)
            ],
        )


class RemovedArtists(msgspec.Struct, frozen=True, kw_only=True):
    """What became of many entries, in numbers and one by one."""

    change_id: ChangeId | None
    removed: Number
    not_there: Number
    items: list[RemovedArtist]

    @classmethod
    def of(cls, asked: list[UUID], result: BulkResult[RemoveOutcome]) -> "RemovedArtists":
        """The wire shape, in the order in which the artists were named."""
        numbers = Counter(result.outcomes.values())
        return cls(
            change_id=result.change_id,
            removed=numbers[RemoveOutcome.REMOVED],
            not_there=numbers[RemoveOutcome.NOT_THERE],
            items=[
                RemovedArtist(artist_id=artist_id, outcome=result.outcomes[ArtistId(artist_id)])
                for artist_id in dict.fromkeys(asked)
            ],
        )


class ChangeToUndo(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which bulk change: the last one, and if `change_id` is given, only if it is that."""

    change_id: Id | None = None


class BulkChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change of many entries at once."""

    id: Id
    kind: BulkKind
    entries: Number
    made_at: Time
    undoable_until: Annotated[Time, Meta(description="Until when it can be undone, as the last.")]
    undone_at: Time | None

    @classmethod
    def of(cls, change: bulk.BulkChange) -> "BulkChange":
        """The wire shape of a bulk change."""
        return cls(
            id=change.id,
            kind=change.kind,
            entries=change.entries,
            made_at=change.made_at,
            undoable_until=change.made_at + UNDO_WITHIN,
            undone_at=change.undone_at,
        )


class UndoneChange(msgspec.Struct, frozen=True, kw_only=True):
    """What was undone: entries as they were before, and those that were changed since."""

    change: BulkChange
    restored: Number
    left: Annotated[int, Meta(ge=0, description="Changed since, and left so.", examples=[0])]

    @classmethod
    def of(cls, undone: bulk.UndoneChange) -> "UndoneChange":
        """The wire shape of what was undone."""
        change = BulkChange.of(undone.change)
        return cls(change=change, restored=undone.restored, left=undone.left)


class TagCount(msgspec.Struct, frozen=True, kw_only=True):
    """A tag, and how many entries have it."""

    tag: Tag
    entries: Number


class TagCounts(msgspec.Struct, frozen=True, kw_only=True):
    """Every tag of a list."""

    items: list[TagCount]

    @classmethod
    def of(cls, tags: list[ports.TagCount]) -> "TagCounts":
        """The wire shape of tags."""
        return cls(items=[TagCount(tag=tag.tag, entries=tag.entries) for tag in tags])


class TagRenaming(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tag and its new name; onto one that is there, both become one."""

    tag: Tag
    to: Annotated[str, Meta(min_length=1, max_length=MAX_TAG_LENGTH, examples=["remakes"])]


class TagToRemove(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tag to take off every entry."""

    tag: Tag


class ChangedTag(msgspec.Struct, frozen=True, kw_only=True):
    """How many entries changed."""

    change_id: Id
    entries: Number

    @classmethod
    def of(cls, change_id: BulkChangeId, entries: int) -> "ChangedTag":
        """The wire shape of a change of a tag."""
        return cls(change_id=change_id, entries=entries)


class SourceCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many entries come from one source."""

    kind: SourceKind
    name: str | None
    entries: Number


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """How much is on a list, and where it comes from."""

    entries: Number
    temporary: Annotated[int, Meta(ge=0, description="Entries that end by themselves.")]
    tracks: Number
    exceptions: Number
    sources: list[SourceCount]
    last_change: BulkChange | None

    @classmethod
    def of(cls, summary: ports.ListSummary) -> "Summary":
        """The wire shape of a summary."""
        change = summary.last_change
        return cls(
            entries=summary.entries,
            temporary=summary.temporary,
            tracks=summary.tracks,
            exceptions=summary.exceptions,
            sources=[
                SourceCount(kind=SourceKind(s.kind), name=s.name, entries=s.entries)
                for s in summary.sources
            ],
            last_change=BulkChange.of(change) if change else None,
        )
