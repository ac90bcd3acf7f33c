"""Attempts counted in this process: memory is bounded, and what is asked about stays."""

import pytest

from adapters.memory.attempt_throttle import LocalAttemptThrottle

pytestmark = pytest.mark.anyio


async def test_a_flood_of_keys_takes_bounded_room_and_not_that_of_the_one_under_attack() -> None:
    throttle = LocalAttemptThrottle(lambda: 0.0)
    for number in range(120_000):
        await throttle.admit(f"flood-{number}", 5, 60)
        if number % 1_000 == 0:
            await throttle.admit("victim", 1, 60)
    assert len(throttle._attempts) == 50_000
    assert await throttle.admit("victim", 1, 60) is not None
    await throttle.admit("newcomer", 1, 60)
    assert await throttle.admit("newcomer", 1, 60) is not None


async def test_attempts_outside_the_window_are_not_kept() -> None:
    time = [0.0]
    throttle = LocalAttemptThrottle(lambda: time[0])
    for second in range(10_000):
        time[0] = float(second)
        await throttle.admit("a", 1_000, 60)
    assert len(throttle._attempts["a"]) == 60
