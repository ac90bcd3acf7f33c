"""Show somebody how much is on their do-not-play list."""

from dataclasses import dataclass
from typing import final

from application.blocklists.bulk_ports import ListCounts, ListSummary
from domain.shared.ids import UserId


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class GetListSummary:
    """Count what the person who asks has."""

    counts: ListCounts

    async def __call__(self, actor: UserId, /) -> ListSummary:
        """Entries in all and by source, tracks, exceptions, and the last bulk change."""
        return await self.counts.summary(actor)
