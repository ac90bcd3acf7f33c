"""The worker's life: one round of work, a short rest, until a signal."""

import asyncio
import signal

from domain.shared.errors import DomainError
from entrypoints.container import Container
from entrypoints.settings import Settings

_REST_SECONDS = 1.0


async def work(settings: Settings) -> None:
    """Relay events and forget answers until a signal; a database that is away is waited for."""
    container = Container(settings=settings)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    pool = container.pool()
    await pool.open()
    try:
        while not stop.is_set():
            try:
                await container.relay_events()()
                await container.forget_answers()()
            except DomainError as error:
                container.log().error("worker", problem=error.code)
            try:
                await asyncio.wait_for(stop.wait(), _REST_SECONDS)
            except TimeoutError:
                continue
    finally:
        await pool.close(timeout=3)
