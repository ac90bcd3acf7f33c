"""Give a tag another name, or make one of two."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.blocklists.bulk_result import TagChange
from application.blocklists.ports import BeginBlocklists
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.blocklists.dnp_entry import parse_tag
from domain.blocklists.events import TagRenamed
from domain.shared.errors import InvalidInputError
from domain.shared.ids import BulkChangeId, EventId, UserId
from domain.shared.origin import Origin
from domain.shared.state import masked_text


class TagRenaming(msgspec.Struct, frozen=True, kw_only=True):
    """Which tag is to be called what."""

    actor: UserId
    tag: str
    to: str
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RenameTag:
    """Rename on every entry; onto a tag that is there already, both become one."""

    begin: BeginBlocklists
    clock: Clock
    new_id: NewId

    async def __call__(self, command: TagRenaming, /) -> TagChange:
        """How many entries had it; ``TagNotFoundError`` where none has."""
        now = self.clock()
        tag, to = parse_tag("tag", command.tag), parse_tag("to", command.to)
        if tag == to:
            raise InvalidInputError.of("to", "expected another name")
        change_id = BulkChangeId(self.new_id())
        async with self.begin() as tx:
            entries = await tx.tags.rename(command.actor, change_id, tag, to=to, now=now)
            event = TagRenamed(
                id=EventId(self.new_id()),
                occurred_at=now,
                user_id=command.actor,
                change_id=change_id,
                entries=entries,
            )
            before = {"tag": masked_text(tag)}
            after = {"tag": masked_text(to), "entries": entries}
            await record(tx, event, command.origin, before=before, after=after)
        return TagChange(change_id=change_id, entries=entries)
