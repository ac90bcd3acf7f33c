"""What F-9 and F-10 have in common: a PostgreSQL that takes everything and answers nothing."""

import contextlib
import random
import time
from collections.abc import Callable

import httpx
import msgspec
import psycopg

from tests.e2e.process import wait_for
from tests.faults.rounds.figures import between, first_success, statuses, wrong_refusals
from tests.faults.rounds.load import Load
from tests.faults.rounds.oracle import Outcome
from tests.faults.rounds.report import Report
from tests.faults.rounds.stack import Stack

LONGEST = 3.0
RED, RECOVERED = 5.0, 2.0
FIRST_SECONDS = 30.0
CONNECTIONS = 3 * 10  # two API processes and a worker, as many as each may have


class Silence(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen of one silence; times in seconds."""

    during: list[Outcome]
    wrong: list[Outcome]
    red_after: float
    alive: bool
    recovered_after: float
    pool_after: float


def silence(
    running: Stack, load: Load, seconds: float, begin: Callable[[], None], end: Callable[[], None]
) -> Silence:
    """One silence of so many seconds under a load that runs already."""
    began = time.monotonic()
    begin()
    try:
        red = wait_for(
            lambda: all(api.ready() == 503 for api in running.apis), 2 * RED, "readiness is red"
        )
        alive = True
        while time.monotonic() - began < seconds:
            alive = alive and all(api.alive() == 200 for api in running.apis)
            time.sleep(0.25)
    finally:
        end()
    ended = time.monotonic()
    wait_for(lambda: _connections(running) <= CONNECTIONS, 20, "the pools have their size again")
    pool_after = time.monotonic() - ended
    time.sleep(max(0.0, RECOVERED + 1 - pool_after))
    load.stop()
    recovered = first_success(load.outcomes, ended)
    refused = [o.at for o in between(load.outcomes, ended, float("inf")) if o.status in {0, 503}]
    late = max(refused, default=ended) - ended
    return Silence(
        during=[o for o in load.outcomes if o.at < ended and o.at + o.seconds > began],
        wrong=wrong_refusals(load.outcomes),
        red_after=red,
        alive=alive,
        recovered_after=max(late, float("inf") if recovered is None else recovered),
        pool_after=pool_after,
    )


def rounds_of_silence(
    running: Stack,
    rounds: int,
    seed: int,
    dice: random.Random,
    *,
    begin: Callable[[], None],
    end: Callable[[], None],
) -> list[Silence]:
    """The first for half a minute, the others for some seconds; nothing may be lost in any."""
    people, seen = running.people(4), []
    for turn in range(rounds):
        load = running.load(people, seed=seed + turn, timeout=40)
        load.start()
        time.sleep(dice.uniform(0.3, 1.0))
        seconds = dice.uniform(4, 6) if turn else FIRST_SECONDS
        seen.append(silence(running, load, seconds, begin, end))
        running.check(people, last=turn == rounds - 1)
    return seen


def report_silences(
    report: Report, row: str, title: str, seen: list[Silence], *, lost_of: int
) -> None:
    """The figures of all rounds, and the bar for each of them."""
    slowest = max(o.seconds for each in seen for o in each.during)
    wrong = [o for each in seen for o in each.wrong]
    red = max(each.red_after for each in seen)
    recovered = max(each.recovered_after for each in seen)
    alive = all(each.alive for each in seen)
    pools = max(each.pool_after for each in seen)
    answered = statuses(o for each in seen for o in each.during)
    met = (
        slowest <= LONGEST
        and not wrong
        and red <= RED
        and recovered <= RECOVERED
        and alive
        and not answered[0]
    )
    report.add(
        row,
        title,
        f"0 of {lost_of:,} acknowledged writes lost, slowest answer {slowest:.2f} s, {len(wrong)} "
        f"wrong 5xx, liveness {'green' if alive else 'RED'}, readiness red after {red:.1f} s, last "
        f"refusal {recovered:.1f} s after the end, pools of their size again after {pools:.1f} s",
        f"≤ {LONGEST:.0f} s, only 503, green, ≤ {RED:.0f} s, ≤ {RECOVERED:.0f} s",
        met=met,
    )
    assert wrong == []
    assert not answered[0], "a request was not answered at all"
    assert alive
    slow = [o for each in seen for o in each.during if o.seconds > LONGEST]
    assert [(o.kind.value, o.status, round(o.seconds, 1)) for o in slow] == []
    assert red <= RED
    assert recovered <= RECOVERED


def slowest_read(url: str, headers: dict[str, str], tries: int) -> float:
    """The longest of so many reads, one after the other; whatever they are answered."""
    longest = 0.0
    with httpx.Client(base_url=url, trust_env=False, timeout=3 * LONGEST) as api:
        for _ in range(tries):
            started = time.monotonic()
            with contextlib.suppress(httpx.TimeoutException):
                api.get("/api/v1/dnp/list", headers=headers)
            longest = max(longest, time.monotonic() - started)
    return longest


def _connections(running: Stack) -> int:
    """Of the service, at the server, once nobody asks for anything any more."""
    with psycopg.connect(running.database_url) as connection:
        row = connection.execute(
            "select count(*) from pg_stat_activity where application_name = 'nodrake'"
        ).fetchone()
    assert row is not None
    return int(row[0])
