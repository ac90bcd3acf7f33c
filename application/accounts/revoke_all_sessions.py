"""Sign everybody out."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.administration import require_administrator
from application.accounts.ports import BeginAccounts
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.accounts.events import AllSessionsRevoked
from domain.shared.ids import EventId, UserId
from domain.shared.origin import Origin


class EverybodyToSignOut(msgspec.Struct, frozen=True, kw_only=True):
    """Which administrator wants it."""

    actor: UserId
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeAllSessions:
    """End every session of everybody, the administrator's too, in one statement."""

    begin: BeginAccounts
    clock: Clock
    new_id: NewId

    async def __call__(self, command: EverybodyToSignOut, /) -> int:
        """How many sessions ended."""
        now = self.clock()
        async with self.begin() as tx:
            await require_administrator(tx, command.actor)
            sessions = await tx.sessions.revoke_everybodys(now)
            event = AllSessionsRevoked(
                id=EventId(self.new_id()),
                occurred_at=now,
                user_id=command.actor,
                sessions=sessions,
            )
            await record(tx, event, command.origin, after={"sessions": sessions})
        return sessions
