"""The question whether Redis answers, put to a Redis in every state."""

import pytest
from redis.asyncio import Redis

from adapters.redis.connection import create_redis
from adapters.redis.health import RedisHealthProbe
from tests.adapters.redis.conftest import Server

pytestmark = pytest.mark.anyio


async def test_a_server_that_answers_is_healthy(redis: Redis) -> None:
    state = await RedisHealthProbe(redis)()
    assert (state.healthy, state.detail) == (True, None)


async def test_a_frozen_server_is_not_healthy_and_neither_waited_for(
    redis: Redis, server: Server
) -> None:
    probe = RedisHealthProbe(redis)
    await probe()
    server.freeze()
    state = await probe()
    server.thaw()
    assert not state.healthy
    assert state.detail == "TimeoutError"
    assert (await probe()).healthy


async def test_a_killed_server_is_not_healthy_until_it_is_back(
    redis: Redis, server: Server
) -> None:
    probe = RedisHealthProbe(redis)
    server.kill()
    assert not (await probe()).healthy
    server.start()
    assert (await probe()).healthy


async def test_an_address_where_nobody_listens_is_not_repeated_in_the_answer() -> None:
    client = create_redis("redis://user:canary@127.0.0.1:1/0")
    state = await RedisHealthProbe(client)()
    await client.aclose()
    assert not state.healthy
    assert "canary" not in str(state)
    assert "127.0.0.1" not in str(state)
