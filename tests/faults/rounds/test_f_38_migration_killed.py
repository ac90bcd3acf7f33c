"""F-38: SIGKILL to a migration at each of its statements; the next run completes it."""

import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from adapters.postgres.migrations import FOLDER, latest_version, migrate
from adapters.postgres.schema import describe_schema
from tests.e2e.process import ROOT, wait_for
from tests.faults.rounds.report import Report
from tests.faults.rounds.stack import Stack, stack
from tests.services import new_database

# Counts the statements of a migration, also over a rollback, and holds the one whose turn it is.
_HOLD = """
create schema faults;
create sequence faults.step;
create table faults.held (step bigint);
create function faults.hold() returns event_trigger language plpgsql as $$
begin
    if nextval('faults.step') = (select step from faults.held) then
        perform pg_sleep(60);
    end if;
end
$$;
create event trigger hold on ddl_command_start execute function faults.hold();
"""
_MIGRATE = (
    "import sys; from pathlib import Path; from adapters.postgres.migrations import migrate; "
    "migrate(sys.argv[1], Path(sys.argv[2]))"
)
_CONCURRENT = "create index concurrently users_display_name on users (display_name);\n"


def migrations(folder: Path) -> Path:
    """Ours, and one of a next release that builds an index concurrently."""
    later = shutil.copytree(FOLDER, folder / "migrations")
    (later / f"{latest_version() + 1:04}_index.sql").write_text(_CONCURRENT)
    return later


def migrator(url: str, folder: Path) -> "subprocess.Popen[bytes]":
    """A migration in a process of its own."""
    return subprocess.Popen([sys.executable, "-c", _MIGRATE, url, str(folder)], cwd=ROOT)


def asked(url: str, query: str) -> Any:
    """The first value of the first row."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query).fetchone()
    return row and row[0]


@contextmanager
def database(running: Stack, step: int) -> Iterator[str]:
    """A database in which that statement is held; 0 holds none."""
    with new_database(running.database_url, template="template0") as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(_HOLD)
            connection.execute("insert into faults.held values (%s)", [step])
        yield url


def schema_of(url: str) -> str:
    """The schema, once nothing of ours is in it."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("drop event trigger hold")
        connection.execute("drop schema faults cascade")
    return describe_schema(url)


def invalid(url: str) -> int:
    """Indexes that nobody can use."""
    return int(asked(url, "select count(*) from pg_index where not indisvalid"))


def kill(
    process: "subprocess.Popen[bytes]", url: str, held: Callable[[], bool], *, others: int = 0
) -> None:
    """SIGKILL as soon as it has come so far; its connection is gone without our help."""
    wait_for(lambda: held() or process.poll() is not None, 30, "the statement is reached")
    assert process.poll() is None, "it has ended before it was killed"
    process.kill()
    process.wait(30)
    connections = (
        "select count(*) from pg_stat_activity where datname = current_database() "
        "and pid <> pg_backend_pid() and backend_type = 'client backend'"
    )
    wait_for(lambda: asked(url, connections) == others, 10, "the server has noticed")


def sleeping(url: str) -> Callable[[], bool]:
    """Whether a statement is held."""
    query = "select exists (select from pg_stat_activity where wait_event = 'PgSleep')"
    return lambda: bool(asked(url, query))


def test_the_next_run_completes_it(rounds: int, dice: random.Random, report: Report) -> None:
    with stack(apis=0, worker=False) as running:
        folder = migrations(running.folder)
        with database(running, 0) as url:
            migrate(url, folder)
            steps = int(asked(url, "select last_value from faults.step"))
            expected = schema_of(url)
        chosen = sorted(dice.sample(range(1, steps + 1), min(steps, 5 * rounds)))
        different, left = [], 0
        for step in chosen:
            with database(running, step) as url:
                kill(migrator(url, folder), url, sleeping(url))
                migrate(url, folder)
                left += invalid(url)
                if schema_of(url) != expected:
                    different.append(step)
    report.add(
        "F-38",
        f"a migration of {steps} statements killed at {len(chosen)} of them",
        f"{len(chosen) - len(different)} completed by the next run to the same schema, {left} "
        "invalid indexes",
        f"{len(chosen)} completed, 0 invalid",
        met=not different and left == 0,
        rounds=0,
    )
    assert (different, left) == ([], 0)


def test_an_index_that_was_half_built_is_built_anew(rounds: int, report: Report) -> None:
    found, left = 0, 0
    with stack(apis=0, worker=False) as running:
        folder = migrations(running.folder)
        index = max(folder.glob("0*.sql"))
        text = index.read_text()
        for _ in range(rounds):
            with new_database(running.database_url, template="template0") as url:
                index.unlink(missing_ok=True)
                migrate(url, folder)
                index.write_text(text)
                with psycopg.connect(url) as open_since:
                    open_since.execute("insert into users values (gen_random_uuid(), 'a', 'a')")
                    half_built = migrator(url, folder)
                    kill(half_built, url, lambda: invalid(url) == 1, others=1)
                    open_since.rollback()
                found += invalid(url)
                migrate(url, folder)
                left += invalid(url)
    report.add(
        "F-38",
        "killed while an index is built concurrently",
        f"{found} times an invalid index was left behind, {left} after the next run",
        "0 after the next run",
        met=left == 0,
    )
    assert left == 0
    assert found > 0, "no round has tested anything"
