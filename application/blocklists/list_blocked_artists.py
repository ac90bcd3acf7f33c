"""Show somebody a page of their do-not-play list."""

from dataclasses import dataclass
from typing import final

from application.blocklists.ports import BlockedArtistReader, ListPage, ListSlice


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ListBlockedArtists:
    """Read a slice of the list of the person who asks."""

    reader: BlockedArtistReader

    async def __call__(self, query: ListSlice, /) -> ListPage:
        """Up to ``query.limit`` entries, and where to go on."""
        return await self.reader.page(query)
