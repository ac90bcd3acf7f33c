"""How many exports there are at once, and that each gives back what it has held."""

from contextlib import AsyncExitStack, aclosing
from uuid import uuid4

import pytest

from adapters.postgres.blocklists import PostgresBlockedArtistReader
from adapters.postgres.export_places import ExportPlaces
from adapters.postgres.pool import Pool, create_pool, fetch_all
from adapters.postgres.privacy import PostgresPersonalData
from adapters.system.clock import utc_now
from domain.shared.errors import ServiceUnavailableError, TooManyRequestsError
from domain.shared.ids import UserId

pytestmark = pytest.mark.anyio


def somebody() -> UserId:
    """Nobody in particular."""
    return UserId(uuid4())


async def test_everybody_together_has_a_third_of_the_pool(pool: Pool) -> None:
    data = PostgresPersonalData(pool, ExportPlaces(pool))
    async with data.open(somebody()):
        with pytest.raises(ServiceUnavailableError, match="Too many exports") as refusal:
            async with data.open(somebody()):
                pass
        assert refusal.value.retry_after
        assert await fetch_all(pool, "select 1", {}) == [(1,)]
    async with data.open(somebody()):
        pass


async def test_one_person_has_two_places_whatever_they_export(migrated_database_url: str) -> None:
    async with create_pool(migrated_database_url, 12) as pool:
        places, ada = ExportPlaces(pool), somebody()
        data, lists = (
            PostgresPersonalData(pool, places),
            PostgresBlockedArtistReader(pool, places, utc_now),
        )
        async with AsyncExitStack() as stack:
            for _ in range(2):
                await stack.enter_async_context(data.open(ada))
            with pytest.raises(TooManyRequestsError):
                await anext(lists.all(ada))
            await stack.enter_async_context(data.open(somebody()))
        assert [entry async for entry in lists.all(ada)] == []


async def test_a_pool_that_is_used_up_gives_the_place_back(pool: Pool) -> None:
    lists = PostgresBlockedArtistReader(pool, ExportPlaces(pool), utc_now)
    async with AsyncExitStack() as stack:
        for _ in range(pool.max_size):
            await stack.enter_async_context(pool.connection())
        for _ in range(3):
            async with aclosing(lists.all(somebody())) as entries:
                with pytest.raises(ServiceUnavailableError, match="did not answer"):
                    await anext(entries)
    assert [entry async for entry in lists.all(somebody())] == []
