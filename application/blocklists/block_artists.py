"""Put many artists on somebody's do-not-play list at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import final

import msgspec

from application.blocklists.bulk_result import BulkResult, checked_ids, count
from application.blocklists.ports import BeginBlocklists
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.blocklists.bulk import AddOutcome
from domain.blocklists.dnp_entry import parse_note, parse_tags, parse_until
from domain.blocklists.events import ArtistsBlocked
from domain.shared.ids import ArtistId, BulkChangeId, EventId, UserId
from domain.shared.origin import Origin


class ArtistsToBlock(msgspec.Struct, frozen=True, kw_only=True):
    """Which artists, and what all of their entries have."""

    actor: UserId
    artist_ids: list[ArtistId]
    tags: list[str]
    note: str | None
    until: datetime | None
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BlockArtists:
    """Add up to 10,000 entries; those that are there stay as they are."""

    begin: BeginBlocklists
    clock: Clock
    new_id: NewId

    async def __call__(self, command: ArtistsToBlock, /) -> BulkResult[AddOutcome]:
        """What became of each; ``ListFullError`` if they are too many, and then of none."""
        now = self.clock()
        change_id = BulkChangeId(self.new_id())
        async with self.begin() as tx:
            outcomes: Mapping[ArtistId, AddOutcome] = await tx.bulk.add(
                command.actor,
                change_id,
                checked_ids(command.artist_ids),
                tags=parse_tags(command.tags),
                note=parse_note(command.note),
                until=parse_until(command.until, now),
                now=now,
            )
            if added := count(outcomes, AddOutcome.ADDED):
                event = ArtistsBlocked(
                    id=EventId(self.new_id()),
                    occurred_at=now,
                    user_id=command.actor,
                    change_id=change_id,
                    entries=added,
                )
                await record(tx, event, command.origin, after={"entries": added})
        return BulkResult(change_id=change_id if added else None, outcomes=outcomes)
