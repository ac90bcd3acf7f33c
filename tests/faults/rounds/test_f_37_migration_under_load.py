"""F-37: a migration while people write: it yields to locks of others, and nobody waits long."""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
_TURNS = 4
_HELD = 5.0
_WINDOW = 12.0
# Those who write, not those who migrate: what the latter want is the whole table.
_WAITING = """
select extract(epoch from clock_timestamp() - waitstart) from pg_locks
where locktype = 'relation' and not granted and waitstart is not null
  and mode not in ('AccessExclusiveLock', 'ShareUpdateExclusiveLock')
"""


def expansions(folder: Path) -> Iterator[Path]:
    """Our migrations, and one more each time: columns of a busy table, and at last an index."""
    later = shutil.copytree(FOLDER, folder / "migrations")
    texts = [
        *(f"alter table user_artist_blocks add column mood_{n} text;" for n in range(_TURNS - 1)),
        "create index concurrently moods on user_artist_blocks (user_id, mood_0);",
    ]
    for number, text in enumerate(texts, start=latest_version() + 1):
        (later / f"{number:04}_mood.sql").write_text(text)
        yield later


@contextmanager
def longest_wait(database_url: str) -> Iterator[list[float]]:
    """The seconds for which requests were seen to wait for a table, while the block runs."""
    seen, over = [0.0], threading.Event()

    def watch() -> None:
        with psycopg.connect(database_url, autocommit=True) as connection:
            while not over.wait(0.01):
                rows = connection.execute(_WAITING).fetchall()
                seen.extend(float(seconds) for (seconds,) in rows)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def hold_a_lock(database_url: str, seconds: float) -> threading.Thread:
    """A transaction that has read the list's table and stays open, as a report or a dump does."""
    held = threading.Event()

    def hold() -> None:
        with psycopg.connect(database_url) as connection:
            connection.execute("set transaction isolation level repeatable read")
            connection.execute("select count(*) from user_artist_blocks")
            held.set()
            time.sleep(seconds)

    thread = threading.Thread(target=hold, daemon=True)
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
    before: list[Outcome] = []
    during: list[Outcome] = []
    with stack() as running:
        url = running.database_url
        with longest_wait(url) as waits, loaded(running, seed) as load:
            time.sleep(3)  # until plans are made and pools are full
            for later in expansions(running.folder):
                began = time.monotonic()
                time.sleep(_WINDOW)
                middle = time.monotonic()
                holder = hold_a_lock(url, _HELD)
                assert len(migrate(url, later)) == 1
                assert time.monotonic() - middle > _HELD - 1, "the lock was not in its way"
                holder.join()
                time.sleep(max(0.0, middle + _WINDOW - time.monotonic()))
                before += between(load.outcomes, began, middle - 1)
                during += between(load.outcomes, middle - 1, time.monotonic())
    ratio = percentile(during, 0.99) / percentile(before, 0.99)
    failures = failed(load.outcomes)
    report.add(
        "F-37",
        f"{_TURNS} migrations, each while a transaction holds the table for {_HELD:.0f} s",
        f"{len(failures)} of {len(load.outcomes):,} requests failed, the longest wait for a lock "
        f"{max(waits):.2f} s, p99 {percentile(before, 0.99) * 1000:.0f} → "
        f"{percentile(during, 0.99) * 1000:.0f} ms ({ratio:.1f}×)",
        f"0 failed, ≤ {LONGEST_BLOCKED:.0f} s, ≤ {LARGEST_RATIO:.0f}×",
        met=not failures and max(waits) <= LONGEST_BLOCKED and ratio <= LARGEST_RATIO,
        rounds=0,
    )
    assert failures == []
    assert 0 < max(waits) <= LONGEST_BLOCKED
    assert ratio <= LARGEST_RATIO


def test_control_a_migration_that_insists_blocks_everybody(seed: int, report: Report) -> None:
    with (
        stack() as running,
        longest_wait(running.database_url) as waits,
        loaded(running, seed) as load,
    ):
        time.sleep(2)
        holder = hold_a_lock(running.database_url, _HELD)
        with psycopg.connect(running.database_url, autocommit=True) as connection:
            connection.execute("alter table user_artist_blocks add column mood text")
        holder.join()
    failures = failed(load.outcomes)
    report.add(
        "F-37",
        "control: the same without lock_timeout",
        f"{len(failures)} requests failed, the longest wait for a lock {max(waits):.2f} s",
        f"≥ 1 failed, or > {LONGEST_BLOCKED:.0f} s",
        met=bool(failures) or max(waits) > LONGEST_BLOCKED,
        rounds=0,
    )
    assert failures or max(waits) > LONGEST_BLOCKED


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
