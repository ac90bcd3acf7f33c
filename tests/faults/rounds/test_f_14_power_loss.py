"""F-14: the disk under PostgreSQL loses its power in the middle of writes."""

import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.rounds.file_system import FileSystem, file_system
from tests.faults.rounds.load import WRITING
from tests.faults.rounds.oracle import Account
from tests.faults.rounds.proxy import Faults
from tests.faults.rounds.report import ENOUGH_ROUNDS, Report
from tests.faults.rounds.stack import Stack, stack

ACKNOWLEDGED = 10_000
_EACH_ROUND = ACKNOWLEDGED // ENOUGH_ROUNDS + 50
# No other statement than the session's own option could switch it off; of the same length as "on".
NOT_SYNCHRONOUS = Faults(alter=(b"synchronous_commit=on", b"synchronous_commit=no"))


@pytest.fixture
def disk() -> Iterator[FileSystem]:
    """A gibibyte."""
    with tempfile.TemporaryDirectory(prefix="nodrake-faults-") as folder:
        Path(folder).chmod(0o755)
        with file_system(Path(folder), 1024) as system:
            yield system


def power_cut(running: Stack, people: list[Account], disk: FileSystem, dice: random.Random) -> None:
    """Writes until there are enough, a cut at any moment after that, and the recovery."""
    wanted = running.oracle.acknowledged_entries + _EACH_ROUND
    with running.load(people, seed=dice.randrange(10**6), rate=300, mix=WRITING) as load:
        until = time.monotonic() + 30
        while running.oracle.acknowledged_entries < wanted and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(dice.uniform(0, 0.5))
        disk.lose_power()
        running.postgres.kill()
        disk.unmount()
        disk.mount()
        running.postgres.start()
        load.stop()


def test_what_was_acknowledged_outlives_the_power(
    disk: FileSystem, rounds: int, dice: random.Random, report: Report
) -> None:
    with stack(data=disk.folder / "postgres") as running:
        people = running.people(4)
        for turn in range(rounds):
            power_cut(running, people, disk, dice)
            running.check(people, last=turn == rounds - 1)
        entries = running.oracle.acknowledged_entries
        checked = running.postgres.run(
            "pg_amcheck", "--install-missing", "--heapallindexed", "--parent-check", "nodrake"
        )
    enough = entries >= ACKNOWLEDGED or rounds < ENOUGH_ROUNDS
    report.add(
        "F-14",
        "power lost under PostgreSQL (ext4, shutdown)",
        f"0 of {entries:,} acknowledged entries lost, pg_amcheck "
        f"{'clean' if checked.returncode == 0 else checked.stdout[:200]}",
        f"0 lost of ≥ {ACKNOWLEDGED:,}, clean",
        met=enough and checked.returncode == 0,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert enough


def test_control_without_synchronous_commit_something_is_lost(
    disk: FileSystem, dice: random.Random, report: Report
) -> None:
    lost: list[str] = []
    cuts = 0
    with stack(
        apis=1, worker=False, data=disk.folder / "postgres", postgres_proxy=NOT_SYNCHRONOUS
    ) as running:
        people = running.people(4)
        while not lost and cuts < 5:
            cuts += 1
            power_cut(running, people, disk, dice)
            lost = running.complaints(people, last=False)
    report.add(
        "F-14",
        "control: synchronous_commit=off",
        f"{len(lost)} complaints after {cuts} power cuts",
        "≥ 1",
        met=bool(lost),
        rounds=0,
    )
    assert any(each.startswith("lost") for each in lost)
