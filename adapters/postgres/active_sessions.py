"""Open sessions, remembered for a few seconds so that a request costs no query."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable

from adapters.postgres.pool import Pool, fetch_all
from domain.shared.ids import SessionId

# A revocation is seen by every process within five seconds; one of them goes on the query.
MEMORY_SECONDS = 4.0
CAPACITY = 20_000
_QUERY = """
select from user_sessions
where id = %(id)s and revoked_at is null and expires_at > now()
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
        self._known: OrderedDict[SessionId, tuple[float, bool]] = OrderedDict()
        self._asking: dict[SessionId, asyncio.Future[bool]] = {}

    async def includes(self, session_id: SessionId, /) -> bool:
        """From memory if it is fresh enough; concurrent questions share one query."""
        known = self._known.get(session_id)
        if known is not None and self._now() < known[0]:
            return known[1]
        asking = self._asking.get(session_id)
        if asking is None:
            asking = asyncio.ensure_future(self._ask(session_id))
            self._asking[session_id] = asking
            asking.add_done_callback(lambda _: self._asking.pop(session_id, None))
        return await asyncio.shield(asking)

    def forget(self, session_id: SessionId, /) -> None:
        """Remember that it is over; ids are never used again."""
        self._remember(session_id, self._now() + MEMORY_SECONDS, active=False)
        self._asking.pop(session_id, None)

    async def _ask(self, session_id: SessionId) -> bool:
        # The memory counts from before the question: an answer is never older than it says.
        until = self._now() + MEMORY_SECONDS
        active = bool(await fetch_all(self._pool, _QUERY, {"id": session_id}))
        if session_id in self._asking:  # not forgotten meanwhile
            self._remember(session_id, until, active=active)
        return active

    def _remember(self, session_id: SessionId, until: float, *, active: bool) -> None:
        self._known[session_id] = (until, active)
        self._known.move_to_end(session_id)
        if len(self._known) > self._capacity:
            self._known.popitem(last=False)
