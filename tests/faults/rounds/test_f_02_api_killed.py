"""F-2: SIGKILL to an API process in the middle of writes, at a hundred requests a second."""

import random
import time

from tests.faults.rounds.figures import first_success, wrong_refusals
from tests.faults.rounds.report import Report
from tests.faults.rounds.stack import stack

BACK = 3.0


def test_what_was_acknowledged_is_there_and_a_retry_has_one_effect(
    rounds: int, seed: int, dice: random.Random, report: Report
) -> None:
    wrong, back, cut_off = [], [], 0
    with stack() as running:
        people = running.people(4)
        for turn in range(rounds):
            api = running.apis[turn % 2]
            with running.load(people, seed=seed + turn) as load:
                time.sleep(dice.uniform(0.3, 1.5))
                killed = time.monotonic()
                api.kill()
                api.start()
                time.sleep(1)
                api.wait()
                back.append(first_success(load.outcomes, killed) or float("inf"))
                time.sleep(0.3)
            wrong += wrong_refusals(load.outcomes)
            cut_off += sum(1 for outcome in load.outcomes if outcome.status == 0)
            running.check(people, last=turn == rounds - 1)
        acknowledged = running.oracle.acknowledged
    report.add(
        "F-2",
        "one of two API processes killed",
        f"0 of {acknowledged:,} acknowledged writes lost or done twice, {cut_off} requests cut off "
        f"and sent again, {len(wrong)} wrong 5xx, next success after {max(back):.1f} s at most",
        f"0 lost, exactly 1 effect, ≤ {BACK:.0f} s",
        met=not wrong and max(back) <= BACK and cut_off > 0,
    )
    assert wrong == []
    assert cut_off > 0, "no kill has hit a request half-way"
    assert max(back) <= BACK


def test_control_retries_without_the_key_are_noticed(seed: int, report: Report) -> None:
    """Answers that come later than anybody waits for are as good as lost."""
    with stack(apis=1, worker=False) as running:
        people = running.people(2)
        with running.load(people, seed=seed, keyed=False, timeout=0.03, rate=60) as load:
            time.sleep(4)
        found = running.complaints(people, last=False)
        retried = sum(1 for outcome in load.outcomes if outcome.attempt > 1)
    report.add(
        "F-2",
        "control: retries without Idempotency-Key",
        f"{len(found)} complaints after {retried} retries",
        "≥ 1",
        met=bool(found),
        rounds=0,
    )
    assert any("already_blocked" in complaint for complaint in found)
