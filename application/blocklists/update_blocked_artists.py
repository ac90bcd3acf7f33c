"""Change many entries of somebody's list at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import final

import msgspec

from application.blocklists.bulk_ports import BulkEdit
from application.blocklists.bulk_result import BulkResult, checked_ids, count
from application.blocklists.ports import BeginBlocklists
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.blocklists.bulk import EditOutcome
from domain.blocklists.dnp_entry import parse_note, parse_tags, parse_until
from domain.blocklists.events import BlockedArtistsUpdated
from domain.shared.errors import InvalidInputError
from domain.shared.ids import ArtistId, BulkChangeId, EventId, UserId
from domain.shared.origin import Origin


class EntryChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What is to change about which entries; what is ``UNSET`` stays as it is."""

    actor: UserId
    artist_ids: list[ArtistId]
    add_tags: list[str]
    remove_tags: list[str]
    note: str | None | msgspec.UnsetType
    until: datetime | None | msgspec.UnsetType
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateBlockedArtists:
    """Change up to 10,000 entries alike."""

    begin: BeginBlocklists
    clock: Clock
    new_id: NewId

    async def __call__(self, command: EntryChanges, /) -> BulkResult[EditOutcome]:
        """What became of each; ``ListFullError`` where the list gets too many tags."""
        now, note, until = self.clock(), command.note, command.until
        edit = BulkEdit(
            add_tags=parse_tags(command.add_tags),
            remove_tags=parse_tags(command.remove_tags),
            note=note if note is msgspec.UNSET else parse_note(note),
            until=until if until is msgspec.UNSET else parse_until(until, now),
        )
        if edit.add_tags & edit.remove_tags:
            raise InvalidInputError.of("add_tags", "a tag is either added or removed")
        change_id = BulkChangeId(self.new_id())
        async with self.begin() as tx:
            outcomes = await tx.bulk.edit(
                command.actor, change_id, checked_ids(command.artist_ids), edit=edit, now=now
            )
            if changed := count(outcomes, EditOutcome.CHANGED):
                event = BlockedArtistsUpdated(
                    id=EventId(self.new_id()),
                    occurred_at=now,
                    user_id=command.actor,
                    change_id=change_id,
                    entries=changed,
                )
                await record(tx, event, command.origin, after={"entries": changed})
        return BulkResult(change_id=change_id if changed else None, outcomes=outcomes)
