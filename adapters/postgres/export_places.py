"""How many exports may hold a connection at once: as long as their reader takes, they do."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.postgres.pool import POOL_TIMEOUT_SECONDS, Pool
from domain.shared.errors import ServiceUnavailableError, TooManyRequestsError
from domain.shared.ids import UserId

_PLACES_OF_ONE_PERSON = 2


class ExportPlaces:
    """A third of the pool for everybody, and two of these places at most for one person.

    With the half that requests with a key may hold, something is left for all others.
    """

    def __init__(self, pool: Pool) -> None:
        self._places = asyncio.Semaphore(max(1, pool.max_size // 3))
        self._held: Counter[UserId] = Counter()

    @asynccontextmanager
    async def take(self, user_id: UserId, /) -> AsyncIterator[None]:
        """A place for as long as the context lasts; a refusal where there is none."""
        if self._held[user_id] >= _PLACES_OF_ONE_PERSON:
            raise TooManyRequestsError(
                "Take what is on its way first; two exports at once are enough.", retry_after=5
            )
        self._held[user_id] += 1
        try:
            await self._acquire()
            try:
                yield
            finally:
                self._places.release()
        finally:
            self._held[user_id] -= 1
            self._held += Counter()  # forgets who holds none

    async def _acquire(self) -> None:
        try:
            async with asyncio.timeout(POOL_TIMEOUT_SECONDS):
                await self._places.acquire()
        except TimeoutError as error:
            raise ServiceUnavailableError(
                "Too many exports are being taken; try again in a moment.", retry_after=5
            ) from error
