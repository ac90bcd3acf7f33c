"""How many exports may hold a connection at once: as long as their reader takes, they do."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.postgres.places import Places
from adapters.postgres.pool import Pool
from domain.shared.errors import TooManyRequestsError
from domain.shared.ids import UserId

_PLACES_OF_ONE_PERSON = 2


class ExportPlaces:
    """A third of the pool for everybody, and two of these places at most for one person.

    With the half that requests with a key may hold, something is left for all others.
    """

    def __init__(self, pool: Pool) -> None:
        self._places = Places(
            pool.max_size // 3,
            refusal="Too many exports are being taken; try again in a moment.",
            retry_after=5,
        )
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
            async with self._places.take():
                yield
        finally:
            self._held[user_id] -= 1
            self._held += Counter()  # forgets who holds none
