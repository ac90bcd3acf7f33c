"""Sealed columns move to the newest key, whoever writes, dies or runs beside it."""

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from adapters.postgres.mail_queue import mail_place
from adapters.postgres.resealing import ResealError, count_stale, reseal
from adapters.postgres.sealed_columns import SEALED_COLUMNS, SealedColumn
from adapters.security.secret_box import AesGcmSecretBox
from application.accounts.second_factors import secret_place
from domain.shared.ids import MailId, UserId
from tests.adapters.postgres.vault import VAULT, box, fill, read, run

ROOT = Path(__file__).parents[3]


def all_is_current_and_readable(url: str, with_keys: AesGcmSecretBox, rows: int) -> bool:
    """Every secret is what it was and under the newest key; none was lost."""
    found = read(url)
    assert [number for _, number, _, _ in found] == list(range(rows))
    for owner, number, sealed, other in found:
        assert sealed is not None
        assert with_keys.is_current(sealed)
        assert with_keys.open(sealed, f"vault/{owner}/{number}/s") == f"secret {number}".encode()
        assert (other is None) == (number % 5 == 0)
        if other is not None:
            assert with_keys.is_current(other)
            assert with_keys.open(other, f"vault/{owner}/{number}/o") == f"other {number}".encode()
    return True


def process(url: str, *keys: str) -> "subprocess.Popen[str]":
    """A reseal in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.adapters.postgres.vault", url, *keys],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_every_secret_is_moved_once_and_a_second_run_finds_nothing(database_url: str) -> None:
    fill(database_url, box("a"), 100)
    told: list[tuple[str, int, int]] = []
    keys = box("b", a="previous")
    assert count_stale(database_url, keys, VAULT) == 180
    result = reseal(database_url, keys, VAULT, batch=30, progress=lambda *p: told.append(p))
    assert (result.rows, result.resealed, result.stale, result.unreadable) == (180, 180, 0, ())
    assert all_is_current_and_readable(database_url, box("b"), 100)
    assert told[:5] == [("vault.sealed", done, 100) for done in (0, 30, 60, 90, 100)]
    assert count_stale(database_url, keys, VAULT) == 0
    before = read(database_url)
    assert run(database_url, "b", a="previous").resealed == 0
    assert read(database_url) == before


def test_no_nonce_comes_twice(database_url: str) -> None:
    fill(database_url, box("a"), 500)
    run(database_url, "b", a="previous")
    with psycopg.connect(database_url) as connection:
        found = connection.execute(
            "select count(*), count(distinct substring(s from 10 for 12)) from"
            " (select sealed s from vault union all select other from vault) all_of_them"
            " where s is not null"
        ).fetchone()
    assert found == (900, 900)


def test_a_secret_in_another_row_or_column_or_altered_is_named_and_left_alone(
    database_url: str,
) -> None:
    fill(database_url, box("a"), 50)
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "update vault set sealed = (select sealed from vault where number = 1) where number = 2"
        )
        connection.execute("update vault set other = sealed where number = 3")
        connection.execute("update vault set sealed = set_byte(sealed, 30, 1) where number = 4")
        connection.execute("update vault set sealed = '\\x' where number = 5")
    before = {number: (sealed, other) for _, number, sealed, other in read(database_url)}
    result = run(database_url, "b", a="previous")
    assert sorted(result.unreadable) == [
        "vault/o2/2/s",
        "vault/o3/3/o",
        "vault/o4/4/s",
        "vault/o5/5/s",
    ]
    assert result.stale == 4
    after = {number: (sealed, other) for _, number, sealed, other in read(database_url)}
    assert [after[n][0] for n in (2, 4, 5)] == [before[n][0] for n in (2, 4, 5)]
    assert after[3][1] == before[3][1]
    assert box("b").open(after[6][0] or b"", "vault/o6/6/s") == b"secret 6"


def test_without_the_old_key_nothing_is_touched(database_url: str) -> None:
    fill(database_url, box("a"), 10)
    before = read(database_url)
    assert len(run(database_url, "b").unreadable) == 18
    assert read(database_url) == before


def test_what_somebody_writes_meanwhile_is_not_overwritten(database_url: str) -> None:
    fill(database_url, box("a"), 60)
    keys = box("b", a="previous")

    class WithAWriter(AesGcmSecretBox):
        """Between reading and updating, each row of a batch is written by somebody else."""

        def seal(self, secret: bytes, place: str, /) -> bytes:
            if place.endswith("/s") and not secret.startswith(b"new"):
                with psycopg.connect(database_url, autocommit=True) as connection:
                    _, owner, number, _ = place.split("/")
                    connection.execute(
                        "update vault set sealed = %s where owner = %s and number = %s",
                        [keys.seal(f"new {number}".encode(), place), owner, number],
                    )
            return super().seal(secret, place)

    result = reseal(database_url, WithAWriter(keys._keyring), VAULT[:1], batch=20)
    assert result.resealed == 0
    for owner, number, sealed, _ in read(database_url):
        assert keys.open(sealed or b"", f"vault/{owner}/{number}/s") == f"new {number}".encode()


def test_a_row_that_is_locked_is_waited_for(database_url: str) -> None:
    fill(database_url, box("a"), 10)
    with psycopg.connect(database_url) as holder:
        holder.execute("select 1 from vault where number = 4 for update")
        timer = threading.Timer(2.5, holder.rollback)  # longer than its lock_timeout
        timer.start()
        run(database_url, "b", a="previous")
        timer.join()
    assert all_is_current_and_readable(database_url, box("b"), 10)


def test_a_database_that_is_away_is_told_in_words() -> None:
    with pytest.raises(ResealError, match="goes on from there"):
        run("postgresql:///nobody?host=/nowhere", "b")


@pytest.mark.slow
def test_several_at_once_under_writes_leave_every_secret_current(database_url: str) -> None:
    fill(database_url, box("a"), 1500)
    stop = threading.Event()

    def write() -> None:
        """Somebody whose processes have followed the rotation a moment ago."""
        keys = box("b", a="previous")
        with psycopg.connect(database_url, autocommit=True) as connection:
            while not stop.is_set():
                number = random.randrange(1500)
                owner = f"o{number % 7}"
                connection.execute(
                    "update vault set sealed = %s where owner = %s and number = %s",
                    [
                        keys.seal(f"secret {number}".encode(), f"vault/{owner}/{number}/s"),
                        owner,
                        number,
                    ],
                )

    writer = threading.Thread(target=write)
    writer.start()
    running = [process(database_url, "b", "a") for _ in range(3)]
    outputs = [each.communicate(timeout=120)[0] for each in running]
    stop.set()
    writer.join()
    assert [each.returncode for each in running] == [0, 0, 0], outputs
    assert all_is_current_and_readable(database_url, box("b"), 1500)


@pytest.mark.slow
def test_a_run_that_is_killed_anywhere_is_finished_by_the_next(database_url: str) -> None:
    rows = 2000
    fill(database_url, box("a"), rows)
    keys = box("b", a="previous")
    seen = [count_stale(database_url, keys, VAULT)]
    killed_at_work = 0
    for _ in range(12):
        running = process(database_url, "b", "a")
        until = time.monotonic() + 30
        target = max(0, seen[-1] - random.randrange(1, 300))
        while running.poll() is None and time.monotonic() < until:
            if count_stale(database_url, keys, VAULT) <= target:
                break
        time.sleep(random.random() / 100)
        running.send_signal(signal.SIGKILL)
        killed_at_work += running.wait() == -signal.SIGKILL
        running.communicate()
        seen.append(count_stale(database_url, keys, VAULT))
        assert not [n for _, n, s, _ in read(database_url) if not _opens(keys, n, s)]
    assert killed_at_work >= 3, seen
    assert seen == sorted(seen, reverse=True), "what was done stays done"
    assert 0 < seen[1] < seen[0]
    result = run(database_url, "b", a="previous")
    assert (result.stale, result.unreadable) == (0, ())
    assert all_is_current_and_readable(database_url, box("b"), rows)


def _opens(keys: AesGcmSecretBox, number: int, sealed: bytes | None) -> bool:
    place = f"vault/o{number % 7}/{number}/s"
    return keys.open(sealed or b"", place) == f"secret {number}".encode()


def test_places_in_the_register_are_those_that_the_code_seals_with() -> None:
    row = uuid4()
    places = {column.table: column.place_of(row) for column in SEALED_COLUMNS}
    assert places["user_totp"] == secret_place(UserId(row))
    assert places["outgoing_mails"] == mail_place(MailId(row))


def test_every_sealed_column_of_the_schema_is_in_the_register(migrated_database_url: str) -> None:
    with psycopg.connect(migrated_database_url) as connection:
        found = connection.execute(
            "select table_name, column_name from information_schema.columns"
            " where table_schema = 'public' and column_name like '%sealed%'"
        ).fetchall()
        keys = connection.execute(
            "select c.relname, array_agg(a.attname::text order by a.attname) from pg_index i"
            " join pg_class c on c.oid = i.indrelid"
            " join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey)"
            " where i.indisunique group by c.relname, i.indexrelid"
        ).fetchall()
    assert set(found) == {(column.table, column.column) for column in SEALED_COLUMNS}
    for column in SEALED_COLUMNS:
        assert (column.table, sorted(column.key)) in keys, "its key has a unique index"


def test_the_register_works_on_the_schema(make_database: Callable[[], str]) -> None:
    assert reseal(make_database(), box("a"), SEALED_COLUMNS).unreadable == ()


def test_a_place_that_does_not_name_the_whole_key_is_refused() -> None:
    for place in ("t/{id}", "t/{id}/{owner}/{x}", "t"):
        with pytest.raises(TypeError):
            SealedColumn(table="t", key=("id", "owner"), column="c", place=place)
