"""Put an artist on somebody's do-not-play list."""

from dataclasses import dataclass
from datetime import datetime
from typing import final

import msgspec

from application.blocklists.ports import BeginBlocklists, BlockedArtist, BlockedArtistReader
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.blocklists.dnp_entry import DnpEntry, parse_note, parse_tags, parse_until
from domain.blocklists.errors import ArtistAlreadyBlockedError
from domain.blocklists.events import ArtistBlocked
from domain.shared.ids import ArtistId, EventId, UserId
from domain.shared.origin import Origin


class ArtistToBlock(msgspec.Struct, frozen=True, kw_only=True):
    """Which artist, with the person's own tags and note, for good or until a time."""

    actor: UserId
    artist_id: ArtistId
    tags: list[str]
    note: str | None
    origin: Origin
    until: datetime | None = None


class ArtistAlreadyListedError(ArtistAlreadyBlockedError):
    """The artist is on the list, as ``entry`` shows."""

    def __init__(self, detail: str, entry: BlockedArtist) -> None:
        super().__init__(detail)
        self.entry = entry


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BlockArtist:
    """Add one entry; the artist must be in the catalogue and not on the list."""

    begin: BeginBlocklists
    reader: BlockedArtistReader
    clock: Clock
    new_id: NewId

    async def __call__(self, command: ArtistToBlock, /) -> BlockedArtist:
        """The new entry.

        ``UnknownArtistError``, ``ArtistAlreadyListedError``, ``ArtistExceptedError`` or
        ``ListFullError`` if it cannot be.
        """
        now = self.clock()
        entry = DnpEntry(
            user_id=command.actor,
            artist_id=command.artist_id,
            tags=parse_tags(command.tags),
            note=parse_note(command.note),
            added_at=now,
            until=parse_until(command.until, now),
        )
        try:
            await self._add(entry, command.origin)
        except ArtistAlreadyBlockedError as error:
            there = await self.reader.get(entry.user_id, entry.artist_id)
            raise ArtistAlreadyListedError(error.detail, there) from error
        return await self.reader.get(entry.user_id, entry.artist_id)

    async def _add(self, entry: DnpEntry, origin: Origin) -> None:
        async with self.begin() as tx:
            await tx.entries.add(entry)
            await record(
                tx,
                ArtistBlocked(
                    id=EventId(self.new_id()),
                    occurred_at=entry.added_at,
                    user_id=entry.user_id,
                    artist_id=entry.artist_id,
                ),
                origin,
                after=entry.state,
            )
