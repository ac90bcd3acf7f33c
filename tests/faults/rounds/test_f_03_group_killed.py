"""F-3: SIGKILL to all processes of the service's group, or to the one that leads it."""

import os
import random
import signal
import time

from entrypoints.cli.serve import port_complaint
from tests.e2e.process import wait_for
from tests.faults.rounds.report import Report
from tests.faults.rounds.servers import children_of
from tests.faults.rounds.stack import Api, stack

FREE, READY = 1.0, 5.0


def is_free(port: int) -> bool:
    """Whether nobody listens there."""
    return port_complaint("127.0.0.1", port, "NODRAKE_PORT") is None


def kill_the_leader(api: Api) -> None:
    """SIGKILL to the process that has started the others, and to no other."""
    assert api.serve is not None
    os.kill(api.pid, signal.SIGKILL)
    api.serve.process.wait(10)


def test_the_port_is_free_at_once_and_the_service_ready_soon(
    rounds: int, seed: int, dice: random.Random, report: Report
) -> None:
    free, ready = [], []
    with stack(apis=1, workers=2) as running:
        people, (api,) = running.people(2), running.apis
        for turn in range(rounds):
            with running.load(people, seed=seed + turn, rate=60, refresh=False) as load:
                time.sleep(dice.uniform(0.2, 0.8))
                (api.kill if turn % 2 else lambda: kill_the_leader(api))()
                free.append(wait_for(lambda: is_free(api.port), 30, "the port is free"))
                started = time.monotonic()
                api.start()
                api.wait()
                ready.append(time.monotonic() - started)
            assert any(outcome.status == 0 for outcome in load.outcomes)
            running.check(people, last=turn == rounds - 1)
    report.add(
        "F-3",
        "process group killed, or its leader alone",
        f"port free after {max(free):.2f} s, ready after {max(ready):.1f} s at most",
        f"≤ {FREE:.0f} s, ≤ {READY:.0f} s, 0 lost",
        met=max(free) <= FREE and max(ready) <= READY,
    )
    assert max(free) <= FREE
    assert max(ready) <= READY


def test_control_a_process_that_is_left_is_noticed(report: Report) -> None:
    with stack(apis=1, workers=2, worker=False) as running:
        (api,) = running.apis
        listening = children_of(api.pid)
        os.kill(listening[-1], signal.SIGKILL)
        time.sleep(FREE)
        free = is_free(api.port)
    report.add(
        "F-3",
        "control: one of the processes is left",
        "the port is taken" if not free else "the port is free",
        "taken",
        met=not free,
        rounds=0,
    )
    assert not free
