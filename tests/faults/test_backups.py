"""Backups that are killed, cut off or crowded out: a clear answer, and nothing that looks good."""

import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest

from adapters.backups.folder import BackupFolder
from adapters.security.age_files import write_identity
from tests.e2e.process import ROOT, environment, nodrake, wait_for

pytestmark = pytest.mark.slow

PATIENCE = 60.0
Settings = dict[str, str]


@pytest.fixture
def settings(make_database: Callable[[], str], tmp_path: Path) -> Settings:
    """Of a database with two thousand rows that do not compress, and of a folder for backups."""
    url = make_database()
    with psycopg.connect(url) as connection:
        connection.execute(
            "insert into artists (id, canonical_name, sort_key) select gen_random_uuid(), name, "
            "name from (select md5(n::text) || md5((-n)::text) from generate_series(1, 2000) n) "
            "made (name)"
        )
    return {
        "DATABASE_URL": url,
        "REDIS_URL": "redis://127.0.0.1:1",
        "NODRAKE_BACKUP_RECIPIENTS": write_identity(tmp_path / "key"),
        "NODRAKE_BACKUP_FOLDER": str(tmp_path / "backups"),
    }


@contextmanager
def creating(settings: Settings) -> Iterator["subprocess.Popen[str]"]:
    """``nodrake backup create`` that has begun to write, and is held up by a lock."""
    with (
        psycopg.connect(settings["DATABASE_URL"]) as blocker,
        psycopg.connect(settings["DATABASE_URL"], autocommit=True) as observer,
    ):
        blocker.execute("lock table users in access exclusive mode")
        process = subprocess.Popen(
            [sys.executable, "-m", "entrypoints.cli.main", "backup", "create"],
            cwd=ROOT,
            env=environment(**settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        wait_for(lambda: len(backends(observer)) == 2, PATIENCE, "it has both connections")
        yield process
        if process.poll() is None:
            process.kill()
        process.communicate()


def backends(observer: "psycopg.Connection[tuple[object, ...]]") -> list[int]:
    """Those of a backup that wait for a lock: pg_dump's and that of the digests."""
    rows = observer.execute(
        "select pid from pg_stat_activity where application_name = 'nodrake-backup' "
        "and datname = current_database() and wait_event_type = 'Lock'"
    )
    return [int(str(row[0])) for row in rows]


def there(settings: Settings) -> list[str]:
    """Names of the backups that the folder has."""
    return [each.name for each in BackupFolder(Path(settings["NODRAKE_BACKUP_FOLDER"])).all()]


def test_one_that_is_killed_is_none_and_the_next_one_tidies_up(settings: Settings) -> None:
    folder = Path(settings["NODRAKE_BACKUP_FOLDER"])
    with creating(settings) as process:
        process.kill()
        process.wait(PATIENCE)
        assert len(list(folder.glob("*.unfinished"))) == 1
        assert there(settings) == []
        with psycopg.connect(settings["DATABASE_URL"], autocommit=True) as observer:
            for pid in backends(observer):  # pg_dump would see at its next word that nobody reads
                observer.execute("select pg_terminate_backend(%s)", [pid])
    assert nodrake("backup", "create", **settings).returncode == 0
    assert len(there(settings)) == 1
    assert list(folder.glob("*.unfinished")) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_that_is_stopped_tidies_up_itself(settings: Settings, number: signal.Signals) -> None:
    with creating(settings) as process:
        process.send_signal(number)
        _, err = process.communicate(timeout=PATIENCE)
        with psycopg.connect(settings["DATABASE_URL"], autocommit=True) as observer:
            wait_for(lambda: backends(observer) == [], PATIENCE, "its connections are gone")
    assert process.returncode == 130
    assert err == "nodrake: stopped; what was begun was taken back\n"
    assert [each.name for each in Path(settings["NODRAKE_BACKUP_FOLDER"]).iterdir()] == [".lock"]


@pytest.mark.parametrize("which", [0, 1])
def test_a_database_that_dies_meanwhile_is_told(settings: Settings, which: int) -> None:
    with creating(settings) as process:
        with psycopg.connect(settings["DATABASE_URL"], autocommit=True) as observer:
            victim = sorted(backends(observer))[which]
            observer.execute("select pg_terminate_backend(%s)", [victim])
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "nodrake: " in err
    assert "terminating connection" in err
    assert "Traceback" not in err
    assert [each.name for each in Path(settings["NODRAKE_BACKUP_FOLDER"]).iterdir()] == [".lock"]


def test_a_second_one_at_the_same_time_is_refused(settings: Settings) -> None:
    with creating(settings):
        second = nodrake("backup", "create", **settings)
    assert second.returncode == 1
    assert "another `nodrake backup` is writing" in second.stderr
    assert there(settings) == []


def test_a_full_disk_is_told_and_keeps_what_was_there(settings: Settings) -> None:
    assert nodrake("backup", "create", **settings).returncode == 0
    before = there(settings)
    size = max(Path(settings["NODRAKE_BACKUP_FOLDER"]).glob("*.age")).stat().st_size

    def limit() -> None:  # what a file may grow to, as a disk that ends there
        resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, size // 2))

    ended = subprocess.run(
        [sys.executable, "-m", "entrypoints.cli.main", "backup", "create", "--keep-daily", "1"],
        cwd=ROOT,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        preexec_fn=limit,
    )
    assert ended.returncode == 1
    assert "could not be written" in ended.stderr
    assert "nothing was kept of it" in ended.stderr
    assert there(settings) == before
    assert list(Path(settings["NODRAKE_BACKUP_FOLDER"]).glob("*.unfinished")) == []


def test_a_restore_that_is_killed_has_changed_nothing(
    settings: Settings, database_url: str, tmp_path: Path
) -> None:
    assert nodrake("backup", "create", **settings).returncode == 0
    into = {**settings, "DATABASE_URL": database_url}
    arguments = ["backup", "restore", "latest", "--identity", str(tmp_path / "key")]
    with (
        psycopg.connect(database_url) as blocker,
        psycopg.connect(database_url, autocommit=True) as observer,
    ):
        # What the restore is going to make as well, held by somebody who has not committed yet.
        blocker.execute("create extension pg_trgm")
        process = subprocess.Popen(
            [sys.executable, "-m", "entrypoints.cli.main", *arguments],
            cwd=ROOT,
            env=environment(**into),
        )
        wait_for(lambda: len(backends(observer)) == 1, PATIENCE, "it has its connection")
        os.kill(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)
        blocker.rollback()
        wait_for(lambda: not _restoring(observer), PATIENCE, "nothing is restored")
    ended = nodrake(*arguments, **into)
    assert ended.returncode == 0, ended.stderr
    assert "rows as they were" in ended.stdout


def test_what_a_killed_verify_has_left_goes_with_the_next_one(
    settings: Settings, tmp_path: Path
) -> None:
    assert nodrake("backup", "create", **settings).returncode == 0
    arguments = ["backup", "verify", "latest", "--identity", str(tmp_path / "key")]
    with tempfile.TemporaryDirectory(prefix="nodrake-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL may run as another user than we do
        own = {**settings, "TMPDIR": name}
        process = subprocess.Popen(
            [sys.executable, "-m", "entrypoints.cli.main", *arguments],
            cwd=ROOT,
            env=environment(**own),
            stdout=subprocess.DEVNULL,
        )
        wait_for(
            lambda: list(folder.glob("nodrake-verify-*/data/postgres/postmaster.pid")) != [],
            PATIENCE,
            "its server runs",
        )
        os.kill(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)
        assert len(list(folder.glob("nodrake-verify-*"))) == 1
        wait_for(
            lambda: not list(folder.glob("nodrake-verify-*/data/postgres/postmaster.pid")),
            PATIENCE,
            "its server is gone",
        )
        ended = nodrake(*arguments, **own)
        assert ended.returncode == 0, ended.stderr
        assert list(folder.glob("nodrake-verify-*")) == []


def _restoring(observer: "psycopg.Connection[tuple[object, ...]]") -> bool:
    asked = observer.execute(
        "select from pg_stat_activity where application_name = 'nodrake-backup' "
        "and datname = current_database()"
    )
    return asked.fetchone() is not None


def test_a_database_that_there_is_not_is_told(settings: Settings) -> None:
    away = urlsplit(settings["DATABASE_URL"])._replace(path=f"/gone_{uuid4().hex}").geturl()
    ended = nodrake("backup", "create", **{**settings, "DATABASE_URL": away})
    assert ended.returncode == 1
    assert "refuses this role, password or database" in ended.stderr
