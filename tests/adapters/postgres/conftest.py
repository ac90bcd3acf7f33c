"""What the tests of PostgreSQL alone share."""

from collections.abc import AsyncIterator

import pytest

from adapters.postgres.pool import Pool, create_pool


@pytest.fixture
def anyio_backend() -> str:
    """The only event loop that the service runs on."""
    return "asyncio"


@pytest.fixture
async def pool(migrated_database_url: str) -> AsyncIterator[Pool]:
    """Four connections, all of them open."""
    pool = create_pool(migrated_database_url, 4)
    await pool.open()
    await pool.resize(4, 4)
    await pool.wait()
    yield pool
    await pool.close()
