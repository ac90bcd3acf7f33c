"""Take single tracks off somebody's do-not-play list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import msgspec

from application.blocklists.ports import BeginBlocklists
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.blocklists.events import TracksUnblocked
from domain.blocklists.limits import MAX_BULK_TRACKS
from domain.blocklists.track import TrackId, TrackRemoveOutcome
from domain.shared.errors import InvalidInputError
from domain.shared.ids import EventId, UserId
from domain.shared.origin import Origin


class TracksToUnblock(msgspec.Struct, frozen=True, kw_only=True):
    """Which tracks are to come off whose list."""

    actor: UserId
    ids: list[TrackId]
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockTracks:
    """Remove 1 to 2,000 tracks."""

    begin: BeginBlocklists
    clock: Clock
    new_id: NewId

    async def __call__(self, command: TracksToUnblock, /) -> Mapping[TrackId, TrackRemoveOutcome]:
        """What became of each."""
        ids = list(dict.fromkeys(command.ids))
        if not 0 < len(ids) <= MAX_BULK_TRACKS:
            raise InvalidInputError.of("tracks", f"expected 1 to {MAX_BULK_TRACKS:,} tracks")
        async with self.begin() as tx:
            outcomes = await tx.tracks.remove(command.actor, ids)
            removed = sum(outcome is TrackRemoveOutcome.REMOVED for outcome in outcomes.values())
            if removed:
                event = TracksUnblocked(
                    id=EventId(self.new_id()),
                    occurred_at=self.clock(),
                    user_id=command.actor,
                    tracks=removed,
                )
                await record(tx, event, command.origin, before={"tracks": removed})
        return outcomes
