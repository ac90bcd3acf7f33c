"""The whole service on servers of its own: PostgreSQL, Redis, so many API processes, a worker."""

import os
import signal
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn
from uuid import uuid4

import httpx
import psycopg

from adapters.postgres.migrations import migrate
from adapters.postgres.sample import load_sample
from tests.adapters.redis.conftest import Server
from tests.e2e.process import ROOT, Serve, Worker, free_port, nodrake, wait_for
from tests.entrypoints.person import PASSWORD
from tests.faults.rounds.invariants import invariant_complaints
from tests.faults.rounds.load import MIX, Load
from tests.faults.rounds.oracle import Account, Kind, Oracle
from tests.faults.rounds.proxy import FaultProxy, Faults
from tests.faults.rounds.servers import OWNER, PostgresServer, end_what_is_left

ARTISTS = 2000


class Api:
    """One ``nodrake serve`` that keeps its port over every death."""

    def __init__(self, log: Path, settings: dict[str, str], workers: int) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = log
        self._settings = settings
        self._workers = workers
        self.serve: Serve | None = None

    def start(self, release: Path = ROOT) -> None:
        """Start it without waiting, from the tree of a release."""
        self.serve = Serve(
            self._log, workers=self._workers, port=self.port, tree=release, **self._settings
        )

    def wait(self) -> None:
        """Wait until it is ready."""
        assert self.serve is not None
        self.serve.wait()

    @property
    def pid(self) -> int:
        """The process that leads its group."""
        assert self.serve is not None
        return self.serve.process.pid

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self.serve is not None and self.serve.process.poll() is None

    def kill(self) -> None:
        """SIGKILL to its process group."""
        if self.serve is not None and self.runs:
            self.serve.kill()

    def end(self) -> tuple[int, float]:
        """SIGTERM, and wait; the exit status and the seconds that it took."""
        assert self.serve is not None
        started = time.monotonic()
        self.serve.process.terminate()
        return self.serve.process.wait(30), time.monotonic() - started

    def ready(self) -> int:
        """What ``/health/ready`` answers; 0 where nothing does."""
        return self._status("/health/ready")

    def alive(self) -> int:
        """What ``/health/live`` answers; 0 where nothing does."""
        return self._status("/health/live")

    def _status(self, path: str) -> int:
        try:
            return httpx.get(self.url + path, trust_env=False, timeout=10).status_code
        except httpx.TransportError:
            return 0


class Stack:
    """Everything that runs, and where it is.

    ``database_url`` and ``redis_url`` are the servers' own; the service reaches them through
    ``postgres_proxy`` and ``redis_proxy`` where there are such.
    """

    def __init__(self, folder: Path, postgres: PostgresServer, redis: Server) -> None:
        self.folder = folder
        self.postgres = postgres
        self.redis = redis
        self.database_url = postgres.url
        self.oracle = Oracle(folder / "oracle.jsonl")
        self.postgres_proxy: FaultProxy | None = None
        self.redis_proxy: FaultProxy | None = None
        self.apis: list[Api] = []
        self.worker: Worker | None = None
        self.artists: list[str] = []
        self.settings: dict[str, str] = {}

    @property
    def urls(self) -> list[str]:
        """Where the API is."""
        return [api.url for api in self.apis]

    def people(self, count: int) -> list[Account]:
        """So many people who have just registered."""
        with httpx.Client(base_url=self.urls[0], trust_env=False, timeout=30) as api:
            return [register(api) for _ in range(count)]

    def wait_until_ready(self, seconds: float = 30) -> float:
        """Wait until every API process is ready; the seconds that it took."""
        started = time.monotonic()
        wait_for(lambda: all(api.ready() == 200 for api in self.apis), seconds, "is ready")
        return time.monotonic() - started

    def load(
        self,
        people: list[Account],
        *,
        seed: int,
        rate: float = 100,
        mix: Mapping[Kind, int] = MIX,
        keyed: bool = True,
        timeout: float = 12.0,
        urls: list[str] | None = None,
        refresh: bool = True,
    ) -> Load:
        """These people at work on all API processes, or on those of ``urls``.

        Without ``refresh`` they keep the tokens that they have: for where all of the API is away
        for longer than ten seconds, and a refresh that got no answer would end the session.
        """
        return Load(
            self.oracle,
            urls or self.urls,
            people,
            self.artists,
            rate=rate,
            mix=mix,
            seed=seed,
            keyed=keyed,
            timeout=timeout,
            refresh=refresh,
        )

    def complaints(self, people: list[Account], *, last: bool = True) -> list[str]:
        """What is not as acknowledged, and which invariants do not hold.

        Only the ``last`` time the audit log is verified from its beginning, which takes seconds.
        """
        self.wait_until_ready()
        found = self.oracle.complaints(self.urls[0], people, self.database_url)
        found += invariant_complaints(self.database_url) + self._log_complaints()
        if not last:
            return found
        settings = {**self.settings, "DATABASE_URL": self.database_url}
        verified = nodrake("audit", "verify", **settings)
        if verified.returncode != 0:
            found.append(f"the audit log: {verified.stdout}{verified.stderr}")
        return found

    def check(self, people: list[Account], *, last: bool = True) -> None:
        """Fail with all complaints where there are any."""
        found = self.complaints(people, last=last)
        assert not found, "\n".join(found)

    def _log_complaints(self) -> list[str]:
        """Exceptions that nobody expected, and those that nobody looked at."""
        return [
            line[:600]
            for log in self.folder.glob("*.log")
            for line in log.read_text("utf-8", "replace").splitlines()
            if '"exception":' in line or "was never retrieved" in line
        ]


