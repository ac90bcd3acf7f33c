"""The places for hashing: never more at once, whoever goes away, and never none for good."""

import asyncio
import os
import sys
import threading
from collections.abc import Iterator

import pytest

from adapters.security.hashing_places import HashingPlaces
from domain.accounts.errors import SignInBusyError

pytestmark = pytest.mark.anyio

PLACES, QUEUE = 2, 498
PATIENCE = 30


class Work:
    """Work that waits for a sign, and knows how much of it goes on at once."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.both_running = threading.Event()
        self.running = self.most = 0
        self._lock = threading.Lock()

    def __call__(self) -> str:
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)
            if self.running == PLACES:
                self.both_running.set()
        self.gate.wait(PATIENCE)
        with self._lock:
            self.running -= 1
        return "done"


@pytest.fixture
def places() -> Iterator[HashingPlaces]:
    """Two places and a queue for the rest of five hundred."""
    places = HashingPlaces(PLACES, QUEUE)
    yield places
    places.close()


@pytest.fixture
def work(places: HashingPlaces) -> Iterator[Work]:
    """Work that is let go at the end, or closing the places would wait for it."""
    work = Work()
    yield work
    work.gate.set()


async def _start(places: HashingPlaces, work: Work, count: int) -> list[asyncio.Task[str]]:
    tasks = [asyncio.create_task(places.run(work)) for _ in range(count)]
    await asyncio.sleep(0)
    assert await asyncio.to_thread(work.both_running.wait, PATIENCE)
    return tasks


async def test_whoever_finds_places_and_queue_full_is_turned_away_with_a_time_to_return(
    places: HashingPlaces, work: Work
) -> None:
    tasks = await _start(places, work, PLACES + QUEUE)
    one_more = asyncio.create_task(places.run(work))
    await asyncio.sleep(0)
    work.gate.set()
    with pytest.raises(SignInBusyError) as caught:
        await one_more
    assert caught.value.retry_after == 1
    assert await asyncio.gather(*tasks) == ["done"] * (PLACES + QUEUE)
    assert work.most == PLACES


async def test_cancelled_requests_give_their_place_back_only_when_the_thread_is_done(
    places: HashingPlaces, work: Work
) -> None:
    tasks = await _start(places, work, PLACES + QUEUE)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert work.running == PLACES  # nobody waits for them, but they go on

    second = [asyncio.create_task(places.run(work)) for _ in range(PLACES + QUEUE)]
    await asyncio.sleep(0)
    turned_away = [task for task in second if task.done()]
    assert len(turned_away) == PLACES
    assert {type(task.exception()) for task in turned_away} == {SignInBusyError}

    work.gate.set()
    answers = await asyncio.gather(*second, return_exceptions=True)
    assert answers.count("done") == QUEUE
    assert work.most == PLACES


async def test_work_that_fails_frees_its_place(places: HashingPlaces) -> None:
    def fail() -> None:
        raise LookupError

    for _ in range(PLACES + QUEUE + 1):
        with pytest.raises(LookupError):
            await places.run(fail)
    assert await places.run(int, "7") == 7


@pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities of their own on Linux")
async def test_hashing_yields_to_the_event_loop(places: HashingPlaces) -> None:
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    here = niceness()
    assert await places.run(niceness) == max(here, 10)
    assert niceness() == here


async def test_some_room_is_set_aside_for_those_who_are_preferred(work: Work) -> None:
    places = HashingPlaces(PLACES, 4)
    tasks = await _start(places, work, PLACES + 4)
    with pytest.raises(SignInBusyError):
        await places.run(work)
    tasks += [asyncio.create_task(places.run_preferred(work)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(SignInBusyError):
        await places.run_preferred(work)
    work.gate.set()
    assert await asyncio.gather(*tasks) == ["done"] * 8
    places.close()
