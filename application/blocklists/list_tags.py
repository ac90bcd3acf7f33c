"""Show somebody the tags of their do-not-play list."""

from dataclasses import dataclass
from typing import final

from application.blocklists.bulk_ports import ListCounts, TagCount
from domain.shared.ids import UserId


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ListTags:
    """Read the tags of the person who asks."""

    counts: ListCounts

    async def __call__(self, actor: UserId, /) -> list[TagCount]:
        """Each with the number of entries that have it."""
        return await self.counts.tags(actor)
