"""Attempts counted in Redis while Redis dies, freezes, restarts and comes back."""

import asyncio
from typing import Any

import pytest
from redis.asyncio import BlockingConnectionPool, Redis, UnixDomainSocketConnection
from redis.exceptions import ConnectionError as RedisConnectionError

from adapters.memory.attempt_throttle import LocalAttemptThrottle
from adapters.redis.attempt_throttle import RedisAttemptThrottle
from adapters.redis.connection import create_redis
from tests.adapters.redis.conftest import Server

pytestmark = pytest.mark.anyio


class _CountingPool(BlockingConnectionPool):
    """Connections, and how often one was wanted."""

    asked = 0

    async def ensure_connection(self, connection: Any) -> Any:
        self.asked += 1
        return await super().ensure_connection(connection)


@pytest.fixture
def throttle(redis: Redis) -> RedisAttemptThrottle:
    """The subject, with the fallback that production gives it."""
    return RedisAttemptThrottle(redis, LocalAttemptThrottle())


async def _admitted(throttle: RedisAttemptThrottle, times: int, limit: int = 20) -> int:
    answers = [await throttle.admit("a", limit, 600) for _ in range(times)]
    return answers.count(None)


async def test_what_was_counted_before_redis_was_killed_still_counts(
    throttle: RedisAttemptThrottle, server: Server
) -> None:
    assert await _admitted(throttle, 15) == 15
    server.kill()
    assert await _admitted(throttle, 100) == 5


async def test_what_was_counted_before_redis_froze_still_counts(
    throttle: RedisAttemptThrottle, server: Server
) -> None:
    assert await _admitted(throttle, 15) == 15
    server.freeze()
    assert await _admitted(throttle, 100) == 5
    server.thaw()


async def test_redis_frozen_while_300_call_at_once_lets_no_more_than_the_limit_through(
    throttle: RedisAttemptThrottle, server: Server
) -> None:
    async def freeze() -> None:
        server.freeze()

    calls = [throttle.admit("a", 20, 600) for _ in range(150)]
    late = [throttle.admit("a", 20, 600) for _ in range(150)]
    answers = await asyncio.gather(*calls, freeze(), *late)
    server.thaw()
    assert answers[:150].count(None) + answers[151:].count(None) == 20


async def test_redis_that_never_was_there_is_no_reason_to_let_everybody_in(
    throttle: RedisAttemptThrottle, server: Server
) -> None:
    server.kill()
    assert await _admitted(throttle, 50) == 20
    await throttle.forgive("a")
    assert await _admitted(throttle, 50) == 20


async def test_a_frozen_redis_is_asked_once_and_then_left_alone(
    server: Server,
) -> None:
    # Two seconds, so that a slow machine does not look like a Redis that froze earlier.
    options = create_redis(server.url).connection_pool.connection_kwargs | {"socket_timeout": 2}
    pool = _CountingPool(connection_class=UnixDomainSocketConnection, **options)
    client = Redis.from_pool(pool)
    throttle = RedisAttemptThrottle(client, LocalAttemptThrottle())
    await throttle.admit("a", 500, 600)
    server.freeze()
    pool.asked = 0
    for _ in range(5):
        await throttle.admit("a", 500, 600)
        await throttle.forgive("b")
    server.thaw()
    await client.aclose()
    # Once, unless the machine is so slow that a pause of a second passes in between.
    assert 1 <= pool.asked <= 3


async def test_redis_that_comes_back_empty_is_used_again(
    throttle: RedisAttemptThrottle, patient_redis: Redis, server: Server
) -> None:
    await throttle.admit("a", 20, 600)
    server.kill()
    await throttle.admit("a", 20, 600)
    server.start()
    for _ in range(100):  # the pause is a second
        await asyncio.sleep(0.1)
        await throttle.admit("a", 1_000, 600)
        if await patient_redis.keys("nodrake:attempts:*"):
            break
    else:
        pytest.fail("Redis is never asked again")


async def test_redis_decides_while_it_answers(patient_redis: Redis) -> None:
    here = RedisAttemptThrottle(patient_redis, LocalAttemptThrottle())
    elsewhere = RedisAttemptThrottle(patient_redis, LocalAttemptThrottle())
    assert await _admitted(here, 15) == 15
    assert await _admitted(elsewhere, 15) == 5
    await elsewhere.forgive("a")
    # What this process has counted by itself does not outlast what all have agreed on.
    assert await _admitted(here, 100) == 20


async def test_keys_in_redis_say_nothing_about_people_and_do_not_stay(
    patient_redis: Redis,
) -> None:
    throttle = RedisAttemptThrottle(patient_redis, LocalAttemptThrottle())
    await throttle.admit("sign-in:person@example.org", 1, 60)
    await throttle.admit("sign-in:person@example.org", 1, 60)
    keys: Any = await patient_redis.keys("*")
    assert len(keys) == 1
    assert keys[0].startswith(b"nodrake:attempts:")
    assert b"person" not in keys[0]
    assert 0 < await patient_redis.ttl(keys[0]) <= 60


async def test_calls_that_are_cancelled_midway_do_not_mix_up_the_answers_of_others(
    patient_redis: Redis,
) -> None:
    throttle = RedisAttemptThrottle(patient_redis, LocalAttemptThrottle())
    # CVE-2023-28858: a connection went back to the pool with an answer still to be read.
    for _ in range(100):
        call = asyncio.create_task(throttle.admit("a", 10**6, 600))
        for _ in range(3):
            await asyncio.sleep(0)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        assert await patient_redis.echo("mine") == b"mine"


async def test_the_server_that_these_tests_kill_is_really_gone(
    patient_redis: Redis, server: Server
) -> None:
    assert await patient_redis.ping()
    server.kill()
    with pytest.raises(RedisConnectionError):
        await patient_redis.ping()
