"""Show somebody a page of the tracks on their do-not-play list."""

from dataclasses import dataclass
from typing import final

from application.blocklists.track_ports import TrackPage, TrackReader, TrackSlice


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ListBlockedTracks:
    """Read a slice of the tracks of the person who asks."""

    reader: TrackReader

    async def __call__(self, query: TrackSlice, /) -> TrackPage:
        """Up to ``query.limit`` tracks, newest first, and where to go on."""
        return await self.reader.tracks(query)
