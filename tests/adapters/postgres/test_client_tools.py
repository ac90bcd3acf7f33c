"""pg_dump and pg_restore: which ones are taken, and what others can see of them."""

import os
import time
from pathlib import Path

import pytest

from adapters.postgres.client_tools import find_tools, running
from domain.shared.backup import BackupError

SECRET = "never-to-be-seen"


def a_client(folder: Path, version: str, script: str = "") -> Path:
    """A folder with commands that say which version they are of."""
    folder.mkdir()
    for name in ("pg_dump", "pg_restore"):
        command = folder / name
        command.write_text(
            f'#!/bin/sh\n[ "$1" = --version ] && echo "{name} (PostgreSQL) {version}" && exit\n'
            f"{script}\n"
        )
        command.chmod(0o755)
    return folder


def test_the_one_of_the_server_is_taken_else_the_oldest_newer_one(tmp_path: Path) -> None:
    folders = [
        a_client(tmp_path / name, version)
        for name, version in (
            ("a", "18.1 (Debian 18.1-1.pgdg12+2)"),
            ("b", "15.14"),
            ("c", "17beta2"),
            ("d", "15.2"),
        )
    ]
    folders.append(tmp_path / "nothing")

    def taken(server: int, at_least: int = 0) -> str:
        return find_tools(server=server, at_least=at_least, folders=folders).folder.name

    assert [taken(15), taken(16), taken(17), taken(18)] == ["b", "c", "c", "a"]
    assert taken(15, at_least=17) == "c"


def test_an_older_client_than_the_server_is_refused_with_what_to_install(tmp_path: Path) -> None:
    folders = [a_client(tmp_path / "a", "15.14"), a_client(tmp_path / "b", "17.6")]
    with pytest.raises(BackupError) as refused:
        find_tools(server=18, at_least=0, folders=folders)
    assert "apt-get install postgresql-client-18" in str(refused.value)
    assert "versions found: 15, 17;" in str(refused.value)
    with pytest.raises(BackupError, match="versions found: none"):
        find_tools(server=18, at_least=0, folders=[])


def test_nothing_secret_is_in_the_arguments_and_none_of_ours_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NODRAKE_SECRET", f"{SECRET}-secret")
    monkeypatch.setenv("DATABASE_URL", f"postgresql://{SECRET}")
    seen = tmp_path / "seen"
    script = f'(printf "%s\\n" "$@"; echo; env) > {seen}; cat /proc/$$/cmdline >> {seen}.cmdline'
    folder = a_client(tmp_path / "client", "18.1", script)
    tools = find_tools(server=18, at_least=18, folders=[folder])
    url = (
        f"postgresql://ada:{SECRET}@db.example.org:5433/lists"
        "?sslmode=verify-full&target_session_attrs=read-write&load_balance_hosts=random"
    )
    with running(tools, "pg_dump", ["--format=custom"], url) as process:
        process.require_success()
    arguments, _, environment = seen.read_text().partition("\n\n")
    told = dict(line.partition("=")[::2] for line in environment.splitlines())
    assert SECRET not in arguments
    assert SECRET not in (tmp_path / "seen.cmdline").read_text()
    assert arguments.splitlines()[:2] == ["--format=custom", "--no-password"]
    assert "tcp_user_timeout=30000" in arguments
    assert told["PGPASSWORD"] == SECRET
    names = ("PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGSSLMODE", "PGTARGETSESSIONATTRS")
    assert [told[name] for name in names] == [
        "db.example.org", "5433", "ada", "lists", "verify-full", "read-write",
    ]  # fmt: skip
    assert "NODRAKE_SECRET" not in told
    assert "DATABASE_URL" not in told
    assert told["PATH"] == os.environ["PATH"]


def test_what_it_complained_of_is_told(tmp_path: Path) -> None:
    script = 'echo "pg_dump: error: connection failed" >&2; exit 1'
    tools = find_tools(
        server=18, at_least=18, folders=[a_client(tmp_path / "client", "18.1", script)]
    )
    with (
        running(tools, "pg_dump", [], "postgresql:///") as process,
        pytest.raises(BackupError, match="pg_dump failed: pg_dump: error: connection failed"),
    ):
        process.require_success()


def test_whatever_happens_it_has_ended(tmp_path: Path) -> None:
    folder = a_client(tmp_path / "client", "18.1", f"echo $$ > {tmp_path}/pid; exec sleep 600")
    tools = find_tools(server=18, at_least=18, folders=[folder])
    with running(tools, "pg_dump", [], "postgresql:///"):
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            time.sleep(0.01)
    assert not Path("/proc", (tmp_path / "pid").read_text().strip()).exists()
