"""What is measured: the real service on servers of its own, with a person and a long list."""

import json
import os
import random
import string
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from socket import socket
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import msgspec

from adapters.embedded.servers import EmbeddedServers
from adapters.postgres.migrations import migrate

ROOT = Path(__file__).resolve().parents[1]
REAL_LIST = ROOT.parent / "shared" / "data" / "spotify_ai_artists.csv"
PASSWORD = "seven quiet otters on a raft"


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """Where everything is."""

    port: int
    pid: int
    database_url: str
    user_id: str
    access_token: str
    refresh_token: str

    @property
    def headers(self) -> dict[str, str]:
        """What a signed-in person sends."""
        return {"authorization": f"Bearer {self.access_token}"}

    def call(self, method: str, path: str, body: bytes = b"", **headers: str) -> Any:
        """One request as the person; its JSON."""
        return call(self.port, method, path, body, **{**self.headers, **headers})


def call(port: int, method: str, path: str, body: bytes = b"", **headers: str) -> Any:
    """One request; its JSON."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    request = Request(
        f"http://127.0.0.1:{port}{path}", data=body or None, headers=fields, method=method
    )
    try:
        with urlopen(request, timeout=60) as answer:  # noqa: S310
            return json.loads(answer.read() or b"null")
    except HTTPError as error:
        raise RuntimeError(error.read().decode()) from error


@contextmanager
def stage() -> Iterator[Stage]:
    """Start everything; all of it ends with the block."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nodrake-bench-")))
        folder.chmod(0o755)
        servers = stack.enter_context(EmbeddedServers(folder / "data"))
        migrate(servers.database_url)
        environ = {
            "DATABASE_URL": servers.database_url,
            "REDIS_URL": servers.redis_url,
            "NODRAKE_REGISTRATIONS_PER_HOUR": "1000000",
            "NODRAKE_REQUEST_LIMITS": "1000000/60,1000000/3600,1000000/86400",
            # Loads say where they come from; sign-ins of one network are limited as always.
            "NODRAKE_TRUSTED_PROXIES": "127.0.0.0/8",
        }
        port = free_port()
        command = [sys.executable, "-m", "entrypoints.cli.main", "serve"]
        process = serve(
            stack,
            command,
            {**environ, "NODRAKE_PORT": str(port)},
            f"http://127.0.0.1:{port}/health/live",
            folder / "service.log",
        )
        body = json.dumps({"email": "ada@example.org", "password": PASSWORD}).encode()
        answer = call(port, "POST", "/api/v1/auth/register", body, content_type="application/json")
        yield Stage(
            port=port,
            pid=process.pid,
            database_url=servers.database_url,
            user_id=answer["user"]["id"],
            access_token=answer["access_token"],
            refresh_token=answer["refresh_token"],
        )


def serve(
    stack: ExitStack,
    command: list[str],
    environ: dict[str, str],
    url: str,
    log_file: Path,
) -> "subprocess.Popen[bytes]":
    """Start a server and wait until it answers."""
    log = stack.enter_context(log_file.open("wb"))
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environ}, stdout=log, stderr=log
    )
    stack.callback(process.wait, 20)
    stack.callback(process.terminate)
    for _ in range(200):
        try:
            urlopen(url, timeout=5).close()  # noqa: S310
        except (URLError, OSError):
            time.sleep(0.1)
        else:
            return process
    raise RuntimeError(f"nothing answers at {url}: {log_file.read_text()[-2000:]}")


def free_port() -> int:
    """A port on which nobody listens."""
    with socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def long_list() -> bytes:
    """The real list of 7,477 artists where it is at hand, else as many made-up ones."""
    if REAL_LIST.exists():
        return REAL_LIST.read_bytes()
    chance = random.Random(7477)
    alphabet = string.ascii_letters + string.digits
    rows = [
        f"Artist {n},{''.join(chance.choice(alphabet) for _ in range(22))}" for n in range(7477)
    ]
    return "\n".join(["artist,id", *rows]).encode()
