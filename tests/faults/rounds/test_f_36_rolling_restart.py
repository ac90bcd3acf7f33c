"""F-36: two API processes behind nginx, exchanged in turn under load, also for another release."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from adapters.postgres.migrations import latest_version
from tests.e2e.process import ROOT, environment
from tests.faults.rounds.figures import percentile
from tests.faults.rounds.load import Load
from tests.faults.rounds.nginx import nginx
from tests.faults.rounds.oracle import NO_ANSWER, Outcome
from tests.faults.rounds.report import Report
from tests.faults.rounds.stack import Stack, stack

LONGEST_END = 10.0
_PACKAGES = ("domain", "application", "adapters", "entrypoints", "migrations")
# What a release may do while the one before it serves: more is there, nothing is gone.
_EXPAND = """
alter table users add column expanded_at timestamptz not null default now();
alter table user_artist_blocks add column mood text;
create table expanded (user_id uuid primary key references users (id) on delete cascade);
"""


def next_release(folder: Path) -> Path:
    """This tree, with one migration more."""
    tree = folder / "next"
    for package in _PACKAGES:
        shutil.copytree(ROOT / package, tree / package)
    (tree / "migrations" / f"{latest_version() + 1:04}_expanded.sql").write_text(_EXPAND)
    return tree


def failed(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Tries that nothing came of, whatever the next one did."""
    return [each for each in outcomes if each.status == NO_ANSWER or each.status >= 500]


def exchange(running: Stack, releases: Sequence[Path]) -> list[float]:
    """Each process in turn for one of the next release; the seconds that each took to end."""
    ends = []
    for api, release in zip(running.apis, releases, strict=True):
        status, seconds = api.end()
        assert status == 0
        ends.append(seconds)
        api.start(release)
        api.wait()
    return ends


def migrate_as(release: Path, running: Stack) -> None:
    """``nodrake migrate`` of a release."""
    command = [sys.executable, "-m", "entrypoints.cli.main", "migrate"]
    environ = environment(**running.settings)
    done = subprocess.run(command, cwd=release, env=environ, capture_output=True, text=True)
    assert done.stdout.startswith("applied"), done


def test_nobody_notices(rounds: int, seed: int, report: Report) -> None:
    ends = []
    with stack() as running:
        ports = [api.port for api in running.apis]
        oracle, people = running.oracle, running.people(4)
        later = next_release(running.folder)
        with (
            nginx(running.folder, ports) as proxy,
            Load(oracle, [proxy.url], people, running.artists, rate=60, seed=seed) as load,
        ):
            for turn in range(rounds):
                if turn == rounds // 2:
                    migrate_as(later, running)
                side_by_side = (ROOT, later) if turn % 2 else (later, ROOT)
                ends += exchange(running, side_by_side if turn >= rounds // 2 else (ROOT, ROOT))
        failures = failed(load.outcomes)
        assert running.complaints(people) == []
    report.add(
        "F-36",
        "each of two API processes behind nginx restarted, two releases side by side",
        f"{len(failures)} of {len(load.outcomes):,} requests failed, p99 "
        f"{percentile(load.outcomes, 0.99) * 1000:.0f} ms; 0 of {oracle.acknowledged_entries:,} "
        f"acknowledged lost; a process ends within {max(ends):.1f} s",
        f"0 failed, 0 lost, ≤ {LONGEST_END:.0f} s",
        met=not failures and max(ends) <= LONGEST_END,
    )
    assert failures == []
    assert max(ends) <= LONGEST_END


def test_control_killed_processes_are_noticed(seed: int, report: Report) -> None:
    with stack() as running:
        ports = [api.port for api in running.apis]
        people = running.people(4)
        with (
            nginx(running.folder, ports) as proxy,
            Load(running.oracle, [proxy.url], people, running.artists, rate=150, seed=seed) as load,
        ):
            for _ in range(3):
                for api in running.apis:
                    api.kill()
                    api.start()
                    api.wait()
        failures = failed(load.outcomes)
    report.add(
        "F-36",
        "control: killed in place of being told to end",
        f"{len(failures)} requests failed",
        "≥ 1",
        met=bool(failures),
        rounds=0,
    )
    assert failures
