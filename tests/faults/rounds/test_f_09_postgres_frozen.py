"""F-9: PostgreSQL and all of its backends stopped where they are, then let go on."""

import random
import time

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
    with stack() as running:
        seen = rounds_of_silence(
            running,
            rounds,
            seed,
            dice,
            begin=running.postgres.freeze,
            end=running.postgres.thaw,
        )
        acknowledged = running.oracle.acknowledged
    report_silences(report, "F-9", "PostgreSQL frozen", seen, lost_of=acknowledged)


def test_control_without_a_deadline_somebody_waits_longer(report: Report) -> None:
    with stack(apis=1, worker=False, NODRAKE_DEADLINE_SECONDS="60") as running:
        (person,) = running.people(1)
        running.postgres.freeze()
        began = time.monotonic()
        try:
            waited = slowest_read(running.urls[0], person.headers, 1)
        finally:
            running.postgres.thaw()
        assert time.monotonic() - began >= waited
    report.add(
        "F-9",
        "control: a deadline of a minute",
        f"slowest answer {waited:.1f} s",
        f"> {LONGEST:.0f} s",
        met=waited > LONGEST,
        rounds=0,
    )
    assert waited > LONGEST
