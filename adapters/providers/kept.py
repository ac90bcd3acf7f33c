"""Something that is fetched from a provider and kept for a while, also while it is down."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from application.shared.ports import Clock
from domain.accounts.provider_errors import ProviderUnavailableError

FRESH = timedelta(minutes=10)
KEPT = timedelta(hours=24)
COOL_DOWN = timedelta(seconds=30)

T = TypeVar("T")


class Kept(Generic[T]):
    """One document of a provider.

    It is fetched anew when it is ten minutes old, or when it lacks what is wanted, but never
    twice in thirty seconds; where that fails the old one serves for a day.
    """

    def __init__(self, fetch: Callable[[], Awaitable[T]], clock: Clock) -> None:
        self._fetch = fetch
        self._clock = clock
        self._turn = asyncio.Lock()
        self._value: tuple[T, datetime] | None = None
        self._tried_at: datetime | None = None

    async def get(self, wanted: Callable[[T], bool] = lambda _: True) -> T:
        """The document, whether or not it has what is wanted; ``ProviderUnavailableError``."""
        if (value := self._good_enough(wanted)) is not None:
            return value[0]
        async with self._turn:
            value = self._good_enough(wanted)
            if value is None:
                value = await self._renewed()
            return value[0]

    def _good_enough(self, wanted: Callable[[T], bool]) -> tuple[T, datetime] | None:
        if self._value is None or self._tried_at is None:
            return None
        now = self._clock()
        value, fetched_at = self._value
        fresh = now - fetched_at < FRESH and wanted(value)
        just_tried = now - fetched_at <= KEPT and now - self._tried_at < COOL_DOWN
        return self._value if fresh or just_tried else None

    async def _renewed(self) -> tuple[T, datetime]:
        now = self._tried_at = self._clock()
        try:
            self._value = (await self._fetch(), now)
        except ProviderUnavailableError:
            if self._value is None or now - self._value[1] > KEPT:
                raise
        return self._value
