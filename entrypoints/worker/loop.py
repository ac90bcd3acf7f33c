"""The worker's life: rounds of work, each kind apart from the others, until a signal."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from domain.shared.errors import DomainError
from entrypoints.container import Container
from entrypoints.settings import Settings

_REST_SECONDS = 1.0
_LONG_REST_SECONDS = 600.0
# For what is under way when a signal comes; a message that is cut off is sent by another worker.
_GRACE_SECONDS = 3.0

Job = Callable[[], Awaitable[object]]


async def work(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; a database that is away is waited for."""
    container = Container(settings=settings)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    pool = container.pool()
    await pool.open()
    try:
        often: dict[str, Job] = {
            "relay_events": container.relay_events(),
            "answer_reset_requests": container.answer_reset_requests(),
            "send_mails": container.send_mails(),
        }
        seldom: dict[str, Job] = {"forget_links": container.forget_links()}
        await run_jobs(often, seldom, stop, container.log().error)
    finally:
        await pool.close(timeout=3)


async def run_jobs(
    often: Mapping[str, Job],
    seldom: Mapping[str, Job],
    stop: asyncio.Event,
    complain: Callable[..., Any],
    *,
    rest: float = _REST_SECONDS,
    grace: float = _GRACE_SECONDS,
) -> None:
    """Do all of them over and over: one that waits for somebody keeps no other waiting."""

    async def repeat(name: str, job: Job, pause: float) -> None:
        while not stop.is_set():
            try:
                await job()
            except DomainError as error:
                complain("worker", job=name, problem=error.code)
            try:
                await asyncio.wait_for(stop.wait(), pause)
            except TimeoutError:
                continue

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(repeat(name, job, rest)) for name, job in often.items()]
        tasks += [
            group.create_task(repeat(name, job, _LONG_REST_SECONDS)) for name, job in seldom.items()
        ]
        await stop.wait()
        _, unfinished = await asyncio.wait(tasks, timeout=grace)
        for task in unfinished:
            task.cancel()
