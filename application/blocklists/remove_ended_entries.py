"""Take entries off lists once they have come to their end."""

from dataclasses import dataclass
from typing import final

from application.blocklists.ports import BeginBlocklists
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.blocklists.events import BlockEnded
from domain.shared.ids import EventId
from domain.shared.origin import Origin

BATCH = 200
_NOWHERE = Origin(address=None, user_agent=None, request_id="worker")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveEndedEntries:
    """Delete list by list, some at a time; any number of these may run side by side.

    Nobody has seen them since they ended: this only tidies up, and says so.
    """

    begin: BeginBlocklists
    clock: Clock
    new_id: NewId
    batch: int = BATCH

    async def __call__(self) -> int:
        """How many entries were removed."""
        removed = 0
        while (step := await self._step()) is not None:
            removed += step
        return removed

    async def _step(self) -> int | None:
        now = self.clock()
        async with self.begin() as tx:
            ended = await tx.endings.remove_some(self.batch, now)
            if ended is None:
                return None
            for artist_id in ended.artist_ids:
                event = BlockEnded(
                    id=EventId(self.new_id()),
                    occurred_at=now,
                    user_id=ended.user_id,
                    artist_id=artist_id,
                )
                await record(tx, event, _NOWHERE)
        return len(ended.artist_ids)
