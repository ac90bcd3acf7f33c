"""What every ``AttemptThrottle`` promises: in memory, in Redis, and the fake."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from redis.asyncio import Redis

from adapters.memory.attempt_throttle import LocalAttemptThrottle
from adapters.redis.attempt_throttle import RedisAttemptThrottle
from application.accounts.ports import AttemptThrottle
from tests.fakes.security import FakeAttemptThrottle

pytestmark = pytest.mark.anyio


class _AdmitsEverybody:
    """A fallback without a limit, so that only Redis can be what refuses."""

    async def admit(self, key: str, limit: int, seconds: int, /) -> int | None:
        return None

    async def forgive(self, key: str, /) -> None:
        return None


class Subject:
    """Throttles that share one count, and a way to let time pass for them."""

    def __init__(
        self, throttles: list[AttemptThrottle], advance: Callable[[str, int], Awaitable[None]]
    ) -> None:
        self.throttles = throttles
        self.throttle = throttles[0]
        self.advance = advance


def _in_process(throttle_type: type[LocalAttemptThrottle] | type[FakeAttemptThrottle]) -> Subject:
    time = [1_000.0]

    async def advance(key: str, seconds: int) -> None:
        time[0] += seconds

    return Subject([throttle_type(lambda: time[0])], advance)


async def _in_redis(url: str, stack: AsyncExitStack) -> Subject:
    # A client for each of twenty throttles: as many processes would race for the last place.
    # Their timeouts are long, because a slow machine must not turn into a failed assertion.
    clients: list[Redis] = []
    for _ in range(20):
        client = Redis.from_url(url, socket_timeout=30, socket_connect_timeout=30)
        stack.push_async_callback(client.aclose)
        clients.append(client)
    await clients[0].flushdb()

    async def advance(key: str, seconds: int) -> None:
        # Redis counts by its own clock; moving the attempts into the past is the same.
        name = f"nodrake:attempts:{hashlib.sha256(key.encode()).hexdigest()}"
        attempts: Any = await clients[0].zrange(name, 0, -1, withscores=True)
        for member, score in attempts:
            await clients[0].zadd(name, {member: score - seconds * 1_000_000})

    return Subject(
        [RedisAttemptThrottle(client, _AdmitsEverybody()) for client in clients], advance
    )


@pytest.fixture(params=["memory", "redis", "fake"])
async def subject(request: pytest.FixtureRequest, anyio_backend: str) -> AsyncIterator[Subject]:
    """Each implementation in turn."""
    async with AsyncExitStack() as stack:
        match request.param:
            case "memory":
                yield _in_process(LocalAttemptThrottle)
            case "fake":
                yield _in_process(FakeAttemptThrottle)
            case _:
                yield await _in_redis(request.getfixturevalue("redis_url"), stack)


async def test_attempts_up_to_the_limit_are_admitted_and_the_next_is_told_to_wait(
    subject: Subject,
) -> None:
    answers = [await subject.throttle.admit("a", 3, 60) for _ in range(4)]
    assert answers[:3] == [None, None, None]
    assert answers[3] is not None
    assert 1 <= answers[3] <= 60


async def test_a_refused_attempt_does_not_prolong_the_wait(subject: Subject) -> None:
    await subject.throttle.admit("a", 1, 60)
    await subject.advance("a", 50)
    assert await subject.throttle.admit("a", 1, 60) is not None
    await subject.advance("a", 11)
    assert await subject.throttle.admit("a", 1, 60) is None


async def test_the_window_slides_instead_of_starting_over(subject: Subject) -> None:
    await subject.throttle.admit("a", 3, 60)
    await subject.throttle.admit("a", 3, 60)
    await subject.advance("a", 40)
    await subject.throttle.admit("a", 3, 60)
    assert await subject.throttle.admit("a", 3, 60) in {19, 20}
    await subject.advance("a", 21)
    # The two oldest are out of the window, the third is still in it.
    assert await subject.throttle.admit("a", 3, 60) is None
    assert await subject.throttle.admit("a", 3, 60) is None
    assert await subject.throttle.admit("a", 3, 60) in {38, 39}


async def test_the_wait_that_is_told_suffices(subject: Subject) -> None:
    await subject.throttle.admit("a", 1, 60)
    wait = await subject.throttle.admit("a", 1, 60)
    assert wait is not None
    await subject.advance("a", wait)
    assert await subject.throttle.admit("a", 1, 60) is None


async def test_forgiving_starts_the_count_over(subject: Subject) -> None:
    await subject.throttle.admit("a", 1, 60)
    await subject.throttle.forgive("a")
    assert await subject.throttle.admit("a", 1, 60) is None
    assert await subject.throttle.admit("a", 1, 60) is not None


async def test_forgiving_what_was_never_counted_changes_nothing(subject: Subject) -> None:
    await subject.throttle.admit("a", 1, 60)
    await subject.throttle.forgive("b")
    assert await subject.throttle.admit("a", 1, 60) is not None


@pytest.mark.parametrize(
    ("key", "other"),
    [("a", "b"), ("a", "a "), ("", "\0"), ("é", "e\u0301"), ("x" * 10_000, "x" * 10_001)],
)
async def test_keys_are_counted_apart_however_alike_they_look(
    subject: Subject, key: str, other: str
) -> None:
    await subject.throttle.admit(key, 1, 60)
    assert await subject.throttle.admit(other, 1, 60) is None
    assert await subject.throttle.admit(key, 1, 60) is not None


async def test_of_300_callers_at_once_exactly_20_are_admitted(subject: Subject) -> None:
    callers = [subject.throttles[n % len(subject.throttles)] for n in range(300)]
    answers = await asyncio.gather(*(caller.admit("a", 20, 60) for caller in callers))
    assert answers.count(None) == 20
