"""Attempts counted in Redis, for all processes together."""

import hashlib
import secrets
import time

from redis.asyncio import Redis
from redis.exceptions import RedisError

from application.accounts.ports import AttemptThrottle

# An exact sliding window: times of attempts in a sorted set, by Redis's own clock, in one
# script, so that no two processes can both take the last place.
_ADMIT = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local window = ARGV[2] * 1000000
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then
    local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
    return math.max(1, math.ceil((oldest[2] + window - now) / 1000000))
end
redis.call('ZADD', KEYS[1], now, ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 0
"""
_PAUSE_SECONDS = 1.0


class RedisAttemptThrottle:
    """``AttemptThrottle`` on a sorted set, with another one for when Redis does not answer.

    The other one counts every attempt too, so that it knows them when it is needed. After a
    failure Redis is left alone for a second: a frozen one costs 0.2 seconds once, not always.
    In a window in which Redis comes or goes each of the two may admit up to the limit.
    """

    def __init__(self, redis: Redis, fallback: AttemptThrottle) -> None:
        self._admit = redis.register_script(_ADMIT)
        self._redis = redis
        self._fallback = fallback
        self._paused_until = 0.0

    async def admit(self, key: str, limit: int, seconds: int, /) -> int | None:
        """Ask both; Redis decides while it answers."""
        local = await self._fallback.admit(key, limit, seconds)
        if time.monotonic() < self._paused_until:
            return local
        try:
            wait = await self._admit(
                keys=[_redis_key(key)], args=[limit, seconds, secrets.token_hex(8)]
            )
        except (RedisError, OSError, TimeoutError):
            self._paused_until = time.monotonic() + _PAUSE_SECONDS
            return local
        return int(wait) or None

    async def forgive(self, key: str, /) -> None:
        """Forget in both."""
        await self._fallback.forgive(key)
        if time.monotonic() < self._paused_until:
            return
        try:
            await self._redis.delete(_redis_key(key))
        except (RedisError, OSError, TimeoutError):
            self._paused_until = time.monotonic() + _PAUSE_SECONDS


def _redis_key(key: str) -> str:
    # Keys hold addresses of people; Redis need not know them.
    return f"nodrake:attempts:{hashlib.sha256(key.encode()).hexdigest()}"
