"""Open sessions, remembered for a few seconds so that a request costs no query."""

import time
from collections.abc import Callable

from adapters.postgres.pool import Pool, fetch_all
from adapters.postgres.short_memory import CAPACITY, ShortMemory
from application.accounts.open_sessions import OpenSession
from domain.accounts.role import Role
from domain.shared.ids import SessionId

_QUERY = """
select u.id, u.role, s.authenticated_at
from user_sessions s join users u on u.id = s.user_id
where s.id = %(id)s and s.revoked_at is null and s.expires_at > now()
"""


class PostgresActiveSessions:
    """``ActiveSessions``: at most one query for each session in four seconds."""

    def __init__(
        self,
        pool: Pool,
        *,
        capacity: int = CAPACITY,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pool = pool
        self._memory = ShortMemory(self._ask, capacity=capacity, now=now)

    async def find(self, session_id: SessionId, /) -> OpenSession | None:
        """From memory if it is fresh enough."""
        return await self._memory.find(session_id)

    def note_end(self, session_id: SessionId, /) -> None:
        """Remember that it is over; ids are never used again."""
        self._memory.note(session_id, None)

    def forget(self, session_id: SessionId, /) -> None:
        """Ask anew next time."""
        self._memory.forget(session_id)

    async def _ask(self, session_id: SessionId) -> OpenSession | None:
        rows = await fetch_all(self._pool, _QUERY, {"id": session_id})
        if not rows:
            return None
        user_id, role, authenticated_at = rows[0]
        return OpenSession(user_id=user_id, role=Role(role), authenticated_at=authenticated_at)
