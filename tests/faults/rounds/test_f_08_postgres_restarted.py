"""F-8: a fast restart of PostgreSQL under load."""

import random
import time

from tests.faults.rounds.figures import between, first_success, wrong_refusals
from tests.faults.rounds.load import Load
from tests.faults.rounds.proxy import Faults
from tests.faults.rounds.report import Report
from tests.faults.rounds.stack import stack

AFTERWARDS = 2.0


def seconds_away(load: Load, ready: float) -> float:
    """From when PostgreSQL is ready to the last refusal, or to the first success if that is later.

    A try that was begun earlier and is refused later is counted at its beginning.
    """
    refused = [o.at for o in between(load.outcomes, ready, float("inf")) if o.status in {0, 503}]
    success = first_success(load.outcomes, ready)
    return max([at - ready for at in refused] + [float("inf") if success is None else success])


def test_everybody_is_served_again_within_two_seconds(
    rounds: int, seed: int, dice: random.Random, report: Report
) -> None:
    wrong, away = [], []
    with stack() as running:
        people = running.people(4)
        before = [api.pid for api in running.apis]
        for turn in range(rounds):
            with running.load(people, seed=seed + turn) as load:
                time.sleep(dice.uniform(0.3, 1.2))
                running.postgres.restart()
                ready = time.monotonic()
                time.sleep(AFTERWARDS + 1)
            wrong += wrong_refusals(load.outcomes)
            away.append(seconds_away(load, ready))
            running.check(people, last=turn == rounds - 1)
        assert [api.pid for api in running.apis if api.runs] == before
        acknowledged = running.oracle.acknowledged
    report.add(
        "F-8",
        "PostgreSQL restarted fast",
        f"0 of {acknowledged:,} acknowledged writes lost, {len(wrong)} wrong 5xx, the last refusal "
        f"{max(away):.1f} s after it is ready, no process restarted",
        f"0 lost, only 503, ≤ {AFTERWARDS:.0f} s",
        met=not wrong and max(away) <= AFTERWARDS,
    )
    assert wrong == []
    assert max(away) <= AFTERWARDS


def test_control_a_service_that_finds_back_late_is_noticed(seed: int, report: Report) -> None:
    """The way to the database stays shut for four seconds more than the database."""
    with stack(apis=1, worker=False, postgres_proxy=Faults()) as running:
        people, proxy = running.people(2), running.postgres_proxy
        assert proxy is not None
        with running.load(people, seed=seed) as load:
            time.sleep(0.5)
            proxy.set(Faults(refuse=True))
            running.postgres.restart()
            ready = time.monotonic()
            time.sleep(4)
            proxy.set()
            time.sleep(1)
        away = seconds_away(load, ready)
    report.add(
        "F-8",
        "control: the way to it stays shut for four seconds",
        f"the last refusal {away:.1f} s after it is ready",
        f"> {AFTERWARDS:.0f} s",
        met=away > AFTERWARDS,
        rounds=0,
    )
    assert away > AFTERWARDS
