"""Attempts counted in Redis while Redis dies, freezes, restarts and comes back."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import pytest
from redis.asyncio import BlockingConnectionPool, Redis, UnixDomainSocketConnection
from redis.exceptions import ConnectionError as RedisConnectionError

from adapters.memory.attempt_throttle import FairShare, LocalAttemptThrottle
from adapters.redis.attempt_throttle import RedisAttemptThrottle
from adapters.redis.connection import create_redis
from domain.accounts.attempts import AttemptLimit, Attempts
from tests.adapters.redis.conftest import Server

pytestmark = pytest.mark.anyio


def on(key: str, attempts: int = 20, seconds: int = 600) -> Attempts:
    """A subject, in short."""
    limit = AttemptLimit(attempts=attempts, seconds=seconds)
    return Attempts(key=key, limits=(limit,))


class _CountingPool(BlockingConnectionPool):
    """Connections, and how often one was wanted."""

    asked = 0

    async def ensure_connection(self, connection: Any) -> Any:
        self.asked += 1
        return await super().ensure_connection(connection)


@pytest.fixture
def throttle(redis: Redis) -> RedisAttemptThrottle:
    """The subject, with the fallback that production gives it."""
    return RedisAttemptThrottle(redis, LocalAttemptThrottle())


def patient(redis: Redis, fallback: LocalAttemptThrottle | None = None) -> RedisAttemptThrottle:
    """One that waits, so that a slow machine does not look like a dead Redis."""
    return RedisAttemptThrottle(redis, fallback or LocalAttemptThrottle(), budget=30)


async def _admitted(throttle: RedisAttemptThrottle, times: int, limit: int = 20) -> int:
    admissions = [await throttle.admit(on("a", limit)) for _ in range(times)]
    return [admission.wait for admission in admissions].count(0)


async def test_what_was_counted_before_redis_was_killed_still_counts(
    throttle: RedisAttemptThrottle, server: Server
) -> None:
    assert await _admitted(throttle, 15) == 15
    server.kill()
    assert await _admitted(throttle, 100) == 5


async def test_what_was_counted_before_redis_froze_still_counts(
    throttle: RedisAttemptThrottle, server: Server
) -> None:
    assert await _admitted(throttle, 15) == 15
    server.freeze()
    assert await _admitted(throttle, 100) == 5
    server.thaw()


async def test_redis_frozen_while_300_call_at_once_lets_no_more_than_the_limit_through(
    throttle: RedisAttemptThrottle, server: Server
) -> None:
    async def freeze() -> None:
        server.freeze()

    calls = [throttle.admit(on("a")) for _ in range(150)]
    late = [throttle.admit(on("a")) for _ in range(150)]
    answers: list[Any] = list(await asyncio.gather(*calls, freeze(), *late))
    server.thaw()
    assert [answer.wait for answer in answers[:150] + answers[151:]].count(0) == 20


async def test_redis_that_never_was_there_is_no_reason_to_let_everybody_in(
    throttle: RedisAttemptThrottle, server: Server
) -> None:
    server.kill()
    assert await _admitted(throttle, 50) == 20
    await throttle.forgive("a")
    assert await _admitted(throttle, 50) == 20
    await throttle.take_back("a")
    assert await _admitted(throttle, 50) == 1


async def test_without_redis_each_process_gives_away_its_share(
    redis: Redis, server: Server
) -> None:
    processes = [RedisAttemptThrottle(redis, LocalAttemptThrottle(FairShare(4))) for _ in range(4)]
    # Three of the four have never heard of what the first has counted.
    assert await _admitted(processes[0], 4) == 4
    server.kill()
    assert [await _admitted(process, 50) for process in processes] == [1, 5, 5, 5]


async def test_a_frozen_redis_is_asked_once_and_then_left_alone(
    server: Server,
) -> None:
    # Two seconds, so that a slow machine does not look like a Redis that froze earlier.
    options = create_redis(server.url).connection_pool.connection_kwargs | {"socket_timeout": 2}
    pool = _CountingPool(connection_class=UnixDomainSocketConnection, **options)
    client = Redis.from_pool(pool)
    throttle = RedisAttemptThrottle(client, LocalAttemptThrottle(), budget=2)
    await throttle.admit(on("a", 500))
    server.freeze()
    pool.asked = 0
    for _ in range(5):
        await throttle.admit(on("a", 500))
        await throttle.forgive("b")
    server.thaw()
    await client.aclose()
    # The one connection that was there is given up, and nobody wants another: unless the machine
    # is so slow that a pause of a second passes in between.
    assert pool.asked <= 2


async def test_nobody_waits_for_the_question_whether_a_frozen_redis_is_back(
    redis: Redis, server: Server
) -> None:
    throttle = RedisAttemptThrottle(redis, LocalAttemptThrottle())
    await throttle.admit(on("a", 500))
    server.freeze()
    await throttle.admit(on("a", 500))
    await asyncio.sleep(1.1)  # now it is asked again
    answered = asyncio.create_task(throttle.admit(on("a", 500)))
    for _ in range(3):  # turns of the event loop, not time
        await asyncio.sleep(0)
    assert answered.done()
    server.thaw()
    await answered


async def test_redis_that_comes_back_empty_is_used_again(
    throttle: RedisAttemptThrottle, patient_redis: Redis, server: Server
) -> None:
    await throttle.admit(on("a"))
    server.kill()
    await throttle.admit(on("a"))
    server.start()
    assert await _is_used_again(throttle, patient_redis)


async def test_redis_that_thaws_is_used_again_within_ten_seconds(
    throttle: RedisAttemptThrottle, patient_redis: Redis, server: Server
) -> None:
    await throttle.admit(on("a", 1_000))
    server.freeze()
    await throttle.admit(on("a", 1_000))
    server.thaw()
    await patient_redis.flushall()
    assert await _is_used_again(throttle, patient_redis)


async def _is_used_again(throttle: RedisAttemptThrottle, redis: Redis) -> bool:
    until = time.monotonic() + 10
    while time.monotonic() < until:  # the pause is a second
        await asyncio.sleep(0.05)
        await throttle.admit(on("a", 1_000))
        if await redis.keys("nodrake:throttle:*"):
            return True
    return False


async def test_redis_decides_while_it_answers(patient_redis: Redis) -> None:
    here, elsewhere = patient(patient_redis), patient(patient_redis)
    assert await _admitted(here, 15) == 15
    assert await _admitted(elsewhere, 15) == 5
    await elsewhere.forgive("a")
    # What this process has counted by itself does not outlast what all have agreed on.
    assert await _admitted(here, 100) == 20


async def test_what_redis_refuses_is_not_held_against_anybody_later(
    patient_redis: Redis, server: Server
) -> None:
    here, elsewhere = patient(patient_redis), patient(patient_redis)
    assert await _admitted(elsewhere, 20) == 20
    assert await _admitted(here, 20) == 0
    server.kill()
    assert await _admitted(here, 100) == 20


async def test_all_subjects_and_windows_cost_one_call_and_those_who_wait_share_one(
    patient_redis: Redis,
) -> None:
    throttle = patient(patient_redis)
    windows = tuple(AttemptLimit(attempts=9, seconds=s) for s in (60, 3600, 86_400))
    subjects = [Attempts(key=key, limits=windows) for key in ("address", "account", "token")]
    await throttle.admit(*subjects)

    async def calls(callers: int) -> int:
        await patient_redis.config_resetstat()
        await asyncio.gather(*(throttle.admit(*subjects) for _ in range(callers)))
        stats: Any = await patient_redis.info("commandstats")
        return int(stats["cmdstat_evalsha"]["calls"])

    assert await calls(1) == 1
    assert await calls(100) <= 2


async def test_a_script_that_redis_has_forgotten_is_sent_again(patient_redis: Redis) -> None:
    throttle = patient(patient_redis)
    assert await _admitted(throttle, 15) == 15
    await patient_redis.script_flush()
    assert await _admitted(throttle, 15) == 5


async def test_a_key_of_another_kind_is_a_failure_of_redis_and_not_of_ours(
    patient_redis: Redis,
) -> None:
    throttle = patient(patient_redis)
    await throttle.admit(on("a"))
    keys: Any = await patient_redis.keys("*")
    await patient_redis.delete(*keys)
    await patient_redis.set(keys[0], "text")
    assert await _admitted(throttle, 50) == 19


async def test_keys_in_redis_say_nothing_about_people_and_do_not_stay(
    patient_redis: Redis,
) -> None:
    throttle = patient(patient_redis)
    for _ in range(2):
        await throttle.admit(on("sign-in:person@example.org", 1, 60))
    keys: Any = await patient_redis.keys("*")
    assert len(keys) == 1
    assert keys[0].startswith(b"nodrake:throttle:")
    assert b"person" not in keys[0]
    assert 0 < await patient_redis.ttl(keys[0]) <= 60


async def test_a_log_is_as_long_as_its_largest_limit_and_eleven_bytes_an_attempt(
    patient_redis: Redis,
) -> None:
    throttle = patient(patient_redis)
    limits = tuple(
        AttemptLimit(attempts=attempts, seconds=seconds)
        for attempts, seconds in ((10**6, 60), (1_000, 3600), (10_000, 86_400))
    )
    subject = Attempts(key="a", limits=limits[:1] + limits[2:])
    for _ in range(100):
        await asyncio.gather(*(throttle.admit(subject) for _ in range(110)))
    keys: Any = await patient_redis.keys("*")
    assert await patient_redis.llen(keys[0]) == 10_000
    assert int(await patient_redis.memory_usage(keys[0], samples=0) or 0) < 120_000


async def test_times_that_no_window_holds_any_more_are_not_kept(patient_redis: Redis) -> None:
    throttle = patient(patient_redis)
    await asyncio.gather(*(throttle.admit(on("a", 100, 60)) for _ in range(50)))
    keys: Any = await patient_redis.keys("*")
    times: Any = await patient_redis.lrange(keys[0], 0, -1)
    for place, at in enumerate(times):
        await patient_redis.lset(keys[0], place, str(int(at) - 61_000_000))
    await throttle.admit(on("a", 100, 60))
    assert await patient_redis.llen(keys[0]) == 1


async def test_calls_that_are_cancelled_midway_do_not_mix_up_the_answers_of_others(
    patient_redis: Redis,
) -> None:
    throttle = patient(patient_redis)
    # CVE-2023-28858: a connection went back to the pool with an answer still to be read.
    for _ in range(100):
        call = asyncio.create_task(throttle.admit(on("a", 10**6)))
        for _ in range(3):
            await asyncio.sleep(0)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        assert await patient_redis.echo("mine") == b"mine"


async def test_somebody_who_hangs_up_leaves_the_others_their_answers(
    patient_redis: Redis,
) -> None:
    throttle = patient(patient_redis)
    calls: Sequence[asyncio.Task[Any]] = [
        asyncio.create_task(throttle.admit(on(f"{n}", 1))) for n in range(50)
    ]
    await asyncio.sleep(0)
    for call in calls[::2]:
        call.cancel()
    answers: list[Any] = list(await asyncio.gather(*calls, return_exceptions=True))
    assert all(isinstance(answer, asyncio.CancelledError) for answer in answers[::2])
    assert [answer.wait for answer in answers[1::2]] == [0] * 25


async def test_the_server_that_these_tests_kill_is_really_gone(
    patient_redis: Redis, server: Server
) -> None:
    assert await patient_redis.ping()
    server.kill()
    with pytest.raises(RedisConnectionError):
        await patient_redis.ping()
