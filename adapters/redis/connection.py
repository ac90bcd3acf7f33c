"""Connections to Redis that give up early: the service answers without it."""

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

# The library's defaults wait 25 seconds for a frozen server and retry for five.
TIMEOUT_SECONDS = 0.2
_CONNECTIONS = 32


def create_redis(url: str) -> Redis:
    """A client for ``redis://``, ``rediss://`` or ``unix://``; it connects when first used."""
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=_CONNECTIONS,
        timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
        socket_timeout=TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
        retry_on_error=[],
        client_name="nodrake",
    )
    return Redis.from_pool(pool)
