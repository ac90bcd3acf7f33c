"""Change the tags, the note or the end of an entry."""

from dataclasses import dataclass
from datetime import datetime
from typing import final

import msgspec

from application.blocklists.ports import BeginBlocklists, BlockedArtist, BlockedArtistReader
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.blocklists.dnp_entry import check_still_there, parse_note, parse_tags, parse_until
from domain.blocklists.events import BlockedArtistUpdated
from domain.shared.ids import ArtistId, EventId, UserId
from domain.shared.origin import Origin
from domain.shared.version import Version, check_version


class EntryChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is to change; what is ``UNSET`` stays as it is."""

    actor: UserId
    artist_id: ArtistId
    tags: list[str] | msgspec.UnsetType
    note: str | None | msgspec.UnsetType
    origin: Origin
    expected: frozenset[Version] | None = None
    until: datetime | None | msgspec.UnsetType = msgspec.UNSET


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateBlockedArtist:
    """Keep other tags, another note or another end for an artist on the list."""

    begin: BeginBlocklists
    reader: BlockedArtistReader
    clock: Clock
    new_id: NewId

    async def __call__(self, command: EntryChange, /) -> BlockedArtist:
        """The entry as it is now; ``ArtistNotBlockedError`` where there is none.

        ``PreconditionFailedError`` where it is not as expected.
        """
        tags = command.tags if command.tags is msgspec.UNSET else parse_tags(command.tags)
        note = command.note if command.note is msgspec.UNSET else parse_note(command.note)
        now, until = self.clock(), command.until
        until = until if until is msgspec.UNSET else parse_until(until, now)
        async with self.begin() as tx:
            entry = await tx.entries.get_for_update(command.actor, command.artist_id)
            check_still_there(entry, now)
            check_version(entry.version, command.expected)
            edited = entry.edited(tags=tags, note=note, until=until)
            await tx.entries.update(edited)
            await record(
                tx,
                BlockedArtistUpdated(
                    id=EventId(self.new_id()),
                    occurred_at=now,
                    user_id=command.actor,
                    artist_id=command.artist_id,
                ),
                command.origin,
                before=entry.state,
                after=edited.state,
            )
        return await self.reader.get(command.actor, command.artist_id)
