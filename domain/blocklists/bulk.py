"""Changes of many entries at once: what becomes of each, and what is remembered to undo them."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from domain.shared.ids import ArtistId, BulkChangeId


class AddOutcome(StrEnum):
    """What became of one artist that was to come onto a list."""

    ADDED = "added"
    ALREADY_THERE = "already_there"
    EXCEPTED = "excepted"
    UNKNOWN = "unknown"


class EditOutcome(StrEnum):
    """What became of one entry that was to be changed."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    TOO_MANY_TAGS = "too_many_tags"
    NOT_THERE = "not_there"


class RemoveOutcome(StrEnum):
    """What became of one entry that was to come off a list."""

    REMOVED = "removed"
    NOT_THERE = "not_there"


class BulkKind(StrEnum):
    """What a bulk change did."""

    ADD = "add"
    EDIT = "edit"
    REMOVE = "remove"
    IMPORT = "import"


class BulkChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change of many entries at once, how many it changed, and whether it was taken back."""

    id: BulkChangeId
    kind: BulkKind
    entries: int
    made_at: datetime
    undone_at: datetime | None = None


class UndoneChange(msgspec.Struct, frozen=True, kw_only=True):
    """A bulk change that was taken back: entries as they were before, and those left alone.

    The latter were changed, taken off or added again by something else since.
    """

    change: BulkChange
    restored: int
    left: int


Added = Mapping[ArtistId, AddOutcome]
Edited = Mapping[ArtistId, EditOutcome]
Removed = Mapping[ArtistId, RemoveOutcome]
