"""The PgBouncer of Debian's package, set up by the file that operators get."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from tests.e2e.process import ROOT, free_port

SETUP = ROOT / "deploy" / "pgbouncer" / "pgbouncer.ini"
_PASSWORD = "pooled"


@contextmanager
def pgbouncer(database_url: str, folder: Path, *replaced: tuple[str, str]) -> Iterator[str]:
    """The address of a pooler in front of that database; ``replaced`` are changes to its file."""
    port = free_port()
    parts = conninfo_to_dict(database_url)
    text = SETUP.read_text("utf-8")
    for old, new in (
        ("host=postgres port=5432 dbname=nodrake", _server(parts)),
        ("listen_addr = 0.0.0.0", "listen_addr = 127.0.0.1"),
        ("listen_port = 6432", f"listen_port = {port}\nunix_socket_dir ="),
        ("/etc/pgbouncer/userlist.txt", str(folder / "userlist.txt")),
        *replaced,
    ):
        assert old in text, f"{SETUP.name} has no {old!r}"
        text = text.replace(old, new)
    folder.mkdir(parents=True, exist_ok=True)
    for reached in (folder, *folder.parents):
        if reached.stat().st_uid == os.geteuid() and reached != Path("/"):
            reached.chmod(reached.stat().st_mode | 0o055)
    (folder / "pgbouncer.ini").write_text(text, "utf-8")
    (folder / "userlist.txt").write_text(f'"nodrake" "{_PASSWORD}"\n', "utf-8")
    log = folder / "pgbouncer.log"
    binary = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    assert binary, "PgBouncer is missing: `make tools` installs it"
    unprivileged = ["-u", "nobody"] if os.geteuid() == 0 else []
    with log.open("ab") as output:
        process = subprocess.Popen(
            [binary, *unprivileged, str(folder / "pgbouncer.ini")],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    url = f"postgresql://nodrake:{_PASSWORD}@127.0.0.1:{port}/nodrake"
    try:
        deadline = time.monotonic() + 15
        while not _answers(url):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _server(parts: Mapping[str, object]) -> str:
    named = {
        name: parts[name]
        for name in ("host", "port", "dbname", "user", "password")
        if name in parts
    }
    return " ".join(f"{name}={value}" for name, value in named.items())


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
