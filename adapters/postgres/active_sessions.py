"""Open sessions, remembered for a few seconds so that a request costs no query."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

from adapters.postgres.pool import Pool, fetch_all
from application.accounts.ports import OpenSession
from domain.accounts.role import Role
from domain.shared.ids import SessionId

# A revocation is seen by every process within five seconds; one of them goes on the query.
MEMORY_SECONDS = 4.0
CAPACITY = 20_000
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
        self._capacity = capacity
        self._now = now
        self._known: OrderedDict[SessionId, tuple[float, OpenSession | None]] = OrderedDict()
        self._asking: dict[SessionId, asyncio.Future[OpenSession | None]] = {}

    async def find(self, session_id: SessionId, /) -> OpenSession | None:
        """From memory if it is fresh enough; concurrent questions share one query."""
        known = self._known.get(session_id)
        if known is not None and self._now() < known[0]:
            return known[1]
        asking = self._asking.get(session_id)
        if asking is None:
            asking = asyncio.ensure_future(self._ask(session_id))
            self._asking[session_id] = asking
        return await asyncio.shield(asking)

    def note_end(self, session_id: SessionId, /) -> None:
        """Remember that it is over; ids are never used again."""
        self._asking.pop(session_id, None)
        self._remember(session_id, self._now() + MEMORY_SECONDS, None)

    def forget(self, session_id: SessionId, /) -> None:
        """Ask anew next time; an answer that is on its way is not remembered either."""
        self._asking.pop(session_id, None)
        self._known.pop(session_id, None)

    async def _ask(self, session_id: SessionId) -> OpenSession | None:
        # The memory counts from before the question: an answer is never older than it says.
        until = self._now() + MEMORY_SECONDS
        me = asyncio.current_task()
        try:
            rows = await fetch_all(self._pool, _QUERY, {"id": session_id})
            found = _open_session(rows[0]) if rows else None
            if self._asking.get(session_id) is me:  # nothing has changed meanwhile
                self._remember(session_id, until, found)
            return found
        finally:
            if self._asking.get(session_id) is me:
                del self._asking[session_id]

    def _remember(self, session_id: SessionId, until: float, found: OpenSession | None) -> None:
        self._known[session_id] = (until, found)
        self._known.move_to_end(session_id)
        if len(self._known) > self._capacity:
            self._known.popitem(last=False)


def _open_session(row: Sequence[Any]) -> OpenSession:
    return OpenSession(user_id=row[0], role=Role(row[1]), authenticated_at=row[2])
