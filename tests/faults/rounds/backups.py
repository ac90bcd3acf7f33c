"""Backups of a service under load, and other servers that they are put back on."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import msgspec
import psycopg

from adapters.security.age_files import write_identity
from tests.adapters.redis.conftest import Server
from tests.e2e.process import ROOT, environment, nodrake
from tests.entrypoints.person import PASSWORD
from tests.faults.rounds.oracle import WRITES, Account, Outcome, entries_of
from tests.faults.rounds.servers import PostgresServer
from tests.faults.rounds.stack import Api, Stack

NOBODY = 65534


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A backup: what it is called, and monotonic seconds between which its moment lies."""

    name: str
    after: float
    before: float


class Backups:
    """The backups of one stack, with a key of their own."""

    def __init__(self, running: Stack) -> None:
        self._key = running.folder / "backup.key"
        self.folder = running.folder / "backups"
        self.settings = {
            **running.settings,
            "NODRAKE_BACKUP_RECIPIENTS": write_identity(self._key),
            "NODRAKE_BACKUP_FOLDER": str(self.folder),
        }

    def take(self) -> Taken:
        """One of now."""
        after = time.monotonic()
        made = nodrake("backup", "create", **self.settings)
        before = time.monotonic()
        assert made.returncode == 0, made.stderr
        return Taken(name=made.stdout.partition(":")[0], after=after, before=before)

    def put_back(self, taken: Taken, database_url: str) -> float:
        """Restore it, which compares every table with its snapshot; the seconds that it took."""
        started = time.monotonic()
        settings = {**self.settings, "DATABASE_URL": database_url}
        arguments = ["backup", "restore", taken.name, "--identity", str(self._key)]
        done = subprocess.run(
            [sys.executable, "-m", "entrypoints.cli.main", *arguments],
            cwd=ROOT,
            env=environment(**settings),
            capture_output=True,
            text=True,
            timeout=1200,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "rows as they were" in done.stdout
        return time.monotonic() - started


@contextmanager
def cluster(data: Path | None = None, log: Path | None = None) -> Iterator[PostgresServer]:
    """Another PostgreSQL, new or on ``data`` that are there already; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="nodrake-faults-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        sockets = folder / "run"
        sockets.mkdir()
        if data is not None:
            shutil.copytree(data, folder / "postgres")
        own(folder)
        server = PostgresServer(folder / "postgres", sockets, log or folder / "postgres.log")
        try:
            server.start()
            yield server
        finally:
            server.stop()


@contextmanager
def service(settings: dict[str, str], database_url: str) -> Iterator[Api]:
    """One API process on a database that was put back, beside a Redis that knows nothing."""
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="nodrake-faults-")))
        redis = Server(folder)
        ends.callback(redis.kill)
        redis.start()
        new = {**settings, "DATABASE_URL": database_url, "REDIS_URL": redis.url}
        api = Api(folder / "api.log", new, 1)
        ends.callback(api.kill)
        api.start()
        api.wait()
        yield api


def own(folder: Path) -> None:
    """Give it to whom PostgreSQL runs as where we are root."""
    if os.geteuid() == 0:
        for place in (folder, *folder.rglob("*")):
            os.chown(place, NOBODY, NOBODY)


def moment_complaints(
    outcomes: Sequence[Outcome], database_url: str, *, after: float, before: float
) -> list[str]:
    """What a database of a moment between ``after`` and ``before`` lacks, or has too early.

    Operations that were acknowledged until ``after`` have to be in it, and none that was sent only
    from ``before`` on.
    """
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("select request_id from audit_log").fetchall()
    there = {str(row[0]) for row in rows}
    writes = [each for each in outcomes if each.kind in WRITES]
    done = {e.operation for e in writes if 200 <= e.status < 300 and e.at + e.seconds <= after}
    late = {e.operation for e in writes if e.at >= before}
    late -= {e.operation for e in writes if e.at < before}
    return [f"lost: {each}" for each in _sorted(done - there)] + [
        f"from the future: {each}" for each in _sorted(late & there)
    ]


def use(api: Api, person: Account) -> None:
    """Sign in, read the list page by page, add to it, take it off again: as before."""
    with httpx.Client(base_url=api.url, trust_env=False, timeout=30) as client:
        body = {"email": person.email, "password": PASSWORD}
        answer = client.post("/api/v1/auth/login", json=body).raise_for_status().json()
        now = Account(
            id=person.id,
            email=person.email,
            access_token=answer["access_token"],
            refresh_token=answer["refresh_token"],
        )
        before = entries_of(client, now)
        found = client.get("/api/v1/dnp/search?q=Fault+Line+1999", headers=now.headers)
        artist = found.raise_for_status().json()["items"][0]["id"]
        path = f"/api/v1/dnp/entries/{artist}"
        if artist in before:
            client.delete(path, headers=now.headers).raise_for_status()
        one = {"artist_id": artist}
        client.post("/api/v1/dnp/add", json=one, headers=now.headers).raise_for_status()
        assert entries_of(client, now).keys() == before.keys() | {artist}
        client.delete(path, headers=now.headers).raise_for_status()


def _sorted(names: Iterable[str]) -> list[str]:
    return sorted(names)
