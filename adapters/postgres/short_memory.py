"""Answers that are remembered for a few seconds, so that a request costs no query."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

# A revocation is seen by every process within five seconds; one of them goes on the query.
MEMORY_SECONDS = 4.0
CAPACITY = 20_000


class ShortMemory(Generic[K, V]):
    """At most one question for each key in four seconds; no answer is older than it says."""

    def __init__(
        self,
        ask: Callable[[K], Awaitable[V]],
        *,
        capacity: int = CAPACITY,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask = ask
        self._capacity = capacity
        self._now = now
        self._known: OrderedDict[K, tuple[float, V]] = OrderedDict()
        self._asking: dict[K, asyncio.Future[V]] = {}

    async def find(self, key: K) -> V:
        """From memory if it is fresh enough; concurrent questions share one query."""
        known = self._known.get(key)
        if known is not None and self._now() < known[0]:
            return known[1]
        asking = self._asking.get(key)
        if asking is None:
            asking = asyncio.ensure_future(self._answer(key))
            self._asking[key] = asking
        return await asyncio.shield(asking)

    def note(self, key: K, answer: V) -> None:
        """Answer so from now on; an answer that is on its way is not remembered."""
        self._asking.pop(key, None)
        self._remember(key, self._now() + MEMORY_SECONDS, answer)

    def forget(self, key: K) -> None:
        """Ask anew next time; an answer that is on its way is not remembered either."""
        self._asking.pop(key, None)
        self._known.pop(key, None)

    async def _answer(self, key: K) -> V:
        # The memory counts from before the question: an answer is never older than it says.
        until = self._now() + MEMORY_SECONDS
        me = asyncio.current_task()
        try:
            answer = await self._ask(key)
            if self._asking.get(key) is me:  # nothing has changed meanwhile
                self._remember(key, until, answer)
            return answer
        finally:
            if self._asking.get(key) is me:
                del self._asking[key]

    def _remember(self, key: K, until: float, answer: V) -> None:
        self._known[key] = (until, answer)
        self._known.move_to_end(key)
        if len(self._known) > self._capacity:
            self._known.popitem(last=False)
