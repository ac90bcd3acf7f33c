"""Connections that only what is urgent is given: people get in when all else waits."""

from contextlib import AsyncExitStack

import pytest
from psycopg_pool import PoolTimeout

from adapters.postgres.health import PostgresHealthProbe
from adapters.postgres.migrations import latest_version
from adapters.postgres.pool import create_pool, fetch_all, urgent
from domain.shared.errors import ServiceUnavailableError

pytestmark = pytest.mark.anyio


async def test_urgent_work_goes_on_where_all_other_connections_are_taken(
    migrated_database_url: str,
) -> None:
    async with create_pool(migrated_database_url, 8) as pool, AsyncExitStack() as taken:
        for _ in range(pool.max_size):
            await taken.enter_async_context(pool.connection())
        with pytest.raises(ServiceUnavailableError):
            await fetch_all(pool, "select 1", {})
        with urgent():
            assert await fetch_all(pool, "select 1", {}) == [(1,)]
        probe = PostgresHealthProbe(pool, latest_version())
        assert (await probe()).healthy
        assert await probe.answers()


async def test_all_together_are_no_more_than_was_asked_for(migrated_database_url: str) -> None:
    async with create_pool(migrated_database_url, 8) as pool, AsyncExitStack() as taken:
        for _ in range(6):
            await taken.enter_async_context(pool.connection(30))
        with urgent():
            for _ in range(2):
                await taken.enter_async_context(pool.connection(30))
            with pytest.raises(PoolTimeout):
                await taken.enter_async_context(pool.connection(0.01))
        assert pool.get_stats()["pool_size"] == 8


async def test_a_database_that_says_no_answers_and_one_that_is_away_does_not(
    migrated_database_url: str,
) -> None:
    async with create_pool(migrated_database_url, 1) as pool:
        assert await PostgresHealthProbe(pool, -1).answers()
    pool = create_pool("postgresql://nobody@127.0.0.1:1/nowhere", 1)
    await pool.open()
    assert not await PostgresHealthProbe(pool, latest_version()).answers()
    await pool.close()
