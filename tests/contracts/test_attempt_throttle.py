"""What every ``AttemptThrottle`` promises: in memory, in Redis, and the fake."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from adapters.memory.attempt_throttle import LocalAttemptThrottle
from adapters.redis.attempt_throttle import RedisAttemptThrottle
from application.accounts.throttling import AttemptThrottle
from domain.accounts.attempts import Admission, AttemptLimit, Attempts
from tests.fakes.security import FakeAttemptThrottle

pytestmark = pytest.mark.anyio


def limit(attempts: int, seconds: int, *, lock: bool = False) -> AttemptLimit:
    """A limit, in short."""
    return AttemptLimit(attempts=attempts, seconds=seconds, lock=lock)


def on(key: str, *limits: AttemptLimit) -> Attempts:
    """A subject, in short."""
    return Attempts(key=key, limits=limits)


class _NeverAsked:
    """A fallback that nobody may need, so that only Redis can be what decides."""

    def decide(self, subjects: Sequence[Attempts], /) -> Admission:
        raise AssertionError("Redis did not answer")

    def record(self, subjects: Sequence[Attempts], /) -> None:
        return None

    def forget(self, keys: Sequence[str], /) -> None:
        return None

    def forget_newest(self, keys: Sequence[str], /) -> None:
        return None


class Subject:
    """Throttles that share one count, and a way to let time pass for all that they count."""

    def __init__(
        self, throttles: list[AttemptThrottle], advance: Callable[[int], Awaitable[None]]
    ) -> None:
        self.throttles = throttles
        self.throttle = throttles[0]
        self.advance = advance

    async def wait(self, *subjects: Attempts) -> int:
        """Try once; how long one is told to wait, if at all."""
        return (await self.throttle.admit(*subjects)).wait


def _in_process(throttle: Callable[[Callable[[], float]], AttemptThrottle]) -> Subject:
    time = [1_000.0]

    async def advance(seconds: int) -> None:
        time[0] += seconds

    return Subject([throttle(lambda: time[0])], advance)


async def _in_redis(url: str, stack: AsyncExitStack) -> Subject:
    # A client for each of twenty throttles: as many processes would race for the last place.
    # Their timeouts are long, because a slow machine must not turn into a failed assertion.
    clients: list[Redis] = []
    for _ in range(20):
        client = Redis.from_url(url, socket_timeout=30, socket_connect_timeout=30)
        stack.push_async_callback(client.aclose)
        clients.append(client)
    await clients[0].flushdb()

    async def advance(seconds: int) -> None:
        # Redis counts by its own clock; moving the attempts into the past is the same.
        async for name in clients[0].scan_iter("nodrake:throttle:*"):
            times: Any = await clients[0].lrange(name, 0, -1)
            for place, at in enumerate(times):
                await clients[0].lset(name, place, str(int(at) - seconds * 1_000_000))

    return Subject(
        [RedisAttemptThrottle(client, _NeverAsked(), budget=30) for client in clients], advance
    )


@pytest.fixture(params=["memory", "redis", "fake"])
async def subject(request: pytest.FixtureRequest, anyio_backend: str) -> AsyncIterator[Subject]:
    """Each implementation in turn."""
    async with AsyncExitStack() as stack:
        match request.param:
            case "memory":
                yield _in_process(lambda now: LocalAttemptThrottle(now=now))
            case "fake":
                yield _in_process(FakeAttemptThrottle)
            case _:
                yield await _in_redis(request.getfixturevalue("redis_url"), stack)


MINUTE = limit(3, 60)


async def test_attempts_up_to_the_limit_are_admitted_and_the_next_is_told_to_wait(
    subject: Subject,
) -> None:
    waits = [await subject.wait(on("a", MINUTE)) for _ in range(4)]
    assert waits[:3] == [0, 0, 0]
    assert 59 <= waits[3] <= 60


async def test_a_refused_attempt_does_not_prolong_the_wait(subject: Subject) -> None:
    once = on("a", limit(1, 60))
    await subject.wait(once)
    await subject.advance(50)
    assert await subject.wait(once) > 0
    await subject.advance(11)
    assert await subject.wait(once) == 0


async def test_the_window_slides_instead_of_starting_over(subject: Subject) -> None:
    a = on("a", MINUTE)
    assert [await subject.wait(a), await subject.wait(a)] == [0, 0]
    await subject.advance(40)
    assert await subject.wait(a) == 0
    assert await subject.wait(a) in {19, 20}
    await subject.advance(21)
    # The two oldest are out of the window, the third is still in it.
    assert [await subject.wait(a), await subject.wait(a)] == [0, 0]
    assert await subject.wait(a) in {38, 39}


async def test_the_wait_that_is_told_suffices(subject: Subject) -> None:
    for limits in ([limit(1, 60)], [limit(1, 60, lock=True)], [limit(1, 60), limit(1, 3600)]):
        subjects = on(f"a-{len(limits)}-{limits[0].lock}", *limits)
        await subject.wait(subjects)
        await subject.advance(await subject.wait(subjects))
        assert await subject.wait(subjects) == 0


async def test_every_window_holds_and_the_longest_wait_is_told(subject: Subject) -> None:
    both = on("a", limit(2, 60), limit(4, 3600))
    assert [await subject.wait(both) for _ in range(2)] == [0, 0]
    assert await subject.wait(both) in {59, 60}
    await subject.advance(60)
    assert [await subject.wait(both) for _ in range(2)] == [0, 0]
    # Both windows are full now: a minute would not do.
    assert await subject.wait(both) in {3539, 3540}
    await subject.advance(3540)
    assert [await subject.wait(both) for _ in range(2)] == [0, 0]
    assert await subject.wait(both) in {59, 60}


async def test_what_is_answered_is_the_window_with_the_least_left(subject: Subject) -> None:
    minute, hour = limit(10, 60), limit(12, 3600)
    a = on("a", minute, hour)
    for left in range(9, 4, -1):
        admission = await subject.throttle.admit(a)
        assert (admission.limit, admission.remaining) == (minute, left)
        assert admission.reset in {59, 60}
    await subject.advance(30)
    assert (await subject.throttle.admit(a)).reset in {29, 30}
    await subject.advance(31)
    # Of the minute's ten, one is used; of the hour's twelve, six.
    admission = await subject.throttle.admit(a)
    assert (admission.limit, admission.remaining) == (hour, 5)
    assert admission.reset in {3538, 3539}


async def test_what_has_left_the_window_is_counted_no_more_and_what_has_not_is(
    subject: Subject,
) -> None:
    a = on("a", limit(10, 60))
    for pause in (0, 0, 40, 0):
        await subject.advance(pause)
        await subject.wait(a)
    await subject.advance(30)
    for left in (7, 6):
        admission = await subject.throttle.admit(a)
        assert (admission.remaining, admission.wait) == (left, 0)
        assert admission.reset in {29, 30}


async def test_windows_that_end_alike_are_told_by_the_longer_one(subject: Subject) -> None:
    admission = await subject.throttle.admit(on("a", limit(3, 60), limit(3, 3600)))
    assert admission.limit.seconds == 3600


async def test_the_order_in_which_limits_are_named_does_not_matter(subject: Subject) -> None:
    a = on("a", limit(4, 3600), limit(2, 60))
    assert [await subject.wait(a) for _ in range(2)] == [0, 0]
    admission = await subject.throttle.admit(a)
    assert admission.limit == limit(2, 60)
    assert admission.wait in {59, 60}


async def test_a_lock_shuts_with_the_last_attempt_and_not_with_the_first(subject: Subject) -> None:
    a = on("a", limit(3, 900, lock=True))
    for _ in range(2):
        assert await subject.wait(a) == 0
        await subject.advance(400)
    assert await subject.wait(a) == 0
    assert await subject.wait(a) in {899, 900}
    # By now the first is out of the window, which opens no lock.
    await subject.advance(500)
    assert await subject.wait(a) in {399, 400}
    await subject.advance(400)
    assert [await subject.wait(a) for _ in range(3)] == [0, 0, 0]
    assert await subject.wait(a) > 0


async def test_attempts_that_are_far_enough_apart_shut_no_lock(subject: Subject) -> None:
    a = on("a", limit(3, 900, lock=True))
    for _ in range(10):
        assert await subject.wait(a) == 0
        await subject.advance(451)


async def test_all_subjects_are_counted_or_none_of_them(subject: Subject) -> None:
    account, network = on("account", limit(2, 60)), on("network", limit(3, 60))
    assert [await subject.wait(account, network) for _ in range(2)] == [0, 0]
    assert [await subject.wait(account, network) for _ in range(5)] != [0] * 5
    # The refused ones have left the network's third place alone.
    assert await subject.wait(on("other account", limit(2, 60)), network) == 0
    assert await subject.wait(on("other account", limit(2, 60)), network) > 0
    # And neither was the other account counted again.
    assert await subject.wait(on("other account", limit(2, 60))) == 0


async def test_of_several_subjects_the_one_with_the_least_left_is_told(subject: Subject) -> None:
    few, many = limit(5, 3600), limit(10, 60)
    for subjects in ([on("a", few), on("b", many)], [on("c", many), on("d", few)]):
        admission = await subject.throttle.admit(*subjects)
        assert (admission.limit, admission.remaining) == (few, 4)
        for _ in range(4):
            await subject.wait(*subjects)
        refused = await subject.throttle.admit(*subjects)
        assert (refused.limit, refused.remaining) == (few, 0)
        assert refused.wait == refused.reset > 60


async def test_forgiving_starts_the_count_over(subject: Subject) -> None:
    once = limit(1, 60)
    await subject.wait(on("a", once))
    await subject.wait(on("b", once))
    await subject.throttle.forgive("a", "b")
    assert await subject.wait(on("a", once), on("b", once)) == 0
    assert await subject.wait(on("a", once)) > 0
    assert await subject.wait(on("b", once)) > 0


async def test_forgiving_what_was_never_counted_changes_nothing(subject: Subject) -> None:
    await subject.wait(on("a", limit(1, 60)))
    await subject.throttle.forgive("b")
    assert await subject.wait(on("a", limit(1, 60))) > 0


async def test_an_attempt_that_came_to_nothing_is_taken_back_and_no_other(
    subject: Subject,
) -> None:
    a, b = on("a", limit(2, 60)), on("b", limit(1, 60))
    await subject.wait(a)
    await subject.wait(a, b)
    await subject.throttle.take_back("a", "b", "never counted")
    assert await subject.wait(a, b) == 0
    assert await subject.wait(a) > 0
    assert await subject.wait(b) > 0


@pytest.mark.parametrize(
    ("key", "other"),
    [("a", "b"), ("a", "a "), ("", "\0"), ("é", "e\u0301"), ("x" * 10_000, "x" * 10_001)],
)
async def test_keys_are_counted_apart_however_alike_they_look(
    subject: Subject, key: str, other: str
) -> None:
    once = limit(1, 60)
    await subject.wait(on(key, once))
    assert await subject.wait(on(other, once)) == 0
    assert await subject.wait(on(key, once)) > 0


async def test_of_300_callers_at_once_exactly_20_are_admitted(subject: Subject) -> None:
    callers = [subject.throttles[n % len(subject.throttles)] for n in range(300)]
    a, b = on("a", limit(20, 60), limit(25, 3600)), on("b", limit(30, 60))
    admissions = await asyncio.gather(*(caller.admit(a, b) for caller in callers))
    assert [admission.wait for admission in admissions].count(0) == 20
    left = sorted(admission.remaining for admission in admissions if admission.wait == 0)
    assert left == list(range(20)), "each was told another number"


@given(
    pauses=st.lists(st.integers(0, 40), min_size=1, max_size=40),
    limits=st.lists(
        st.tuples(st.integers(1, 6), st.sampled_from([10, 30, 60, 100]), st.booleans()),
        min_size=1,
        max_size=3,
        unique_by=lambda found: found[1],
    ),
)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
async def test_every_implementation_agrees_with_the_definition(
    redis_url: str, pauses: list[int], limits: list[tuple[int, int, bool]]
) -> None:
    windows = [limit(attempts, seconds * 100, lock=lock) for attempts, seconds, lock in limits]
    async with AsyncExitStack() as stack:
        subjects = [
            _in_process(lambda now: LocalAttemptThrottle(now=now)),
            _in_process(FakeAttemptThrottle),
            await _in_redis(redis_url, stack),
        ]
        now, admitted = 0, list[int]()
        # In hundreds of seconds, so that the time that the test itself takes is nothing.
        for pause in (100 * pause for pause in pauses):
            now += pause
            for subject in subjects:
                await subject.advance(pause)
            shut = [_shut_until(window, admitted, now) for window in windows]
            for subject in subjects:
                admission = await subject.throttle.admit(on("a", *windows))
                wait = admission.wait
                assert (wait > 0) == (max(shut) > now)
                assert wait == 0 or max(shut) - now - 60 <= wait <= max(shut) - now
                if wait == 0 and not any(window.lock for window in windows):
                    assert admission.remaining == min(
                        _left(window, admitted, now) for window in windows
                    )
            if max(shut) <= now:
                admitted.append(now)


def _shut_until(window: AttemptLimit, admitted: list[int], now: int) -> int:
    """By the definition: read off the whole history, without keeping count of anything."""
    if not window.lock:
        within = [at for at in admitted if at > now - window.seconds]
        full = len(within) >= window.attempts
        return within[-window.attempts] + window.seconds if full else 0
    if not admitted or admitted[-1] + window.seconds <= now:
        return 0
    within = [at for at in admitted if at > admitted[-1] - window.seconds]
    return admitted[-1] + window.seconds if len(within) >= window.attempts else 0


def _left(window: AttemptLimit, admitted: list[int], now: int) -> int:
    """What remains of a window after one more."""
    return window.attempts - sum(at > now - window.seconds for at in admitted) - 1
