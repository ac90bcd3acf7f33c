"""Show somebody a page of what no list may block for them."""

from dataclasses import dataclass
from typing import final

from application.blocklists.track_ports import ExceptionPage, ExceptionSlice, TrackReader


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ListExceptions:
    """Read a slice of the exceptions of the person who asks."""

    reader: TrackReader

    async def __call__(self, query: ExceptionSlice, /) -> ExceptionPage:
        """Up to ``query.limit`` exceptions, newest first, and where to go on."""
        return await self.reader.exceptions(query)
