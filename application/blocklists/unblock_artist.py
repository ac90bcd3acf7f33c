"""Take an artist off somebody's do-not-play list."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.blocklists.ports import BeginBlocklists
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.blocklists.dnp_entry import check_still_there
from domain.blocklists.events import ArtistUnblocked
from domain.shared.ids import ArtistId, EventId, UserId
from domain.shared.origin import Origin
from domain.shared.version import Version, check_version


class ArtistToUnblock(msgspec.Struct, frozen=True, kw_only=True):
    """Which artist is to come off whose list."""

    actor: UserId
    artist_id: ArtistId
    origin: Origin
    expected: frozenset[Version] | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockArtist:
    """Remove one entry."""

    begin: BeginBlocklists
    clock: Clock
    new_id: NewId

    async def __call__(self, command: ArtistToUnblock, /) -> None:
        """Gone; ``ArtistNotBlockedError`` where it was not there.

        ``PreconditionFailedError`` where it is not as expected.
        """
        now = self.clock()
        async with self.begin() as tx:
            if command.expected is not None:
                known = await tx.entries.get_for_update(command.actor, command.artist_id)
                check_version(known.version, command.expected)
            entry = await tx.entries.remove(command.actor, command.artist_id)
            check_still_there(entry, now)
            await record(
                tx,
                ArtistUnblocked(
                    id=EventId(self.new_id()),
                    occurred_at=now,
                    user_id=command.actor,
                    artist_id=command.artist_id,
                ),
                command.origin,
                before=entry.state,
            )
