"""F-21: Redis stopped where it is: it takes everything and answers nothing."""

import random
import time

from tests.e2e.process import wait_for
from tests.faults.rounds.figures import between, percentile, share_served, wrong_refusals
from tests.faults.rounds.oracle import Outcome
from tests.faults.rounds.proxy import Faults
from tests.faults.rounds.report import Report
from tests.faults.rounds.stack import stack

SERVED, BUDGET = 0.995, 0.1
MOST_ASKED, CLOSED = 5, 10.0
ASKED = Faults(counted=b"EVALSHA")  # a throttle that asks; that it asks for life is a PING


def test_the_breaker_opens_and_closes(
    rounds: int, seed: int, dice: random.Random, report: Report
) -> None:
    during: list[Outcome] = []
    alive: list[Outcome] = []
    asked, closed = [], []
    with stack(apis=1, redis_proxy=ASKED) as running:
        people, proxy = running.people(4), running.redis_proxy
        assert proxy is not None
        for turn in range(rounds):
            with running.load(people, seed=seed + turn, rate=60) as load:
                time.sleep(dice.uniform(1, 1.5))
                frozen, before = time.monotonic(), proxy.count
                running.redis.freeze()
                time.sleep(dice.uniform(2, 3))
                asked.append(proxy.count - before)
                thawed, before = time.monotonic(), proxy.count
                running.redis.thaw()
                closed.append(wait_for(lambda: proxy.count > before, 30, "Redis is asked again"))  # noqa: B023
                time.sleep(0.3)
            alive += between(load.outcomes, 0, frozen)
            during += between(load.outcomes, frozen, thawed)
            running.check(people, last=turn == rounds - 1)
    served, wrong = share_served(during), wrong_refusals(during)
    added = percentile(during, 0.99) - percentile(alive, 0.99)
    report.add(
        "F-21",
        "Redis frozen",
        f"asked {max(asked)} times until the breaker opens at most, used again "
        f"{max(closed):.1f} s after the thaw at most, {served:.2%} of {len(during):,} served, "
        f"{len(wrong)} wrong 5xx, p99 {added * 1000:+.0f} ms",
        f"≤ {MOST_ASKED} times, ≤ {CLOSED:.0f} s, p99 + {BUDGET * 1000:.0f} ms",
        met=max(asked) <= MOST_ASKED
        and max(closed) <= CLOSED
        and served >= SERVED
        and not wrong
        and added <= BUDGET,
    )
    assert wrong == []
    assert max(asked) <= MOST_ASKED
    assert max(closed) <= CLOSED
    assert served >= SERVED
    assert added <= BUDGET


def test_control_a_breaker_that_stays_closed_is_noticed(seed: int, report: Report) -> None:
    """Redis answers all the while, so nobody stops asking."""
    with stack(apis=1, worker=False, redis_proxy=ASKED) as running:
        people, proxy = running.people(2), running.redis_proxy
        assert proxy is not None
        with running.load(people, seed=seed, rate=60):
            time.sleep(1)
            before = proxy.count
            time.sleep(2)
            asked = proxy.count - before
    report.add(
        "F-21",
        "control: nothing is frozen",
        f"asked {asked} times",
        f"> {MOST_ASKED}",
        met=asked > MOST_ASKED,
        rounds=0,
    )
    assert asked > MOST_ASKED
