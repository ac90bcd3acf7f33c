"""The end of a session before its time, however it came about."""

from dataclasses import dataclass
from datetime import datetime
from typing import final

from application.accounts.ports import AccountsTransaction, ActiveSessions
from application.shared.ports import NewId
from application.shared.record import record
from domain.accounts.events import SessionRevoked
from domain.shared.ids import EventId, SessionId, UserId
from domain.shared.origin import Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnd:
    """Revoke a session with all its tokens inside somebody's transaction; twice changes nothing."""

    active_sessions: ActiveSessions
    new_id: NewId

    async def __call__(
        self,
        tx: AccountsTransaction,
        session: tuple[UserId, SessionId],
        *,
        reason: str,
        origin: Origin,
        now: datetime,
    ) -> None:
        """End it, and say why in an event and in the audit log if it was still open."""
        user_id, session_id = session
        if await tx.sessions.revoke(session_id, now):
            await record(
                tx,
                SessionRevoked(
                    id=EventId(self.new_id()),
                    occurred_at=now,
                    user_id=user_id,
                    session_id=session_id,
                    reason=reason,
                ),
                origin,
                after={"reason": reason},
            )
        self.active_sessions.forget(session_id)
