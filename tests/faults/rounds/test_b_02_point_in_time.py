"""B-2: back to a random acknowledged operation, from a base backup and archived WAL.

The commands are those of deploy/runbooks/restore.md.
"""

import random
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from adapters.embedded.errors import EmbeddedServerError
from adapters.postgres.client_tools import find_tools
from tests.e2e.process import ROOT, nodrake, wait_for
from tests.faults.rounds.backups import cluster, moment_complaints, own, service, use
from tests.faults.rounds.invariants import invariant_complaints
from tests.faults.rounds.oracle import WRITES, Outcome
from tests.faults.rounds.report import Report
from tests.faults.rounds.servers import PostgresServer
from tests.faults.rounds.stack import Stack, stack

SCRIPT = ROOT / "deploy" / "backup" / "archive-wal.sh"
MOMENT = 0.001  # seconds by which two clocks of one machine may drift apart in a round


class Archive:
    """A server's archived WAL, and one base backup from before anything happens."""

    def __init__(self, running: Stack) -> None:
        self._running = running
        self.folder = running.folder / "archive"
        self.base = running.folder / "base"
        self.folder.mkdir()
        script = Path(shutil.copy(SCRIPT, running.folder))
        own(self.folder)
        with psycopg.connect(running.database_url, autocommit=True) as connection:
            for setting in (
                "archive_mode = on",
                "archive_timeout = '60s'",
                f'archive_command = \'{script} "%p" "%f" {self.folder}\'',
            ):
                connection.execute(f"alter system set {setting}".encode())
        running.postgres.restart()
        made = running.postgres.run(
            "pg_basebackup", "-D", str(self.base), "--checkpoint=fast", "--no-password"
        )
        assert made.returncode == 0, made.stderr
        verify = find_tools(server=18, at_least=18).folder / "pg_verifybackup"
        checked = subprocess.run([verify, self.base], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
        running.wait_until_ready()

    def close(self) -> None:
        """Archive what there is, as archive_timeout does by itself within a minute."""
        with psycopg.connect(self._running.database_url, autocommit=True) as connection:
            connection.execute("select pg_current_xact_id()")  # WAL that goes beyond the target
            row = connection.execute("select pg_walfile_name(pg_switch_wal())").fetchone()
            assert row is not None
            wait_for((self.folder / row[0]).exists, 60, f"{row[0]} is archived")

    @contextmanager
    def at(
        self, target: datetime, archive: Path, log: Path | None = None
    ) -> Iterator[PostgresServer]:
        """A server on the base backup, gone forward to that time."""
        with cluster(self.prepared(target, archive), log) as new:
            with psycopg.connect(new.url, autocommit=True) as connection:
                wait_for(lambda: not _recovers(connection), 60, "it has recovered")
            yield new

    def prepared(self, target: datetime, archive: Path) -> Path:
        """A copy of the base backup that is told where to go."""
        data = self._running.folder / "prepared"
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(self.base, data)
        with (data / "postgresql.auto.conf").open("a") as settings:
            settings.write(
                "archive_mode = off\n"
                f'restore_command = \'cp "{archive}/%f" "%p"\'\n'
                f"recovery_target_time = '{target.isoformat()}'\n"
                "recovery_target_action = promote\n"
            )
        (data / "recovery.signal").touch()
        return data


def test_the_operation_is_there_and_later_ones_are_not(
    rounds: int, seed: int, dice: random.Random, report: Report
) -> None:
    complaints: list[str] = []
    seconds: list[float] = []
    with stack() as running:
        people, archive = running.people(4), Archive(running)
        outcomes: list[Outcome] = []
        for turn in range(rounds):
            clock = time.time() - time.monotonic()
            with running.load(people, rate=100, seed=seed + turn) as load:
                time.sleep(dice.uniform(2, 3))
            archive.close()
            outcomes += load.outcomes
            chosen = dice.choice(_acknowledged(load.outcomes))
            moment = chosen.at + chosen.seconds
            started = time.monotonic()
            with archive.at(datetime.fromtimestamp(moment + clock, UTC), archive.folder) as new:
                seconds.append(time.monotonic() - started)
                complaints += moment_complaints(
                    outcomes, new.url, after=moment, before=moment + MOMENT
                )
                complaints += invariant_complaints(new.url)
                if turn == rounds - 1:
                    with service(running.settings, new.url) as api:
                        use(api, people[0])
        looked = nodrake("backup", "wal", str(archive.folder))
        assert looked.returncode == 0, looked.stdout
        assert running.complaints(people) == []
    report.add(
        "B-2",
        "point-in-time recovery to a random acknowledged operation",
        f"{len(complaints)} complaints; recovered within {max(seconds):.0f} s at the latest; "
        f"{looked.stdout.strip()}",
        "operation there, later ones absent, every invariant",
        met=not complaints,
    )
    assert complaints == []


def test_control_a_deleted_segment_is_found_and_another_moment_is_seen(
    seed: int, dice: random.Random, report: Report
) -> None:
    with stack(apis=1) as running:
        people, archive = running.people(2), Archive(running)
        outcomes: list[Outcome] = []
        for turn in range(3):
            with running.load(people, rate=50, seed=seed + turn) as load:
                time.sleep(1)
            archive.close()
            outcomes += load.outcomes
        clock = time.time() - time.monotonic()
        moments = sorted(each.at + each.seconds for each in _acknowledged(outcomes))
        early, late = moments[len(moments) // 3], moments[-1]
        with archive.at(datetime.fromtimestamp(early + clock, UTC), archive.folder) as new:
            lost = moment_complaints(outcomes, new.url, after=late, before=late + MOMENT)
        with archive.at(datetime.fromtimestamp(late + clock, UTC), archive.folder) as new:
            ahead = moment_complaints(outcomes, new.url, after=early, before=early + MOMENT)
        damaged = running.folder / "damaged"
        shutil.copytree(archive.folder, damaged)
        own(damaged)
        segments = sorted(each.name for each in damaged.iterdir() if len(each.name) == 24)
        gone = dice.choice(segments[-3:-1])
        (damaged / gone).unlink()
        looked = nodrake("backup", "wal", str(damaged))
        target = datetime.fromtimestamp(late + clock, UTC)
        log = running.folder / "control.log"
        with (
            pytest.raises((EmbeddedServerError, psycopg.OperationalError)),
            archive.at(target, damaged, log),
        ):
            pass
        told = log.read_text()
    report.add(
        "B-2",
        "control: a deleted segment; another moment than the one asked for",
        f"named: {gone in looked.stdout}, the server does not start without it; {len(lost)} lost, "
        f"{len(ahead)} too early",
        "named, no start, ≥ 1 each",
        met=looked.returncode == 1 and bool(lost) and bool(ahead),
        rounds=0,
    )
    assert looked.returncode == 1
    assert f"{gone} is missing" in looked.stdout
    assert "recovery ended before configured recovery target was reached" in told
    assert any(each.startswith("lost") for each in lost)
    assert any(each.startswith("from the future") for each in ahead)


def _acknowledged(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [each for each in outcomes if each.kind in WRITES and 200 <= each.status < 300]


def _recovers(connection: "psycopg.Connection[tuple[object, ...]]") -> bool:
    return connection.execute("select pg_is_in_recovery()").fetchone() == (True,)
