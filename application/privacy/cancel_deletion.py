"""Keep one's account after all."""

from dataclasses import dataclass
from typing import final

from application.privacy.export_user_data import DataRequest
from application.privacy.ports import BeginPrivacy
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.privacy.errors import DeletionNotRequestedError
from domain.privacy.events import DeletionCancelled
from domain.shared.ids import EventId


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CancelDeletion:
    """Forget the request, as long as the erasure has not begun."""

    begin: BeginPrivacy
    clock: Clock
    new_id: NewId

    async def __call__(self, command: DataRequest, /) -> None:
        """``DeletionNotRequestedError`` where there is none, or it is due."""
        now = self.clock()
        async with self.begin() as tx:
            if not await tx.deletions.cancel(command.actor, now):
                raise DeletionNotRequestedError("There is nothing to cancel, or it is due.")
            event = DeletionCancelled(
                id=EventId(self.new_id()), occurred_at=now, user_id=command.actor
            )
            await record(tx, event, command.origin)
