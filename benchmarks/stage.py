"""What is measured: the real service on servers of its own, with a person and a long list."""

import json
import os
import random
import signal
import string
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from socket import socket
from types import FrameType
from typing import Any, NoReturn
from uuid import uuid4

import msgspec

from adapters.embedded.servers import EmbeddedServers
from adapters.postgres.migrations import migrate

ROOT = Path(__file__).resolve().parents[1]
REAL_LIST = ROOT.parent / "shared" / "data" / "spotify_ai_artists.csv"
PASSWORD = "seven quiet otters on a raft"
ROWS = 7477
SERVE = [sys.executable, "-m", "entrypoints.cli.main", "serve", "--workers", "1"]


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who has just registered."""

    id: str
    access_token: str
    refresh_token: str

    @property
    def headers(self) -> dict[str, str]:
        """What a signed-in person sends."""
        return {"authorization": f"Bearer {self.access_token}"}


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """Where everything is."""

    folder: Path
    port: int
    pid: int
    database_url: str
    redis_url: str
    person: Person

    def memory(self, field: str) -> float:
        """A field of the service's ``/proc/PID/status``, in MiB."""
        lines = Path(f"/proc/{self.pid}/status").read_text("utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024

    def import_list(self) -> Any:
        """Put the long list on the person's list, in one request; the answer."""
        headers = {**self.person.headers, "content-type": "text/csv"}
        return call(self.port, "POST", "/api/v1/dnp/import", headers, long_list())


def call(
    port: int, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None
) -> Any:
    """One request; the JSON of its answer, or ``RuntimeError`` for a refusal."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, dict(headers))
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    if answer.status >= 400:
        raise RuntimeError(f"{method} {path}: {answer.status} {content[:500].decode()}")
    return json.loads(content)


def register(port: int) -> Person:
    """A new account."""
    body = json.dumps({"email": f"{uuid4().hex}@example.org", "password": PASSWORD}).encode()
    headers = {"content-type": "application/json"}
    answer = call(port, "POST", "/api/v1/auth/register", headers, body)
    return Person(
        id=answer["user"]["id"],
        access_token=answer["access_token"],
        refresh_token=answer["refresh_token"],
    )


@contextmanager
def stage() -> Iterator[Stage]:
    """Start everything; all of it ends with the block, also on SIGTERM."""
    signal.signal(signal.SIGTERM, _interrupt)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nodrake-bench-")))
        folder.chmod(0o755)  # PostgreSQL is not root even where we are
        servers = stack.enter_context(EmbeddedServers(folder / "data", durable=True))
        migrate(servers.database_url)
        port = free_port()
        environ = environment(servers.database_url, servers.redis_url, port)
        pid = stack.enter_context(
            serving(SERVE, environ, port, "/health/live", folder / "service.log")
        )
        yield Stage(
            folder=folder,
            port=port,
            pid=pid,
            database_url=servers.database_url,
            redis_url=servers.redis_url,
            person=register(port),
        )


def environment(database_url: str, redis_url: str, port: int) -> dict[str, str]:
    """The settings of a service that is measured."""
    return {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "NODRAKE_PORT": str(port),
        "NODRAKE_REGISTRATIONS_PER_HOUR": "1000000",
        "NODRAKE_REQUEST_LIMITS": "1000000/60,1000000/3600,1000000/86400",
        # Loads say where they come from; sign-ins of one network are limited as always.
        "NODRAKE_TRUSTED_PROXIES": "127.0.0.0/8",
        "NODRAKE_LINK_ATTEMPTS_PER_HOUR": "1000000",
    }


@contextmanager
def serving(
    command: list[str], environ: Mapping[str, str], port: int, path: str, log_file: Path
) -> Iterator[int]:
    """A server as a child process, from its first answer on; its process id."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("NODRAKE_")}
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**inherited, **environ}, stdout=log, stderr=log
        )
        try:
            _wait_until_it_answers(process, port, path, log_file)
            yield process.pid
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_it_answers(
    process: "subprocess.Popen[bytes]", port: int, path: str, log_file: Path
) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        try:
            call(port, "GET", path, {})
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"nothing answers on port {port}: {log_file.read_text('utf-8')[-2000:]}")


def free_port() -> int:
    """A port on which nobody listens."""
    with socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def long_list() -> bytes:
    """The real list of 7,477 artists where it is at hand, else as many made-up ones."""
    if REAL_LIST.exists():
        return REAL_LIST.read_bytes()
    chance = random.Random(ROWS)
    alphabet = string.ascii_letters + string.digits
    syllables = ("ka", "lo", "mi", "ren", "so", "tha", "vel", "zu", "né", "or")
    rows = []
    for _ in range(ROWS):
        words = ("".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(2))
        rows.append(f"{' '.join(words).title()},{''.join(chance.choices(alphabet, k=22))}")
    return "\n".join(["artist,id", *rows, ""]).encode()


def _interrupt(_: int, __: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
