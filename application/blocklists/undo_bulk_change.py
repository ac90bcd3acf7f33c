"""Take the last bulk change of somebody's list back."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.blocklists.ports import BeginBlocklists
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.blocklists.bulk import UndoneChange
from domain.blocklists.events import BulkChangeUndone
from domain.shared.ids import BulkChangeId, EventId, UserId
from domain.shared.origin import Origin


class ChangeToUndo(msgspec.Struct, frozen=True, kw_only=True):
    """Whose last bulk change; with ``change_id``, only if it is that one."""

    actor: UserId
    change_id: BulkChangeId | None
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class UndoBulkChange:
    """Put back what the change did, once; what was changed since stays."""

    begin: BeginBlocklists
    clock: Clock
    new_id: NewId

    async def __call__(self, command: ChangeToUndo, /) -> UndoneChange:
        """What was done; ``NothingToUndoError`` or ``ListFullError`` if it cannot be."""
        now = self.clock()
        async with self.begin() as tx:
            undone = await tx.bulk.undo(command.actor, command.change_id, now=now)
            event = BulkChangeUndone(
                id=EventId(self.new_id()),
                occurred_at=now,
                user_id=command.actor,
                change_id=undone.change.id,
                entries=undone.restored,
            )
            after = {
                "kind": undone.change.kind.value,
                "restored": undone.restored,
                "left": undone.left,
            }
            await record(tx, event, command.origin, after=after)
        return undone
