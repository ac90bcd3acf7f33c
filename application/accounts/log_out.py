"""Sign out: end the session that the request came with."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.ports import BeginAccounts
from application.accounts.session_end import SessionEnd
from application.shared.ports import Clock
from domain.shared.ids import SessionId, UserId
from domain.shared.origin import Origin


class SignOut(msgspec.Struct, frozen=True, kw_only=True):
    """Whose session is to end, and which one."""

    actor: UserId
    session_id: SessionId
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class LogOut:
    """Revoke the session with all its tokens; within five seconds no process accepts them."""

    begin: BeginAccounts
    end_session: SessionEnd
    clock: Clock

    async def __call__(self, command: SignOut, /) -> None:
        """End the session."""
        async with self.begin() as tx:
            await self.end_session(
                tx,
                (command.actor, command.session_id),
                reason="signed_out",
                origin=command.origin,
                now=self.clock(),
            )
