"""What the use cases of the catalogue need from the outside."""

from datetime import datetime
from typing import Protocol

import msgspec

from domain.shared.external_id import MusicService
from domain.shared.ids import ArtistId


class Artist(msgspec.Struct, frozen=True, kw_only=True):
    """An artist as the catalogue shows it: one id for each service that has one."""

    id: ArtistId
    canonical_name: str
    external_ids: dict[MusicService, str]
    metadata: dict[str, object]
    created_at: datetime


class ArtistSearch(Protocol):
    """Artists by what they are called."""

    async def find(self, key: str, limit: int, /) -> list[Artist]:
        """Artists with a name that begins with ``key`` or holds words that do, best first.

        ``key`` comes from ``domain.catalog.artist_name.search_key``. An exact name comes
        first, then names that begin with the key, then names that have its words in any
        order. The cost does not grow with the catalogue.
        """
        ...
