"""The worker's rounds: one kind of work keeps no other waiting."""

import asyncio

import pytest

from domain.shared.errors import ServiceUnavailableError
from entrypoints.worker.loop import run_jobs

pytestmark = pytest.mark.anyio

RESTS = {"relay_events": 0.01, "send_mails": 0.01}


async def test_a_job_that_hangs_keeps_no_other_waiting_and_does_not_stop_the_end() -> None:
    stop, rounds, cut_off = asyncio.Event(), 0, asyncio.Event()

    async def hang() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cut_off.set()

    async def count() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 5:
            stop.set()

    async with asyncio.timeout(10):
        jobs = {"send_mails": hang, "relay_events": count}
        await run_jobs(jobs, RESTS, stop, print, grace=0.05)
    assert rounds == 5
    assert cut_off.is_set()


async def test_a_database_that_is_away_is_told_and_waited_for() -> None:
    stop, told, tries = asyncio.Event(), [], 0

    async def fail() -> None:
        nonlocal tries
        tries += 1
        if tries == 3:
            stop.set()
        raise ServiceUnavailableError("away")

    def complain(event: str, **values: object) -> None:
        told.append((event, values))

    async with asyncio.timeout(10):
        await run_jobs({"relay_events": fail}, RESTS, stop, complain)
    assert told == [("worker", {"job": "relay_events", "problem": "shared.unavailable"})] * 3


async def test_a_fault_of_ours_is_told_without_values_and_stops_nothing_else() -> None:
    stop, told, rounds = asyncio.Event(), [], 0

    async def fail() -> None:
        raise ZeroDivisionError("secret")

    async def count() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 3:
            stop.set()

    def complain(event: str, **values: object) -> None:
        told.append((event, values))

    async with asyncio.timeout(10):
        await run_jobs({"relay_events": fail, "send_mails": count}, RESTS, stop, complain)
    assert rounds == 3
    assert told
    for event, values in told:
        assert (event, values["job"], values["problem"]) == ("worker", "relay_events", "failed")
        assert str(values["exception"]).startswith("builtins.ZeroDivisionError at fail:")
        assert "secret" not in str(values)


async def test_what_is_under_way_at_the_end_is_finished() -> None:
    stop, finished = asyncio.Event(), asyncio.Event()

    async def send() -> None:
        stop.set()
        await asyncio.sleep(0.02)
        finished.set()

    await run_jobs({"send_mails": send}, RESTS, stop, print)
    assert finished.is_set()
