"""The worker's life: each job again and again, with a rest of its own, until a signal."""

import asyncio
import signal
from collections.abc import Awaitable, Callable

from domain.shared.errors import DomainError
from entrypoints.container import Container
from entrypoints.settings import Settings

# Use cases by their names in the container, with the seconds between two runs of each. They run
# side by side, so that one that waits for a slow server holds no other up.
JOBS = {
    "relay_events": 1.0,
    "seal_audit_log": 1.0,
    "expire_audit_records": 3600.0,
    "forget_answers": 600.0,
    "erase_users": 60.0,
    "apply_retention": 3600.0,
}


async def work(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; a database that is away is waited for."""
    container = Container(settings=settings)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    pool = container.pool()
    await pool.open()
    try:
        async with asyncio.TaskGroup() as group:
            for name, rest in JOBS.items():
                group.create_task(_repeat(container, name, rest, stop))
    finally:
        await pool.close(timeout=3)


async def _repeat(container: Container, name: str, rest: float, stop: asyncio.Event) -> None:
    job: Callable[[], Awaitable[object]] = getattr(container, name)()
    while not stop.is_set():
        try:
            await job()
        except DomainError as error:
            container.log().error("job", job=name, problem=error.code)
        try:
            await asyncio.wait_for(stop.wait(), rest)
        except TimeoutError:
            continue
