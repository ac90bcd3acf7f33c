"""The servers that one installation needs, started together and stopped together."""

import fcntl
import hashlib
import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from adapters.embedded.errors import EmbeddedServerError
from adapters.embedded.postgres import EmbeddedPostgres
from adapters.embedded.redis import EmbeddedRedis

_LONGEST_SOCKET_FOLDER = 80  # the kernel takes 107 bytes for the whole path of a socket


class EmbeddedServers:
    """PostgreSQL and Redis with their data, logs and sockets under ``root``."""

    def __init__(
        self, root: Path, *, postgres: bool = True, redis: bool = True, durable: bool = True
    ) -> None:
        self._root = root.resolve()
        self._wanted = (postgres, redis)
        self._durable = durable
        self._lock: int | None = None
        self._postgres: EmbeddedPostgres | None = None
        self._redis: EmbeddedRedis | None = None

    @property
    def database_url(self) -> str:
        """Where PostgreSQL is; only while it runs."""
        assert self._postgres is not None
        return self._postgres.url

    @property
    def redis_url(self) -> str:
        """Where Redis is; only while it runs."""
        assert self._redis is not None
        return self._redis.url

    def __enter__(self) -> Self:
        """Start what is wanted; ``EmbeddedServerError`` says what to do where it cannot be."""
        self._root.mkdir(mode=0o755, parents=True, exist_ok=True)
        self._take_lock()
        try:
            sockets = self._socket_folder()
            if self._wanted[0]:
                self._postgres = EmbeddedPostgres(
                    self._root / "postgres",
                    sockets,
                    self._root / "postgres.log",
                    durable=self._durable,
                )
                self._postgres.start()
            if self._wanted[1]:
                self._redis = EmbeddedRedis(self._root / "redis", sockets, self._root / "redis.log")
                self._redis.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop everything in order."""
        self.stop()

    def stop(self) -> None:
        """Stop what runs; what has been written stays."""
        for server in (self._redis, self._postgres):
            if server is not None:
                server.stop()
        self._redis = self._postgres = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _take_lock(self) -> None:
        path = self._root / "lock"
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(lock, 20).decode().strip() or "unknown"
            os.close(lock)
            raise EmbeddedServerError(
                f"the servers under {self._root} are running already (process {holder}): stop "
                "that one first, or choose another folder with --data"
            ) from error
        os.ftruncate(lock, 0)
        os.write(lock, str(os.getpid()).encode())
        self._lock = lock

    def _socket_folder(self) -> Path:
        folder = self._root / "run"
        if len(str(folder)) > _LONGEST_SOCKET_FOLDER:
            name = hashlib.sha256(str(self._root).encode()).hexdigest()[:12]
            folder = Path(tempfile.gettempdir()) / f"nodrake-{os.geteuid()}-{name}"
        folder.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:  # PostgreSQL runs as nobody then, and must reach its socket
            os.chown(folder, 65534, 65534)
        elif folder.stat().st_uid != os.geteuid():
            raise EmbeddedServerError(f"{folder} belongs to somebody else: remove it")
        return folder
