"""Take an exception back: lists may block that artist or track again."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.blocklists.ports import BeginBlocklists
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.blocklists.events import ExceptionRemoved
from domain.shared.ids import EventId, ExceptionId, UserId
from domain.shared.origin import Origin


class ExceptionToRemove(msgspec.Struct, frozen=True, kw_only=True):
    """Which exception of whom."""

    actor: UserId
    exception_id: ExceptionId
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveException:
    """Remove one exception."""

    begin: BeginBlocklists
    clock: Clock
    new_id: NewId

    async def __call__(self, command: ExceptionToRemove, /) -> None:
        """Gone; ``ExceptionNotFoundError`` where it was not there."""
        async with self.begin() as tx:
            await tx.exceptions.remove(command.actor, command.exception_id)
            event = ExceptionRemoved(
                id=EventId(self.new_id()),
                occurred_at=self.clock(),
                user_id=command.actor,
                exception_id=command.exception_id,
            )
            await record(tx, event, command.origin)
