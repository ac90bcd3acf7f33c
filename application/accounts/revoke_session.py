"""End one of one's sessions."""

from dataclasses import dataclass
from typing import final

from application.accounts.log_out import SignOut
from application.accounts.ports import BeginAccounts
from application.accounts.session_end import SessionEnd
from application.shared.ports import Clock
from domain.accounts.errors import SessionNotFoundError


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeSession:
    """Sign another device out; within five seconds no process accepts its tokens."""

    begin: BeginAccounts
    end_session: SessionEnd
    clock: Clock

    async def __call__(self, command: SignOut, /) -> None:
        """``SessionNotFoundError`` where no such session of the actor is open."""
        async with self.begin() as tx:
            was_open = await self.end_session(
                tx,
                (command.actor, command.session_id),
                reason="revoked",
                origin=command.origin,
                now=self.clock(),
            )
            if not was_open:
                raise SessionNotFoundError("It has ended, or it is not yours.")
