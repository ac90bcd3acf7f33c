"""Attempts counted in this process."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable

_CAPACITY = 50_000


class LocalAttemptThrottle:
    """``AttemptThrottle`` by a log of times for each key; the oldest keys go when it is full."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._attempts: OrderedDict[str, list[float]] = OrderedDict()

    async def admit(self, key: str, limit: int, seconds: int, /) -> int | None:
        """Count if there is room in the window; refused attempts do not prolong the wait."""
        now = self._now()
        times = [at for at in self._attempts.pop(key, ()) if at > now - seconds]
        self._attempts[key] = times
        if len(self._attempts) > _CAPACITY:
            self._attempts.popitem(last=False)
        if len(times) >= limit:
            return max(1, math.ceil(times[0] + seconds - now))
        times.append(now)
        return None

    async def forgive(self, key: str, /) -> None:
        """Drop the log."""
        self._attempts.pop(key, None)
