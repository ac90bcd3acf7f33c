"""What commands do that need the database and nothing else of the service."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from adapters.postgres.reach import NoDatabaseError, require_database, told_refusals
from entrypoints.container import Container
from entrypoints.settings import load_settings

__all__ = ["NoDatabaseError", "with_database"]

T = TypeVar("T")


def with_database(environ: Mapping[str, str], act: Callable[[Container], Awaitable[T]]) -> T:
    """What ``act`` gives; ``NoDatabaseError`` where nobody is let in, or may not do it."""
    settings = load_settings(environ)
    require_database(settings.database.url.value.decode())
    container = Container(settings=settings)

    async def run() -> T:
        pool = container.pool()
        await pool.open()
        try:
            with told_refusals():
                return await act(container)
        finally:
            await pool.close(timeout=3)

    return asyncio.run(run())