@contextmanager
def stack(
    *,
    apis: int = 2,
    workers: int = 1,
    worker: bool = True,
    postgres_proxy: Faults | None = None,
    redis_proxy: Faults | None = None,
    data: Path | None = None,
    wal: Path | None = None,
    **settings: str,
) -> Iterator[Stack]:
    """All of it, until the block ends; then nothing of it is left, whatever has happened.

    Where a proxy's faults are given, it stands between the service and that server, and begins with
    them. ``data`` and ``wal`` are folders for PostgreSQL on file systems of the caller's.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    end_what_is_left()
    os.environ[OWNER] = str(os.getpid())
    with ExitStack() as ends:
        ends.callback(end_what_is_left, os.getpid())
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="nodrake-faults-")))
        folder.chmod(0o755)  # PostgreSQL is not root even where we are
        sockets = folder / "run"
        sockets.mkdir()
        if os.geteuid() == 0:
            os.chown(sockets, 65534, 65534)
        postgres = PostgresServer(data or folder / "postgres", sockets, folder / "postgres.log")
        ends.callback(postgres.stop)
        postgres.start()
        if wal is not None:
            postgres.move_wal(wal)
        redis = Server(folder)
        ends.callback(redis.kill)
        redis.start()
        running = Stack(folder, postgres, redis)
        ends.callback(running.oracle.close)
        migrate(postgres.url)
        running.artists = _artists(postgres.url)
        running.settings = _settings(running, ends, postgres_proxy, redis_proxy) | {
            "NODRAKE_PROCESSES": str(apis * workers),
            **settings,
        }
        for number in range(apis):
            api = Api(folder / f"api-{number}.log", running.settings, workers)
            running.apis.append(api)
            ends.callback(api.kill)
            api.start()
        if worker:
            running.worker = Worker(folder / "worker.log", **running.settings)
            ends.callback(running.worker.kill)
        for api in running.apis:
            api.wait()
        yield running


def register(api: httpx.Client) -> Account:
    """Open an account."""
    email = f"{uuid4().hex}@example.org"
    body = {"email": email, "password": PASSWORD}
    answer = api.post("/api/v1/auth/register", json=body).raise_for_status().json()
    return Account(
        id=answer["user"]["id"],
        email=email,
        access_token=answer["access_token"],
        refresh_token=answer["refresh_token"],
    )


def _settings(
    running: Stack, ends: ExitStack, postgres_proxy: Faults | None, redis_proxy: Faults | None
) -> dict[str, str]:
    database_url, redis_url = running.database_url, running.redis.url
    if postgres_proxy is not None:
        running.postgres_proxy = ends.enter_context(FaultProxy(str(running.postgres.socket)))
        running.postgres_proxy.set(postgres_proxy)
        port = running.postgres_proxy.port
        database_url = f"postgresql://nodrake@127.0.0.1:{port}/nodrake?sslmode=disable"
    if redis_proxy is not None:
        target = running.redis.url.removeprefix("unix://")
        running.redis_proxy = ends.enter_context(FaultProxy(target))
        running.redis_proxy.set(redis_proxy)
        redis_url = f"redis://127.0.0.1:{running.redis_proxy.port}"
    # Tokens outlive a restart on another port only where the address stays the same.
    return {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "NODRAKE_PUBLIC_URL": "http://localhost:3000",
    }


def _artists(database_url: str) -> list[str]:
    load_sample(database_url, (f"Fault Line {number:04}" for number in range(ARTISTS)))
    with psycopg.connect(database_url) as connection:
        return [str(row[0]) for row in connection.execute("select id from artists order by id")]


def _interrupt(_: int, __: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
