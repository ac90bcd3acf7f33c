"""The end of a session before its time, however it came about."""

from dataclasses import dataclass
from datetime import datetime
from typing import final

from application.accounts.open_sessions import ActiveSessions
from application.accounts.ports import AccountsTransaction
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
    ) -> bool:
        """End it, and say why in an event and in the audit log; whether it was still open."""
        user_id, session_id = session
        was_open = await tx.sessions.revoke(user_id, session_id, now)
        if was_open:
            await self._tell(tx, session, reason=reason, origin=origin, now=now)
            self.active_sessions.note_end(session_id)
        return was_open

    async def all_of(
        self,
        tx: AccountsTransaction,
        user_id: UserId,
        *,
        keep: SessionId | None = None,
        by: UserId | None = None,
        reason: str,
        origin: Origin,
        now: datetime,
    ) -> int:
        """End every open session of somebody but ``keep``; how many there were.

        ``by`` names an administrator who does it.
        """
        ended = await tx.sessions.revoke_all(user_id, now, keep=keep)
        for session_id in ended:
            session = (user_id, session_id)
            await self._tell(tx, session, by=by, reason=reason, origin=origin, now=now)
            self.active_sessions.note_end(session_id)
        return len(ended)

    async def _tell(
        self,
        tx: AccountsTransaction,
        session: tuple[UserId, SessionId],
        *,
        by: UserId | None = None,
        reason: str,
        origin: Origin,
        now: datetime,
    ) -> None:
        user_id, session_id = session
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
            after={"reason": reason} | ({"by": str(by)} if by else {}),
        )
