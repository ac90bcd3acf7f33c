"""Sign somebody out everywhere."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.administration import require_administrator, require_user
from application.accounts.ports import BeginAccounts
from application.accounts.session_end import SessionEnd
from application.shared.ports import Clock
from domain.shared.ids import UserId
from domain.shared.origin import Origin


class UserToSignOut(msgspec.Struct, frozen=True, kw_only=True):
    """Which administrator, and whose sessions."""

    actor: UserId
    user_id: UserId
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeUserSessions:
    """End every session of one person; within five seconds no process accepts the tokens."""

    begin: BeginAccounts
    end_session: SessionEnd
    clock: Clock

    async def __call__(self, command: UserToSignOut, /) -> int:
        """How many sessions ended; ``UserNotFoundError`` where nobody has the id."""
        async with self.begin() as tx:
            await require_administrator(tx, command.actor)
            user = await require_user(tx, command.user_id)
            return await self.end_session.all_of(
                tx,
                user.id,
                by=command.actor,
                reason="revoked_by_administrator",
                origin=command.origin,
                now=self.clock(),
            )
