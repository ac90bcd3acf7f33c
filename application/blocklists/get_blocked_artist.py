"""Show somebody one entry of their do-not-play list."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.blocklists.ports import BlockedArtist, BlockedArtistReader
from domain.shared.ids import ArtistId, UserId


class EntryToShow(msgspec.Struct, frozen=True, kw_only=True):
    """Which artist on whose list."""

    actor: UserId
    artist_id: ArtistId


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class GetBlockedArtist:
    """Read one entry of the list of the person who asks."""

    reader: BlockedArtistReader

    async def __call__(self, query: EntryToShow, /) -> BlockedArtist:
        """The entry; ``ArtistNotBlockedError`` where there is none."""
        return await self.reader.get(query.actor, query.artist_id)
