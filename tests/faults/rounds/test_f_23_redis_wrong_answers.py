"""F-23: answers of Redis that are cut short, come in crumbs, or are no longer waited for."""

import asyncio
import random
import time

import pytest

from adapters.memory.attempt_throttle import LocalAttemptThrottle
from adapters.redis.attempt_throttle import RedisAttemptThrottle
from adapters.redis.connection import create_redis
from domain.accounts.attempts import AttemptLimit, Attempts
from tests.adapters.redis.conftest import Server, server
from tests.faults.rounds.figures import share_served, wrong_refusals
from tests.faults.rounds.proxy import FaultProxy, Faults
from tests.faults.rounds.report import Report
from tests.faults.rounds.stack import stack

__all__ = ["server"]

CALLS = 10_000
AT_ONCE = 50


def _target(of: Server) -> str:
    return of.url.removeprefix("unix://")


async def _storm(url: str, calls: int, dice: random.Random) -> tuple[int, int]:
    """So many calls of which a third is given up half-way; wrong answers and answers at all.

    Each key has a limit of its own and is asked for once, so its answer is known before.
    """
    redis = create_redis(url)
    throttle = RedisAttemptThrottle(redis, LocalAttemptThrottle(), budget=0.05)
    wrong = answered = 0

    async def echo(number: int) -> object:
        return await redis.echo(str(number))

    async def call(number: int) -> None:
        nonlocal wrong, answered
        limit = AttemptLimit(attempts=number + 2, seconds=600)
        asked = asyncio.create_task(
            throttle.admit(Attempts(key=f"{dice.random()} {number}", limits=(limit,)))
        )
        pinged = asyncio.create_task(echo(number))
        if number % 3 == 0:
            await asyncio.sleep(dice.uniform(0, 0.004))
            asked.cancel()
            pinged.cancel()
        await asyncio.wait([asked, pinged])
        if not asked.cancelled():
            answered += 1
            given = asked.result()
            wrong += given.wait != 0 or given.remaining != number + 1 or given.limit != limit
        if not pinged.cancelled() and pinged.exception() is None:
            wrong += pinged.result() != str(number).encode()

    for start in range(0, calls, AT_ONCE):
        await asyncio.gather(*(call(number) for number in range(start, start + AT_ONCE)))
    await redis.aclose()
    return wrong, answered


@pytest.mark.parametrize(
    ("title", "faults"),
    [
        ("nothing else", Faults()),
        ("crumbs of three bytes", Faults(slices=3)),
        ("cut after 700 bytes", Faults(limit=700)),
        ("30 ms late", Faults(latency=0.03)),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
def test_nobody_is_given_the_answer_of_another(
    server: Server, title: str, faults: Faults, dice: random.Random, report: Report
) -> None:
    calls = CALLS if faults.latency == 0 else CALLS // 10
    with FaultProxy(_target(server)) as proxy:
        proxy.set(faults)
        url = f"redis://127.0.0.1:{proxy.port}"
        wrong, answered = asyncio.run(_storm(url, calls, dice))
    report.add(
        "F-23",
        f"{calls:,} calls, a third given up, and {title}",
        f"{wrong} wrong of {answered:,} answers",
        "0",
        met=wrong == 0,
        rounds=0,
    )
    assert answered > 0
    assert wrong == 0


def test_the_service_goes_on(rounds: int, seed: int, dice: random.Random, report: Report) -> None:
    with stack(redis_proxy=Faults()) as running:
        people, proxy = running.people(4), running.redis_proxy
        assert proxy is not None
        with running.load(people, seed=seed, rate=60) as load:
            for _ in range(rounds):
                proxy.set(dice.choice([Faults(slices=1), Faults(limit=dice.randint(1, 300))]))
                time.sleep(dice.uniform(0.5, 1))
                proxy.cut()
                proxy.set()
                time.sleep(dice.uniform(0.2, 1.5))
        outcomes = load.outcomes
        complaints = running.complaints(people)
    served, wrong = share_served(outcomes), wrong_refusals(outcomes)
    report.add(
        "F-23",
        "Redis in crumbs, cut short and reset under load",
        f"{served:.2%} of {len(outcomes):,} served, {len(wrong)} wrong 5xx",
        "all served, no 5xx",
        met=served == 1 and not wrong and not complaints,
    )
    assert complaints == [], "\n".join(complaints)
    assert wrong == []
    assert served == 1


def test_control_a_connection_that_is_kept_after_an_unread_answer_is_noticed(
    server: Server, report: Report
) -> None:
    """What a client without the mend of CVE-2023-28858 does."""

    async def careless() -> int:
        reader, writer = await asyncio.open_unix_connection(_target(server))
        wrong = 0
        for number in range(50):
            writer.write(b"ECHO %d\r\n" % number)
            if number % 10 == 0:
                continue  # given up: nobody reads this answer
            await reader.readline()
            wrong += (await reader.readline()).strip() != b"%d" % number
        writer.close()
        return wrong

    wrong = asyncio.run(careless())
    report.add(
        "F-23",
        "control: a connection is used on after an answer that nobody read",
        f"{wrong} wrong answers",
        "≥ 1",
        met=wrong > 0,
        rounds=0,
    )
    assert wrong > 0
