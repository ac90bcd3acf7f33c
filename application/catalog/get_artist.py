"""Show an artist of the catalogue."""

from dataclasses import dataclass
from typing import final

from application.catalog.directory import ArtistDetails, ArtistReader
from domain.shared.ids import ArtistId


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class GetArtist:
    """Read an artist by any id that it has or ever had here."""

    artists: ArtistReader

    async def __call__(self, artist_id: ArtistId, /) -> ArtistDetails:
        """The artist, or the one it became part of; ``ArtistNotFoundError``."""
        return await self.artists.get(artist_id)
