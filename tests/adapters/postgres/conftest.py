"""What the tests of PostgreSQL alone share."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from adapters.postgres.pool import Pool, create_pool
from tests.adapters.postgres.imported_catalogue import Catalogue


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


@pytest.fixture(params=["json", "tables"])
async def catalogue(
    request: pytest.FixtureRequest, make_database: Callable[[], str], tmp_path: Path
) -> AsyncIterator[Catalogue]:
    """An empty one."""
    url = make_database()
    pool = create_pool(url, 4)
    await pool.open()
    yield Catalogue(url, pool, tmp_path, request.param)
    await pool.close()
