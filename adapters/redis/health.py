"""Whether Redis answers."""

import asyncio
import time

from redis.asyncio import Redis

from application.shared.ports import DependencyState

_TIMEOUT_SECONDS = 0.8


class RedisHealthProbe:
    """``HealthProbe``: a PING, waited for 0.8 seconds at the most.

    The client's own timeouts bound every read, but a new connection has several.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def __call__(self) -> DependencyState:
        """Ask."""
        started = time.monotonic()
        detail = None
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                await self._redis.ping()
        except Exception as error:  # whatever it is, the answer is that it is not healthy
            detail = type(error).__name__
        return DependencyState(
            healthy=detail is None,
            response_time_ms=round((time.monotonic() - started) * 1000),
            detail=detail,
        )
