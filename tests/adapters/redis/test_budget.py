"""How long anybody waits: long enough for an answer that is there, never for one that is not."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable

import pytest

from adapters.redis.budget import Budget

pytestmark = pytest.mark.anyio


async def test_what_never_ends_is_ended() -> None:
    with pytest.raises(TimeoutError), Budget(0.02):
        await asyncio.Event().wait()
    await asyncio.sleep(0)  # and the task is none the worse for it


async def test_what_ends_by_itself_is_left_alone() -> None:
    with Budget(0.02):
        await asyncio.sleep(0)
    await asyncio.sleep(0.05)


async def test_a_failure_is_passed_on_as_it_is() -> None:
    async def fail() -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await _within(Budget(0.02), fail)


async def test_an_answer_that_came_while_the_event_loop_was_busy_is_in_time() -> None:
    answered, loop = asyncio.Event(), asyncio.get_running_loop()
    asking = asyncio.create_task(_within(Budget(0.04), answered.wait))
    await asyncio.sleep(0)
    redis = threading.Timer(0.01, loop.call_soon_threadsafe, [answered.set])
    redis.start()
    time.sleep(0.2)  # noqa: ASYNC251 - a list of thousands that is being read, say
    await asking


async def _within(budget: Budget, ask: Callable[[], Awaitable[object]]) -> None:
    with budget:
        await ask()


async def test_somebody_who_hangs_up_is_not_taken_for_a_timeout() -> None:
    asking = asyncio.create_task(_within(Budget(30), asyncio.Event().wait))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
