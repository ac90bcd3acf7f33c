"""F-11: every connection to PostgreSQL reset, again and again."""

import time
from collections import Counter

from tests.faults.rounds.figures import share_served, wrong_refusals
from tests.faults.rounds.proxy import Faults
from tests.faults.rounds.report import Report
from tests.faults.rounds.stack import Stack, stack

SERVED = 0.995
PAUSE = 2.0


def cut_again_and_again(running: Stack, cuts: int, pause: float) -> int:
    """Reset all of them so many times; how many connections that was in all."""
    proxy, total = running.postgres_proxy, 0
    assert proxy is not None
    for _ in range(cuts):
        time.sleep(pause)
        total += proxy.cut()
    return total


def test_hardly_anybody_notices(rounds: int, seed: int, report: Report) -> None:
    with stack(postgres_proxy=Faults()) as running:
        people = running.people(4)
        with running.load(people, seed=seed) as load:
            cut = cut_again_and_again(running, rounds, PAUSE)
            time.sleep(1)
        complaints = running.complaints(people)
        acknowledged = running.oracle.acknowledged
    served, wrong = share_served(load.outcomes), wrong_refusals(load.outcomes)
    kinds = Counter(o.kind.value for o in load.outcomes if o.status in {0, 503})
    refused = ", ".join(f"{count} × {kind}" for kind, count in kinds.items())
    report.add(
        "F-11",
        f"connections reset every {PAUSE:.0f} s",
        f"{1 - served:.2%} of {len(load.outcomes):,} refused ({refused}), "
        f"{cut} connections cut, 0 of {acknowledged:,} acknowledged writes lost or done twice",
        f"≤ {1 - SERVED:.1%} refused, 0 lost, 0 done twice",
        met=served >= SERVED and not wrong and not complaints,
    )
    assert complaints == [], "\n".join(complaints)
    assert wrong == []
    assert cut > 0
    assert served >= SERVED


def test_control_a_network_that_hardly_ever_works_is_noticed(seed: int, report: Report) -> None:
    """So many resets that no second try can help."""
    with stack(apis=1, worker=False, postgres_proxy=Faults()) as running:
        people = running.people(2)
        with running.load(people, seed=seed) as load:
            cut_again_and_again(running, 150, 0.01)
        served = share_served(load.outcomes)
    report.add(
        "F-11",
        "control: connections reset every 10 ms",
        f"{1 - served:.1%} refused",
        f"> {1 - SERVED:.1%}",
        met=served < SERVED,
        rounds=0,
    )
    assert served < SERVED
