"""What showing and resolving artists needs from the outside."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from application.catalog.ports import Artist
from domain.catalog.resolution import Match, Question
from domain.shared.ids import ArtistId, ArtistMergeId


class MergedArtist(msgspec.Struct, frozen=True, kw_only=True):
    """An artist that became part of another, and the merge that can be undone."""

    id: ArtistId
    canonical_name: str
    merge_id: ArtistMergeId
    merged_at: datetime


class ArtistDetails(msgspec.Struct, frozen=True, kw_only=True):
    """An artist with all of its names, sorted, and those that became part of it."""

    artist: Artist
    disambiguation: str | None
    names: list[str]
    merged_from: list[MergedArtist]


class ArtistReader(Protocol):
    """Artists by their id."""

    async def get(self, artist_id: ArtistId, /) -> ArtistDetails:
        """The artist; that of which it is a part, where it was merged; ``ArtistNotFoundError``."""
        ...


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """What speaks for whom, question by question; and each artist that is spoken for.

    ``disambiguations`` holds the words that tell some of them from others of the name.
    """

    matches: list[list[Match]]
    artists: dict[ArtistId, Artist]
    disambiguations: dict[ArtistId, str]


class ArtistDirectory(Protocol):
    """Artists by ids on services and by names, for many questions at once."""

    async def look_up(self, questions: Sequence[Question], /) -> Findings:
        """All that speaks for any artist, in one statement for up to a thousand questions.

        Every id is looked up, and every name that has one of the keys. Where nobody has
        one, names are that are one slip of the finger away (a letter too many, too few or
        another one, two that changed places), or differ in spaces, "the" or "and". A merged
        artist is never among the answers; what it became part of is. At most twenty for a key.
        """
        ...
