"""Keys rotate under load: two worker processes, people at work, and no answer that is refused."""

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from entrypoints.cli.main import main
from tests.builders.keyring import a_secret
from tests.e2e.process import ROOT, environment, free_port, nodrake
from tests.entrypoints.person import Person

pytestmark = pytest.mark.slow

SECRET = a_secret("e2e").hex()
CLIENTS = 3
PICKED_UP = 2.0  # seconds after which every process has looked at its keyring; it looks each second


def fresh_connections(url: str) -> httpx.Client:
    """A client that connects anew for each request, so that it meets every process."""
    limits = httpx.Limits(max_keepalive_connections=0)
    return httpx.Client(base_url=url, trust_env=False, limits=limits, timeout=20)


class Deployment:
    """``nodrake serve --workers 2`` on a port of its own, and the commands beside it."""

    def __init__(self, log: Path, **settings: str) -> None:
        self._log = log
        self._settings = settings | {
            "NODRAKE_PORT": str(free_port()),
            "NODRAKE_REGISTRATIONS_PER_HOUR": "1000000",
        }
        self.url = f"http://127.0.0.1:{self._settings['NODRAKE_PORT']}"

    @contextmanager
    def serving(self, **settings: str) -> Iterator[None]:
        """Serve until the block ends."""
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "entrypoints.cli.main", "serve", "--workers", "2"],
                cwd=ROOT,
                env=environment(**{**self._settings, **settings}),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            deadline = time.monotonic() + 120
            with fresh_connections(self.url) as api:
                while not _is_ready(api):
                    assert process.poll() is None, self._log.read_text()
                    assert time.monotonic() < deadline, self._log.read_text()
                    time.sleep(0.1)
            yield
        finally:
            process.terminate()
            process.wait(30)

    def keys(self, *arguments: str, keyring: Path) -> None:
        """A step of ``nodrake keys``, which is taken."""
        if arguments[0] != "init":  # which takes a setting; starting a process takes seconds
            assert main(["keys", *arguments, "--file", str(keyring)]) == 0
            return
        done = nodrake("keys", "init", "--file", str(keyring), **self._settings)
        assert done.returncode == 0, done.stderr

    def kids(self) -> set[tuple[str, ...]]:
        """The key sets that the processes publish."""
        with fresh_connections(self.url) as api:
            answers = [api.get("/.well-known/jwks.json").json() for _ in range(20)]
        return {tuple(key["kid"] for key in answer["keys"]) for answer in answers}

    def status_of(self, token: str) -> set[int]:
        """What the processes answer to a token."""
        headers = {"authorization": f"Bearer {token}"}
        with fresh_connections(self.url) as api:
            return {
                api.get("/api/v1/users/profile", headers=headers).status_code for _ in range(20)
            }


def _is_ready(api: httpx.Client) -> bool:
    try:
        return api.get("/health/ready").status_code == 200
    except httpx.TransportError:
        return False


class Client(threading.Thread):
    """Somebody at work: reads, pages and refreshes, each time over a fresh connection.

    Every refresh is sent twice, as by somebody who lost the answer: it must give the same token.
    """

    def __init__(self, url: str, number: int, stop: threading.Event) -> None:
        super().__init__()
        self._api = fresh_connections(url)
        self._stop_asked = stop
        self.answers: Counter[str] = Counter()
        self.refreshed = 0
        self.failure: str | None = None
        self.person = Person.register(self._api, f"person{number}{time.time_ns()}@example.org")
        lines = "".join(f"Artist {n},4PbKVheWA7ToOxOrqq{n:04}\n" for n in range(3))
        assert self.person.import_csv(f"artist,id\n{lines}").status_code == 200

    def run(self) -> None:
        """Until told to stop, or until something is refused."""
        while not self._stop_asked.is_set() and self.failure is None:
            page = self.call("GET", "/api/v1/dnp/list?limit=1")
            if page.get("next_cursor"):
                self.call("GET", f"/api/v1/dnp/list?limit=1&cursor={page['next_cursor']}")
            self.call("GET", "/api/v1/users/profile")
            body = {"refresh_token": self.person.refresh_token}
            first, again = (self.call("POST", "/api/v1/auth/refresh", json=body) for _ in "12")
            if first.get("refresh_token") != again.get("refresh_token"):
                self.failure = "the same refresh token gave two successors"
                return
            self.person.access_token = again["access_token"]
            self.person.refresh_token = again["refresh_token"]
            self.refreshed += 1

    def call(self, method: str, path: str, **options: Any) -> Any:
        """The answer; anything but 200 is kept as the failure."""
        headers = {"authorization": f"Bearer {self.person.access_token}"}
        answer = self._api.request(method, path, headers=headers, **options)
        self.answers[str(answer.status_code)] += 1
        if answer.status_code != 200:
            self.failure = self.failure or f"{method} {path}: {answer.status_code} {answer.text}"
            return {}
        return answer.json()


