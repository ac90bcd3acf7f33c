"""How many of one kind may hold a connection of the pool at once, so that others have some."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.postgres.pool import POOL_TIMEOUT_SECONDS
from domain.shared.errors import ServiceUnavailableError


class Places:
    """So many at once, at least one; whoever waits for a place does so as for a connection."""

    def __init__(self, count: int, *, refusal: str, retry_after: int) -> None:
        self._free = asyncio.Semaphore(max(1, count))
        self._refusal = refusal
        self._retry_after = retry_after

    @asynccontextmanager
    async def take(self) -> AsyncIterator[None]:
        """A place for as long as the context lasts; ``ServiceUnavailableError`` without one."""
        try:
            async with asyncio.timeout(POOL_TIMEOUT_SECONDS):
                await self._free.acquire()
        except TimeoutError as error:
            raise ServiceUnavailableError(self._refusal, retry_after=self._retry_after) from error
        try:
            yield
        finally:
            self._free.release()
