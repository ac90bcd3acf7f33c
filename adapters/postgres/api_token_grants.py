"""What API tokens open, remembered for a few seconds so that a request costs no query."""

import time
from collections.abc import Callable

from adapters.postgres.api_tokens import find_grant
from adapters.postgres.pool import Pool
from adapters.postgres.short_memory import CAPACITY, ShortMemory
from application.accounts.api_tokens import ApiTokenGrant
from domain.shared.ids import ApiTokenId


class PostgresApiTokens:
    """``ApiTokens``: at most one query for each token in four seconds."""

    def __init__(
        self,
        pool: Pool,
        *,
        capacity: int = CAPACITY,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pool = pool
        self._memory = ShortMemory(self._ask, capacity=capacity, now=now)

    async def find(self, token_id: ApiTokenId, /) -> ApiTokenGrant | None:
        """From memory if it is fresh enough."""
        return await self._memory.find(token_id)

    def note_end(self, token_id: ApiTokenId, /) -> None:
        """Remember that it is over; a revoked token never comes back."""
        self._memory.note(token_id, None)

    def forget(self, token_id: ApiTokenId, /) -> None:
        """Ask anew next time."""
        self._memory.forget(token_id)

    async def _ask(self, token_id: ApiTokenId) -> ApiTokenGrant | None:
        return await find_grant(self._pool, token_id)