def everybody_has_refreshed(clients: list[Client]) -> None:
    """Wait until nobody holds a token from before."""
    marks = [client.refreshed + 2 for client in clients]
    deadline = time.monotonic() + 60
    while any(c.refreshed < mark for c, mark in zip(clients, marks, strict=True)):
        assert not [client.failure for client in clients if client.failure]
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def deployment(tmp_path: Path, migrated_database_url: str, redis_url: str) -> Deployment:
    """One on real servers; it does not serve yet."""
    return Deployment(
        tmp_path / "log",
        DATABASE_URL=migrated_database_url,
        REDIS_URL=redis_url,
        NODRAKE_SECRET=SECRET,
    )


def test_three_rotations_under_load_refuse_nobody(deployment: Deployment, tmp_path: Path) -> None:
    keyring = tmp_path / "keyring"
    deployment.keys("init", keyring=keyring)
    stop = threading.Event()
    with deployment.serving(NODRAKE_KEYRING_FILE=str(keyring)):
        clients = [Client(deployment.url, number, stop) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        try:
            old = "1"
            for new in ("2", "3", "4"):
                deployment.keys("add", new, keyring=keyring)
                time.sleep(PICKED_UP)
                (published,) = deployment.kids()
                assert len(published) == 2
                before = clients[0].person.access_token
                deployment.keys("promote", "--force", keyring=keyring)
                time.sleep(PICKED_UP)
                assert deployment.kids() == {(published[1], published[0])}
                assert deployment.status_of(before) == {200}, "it is accepted until it is retired"
                everybody_has_refreshed(clients)
                deployment.keys("retire", old, "--force", keyring=keyring)
                time.sleep(PICKED_UP)
                assert deployment.kids() == {(published[1],)}
                assert deployment.status_of(before) == {401}
                old = new
        finally:
            stop.set()
            for client in clients:
                client.join()
    assert [client.failure for client in clients] == [None] * CLIENTS
    answers = sum((client.answers for client in clients), Counter())
    assert set(answers) == {"200"}
    assert answers["200"] >= 300, answers


def test_the_change_from_one_secret_to_a_keyring_ends_nothing(
    deployment: Deployment, tmp_path: Path
) -> None:
    keyring = tmp_path / "keyring"
    stop = threading.Event()
    with deployment.serving():
        client = Client(deployment.url, 9, stop)
        page = client.call("GET", "/api/v1/dnp/list?limit=1")
    deployment.keys("init", keyring=keyring)
    deployment.keys("add", "2", keyring=keyring)
    deployment.keys("promote", "--force", keyring=keyring)
    with deployment.serving(NODRAKE_KEYRING_FILE=str(keyring), NODRAKE_SECRET=""):
        client.call("GET", "/api/v1/users/profile")
        client.call("GET", f"/api/v1/dnp/list?limit=1&cursor={page['next_cursor']}")
        body = {"refresh_token": client.person.refresh_token}
        client.call("POST", "/api/v1/auth/refresh", json=body)
    assert client.failure is None
    assert client.answers == {"200": 4}
