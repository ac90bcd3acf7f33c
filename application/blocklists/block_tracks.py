"""Put single tracks on somebody's do-not-play list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import msgspec

from application.blocklists.ports import BeginBlocklists
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.blocklists.events import TracksBlocked
from domain.blocklists.limits import MAX_BULK_TRACKS
from domain.blocklists.track import Track, TrackAddOutcome, TrackId
from domain.shared.errors import InvalidInputError
from domain.shared.ids import EventId, UserId
from domain.shared.origin import Origin


class TracksToBlock(msgspec.Struct, frozen=True, kw_only=True):
    """Which tracks; of two with one id the first counts."""

    actor: UserId
    tracks: list[Track]
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BlockTracks:
    """Add 1 to 2,000 tracks; those that are there stay as they are."""

    begin: BeginBlocklists
    clock: Clock
    new_id: NewId

    async def __call__(self, command: TracksToBlock, /) -> Mapping[TrackId, TrackAddOutcome]:
        """What became of each; ``ListFullError`` if they are too many, and then of none."""
        now = self.clock()
        tracks = list({track.id: track for track in reversed(command.tracks)}.values())[::-1]
        if not 0 < len(tracks) <= MAX_BULK_TRACKS:
            raise InvalidInputError.of("tracks", f"expected 1 to {MAX_BULK_TRACKS:,} tracks")
        async with self.begin() as tx:
            outcomes = await tx.tracks.add(command.actor, tracks, now)
            added = sum(outcome is TrackAddOutcome.ADDED for outcome in outcomes.values())
            if added:
                event = TracksBlocked(
                    id=EventId(self.new_id()),
                    occurred_at=now,
                    user_id=command.actor,
                    tracks=added,
                )
                await record(tx, event, command.origin, after={"tracks": added})
        return {track.id: outcomes[track.id] for track in tracks}
