"""What the use cases of the catalogue need from the outside."""

from datetime import datetime
from typing import Protocol

import msgspec

from domain.catalog.match import MatchReason
from domain.shared.external_id import MusicService
from domain.shared.ids import ArtistId, UserId

# More than these are not shown with a hit.
ALIASES_SHOWN = 10


class Artist(msgspec.Struct, frozen=True, kw_only=True):
    """An artist as the catalogue shows it: one id for each service that has one."""

    id: ArtistId
    canonical_name: str
    external_ids: dict[MusicService, str]
    metadata: dict[str, object]
    created_at: datetime


class ArtistHit(msgspec.Struct, frozen=True, kw_only=True):
    """An artist that was found, by which of its names and why, as the one who asked sees it."""

    artist: Artist
    reason: MatchReason
    matched_name: str
    aliases: list[str]
    disambiguation: str | None
    on_own_list: bool


class ArtistSearch(Protocol):
    """Artists by what they are called."""

    async def find(self, key: str, limit: int, /, *, listener: UserId) -> list[ArtistHit]:
        """Artists whom somebody may mean who has typed ``key``, best first.

        ``key`` comes from ``domain.catalog.artist_name.search_key``. Names come in this order:
        the key itself; names that differ in spaces, a leading or moved "the", or "and"; names
        that begin with it; names with one slip of the finger, that is a letter more, less,
        otherwise or at another place, spaces or not; names that have the words that were typed,
        or beginnings of them, in any order. Only where there is none of all these: names whose
        words are each one slip away from those. Of equals the artist whom more people block
        comes first. Words of scripts without spaces are found anywhere in a name. The cost does
        not grow with the catalogue.

        ``aliases`` are up to ``ALIASES_SHOWN`` further names in order; ``on_own_list`` says
        whether ``listener`` blocks the artist.
        """
        ...


class BlockCounts(Protocol):
    """How many people block an artist, as searches know it."""

    async def refresh(self) -> int:
        """Bring what searches know up to date; of how many names that has changed.

        Any number may run at the same time: all but one leave it to that one.
        """
        ...
