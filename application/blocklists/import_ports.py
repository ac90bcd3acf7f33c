"""What importing lists needs from the outside, and what it says about a file."""

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

import msgspec

from domain.blocklists.dnp_entry import EntrySource
from domain.blocklists.list_formats.row import ListRow, Rejection
from domain.shared.external_id import MusicService
from domain.shared.ids import ArtistId, BulkChangeId, UserId

MAX_ROWS_SHOWN = 100
MAX_REVIEWS_TOLD = 1_000
MAX_CANDIDATES = 5


class ReviewReason(StrEnum):
    """Why a row is left for a person to decide."""

    NAME_ONLY = "name_only"
    IDS_DISAGREE = "ids_disagree"


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """An artist that a row may mean; ``is_listed`` if it is on the person's list."""

    id: ArtistId
    canonical_name: str
    external_ids: dict[MusicService, str]
    is_listed: bool


class RowToReview(msgspec.Struct, frozen=True, kw_only=True):
    """A row that is never added by itself, with at most five artists that it may mean."""

    line: int
    name: str | None
    reason: ReviewReason
    candidates: list[Candidate]


class ShownRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row and its artist; ``artist_id`` is ``None`` for one that the catalogue does not have."""

    line: int
    name: str
    artist_id: ArtistId | None


class ImportOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows did what, or would, and the first of each kind.

    ``rejected`` holds all rows whose ids nobody has, that are over, or whose artist the person has
    excepted; the others are cut.
    """

    added: int
    already_there: int
    needs_review: int
    rejected: list[Rejection]
    additions: list[ShownRow]
    there: list[ShownRow]
    reviews: list[RowToReview]


class ListImport(Protocol):
    """A whole file onto a list in a few statements, however long it is."""

    async def run(
        self,
        user_id: UserId,
        rows: Iterable[ListRow],
        /,
        *,
        now: datetime,
        new_id: Callable[[], UUID],
        change_id: BulkChangeId,
        source: EntrySource,
        dry_run: bool,
    ) -> ImportOutcome:
        """Add every row that says by an id who it is.

        Artists that the catalogue lacks are taken into it under their ids, if the row names
        them. Rows whose ids belong to several artists, or that have a name alone, are left for
        review. The rows are read once, in another thread, as they are sent on. Entries that are
        there keep their tags, note and date. What was added can be taken back as the bulk change
        ``change_id``; ``ListFullError`` if it is too much. A ``dry_run`` says the same, writes
        nothing, and nobody waits for it.
        """
        ...
