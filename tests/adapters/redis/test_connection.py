"""Clients of Redis: how they are set up, whichever way the address is written."""

import asyncio
from typing import Any

import pytest
from redis.asyncio import BlockingConnectionPool, Redis, SSLConnection, UnixDomainSocketConnection
from redis.exceptions import TimeoutError as RedisTimeoutError

from adapters.redis.connection import create_redis
from tests.adapters.redis.conftest import Server, until_it_answers

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "url", ["redis://h:1/2", "rediss://user:pw@h:1/2", "unix:///tmp/socket?db=2"]
)
def test_every_client_gives_up_early_and_opens_a_bounded_number_of_connections(url: str) -> None:
    pool: Any = create_redis(url).connection_pool
    connection = pool.make_connection()
    assert isinstance(pool, BlockingConnectionPool)
    assert pool.max_connections == 32
    assert pool.timeout == 0.2
    assert connection.socket_timeout == connection.socket_connect_timeout == 0.2
    assert connection.retry.get_retries() == 0
    assert connection.db == 2
    assert not connection.encoder.decode_responses


def test_the_scheme_decides_how_the_connection_is_made() -> None:
    def made(url: str) -> type:
        pool: Any = create_redis(url).connection_pool
        return type(pool.make_connection())

    assert made("rediss://h") is SSLConnection
    assert made("unix:///tmp/socket") is UnixDomainSocketConnection


async def test_a_frozen_server_is_given_up_after_one_try(redis: Redis, server: Server) -> None:
    await until_it_answers(redis)
    server.freeze()
    # Defaults would still hang after 25 seconds; the bound is wide, so that no slow machine
    # fails, and the test discriminates all the same.
    async with asyncio.timeout(10):
        with pytest.raises(RedisTimeoutError):
            await redis.ping()
    server.thaw()


async def test_more_callers_than_connections_wait_for_their_turn(redis: Redis) -> None:
    answers = await asyncio.gather(*(redis.ping() for _ in range(40)))
    assert all(answers)
