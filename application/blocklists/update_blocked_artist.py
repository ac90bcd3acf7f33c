"""Change the tags or the note of an entry."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.blocklists.ports import BeginBlocklists, BlockedArtist, BlockedArtistReader
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.blocklists.dnp_entry import parse_note, parse_tags
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


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateBlockedArtist:
    """Keep other tags or another note for an artist on the list."""

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
        async with self.begin() as tx:
            entry = await tx.entries.get_for_update(command.actor, command.artist_id)
            check_version(entry.version, command.expected)
            edited = entry.edited(tags=tags, note=note)
            await tx.entries.update(edited)
            await record(
                tx,
                BlockedArtistUpdated(
                    id=EventId(self.new_id()),
                    occurred_at=self.clock(),
                    user_id=command.actor,
                    artist_id=command.artist_id,
                ),
                command.origin,
                before=entry.state,
                after=edited.state,
            )
        return await self.reader.get(command.actor, command.artist_id)
