"""End one's sessions, on every device or on every other."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.ports import BeginAccounts
from application.accounts.session_end import SessionEnd
from application.shared.ports import Clock
from domain.shared.ids import SessionId, UserId
from domain.shared.origin import Origin


class SessionsToRevoke(msgspec.Struct, frozen=True, kw_only=True):
    """Whose sessions, and which one stays; none where ``keep`` is ``None``."""

    actor: UserId
    keep: SessionId | None
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeSessions:
    """Sign out everywhere; within five seconds no process accepts the tokens."""

    begin: BeginAccounts
    end_session: SessionEnd
    clock: Clock

    async def __call__(self, command: SessionsToRevoke, /) -> int:
        """How many sessions ended."""
        async with self.begin() as tx:
            return await self.end_session.all_of(
                tx,
                command.actor,
                keep=command.keep,
                reason="revoked",
                origin=command.origin,
                now=self.clock(),
            )
