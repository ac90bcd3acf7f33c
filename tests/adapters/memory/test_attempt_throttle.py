"""Attempts counted in this process: memory is bounded, and what is asked about stays."""

import pytest

from adapters.memory.attempt_throttle import FairShare, LocalAttemptThrottle
from domain.accounts.attempts import AttemptLimit, Attempts

pytestmark = pytest.mark.anyio


def on(key: str, attempts: int, seconds: int = 60) -> Attempts:
    """A subject, in short."""
    return Attempts(key=key, limits=(AttemptLimit(attempts=attempts, seconds=seconds),))


async def test_a_flood_of_keys_takes_bounded_room_and_not_that_of_the_one_under_attack() -> None:
    throttle = LocalAttemptThrottle(now=lambda: 0.0)
    for number in range(120_000):
        await throttle.admit(on(f"flood-{number}", 5))
        if number % 1_000 == 0:
            await throttle.admit(on("victim", 1))
    assert len(throttle._attempts) == 50_000
    assert (await throttle.admit(on("victim", 1))).wait > 0
    await throttle.admit(on("newcomer", 1))
    assert (await throttle.admit(on("newcomer", 1))).wait > 0


async def test_a_flood_of_attempts_takes_bounded_room_too() -> None:
    throttle = LocalAttemptThrottle(now=lambda: 0.0)
    for number in range(120):
        subject = on(f"busy-{number}", 10_000, 86_400)
        for _ in range(10_000):
            throttle.record([subject])
    assert sum(len(times) for times in throttle._attempts.values()) == throttle._times
    assert 980_000 < throttle._times <= 1_000_000


async def test_attempts_outside_the_window_are_not_kept() -> None:
    time = [0.0]
    throttle = LocalAttemptThrottle(now=lambda: time[0])
    for second in range(10_000):
        time[0] = float(second)
        await throttle.admit(on("a", 1_000))
    assert len(throttle._attempts["a"]) == 60
    assert throttle._times == 60


async def test_attempts_beyond_the_limit_that_were_admitted_elsewhere_are_not_kept() -> None:
    throttle = LocalAttemptThrottle(now=lambda: 0.0)
    for _ in range(100):
        throttle.record([on("a", 10)])
    assert len(throttle._attempts["a"]) == throttle._times == 10


@pytest.mark.parametrize(
    ("processes", "generosity", "attempts", "share"),
    [(1, 1, 5, 5), (4, 1, 20, 5), (4, 1, 5, 1), (8, 1, 5, 1), (4, 2, 100, 50), (1, 2, 100, 100)],
)
def test_a_share_is_never_nothing_and_never_more_than_the_limit(
    processes: int, generosity: int, attempts: int, share: int
) -> None:
    assert FairShare(processes, generosity)(attempts) == share
