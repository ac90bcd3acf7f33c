"""``nodrake backup``: what it prints, refuses and leaves behind, and with which status it ends."""

import json
import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import msgspec
import psycopg
import pytest

from adapters.backups.folder import BackupFolder
from entrypoints.cli.backup_steps import Opened
from entrypoints.cli.main import main
from entrypoints.settings import load_settings

SECRET = "a secret of the deployment's own, for tests"


class Command:
    """``nodrake backup`` with settings of one's own; its status, output and complaints."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path
    ) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.folder = folder / "backups"
        self.key = folder / "backup.key"
        self.set("NODRAKE_BACKUP_FOLDER", str(self.folder))
        self.set("NODRAKE_SECRET", SECRET)

    def set(self, name: str, value: str) -> None:
        """In the environment."""
        self._monkeypatch.setenv(name, value)

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        """Run it."""
        status = main(["backup", *arguments])
        captured = self._capsys.readouterr()
        return status, captured.out, captured.err

    def opened(self, action: str, name: str, *arguments: str) -> tuple[int, str, str]:
        """Run an action that needs the key."""
        return self(action, name, "--identity", str(self.key), *arguments)

    @property
    def rows(self) -> Path:
        """The newest dump."""
        return max(self.folder.glob("*.dump.age"))


@pytest.fixture
def command(
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Command:
    """With a key, and DATABASE_URL naming an empty database."""
    command = Command(monkeypatch, capsys, tmp_path)
    command.set("DATABASE_URL", database_url)
    command.set("REDIS_URL", "redis://127.0.0.1:1")
    status, out, err = command("key", str(command.key))
    assert status == 0
    assert "without it no backup can be read by anybody" in err
    command.set("NODRAKE_BACKUP_RECIPIENTS", out.strip().removeprefix("NODRAKE_BACKUP_RECIPIENTS="))
    return command


@pytest.fixture
def source(make_database: Callable[[], str]) -> str:
    """A database with somebody in it."""
    url = make_database()
    with psycopg.connect(url) as connection:
        connection.execute(
            "insert into users (id, email, email_key) values (%s, 'ada@x.org', 'ada@x.org')",
            [uuid4()],
        )
    return url


@pytest.fixture
def made(command: Command, source: str, database_url: str) -> Command:
    """With one backup of that database."""
    command.set("DATABASE_URL", source)
    status, out, err = command("create")
    assert (status, err) == (0, "")
    assert out.startswith("nodrake-20")
    assert "schema 18" in out
    command.set("DATABASE_URL", database_url)
    return command


def test_there_and_back(made: Command, database_url: str) -> None:
    status, out, _ = made.opened("restore", "latest")
    assert status == 0, out
    for told in ("rows as they were", "audit log: 0 rows, whole", "nodrake erasures replay FILE"):
        assert told in out
    with psycopg.connect(database_url) as connection:
        assert connection.execute("select email from users").fetchall() == [("ada@x.org",)]
    status, _, err = made.opened("restore", "latest")
    assert status == 1
    assert "is not empty" in err


def test_verify_restores_elsewhere_and_leaves_nothing(made: Command, database_url: str) -> None:
    name = made.rows.name.removesuffix(".dump.age")
    for extra in ("--quick", "--on-server"):
        status, out, err = made.opened("verify", name, extra)
        assert (status, err) == (0, ""), err
        assert name in out
    with psycopg.connect(database_url) as connection:
        left = "select count(*) from pg_database where datname like 'nodrake_verify_%'"
        assert connection.execute(left).fetchone() == (0,)
        assert connection.execute("select to_regclass('users')").fetchone() == (None,)


@pytest.mark.slow
def test_verify_needs_no_server_but_its_own(made: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")
    status, out, _ = made.opened("verify", "latest")
    assert status == 0
    assert "audit log: 0 rows, whole" in out
    assert "good, 41 tables" in out


def test_a_backup_that_holds_something_else_than_it_says_is_not_good(made: Command) -> None:
    _alter(made, lambda tables: tables["users"].update(digest="0" * 32))
    status, out, _ = made.opened("verify", "latest", "--on-server", "--unsigned")
    assert status == 1
    assert "NOT AS IT WAS" in out
    assert "users: 1 rows as in the backup, but not the same ones" in out
    status, out, _ = made.opened("restore", "latest", "--unsigned")
    assert status == 1
    assert "Let nobody in" in out


def test_an_altered_manifest_and_a_stranger_are_seen(made: Command) -> None:
    made.set("NODRAKE_SECRET", SECRET[::-1])
    status, _, err = made.opened("verify", "latest", "--quick")
    assert status == 1
    assert "none of the backups there counts" in err
    status, _, err = made.opened("verify", made.rows.name.removesuffix(".dump.age"), "--quick")
    assert status == 1
    assert "was not made under this NODRAKE_SECRET" in err
    assert made.opened("verify", "latest", "--quick", "--unsigned")[0] == 0
    made.set("NODRAKE_SECRET", SECRET)
    _alter(made, lambda tables: tables["users"].update(rows=2))
    assert made.opened("restore", "latest")[0] == 1


def test_what_is_read_is_what_was_found_good_whatever_takes_its_place(made: Command) -> None:
    opened = Opened(
        load_settings(os.environ), BackupFolder(made.folder), "latest", made.key, unsigned=False
    )
    with closing(opened):
        other = made.folder / "other"
        other.write_bytes(bytes(made.rows.stat().st_size))
        other.rename(made.rows)
        opened.list_tables()


def _alter(command: Command, change: Callable[[dict[str, dict[str, object]]], None]) -> None:
    manifest = command.rows.with_name(command.rows.name.replace(".dump.age", ".json"))
    content = json.loads(manifest.read_text())
    change(content["tables"])
    manifest.write_bytes(msgspec.json.encode(content))


@pytest.mark.parametrize("action", ["verify", "restore"])
def test_another_key_and_damage_change_nothing(
    made: Command, database_url: str, tmp_path: Path, action: str
) -> None:
    other = tmp_path / "other.key"
    made("key", str(other))
    content = made.rows.read_bytes()
    status, _, err = made(action, "latest", "--identity", str(other))
    assert status == 1
    assert "for another key" in err
    for damaged in (content[:-1], content[:5000] + bytes([content[5000] ^ 1]) + content[5001:]):
        made.rows.write_bytes(damaged)
        status, _, err = made.opened(action, "latest")
        assert status == 1
        assert "is not as it was written" in err
    made.rows.unlink()
    assert "is missing: use another copy" in made.opened(action, "latest")[2]
    with psycopg.connect(database_url) as connection:
        assert connection.execute("select to_regclass('users')").fetchone() == (None,)


def test_without_recipients_nothing_is_written(made: Command) -> None:
    made.set("NODRAKE_BACKUP_RECIPIENTS", "")
    status, _, err = made("create")
    assert status == 2
    assert "nothing is written that is not encrypted" in err
    made.set("NODRAKE_BACKUP_RECIPIENTS", "age1nonsense")
    status, _, err = made("create")
    assert status == 2
    assert "backup.recipients (NODRAKE_BACKUP_RECIPIENTS): expected public keys" in err


@pytest.mark.parametrize("action", [["create"], ["verify", "--on-server"], ["restore"]])
def test_the_sessions_of_a_pooler_are_left_alone(made: Command, action: list[str]) -> None:
    made.set("NODRAKE_DATABASE_POOLER", "transaction")
    do, *extra = action
    status, _, err = made(do) if do == "create" else made.opened(do, "latest", *extra)
    assert status == 2
    assert "give it PostgreSQL's own address" in err


def test_a_database_that_is_away_leaves_nothing(command: Command) -> None:
    command.set("DATABASE_URL", "postgresql://nobody:hidden-word@127.0.0.1:1/nothing")
    status, out, err = command("create")
    assert (status, out) == (1, "")
    assert "PostgreSQL cannot be reached" in err
    assert "hidden-word" not in err
    assert [each.name for each in command.folder.iterdir()] == [".lock"]


def test_a_folder_that_cannot_be_written_to_is_told(made: Command, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    made.set("NODRAKE_BACKUP_FOLDER", str(tmp_path / "file"))
    status, _, err = made("prune", "--keep-daily", "1")
    assert status == 1
    assert "cannot be written to" in err


def test_the_list_and_its_alarm(made: Command) -> None:
    status, out, _ = made("list", "--max-age-hours", "1")
    assert status == 0
    assert made.rows.name.removesuffix(".dump.age") in out
    assert json.loads(made("list", "--json")[1])[0]["schema"] == 18
    status, _, err = made("list", "--max-age-hours", "0")
    assert (status, err) == (1, "nodrake: no backup is younger than 0 hours\n")
    made.set("NODRAKE_SECRET", SECRET[::-1])
    status, out, err = made("list", "--max-age-hours", "1")
    assert status == 1
    assert "NOT OF THIS NODRAKE_SECRET" in out
    assert "left alone, and not counted" in err
    made.set("NODRAKE_SECRET", SECRET)
    made.rows.write_bytes(b"")
    assert "MISSING OR CUT OFF" in made("list")[1]
    assert made("list", "--max-age-hours", "1")[0] == 1


def test_what_is_too_old_goes_and_the_last_good_one_never(made: Command, source: str) -> None:
    made.set("DATABASE_URL", source)
    good = made.rows
    assert made("create")[0] == 0
    newest = made.rows
    made.set("NODRAKE_SECRET", SECRET[::-1])
    assert made("prune", "--keep-daily", "1")[1] == ""
    made.set("NODRAKE_SECRET", SECRET)
    status, out, _ = made("prune", "--keep-daily", "1", "--dry-run")
    assert status == 0
    assert out.startswith(f"would remove {good.name.removesuffix('.dump.age')}, ")
    assert len(list(made.folder.glob("*.dump.age"))) == 2

    newest.write_bytes(bytes(newest.stat().st_size))  # as long as before, and of no use
    assert made("prune", "--keep-daily", "1")[1] == ""
    assert good.exists()

    status, out, _ = made("create", "--keep-daily", "1")
    assert status == 0
    assert out.count("removed nodrake-") == 2
    assert list(made.folder.glob("*.dump.age")) == [made.rows]
    assert made.opened("verify", "latest", "--quick")[0] == 0
    assert made("prune")[0] == 2
    assert made("prune", "--keep-daily", "-1")[0] == 1


@pytest.mark.parametrize("arguments", [[], ["create"], ["verify"], ["restore"]])
def test_the_help_teaches(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["backup", *arguments, "--help"])
    shown = capsys.readouterr().out
    told = ("exit status",) if arguments else ("backup key", "--identity", "runbooks/restore.md")
    for each in told:
        assert each in shown
