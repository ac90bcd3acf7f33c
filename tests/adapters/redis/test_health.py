"""The question whether Redis answers, put to a Redis in every state."""

import pytest
from redis.asyncio import Redis

from adapters.redis.connection import create_redis
from adapters.redis.health import RedisHealthProbe
from tests.adapters.redis.conftest import Server, until_it_answers

pytestmark = pytest.mark.anyio


async def test_a_server_that_answers_is_healthy(patient_redis: Redis) -> None:
    state = await RedisHealthProbe(patient_redis)()
    assert (state.healthy, state.detail) == (True, None)


async def test_a_frozen_server_is_not_healthy_and_neither_waited_for(
    redis: Redis, server: Server
) -> None:
    probe = RedisHealthProbe(redis)
    await until_it_answers(redis)
    server.freeze()
    state = await probe()
    server.thaw()
    assert not state.healthy
    assert state.detail == "TimeoutError"
    assert await _recovers(probe)


async def test_a_killed_server_is_not_healthy_until_it_is_back(
    redis: Redis, server: Server
) -> None:
    probe = RedisHealthProbe(redis)
    server.kill()
    assert not (await probe()).healthy
    server.start()
    assert await _recovers(probe)


async def test_an_address_where_nobody_listens_is_not_repeated_in_the_answer() -> None:
    client = create_redis("redis://user:canary@127.0.0.1:1/0")
    state = await RedisHealthProbe(client)()
    await client.aclose()
    assert not state.healthy
    assert "canary" not in str(state)
    assert "127.0.0.1" not in str(state)


async def _recovers(probe: RedisHealthProbe) -> bool:
    # More than one question, since a slow machine may need longer than the probe waits.
    for _ in range(20):
        if (await probe()).healthy:
            return True
    return False
