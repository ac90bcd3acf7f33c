"""What a bulk change answers, and what it takes."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Generic, TypeVar

import msgspec

from domain.blocklists.limits import MAX_BULK
from domain.shared.errors import InvalidInputError
from domain.shared.ids import ArtistId, BulkChangeId

Outcome = TypeVar("Outcome", bound=StrEnum)


class BulkResult(msgspec.Struct, Generic[Outcome], frozen=True, kw_only=True):
    """What became of each artist; ``change_id`` undoes it, ``None`` where nothing changed."""

    change_id: BulkChangeId | None
    outcomes: Mapping[ArtistId, Outcome]


class TagChange(msgspec.Struct, frozen=True, kw_only=True):
    """How many entries changed, and what that is undone by."""

    change_id: BulkChangeId
    entries: int


def checked_ids(artist_ids: Sequence[ArtistId]) -> list[ArtistId]:
    """1 to 10,000 ids, each once, in the order given."""
    ids = list(dict.fromkeys(artist_ids))
    if not 0 < len(ids) <= MAX_BULK:
        raise InvalidInputError.of("artist_ids", f"expected 1 to {MAX_BULK:,} artists")
    return ids


def count(outcomes: Mapping[ArtistId, Outcome], outcome: Outcome) -> int:
    """How many of them there are."""
    return sum(found == outcome for found in outcomes.values())
