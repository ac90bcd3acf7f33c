"""SIGKILL to each of two API processes and the worker in turn, behind nginx, under load."""

import random
import time
from collections.abc import Sequence

from tests.e2e.process import Worker
from tests.faults.rounds.figures import percentile
from tests.faults.rounds.load import Load
from tests.faults.rounds.nginx import nginx
from tests.faults.rounds.oracle import NO_ANSWER, Kind, Outcome
from tests.faults.rounds.report import Report
from tests.faults.rounds.stack import Stack, stack

# Of nginx: a request that a process had begun when it died, which must not be sent again by it.
_BROKEN_OFF = 502
# For so long nginx may send a request on a connection of which the end has not reached it.
_UNNOTICED = 0.1
# Of what may be sent again, nginx itself makes a second try.
_SAFE = {Kind.READ, Kind.PAGE, Kind.REMOVE}


def kill_and_restart(running: Stack, turn: int) -> tuple[float, float]:
    """One of the three dies and is started again, as systemd would; when it lived, and was gone."""
    lived = time.monotonic()
    if turn % 3 == 2:
        assert running.worker is not None
        running.worker.kill()
        gone = time.monotonic()
        running.worker = Worker(running.folder / "worker.log", **running.settings)
    else:
        api = running.apis[turn % 3]
        api.kill()
        gone = time.monotonic()
        api.start()
        api.wait()
    return lived, gone


def test_nothing_is_lost_and_only_what_was_under_way_fails(
    rounds: int, seed: int, dice: random.Random, report: Report
) -> None:
    deaths = []
    with stack() as running:
        oracle, people = running.oracle, running.people(4)
        ports = [api.port for api in running.apis]
        with (
            nginx(running.folder, ports) as proxy,
            Load(oracle, [proxy.url], people, running.artists, rate=80, seed=seed) as load,
        ):
            for turn in range(3 * rounds):
                time.sleep(dice.uniform(0.5, 1.5))
                deaths.append(kill_and_restart(running, turn))
                # nginx asks a process again two seconds after it has refused a connection.
                time.sleep(2.2)
        assert running.complaints(people) == []
        assert running.worker is not None
        running.worker.kill()
    failures = failed(load.outcomes)
    stray = [each for each in failures if not under_way(each, deaths)]
    report.add(
        "F-36",
        "each of two API processes and the worker killed in turn behind nginx",
        f"0 of {oracle.acknowledged_entries:,} acknowledged lost, {len(failures)} of "
        f"{len(load.outcomes):,} requests failed, {len(stray)} of them not under way in the killed "
        f"process; p99 {percentile(load.outcomes, 0.99) * 1000:.0f} ms",
        "0 lost, 0 others fail, a second try has one effect",
        met=not stray,
    )
    assert stray == []


def failed(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Tries that nothing came of, whatever the next one did."""
    return [each for each in outcomes if each.status == NO_ANSWER or each.status >= 500]


def under_way(outcome: Outcome, deaths: Sequence[tuple[float, float]]) -> bool:
    """Whether it is a POST or PATCH that a process had when it died, and says that it may go on."""
    return (
        outcome.status == _BROKEN_OFF
        and outcome.code == "shared.unavailable"
        and outcome.retry_after
        and outcome.kind not in _SAFE
        and any(
            outcome.at <= gone + _UNNOTICED and outcome.at + outcome.seconds >= lived
            for lived, gone in deaths
        )
    )
