"""API-09: limits that are exact however many processes serve."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from redis import Redis

from tests.e2e.process import ROOT, environment, free_port

pytestmark = pytest.mark.slow

PUBLIC = "/.well-known/jwks.json"


@contextmanager
def four_workers(log: Path, **settings: str) -> Iterator[str]:
    """``nodrake serve --workers 4``; its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "entrypoints.cli.main", "serve", "--workers", "4"],
            cwd=ROOT,
            env=environment(NODRAKE_PORT=str(port), **settings),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until and process.poll() is None:
            try:
                httpx.get(f"{url}/health/live", trust_env=False)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(30)


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
    with four_workers(
        tmp_path / "log",
        DATABASE_URL=migrated_database_url,
        REDIS_URL=redis_url,
        NODRAKE_REQUEST_LIMITS="20/60,1000/3600",
        NODRAKE_TRUSTED_PROXIES="127.0.0.0/8",
    ) as url:
        for number in range(10):  # every worker has connected to everything
            asyncio.run(_at_once(url, 20, f"203.0.113.{number}"))
        for number in range(3):
            statuses = asyncio.run(_at_once(url, 300, f"192.0.2.{number}"))
            assert statuses.count(200) == 20
            assert statuses.count(429) == 280
