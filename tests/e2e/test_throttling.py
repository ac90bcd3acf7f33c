"""API-09: limits that are exact however many processes serve."""

import asyncio
from pathlib import Path

import httpx
import pytest
from redis import Redis

from tests.e2e.process import serving

pytestmark = pytest.mark.slow

PUBLIC = "/.well-known/jwks.json"


async def _at_once(url: str, requests: int, address: str) -> list[int]:
    # A connection for each, so that all workers get some.
    limits = httpx.Limits(max_connections=requests, max_keepalive_connections=0)
    headers = {"x-forwarded-for": address}
    async with httpx.AsyncClient(
        base_url=url, trust_env=False, timeout=60, limits=limits, headers=headers
    ) as client:
        answers = await asyncio.gather(*(client.get(PUBLIC) for _ in range(requests)))
    return [answer.status_code for answer in answers]


def test_of_300_at_once_over_four_processes_exactly_20_are_let_in(
    tmp_path: Path, migrated_database_url: str, redis_url: str
) -> None:
    with Redis.from_url(redis_url) as redis:
        redis.flushdb()
    with serving(
        tmp_path / "log",
        workers=4,
        DATABASE_URL=migrated_database_url,
        REDIS_URL=redis_url,
        NODRAKE_REQUEST_LIMITS="20/60,1000/3600",
        NODRAKE_TRUSTED_PROXIES="127.0.0.0/8",
    ) as serve:
        for number in range(10):  # every worker has connected to everything
            asyncio.run(_at_once(serve.url, 20, f"203.0.113.{number}"))
        for number in range(3):
            statuses = asyncio.run(_at_once(serve.url, 300, f"192.0.2.{number}"))
            assert statuses.count(200) == 20
            assert statuses.count(429) == 280
