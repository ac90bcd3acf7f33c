"""The worker's life: each job again and again, with a rest of its own, until a signal."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from domain.shared.errors import DomainError
from entrypoints.container import Container
from entrypoints.ending import end_at_once, end_within
from entrypoints.faults import trace_of
from entrypoints.settings import Settings

# Use cases by their names in the container, with the seconds between two runs of each.
JOBS = {
    "relay_events": 1.0,
    "answer_reset_requests": 1.0,
    "send_mails": 1.0,
    "seal_audit_log": 1.0,
    "remove_ended_entries": 30.0,
    "erase_users": 60.0,
    "forget_answers": 600.0,
    "forget_links": 600.0,
    "count_blocks": 900.0,
    "expire_audit_records": 3600.0,
    "apply_retention": 3600.0,
}
# For what is under way when a signal comes; a message that is cut off is sent by another worker.
_GRACE_SECONDS = 3.0
# In all, with what is cut off being undone and connections being closed.
_END_SECONDS = 9.5

Job = Callable[[], Awaitable[object]]


async def work(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; a database that is away is waited for.

    It ends within ten seconds of the first signal, at once on a second one.
    """
    container = Container(settings=settings)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def end() -> None:
        if stop.is_set():
            end_at_once()
        end_within(_END_SECONDS)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    pool = container.pool()
    await pool.open()
    try:
        reports = container.job_reports()
        container.metrics().observe_pool(pool.get_stats)
        container.metrics_port().open()
        jobs = {
            name: reports.of(name, rest, getattr(container, name)()) for name, rest in JOBS.items()
        }
        await run_jobs(jobs, JOBS, stop, container.log().error)
    finally:
        await pool.close(timeout=3)
        container.metrics_port().close()
        container.tracing().close()


async def run_jobs(
    jobs: Mapping[str, Job],
    rests: Mapping[str, float],
    stop: asyncio.Event,
    complain: Callable[..., Any],
    *,
    grace: float = _GRACE_SECONDS,
) -> None:
    """Do all of them over and over: one that waits or fails keeps no other from being done."""

    async def repeat(name: str, job: Job) -> None:
        while not stop.is_set():
            try:
                await job()
            except DomainError as error:
                complain("worker", job=name, problem=error.code)
            except Exception as error:  # the last resort: mail goes out whatever else is broken
                complain("worker", job=name, problem="failed", exception=trace_of(error))
            try:
                await asyncio.wait_for(stop.wait(), rests[name])
            except TimeoutError:
                continue

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(repeat(name, job)) for name, job in jobs.items()]
        await stop.wait()
        _, unfinished = await asyncio.wait(tasks, timeout=grace)
        for task in unfinished:
            task.cancel()
