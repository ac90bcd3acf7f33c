"""Take a tag off every entry."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.blocklists.bulk_result import TagChange
from application.blocklists.ports import BeginBlocklists
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.blocklists.dnp_entry import parse_tag
from domain.blocklists.events import TagRemoved
from domain.shared.ids import BulkChangeId, EventId, UserId
from domain.shared.origin import Origin
from domain.shared.state import masked_text


class TagToRemove(msgspec.Struct, frozen=True, kw_only=True):
    """Which tag of whose list."""

    actor: UserId
    tag: str
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveTag:
    """Remove a tag; the entries stay."""

    begin: BeginBlocklists
    clock: Clock
    new_id: NewId

    async def __call__(self, command: TagToRemove, /) -> TagChange:
        """How many entries had it; ``TagNotFoundError`` where none has."""
        now = self.clock()
        tag = parse_tag("tag", command.tag)
        change_id = BulkChangeId(self.new_id())
        async with self.begin() as tx:
            entries = await tx.tags.rename(command.actor, change_id, tag, to=None, now=now)
            event = TagRemoved(
                id=EventId(self.new_id()),
                occurred_at=now,
                user_id=command.actor,
                change_id=change_id,
                entries=entries,
            )
            before = {"tag": masked_text(tag), "entries": entries}
            await record(tx, event, command.origin, before=before)
        return TagChange(change_id=change_id, entries=entries)
