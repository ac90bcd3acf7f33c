"""F-10: a network that takes everything for PostgreSQL and passes nothing on, either way."""

import random

from tests.faults.rounds.proxy import Faults
from tests.faults.rounds.report import Report
from tests.faults.rounds.stack import stack
from tests.faults.rounds.unanswered import (
    LONGEST,
    report_silences,
    rounds_of_silence,
    slowest_read,
)


def test_every_request_is_answered_in_time(
    rounds: int, seed: int, dice: random.Random, report: Report
) -> None:
    with stack(postgres_proxy=Faults()) as running:
        proxy = running.postgres_proxy
        assert proxy is not None
        seen = rounds_of_silence(running, rounds, seed, dice, begin=proxy.blackhole, end=proxy.set)
        acknowledged = running.oracle.acknowledged
    report_silences(report, "F-10", "PostgreSQL behind a black hole", seen, lost_of=acknowledged)


def test_control_without_a_deadline_somebody_waits_longer(report: Report) -> None:
    with stack(
        apis=1, worker=False, postgres_proxy=Faults(), NODRAKE_DEADLINE_SECONDS="60"
    ) as running:
        (person,), proxy = running.people(1), running.postgres_proxy
        assert proxy is not None
        proxy.blackhole()
        waited = slowest_read(running.urls[0], person.headers, 1)
        proxy.set()
    report.add(
        "F-10",
        "control: a deadline of a minute",
        f"slowest answer {waited:.1f} s",
        f"> {LONGEST:.0f} s",
        met=waited > LONGEST,
        rounds=0,
    )
    assert waited > LONGEST
