"""A connection that was given up while it was being made is closed, not left to the collector."""

import asyncio
import gc
from collections.abc import Iterator

import psycopg
import pytest

from adapters.postgres.pool import ClosingConnection

pytestmark = pytest.mark.anyio


@pytest.fixture
def uncollected() -> Iterator[None]:
    """No cycle is taken apart meanwhile."""
    gc.disable()
    yield
    gc.enable()


async def test_a_server_that_says_nothing_is_hung_up_on(uncollected: None) -> None:
    left = asyncio.Event()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        left.set()

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(psycopg.OperationalError):
            await ClosingConnection.connect(
                f"postgresql://nodrake@127.0.0.1:{port}/nodrake?sslmode=disable", connect_timeout=2
            )
        await asyncio.wait_for(left.wait(), 10)
