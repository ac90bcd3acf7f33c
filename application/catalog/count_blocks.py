"""Let searches know who is blocked how often."""

from dataclasses import dataclass
from typing import final

from application.catalog.ports import BlockCounts


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CountBlocks:
    """Count the do-not-play lists that each artist is on; any number may run side by side."""

    counts: BlockCounts

    async def __call__(self) -> int:
        """Of how many names the count has changed."""
        return await self.counts.refresh()
