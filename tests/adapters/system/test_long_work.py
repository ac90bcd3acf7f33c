"""The thread for long computing: who is admitted, and what holds a place."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest

from adapters.system.long_work import OneThread
from domain.shared.errors import ServiceUnavailableError, TooManyRequestsError
from domain.shared.ids import UserId

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """The only event loop that the service runs on."""
    return "asyncio"


@pytest.fixture
def thread() -> Iterator[OneThread]:
    """A thread of its own."""
    thread = OneThread()
    yield thread
    thread.close()


def a_person() -> UserId:
    """Somebody."""
    return UserId(uuid4())


async def test_work_is_done_in_another_thread_while_the_loop_goes_on(thread: OneThread) -> None:
    go_on = threading.Event()
    under_way = asyncio.create_task(
        thread.run(a_person(), lambda _: (go_on.wait(5), threading.get_ident()))
    )
    await asyncio.sleep(0)  # the loop is free, or this would never return
    go_on.set()
    assert (await under_way)[1] != threading.get_ident()


async def test_one_person_has_one_at_a_time_and_a_refusal_says_when_to_return(
    thread: OneThread,
) -> None:
    ada, go_on = a_person(), threading.Event()
    under_way = asyncio.create_task(thread.run(ada, lambda _: go_on.wait(5)))
    await asyncio.sleep(0)
    with pytest.raises(TooManyRequestsError) as refusal:
        await thread.run(ada, lambda _: None)
    assert refusal.value.retry_after
    go_on.set()
    await under_way
    assert await thread.run(ada, lambda _: 7) == 7


async def test_of_twenty_people_at_once_five_are_admitted(thread: OneThread) -> None:
    go_on = threading.Event()
    racers = [
        asyncio.create_task(thread.run(a_person(), lambda _: go_on.wait(5))) for _ in range(20)
    ]
    await asyncio.sleep(0)
    go_on.set()
    answers = await asyncio.gather(*racers, return_exceptions=True)
    assert answers.count(True) == 5
    assert sum(isinstance(answer, ServiceUnavailableError) for answer in answers) == 15


async def test_work_whose_caller_went_away_holds_its_place_until_it_is_done(
    thread: OneThread,
) -> None:
    ada, begun, go_on = a_person(), threading.Event(), threading.Event()

    def work(_: Callable[[], bool]) -> None:
        begun.set()
        go_on.wait(5)

    under_way = asyncio.create_task(thread.run(ada, work))
    await asyncio.to_thread(begun.wait)
    under_way.cancel()
    with pytest.raises(asyncio.CancelledError):
        await under_way
    with pytest.raises(TooManyRequestsError):
        await thread.run(ada, lambda _: None)
    go_on.set()
    while True:
        try:
            assert await thread.run(ada, lambda _: 7) == 7
            break
        except TooManyRequestsError:
            await asyncio.sleep(0.001)


async def test_work_can_ask_whether_somebody_waits_for_it(thread: OneThread) -> None:
    begun, asked = threading.Event(), threading.Event()

    def work(is_wanted: Callable[[], bool]) -> None:
        assert is_wanted()
        begun.set()
        for _ in range(1000):
            if not is_wanted():
                asked.set()
                return
            time.sleep(0.005)

    under_way = asyncio.create_task(thread.run(a_person(), work))
    await asyncio.to_thread(begun.wait)
    under_way.cancel()
    assert await asyncio.to_thread(asked.wait, 5)


async def test_what_goes_wrong_frees_the_place(thread: OneThread) -> None:
    ada = a_person()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            await thread.run(ada, lambda _: 1 / 0)
