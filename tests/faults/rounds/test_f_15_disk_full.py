"""F-15: no space is left for PostgreSQL's data; its log is on another disk."""

import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.process import wait_for
from tests.faults.rounds.figures import wrong_refusals
from tests.faults.rounds.file_system import FileSystem, file_system
from tests.faults.rounds.load import WRITING, Load
from tests.faults.rounds.oracle import WRITES, Kind
from tests.faults.rounds.report import Report
from tests.faults.rounds.stack import stack

RECOVERED = 10.0
MIX = {**WRITING, Kind.READ: 50, Kind.PAGE: 20}


@pytest.fixture
def disk() -> Iterator[FileSystem]:
    """A quarter of a gibibyte."""
    with tempfile.TemporaryDirectory(prefix="nodrake-faults-") as folder:
        Path(folder).chmod(0o755)
        with file_system(Path(folder), 256) as system:
            yield system


def refused_writes(load: Load, since: float) -> int:
    """How many tries to write were refused."""
    return sum(1 for o in load.outcomes if o.at > since and o.kind in WRITES and o.status == 503)


def written_after(load: Load, moment: float) -> float:
    """Seconds to the first write that succeeded; infinite where none did."""
    ends = [
        o.at + o.seconds - moment
        for o in load.outcomes
        if o.at > moment and o.kind in WRITES and 200 <= o.status < 300
    ]
    return min(ends, default=float("inf"))


def test_reading_goes_on_and_writing_comes_back(
    disk: FileSystem, rounds: int, seed: int, dice: random.Random, report: Report
) -> None:
    recovered, wrong, reads, unread = [], [], 0, []
    with tempfile.TemporaryDirectory(prefix="nodrake-faults-") as wal:
        Path(wal).chmod(0o755)
        with stack(data=disk.folder / "postgres", wal=Path(wal) / "wal") as running:
            people = running.people(4)
            for turn in range(rounds):
                load = running.load(people, seed=seed + turn, rate=150, mix=MIX)
                load.start()
                time.sleep(dice.uniform(0.2, 0.6))
                full = time.monotonic()
                disk.fill()
                wait_for(lambda: refused_writes(load, full) > 5, 60, "writes are refused")  # noqa: B023
                time.sleep(dice.uniform(0.5, 1))
                disk.free()
                freed = time.monotonic()
                wait_for(lambda: written_after(load, freed) < RECOVERED * 2, 30, "writes")  # noqa: B023
                load.stop()
                recovered.append(written_after(load, freed))
                wrong += wrong_refusals(load.outcomes)
                seen = [o for o in load.outcomes if o.kind in {Kind.READ, Kind.PAGE}]
                reads += len(seen)
                unread += [o for o in seen if o.status not in {200, 404}]
                running.check(people, last=turn == rounds - 1)
            acknowledged = running.oracle.acknowledged
    report.add(
        "F-15",
        "disk of PostgreSQL's data full",
        f"0 of {acknowledged:,} acknowledged writes lost, {len(wrong)} wrong 5xx, {len(unread)} of "
        f"{reads:,} reads refused, writing again {max(recovered):.1f} s after there is space",
        f"0 lost, only 503, all read, ≤ {RECOVERED:.0f} s",
        met=not wrong and not unread and max(recovered) <= RECOVERED,
    )
    assert wrong == []
    assert unread == []
    assert max(recovered) <= RECOVERED


def test_control_a_disk_that_stays_full_is_noticed(
    disk: FileSystem, seed: int, report: Report
) -> None:
    with tempfile.TemporaryDirectory(prefix="nodrake-faults-") as wal:
        Path(wal).chmod(0o755)
        with stack(
            apis=1, worker=False, data=disk.folder / "postgres", wal=Path(wal) / "wal"
        ) as running:
            people = running.people(2)
            load = running.load(people, seed=seed, rate=150, mix=WRITING)
            load.start()
            full = time.monotonic()
            disk.fill()
            wait_for(lambda: refused_writes(load, full) > 5, 60, "writes are refused")
            time.sleep(RECOVERED + 2)
            still = refused_writes(load, full + RECOVERED)
            disk.free()
            load.stop()
    report.add(
        "F-15",
        "control: the space does not come back",
        f"{still} writes refused later than {RECOVERED:.0f} s",
        "≥ 1",
        met=still > 0,
        rounds=0,
    )
    assert still > 0
