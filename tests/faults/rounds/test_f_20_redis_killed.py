"""F-20: Redis killed under load, and away for a while."""

import random
import time
from collections import Counter
from uuid import uuid4

import httpx

from tests.entrypoints.person import PASSWORD
from tests.faults.rounds.figures import between, percentile, share_served, wrong_refusals
from tests.faults.rounds.oracle import Outcome
from tests.faults.rounds.report import Report
from tests.faults.rounds.stack import Stack, register, stack

ALLOWED = 5  # wrong passwords of one account in a quarter of an hour
ATTEMPTS = 12
SERVED, ADDED = 0.995, 0.05


def guesses_that_were_checked(running: Stack) -> int:
    """How many of the wrong passwords for a new account were looked at; the right one is not."""
    with httpx.Client(trust_env=False, timeout=30) as api:
        api.base_url = running.urls[0]
        email = register(api).email

        def attempt(url: str, password: str) -> int:
            body = {"email": email, "password": password}
            return api.post(f"{url}/api/v1/auth/login", json=body).status_code

        urls = [running.urls[turn % len(running.urls)] for turn in range(ATTEMPTS)]
        answers = Counter(attempt(url, uuid4().hex) for url in urls)
        assert set(answers) <= {401, 429}, answers
        assert [attempt(url, PASSWORD) for url in running.urls] == [429] * len(running.urls)
    return answers[401]


def test_nobody_gets_past_a_limit_and_hardly_anybody_notices(
    rounds: int, seed: int, dice: random.Random, report: Report
) -> None:
    during: list[Outcome] = []
    alive: list[Outcome] = []
    checked = []
    with stack() as running:
        people = running.people(4)
        for turn in range(rounds):
            with running.load(people, seed=seed + turn, rate=60) as load:
                time.sleep(dice.uniform(1, 1.5))
                killed = time.monotonic()
                running.redis.kill()
                checked.append(guesses_that_were_checked(running))
                time.sleep(dice.uniform(0, 0.5))
                back = time.monotonic()
                running.redis.start()
                time.sleep(0.5)
            alive += between(load.outcomes, 0, killed)
            during += between(load.outcomes, killed, back)
            running.check(people, last=turn == rounds - 1)
    served, wrong = share_served(during), wrong_refusals(during)
    added = percentile(during, 0.95) - percentile(alive, 0.95)
    report.add(
        "F-20",
        "Redis killed",
        f"{max(checked)} of {ATTEMPTS} wrong passwords checked at most, {served:.2%} of "
        f"{len(during):,} served, {len(wrong)} wrong 5xx, p95 {added * 1000:+.0f} ms",
        f"≤ {ALLOWED} checked, ≥ {SERVED:.1%}, p95 + {ADDED * 1000:.0f} ms",
        met=max(checked) <= ALLOWED and served >= SERVED and not wrong and added <= ADDED,
    )
    assert max(checked) <= ALLOWED
    assert wrong == []
    assert served >= SERVED
    assert added <= ADDED


def test_control_processes_that_do_not_share_a_limit_are_noticed(report: Report) -> None:
    """Each of two takes itself for the only one."""
    with stack(worker=False, NODRAKE_PROCESSES="1") as running:
        running.redis.kill()
        checked = guesses_that_were_checked(running)
    report.add(
        "F-20",
        "control: each of two processes gives all of the limit away",
        f"{checked} wrong passwords checked",
        f"> {ALLOWED}",
        met=checked > ALLOWED,
        rounds=0,
    )
    assert checked > ALLOWED
