"""Take many artists off somebody's do-not-play list at once."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.blocklists.bulk_result import BulkResult, checked_ids, count
from application.blocklists.ports import BeginBlocklists
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.blocklists.bulk import RemoveOutcome
from domain.blocklists.events import ArtistsUnblocked
from domain.shared.ids import ArtistId, BulkChangeId, EventId, UserId
from domain.shared.origin import Origin


class ArtistsToUnblock(msgspec.Struct, frozen=True, kw_only=True):
    """Which artists are to come off whose list."""

    actor: UserId
    artist_ids: list[ArtistId]
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockArtists:
    """Remove up to 10,000 entries."""

    begin: BeginBlocklists
    clock: Clock
    new_id: NewId

    async def __call__(self, command: ArtistsToUnblock, /) -> BulkResult[RemoveOutcome]:
        """What became of each."""
        now = self.clock()
        change_id = BulkChangeId(self.new_id())
        async with self.begin() as tx:
            outcomes = await tx.bulk.remove(
                command.actor, change_id, checked_ids(command.artist_ids), now=now
            )
            if removed := count(outcomes, RemoveOutcome.REMOVED):
                event = ArtistsUnblocked(
                    id=EventId(self.new_id()),
                    occurred_at=now,
                    user_id=command.actor,
                    change_id=change_id,
                    entries=removed,
                )
                await record(tx, event, command.origin, before={"entries": removed})
        return BulkResult(change_id=change_id if removed else None, outcomes=outcomes)
