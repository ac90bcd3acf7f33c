"""F-37: a migration while people write: it yields to locks of others, and nobody waits long."""

import shutil
import threading
import time
from pathlib import Path

import psycopg

from adapters.postgres.migrations import FOLDER, latest_version, migrate
from tests.faults.rounds.figures import between, percentile
from tests.faults.rounds.load import Load
from tests.faults.rounds.oracle import NO_ANSWER, Outcome
from tests.faults.rounds.report import Report
from tests.faults.rounds.stack import Stack, stack

LONGEST_BLOCKED = 2.0
LARGEST_RATIO = 3.0
LONGEST_FORWARD = 300.0
ROWS = 1_000_000
# What comes before the first table of which there may be a million rows is of no interest.
_FROM = 4
_HELD = 8.0


def expand(folder: Path) -> Path:
    """Our migrations and two that a next release may have: a column, and an index beside it."""
    later = shutil.copytree(FOLDER, folder / "migrations")
    number = latest_version()
    (later / f"{number + 1:04}_mood.sql").write_text(
        "alter table user_artist_blocks add column mood text;\n"
        "alter table user_lists add column moods integer not null default 0;\n"
    )
    (later / f"{number + 2:04}_mood_index.sql").write_text(
        "create index concurrently user_artist_blocks_mood on user_artist_blocks (user_id, mood);\n"
    )
    return later


def hold_a_lock(database_url: str, seconds: float) -> threading.Thread:
    """A transaction that has read the list's table and stays open, as a report or a dump does."""
    held = threading.Event()

    def hold() -> None:
        with psycopg.connect(database_url) as connection:
            connection.execute("select count(*) from user_artist_blocks")
            held.set()
            time.sleep(seconds)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    return thread


def failed(outcomes: list[Outcome]) -> list[Outcome]:
    """Tries that nothing came of."""
    return [each for each in outcomes if each.status == NO_ANSWER or each.status >= 500]


def loaded(running: Stack, seed: int) -> Load:
    """People at work, for a baseline and for what is compared with it."""
    people = running.people(4)
    return Load(running.oracle, running.urls, people, running.artists, rate=60, seed=seed)


def test_it_yields_and_nobody_waits_long(seed: int, report: Report) -> None:
    with stack() as running:
        later = expand(running.folder)
        with loaded(running, seed) as load:
            time.sleep(3)  # until plans are made and pools are full
            began = time.monotonic()
            time.sleep(20)
            quiet = time.monotonic()
            holder = hold_a_lock(running.database_url, _HELD)
            applied = migrate(running.database_url, later)
            done = time.monotonic()
            holder.join()
            time.sleep(max(0.0, quiet + 20 - time.monotonic()))
            ended = time.monotonic()
    before, during = (
        between(load.outcomes, began, quiet - 1),
        between(load.outcomes, quiet - 1, ended),
    )
    ratio = percentile(during, 0.99) / percentile(before, 0.99)
    blocked = max(each.seconds for each in during)
    failures = failed(load.outcomes)
    assert len(applied) == 2
    assert done - quiet >= _HELD - 1, "the lock was not in its way"
    report.add(
        "F-37",
        f"a column and an index while a transaction holds the table for {_HELD:.0f} s",
        f"{len(failures)} of {len(load.outcomes):,} requests failed, longest {blocked:.2f} s, p99 "
        f"{percentile(before, 0.99) * 1000:.0f} → {percentile(during, 0.99) * 1000:.0f} ms "
        f"({ratio:.1f}×)",
        f"0 failed, ≤ {LONGEST_BLOCKED:.0f} s, ≤ {LARGEST_RATIO:.0f}×",
        met=not failures and blocked <= LONGEST_BLOCKED and ratio <= LARGEST_RATIO,
        rounds=0,
    )
    assert failures == []
    assert blocked <= LONGEST_BLOCKED
    assert ratio <= LARGEST_RATIO


def test_control_a_migration_that_insists_blocks_everybody(seed: int, report: Report) -> None:
    with stack() as running, loaded(running, seed) as load:
        time.sleep(2)
        started = time.monotonic()
        holder = hold_a_lock(running.database_url, _HELD)
        with psycopg.connect(running.database_url, autocommit=True) as connection:
            connection.execute("alter table user_artist_blocks add column mood text")
        holder.join()
    during = between(load.outcomes, started, time.monotonic())
    blocked = max(each.seconds for each in during)
    report.add(
        "F-37",
        "control: the same without lock_timeout",
        f"{len(failed(during))} requests failed, longest {blocked:.2f} s",
        f"> {LONGEST_BLOCKED:.0f} s or failed",
        met=blocked > LONGEST_BLOCKED or bool(failed(during)),
        rounds=0,
    )
    assert blocked > LONGEST_BLOCKED or failed(during)


def test_a_million_rows_are_taken_along(report: Report) -> None:
    with stack(apis=0, worker=False) as running:
        url = running.database_url
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("drop schema public cascade")
            connection.execute("create schema public")
        first = running.folder / "first"
        first.mkdir()
        for path in sorted(FOLDER.glob("0*.sql"))[:_FROM]:
            shutil.copy(path, first)
        migrate(url, first)
        with psycopg.connect(url) as connection:
            fill(connection)
        started = time.monotonic()
        applied = migrate(url)
        seconds = time.monotonic() - started
        with psycopg.connect(url) as connection:
            counted = connection.execute("select sum(entries) from user_lists").fetchone()
    assert counted == (ROWS,)
    report.add(
        "F-37",
        f"forward over {len(applied)} migrations, {ROWS:,} artists and as many entries",
        f"{seconds:.0f} s",
        f"≤ {LONGEST_FORWARD:.0f} s",
        met=seconds <= LONGEST_FORWARD,
        rounds=0,
    )
    assert seconds <= LONGEST_FORWARD


def fill(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    """A thousand people with a thousand entries each, of a million artists."""
    connection.execute(
        "insert into users (id, email, email_key, password_hash) "
        "select md5('u' || n)::uuid, n || '@example.org', n || '@example.org', 'x' "
        "from generate_series(1, 1000) n"
    )
    connection.execute(
        "insert into artists (id, canonical_name, sort_key) "
        "select md5('a' || n)::uuid, 'Band ' || n, 'band ' || n from generate_series(1, %s) n",
        [ROWS],
    )
    connection.execute(
        "insert into artist_names (artist_id, name, search_key, source) "
        "select id, canonical_name, sort_key, 'test' from artists"
    )
    connection.execute(
        "insert into user_artist_blocks (user_id, artist_id, tags) "
        "select md5('u' || (n %% 1000 + 1))::uuid, md5('a' || n)::uuid, array['t' || n %% 7] "
        "from generate_series(1, %s) n",
        [ROWS],
    )
