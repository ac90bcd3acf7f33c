"""F-7: SIGKILL to PostgreSQL and its backends, under load."""

import random
import time

from tests.faults.rounds.figures import first_success, wrong_refusals
from tests.faults.rounds.load import Load
from tests.faults.rounds.oracle import Kind, Operation
from tests.faults.rounds.report import Report
from tests.faults.rounds.stack import stack

RECOVERED = 5.0


def test_nothing_that_was_acknowledged_is_lost(
    rounds: int, seed: int, dice: random.Random, report: Report
) -> None:
    wrong, first = [], []
    with stack() as running:
        oracle, people = running.oracle, running.people(4)
        before = [api.pid for api in running.apis]
        for turn in range(rounds):
            with Load(
                oracle, running.urls, people, running.artists, rate=100, seed=seed + turn
            ) as load:
                time.sleep(dice.uniform(0.5, 1.5))
                running.postgres.kill()
                time.sleep(dice.uniform(0, 0.5))
                running.postgres.start()
                ready = time.monotonic()
                time.sleep(2)
            wrong += wrong_refusals(load.outcomes)
            first.append(first_success(load.outcomes, ready) or float("inf"))
            running.check(people, last=turn == rounds - 1)
        assert [api.pid for api in running.apis if api.runs] == before, "an API process has ended"
        assert running.worker is not None
        assert running.worker.process.poll() is None, "the worker has ended"
    report.add(
        "F-7",
        "PostgreSQL killed",
        f"0 of {oracle.acknowledged_entries:,} acknowledged lost, {len(wrong)} wrong 5xx, first "
        f"success {max(first):.1f} s after it is ready at the latest",
        f"0 lost, only 503 with Retry-After, ≤ {RECOVERED:.0f} s",
        met=not wrong and max(first) <= RECOVERED,
    )
    assert wrong == []
    assert max(first) <= RECOVERED


def test_control_a_write_that_was_never_made_is_missed(report: Report) -> None:
    with stack(apis=1) as running:
        oracle, people = running.oracle, running.people(1)
        made_up = Operation(
            id="0" * 24,
            kind=Kind.ADD,
            person=people[0].id,
            artists=(running.artists[0],),
            note="never sent",
        )
        oracle.sent(made_up)
        oracle.answered(made_up, 201, "")
        complaints = running.complaints(people)
    report.add(
        "F-7",
        "control: the oracle is told of a write that was never made",
        f"{len(complaints)} complaints",
        "≥ 1",
        met=bool(complaints),
        rounds=0,
    )
    assert any(each.startswith("lost") for each in complaints)
    assert any("0 effects" in each for each in complaints)
