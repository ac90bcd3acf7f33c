"""``nodrake audit``: whoever tampers with the log is found out, at the first bad row."""

import asyncio
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from domain.audit.chain import GENESIS, ChainKey, MarkKind
from entrypoints.cli.main import main
from entrypoints.container import Container
from entrypoints.settings import load_settings
from tests.builders.audit import a_record

REDIS = "redis://127.0.0.1:1"


class Log:
    """An audit log with a service that writes to it and a superuser who tampers with it."""

    def __init__(self, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self._url = url
        self._capsys = capsys

    def write(self, count: int, *, age: timedelta = timedelta(0)) -> None:
        """As many records, sealed at once."""

        async def run(container: Container) -> None:
            for _ in range(count):
                async with container.begin()() as tx:
                    await tx.audit.append(a_record(created_at=datetime.now(UTC) - age))
            await container.seal_audit_log()()

        self.work(run)

    def work(self, run: Callable[[Container], object]) -> None:
        """What the worker does."""
        environ = {"DATABASE_URL": self._url, "REDIS_URL": REDIS}
        container = Container(settings=load_settings(environ))

        async def with_pool() -> None:
            await container.pool().open()
            try:
                await run(container)  # type: ignore[misc]  # a coroutine
            finally:
                await container.pool().close()

        asyncio.run(with_pool())

    def tamper(self, *statements: str) -> None:
        """As a superuser, for whom no trigger runs."""
        with psycopg.connect(self._url) as connection:
            connection.execute("set session_replication_role = replica")
            for statement in statements:
                connection.execute(statement)

    def row(self, position: int) -> str:
        """How a row is named: its place, its id, its time."""
        with psycopg.connect(self._url) as connection:
            found = connection.execute(
                "select id, created_at from audit_log where chain_position = %s", [position]
            ).fetchone()
        assert found is not None
        return f"place {position}, id {found[0]}, {found[1].astimezone(UTC).isoformat()}"

    def nodrake(self, *arguments: str) -> tuple[int, str, str]:
        """Exit status, standard output, standard error."""
        self._capsys.readouterr()
        status = main(["audit", *arguments])
        captured = self._capsys.readouterr()
        return status, captured.out, captured.err


@pytest.fixture
def log(
    make_database: Callable[[], str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Log:
    """A log with ten sealed rows."""
    url = make_database()
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("REDIS_URL", REDIS)
    log = Log(url, capsys)
    log.write(10)
    return log


SWAP = (
    "update audit_log set chain_position = -1 where chain_position = 4",
    "update audit_log set chain_position = 4 where chain_position = 5",
    "update audit_log set chain_position = 5 where chain_position = -1",
)
COPY = "insert into audit_log select gen_random_uuid(), {columns} from audit_log where {where}"


def test_a_whole_log_is_called_whole(log: Log) -> None:
    status, out, _ = log.nodrake("verify")
    assert (status, out) == (0, "whole: 10 rows up to place 10, 0 waiting to be sealed\n")


@pytest.mark.parametrize(
    ("bad", "statements"),
    [
        (4, ["update audit_log set action = 'nothing.happened.v1' where chain_position = 4"]),
        (4, ["update audit_log set user_id = gen_random_uuid() where chain_position = 4"]),
        (4, ["update audit_log set user_id = null where chain_position = 4"]),
        (4, ["update audit_log set outcome = 'refused' where chain_position in (4, 7)"]),
        (4, ["update audit_log set resource_id = null where chain_position = 4"]),
        (4, ["update audit_log set ip_address = '198.51.100.1' where chain_position = 4"]),
        (4, ["update audit_log set ip_address = null where chain_position = 4"]),
        (4, ["update audit_log set user_agent = 'x' where chain_position = 4"]),
        (4, ["update audit_log set request_id = 'x' where chain_position = 4"]),
        (4, ["update audit_log set created_at = created_at - interval '1 us' "
             "where chain_position = 4"]),
        (4, ["""update audit_log set new_state = '{"a": 1}' where chain_position = 4"""]),
        (4, ["""update audit_log set old_state = '{}' where chain_position = 4"""]),
        (4, ["update audit_log set signature = null where chain_position = 4"]),
        (4, ["update audit_log set address_digest = null where chain_position = 4"]),
        (4, ["update audit_log set chain_hash = sha256('x') where chain_position = 4"]),
        (5, ["delete from audit_log where chain_position = 4"]),
        (2, ["delete from audit_log where chain_position = 1"]),
        (4, [*SWAP]),
        (11, [COPY.format(columns="user_id, action, resource_type, resource_id, ip_address, "
              "user_agent, request_id, created_at, outcome, old_state, new_state, address_digest, "
              "signature, 11, chain_hash", where="chain_position = 10")]),
    ],
)  # fmt: skip
def test_a_row_that_was_tampered_with_is_named(log: Log, bad: int, statements: list[str]) -> None:
    log.tamper(*statements)
    status, out, _ = log.nodrake("verify")
    assert status == 1
    assert log.row(bad) in out


def test_a_row_that_was_slipped_in_for_the_worker_to_seal_is_named(log: Log) -> None:
    log.tamper(
        "insert into audit_log (id, action, resource_type, request_id) "
        "values (gen_random_uuid(), 'accounts.user_registered.v1', 'user', 'r')"
    )
    status, out, _ = log.nodrake("verify")
    assert status == 1
    assert "not written by the service" in out
    log.write(1)
    status, out, _ = log.nodrake("verify")
    assert status == 1
    assert "not written by the service" in out


def test_a_row_that_waits_is_checked_too(log: Log) -> None:
    async def write(container: Container) -> None:
        async with container.begin()() as tx:
            await tx.audit.append(a_record(created_at=datetime.now(UTC)))

    log.work(write)
    assert log.nodrake("verify")[1].endswith("1 waiting to be sealed\n")
    log.tamper("update audit_log set action = 'x' where chain_hash is null")
    assert log.nodrake("verify")[0] == 1


def test_a_row_that_has_waited_too_long_is_named(log: Log) -> None:
    async def write(container: Container) -> None:
        async with container.begin()() as tx:
            await tx.audit.append(a_record(created_at=datetime.now(UTC) - timedelta(seconds=90)))

    log.work(write)
    status, out, _ = log.nodrake("verify")
    assert status == 1
    assert "is a worker running?" in out
    assert log.nodrake("verify", "--grace", "1000")[0] == 0


def test_a_cut_end_is_found(log: Log) -> None:
    log.tamper("delete from audit_log where chain_position > 7")
    status, out, _ = log.nodrake("verify")
    assert status == 1
    assert out == (
        "NOT WHOLE after 7 good rows: place 8: rows 8 to 10 are missing at the end of the log\n"
    )


def test_an_end_that_was_cut_off_with_its_head_is_found_by_a_kept_head(
    log: Log, tmp_path: Path
) -> None:
    log.tamper("create table kept as select * from audit_chain")
    log.write(5)
    _, digits, _ = log.nodrake("head")
    file = tmp_path / "heads"
    file.write_text(f"{'00' * 72}\n{digits}")
    assert log.nodrake("verify", "--head", str(file))[0] == 0
    log.tamper(
        "delete from audit_log where chain_position > 10",
        "delete from audit_chain",
        "insert into audit_chain select * from kept",
    )
    assert log.nodrake("verify")[0] == 0, "the chain alone cannot show it"
    for head in (digits.strip(), str(file)):
        status, out, _ = log.nodrake("verify", "--head", head)
        assert status == 1
        assert "place 11: rows 11 to 15 are missing" in out
    log.write(5)
    status, out, _ = log.nodrake("verify", "--head", digits.strip())
    assert status == 1
    assert "rewritten" in out
    assert log.row(15) in out


def test_an_emptied_log_is_found_by_a_kept_head(log: Log) -> None:
    _, digits, _ = log.nodrake("head")
    log.tamper("truncate audit_log, audit_chain")
    status, out, _ = log.nodrake("verify", "--head", digits.strip())
    assert status == 1
    assert "rows 1 to 10 are missing" in out


def test_what_retention_removes_is_not_missed(log: Log) -> None:
    log.tamper("truncate audit_log, audit_chain")
    log.write(5, age=timedelta(days=400))
    log.write(3)
    _, digits, _ = log.nodrake("head")
    log.work(lambda container: container.expire_audit_records()())
    log.work(lambda container: container.seal_audit_log()())
    status, out, _ = log.nodrake("verify", "--head", digits.strip())
    assert status == 0
    assert out == ("whole: 4 rows up to place 9, 5 removed by retention, 0 waiting to be sealed\n")


def test_a_head_from_before_what_retention_removed_says_that_it_proves_nothing(log: Log) -> None:
    log.tamper("truncate audit_log, audit_chain")
    log.write(1, age=timedelta(days=400))
    _, digits, _ = log.nodrake("head")
    log.write(1, age=timedelta(days=399))
    log.work(lambda container: container.expire_audit_records()())
    status, _, err = log.nodrake("verify", "--head", digits.strip())
    assert status == 0
    assert "proves nothing" in err


def test_what_cannot_be_checked_is_neither_whole_nor_broken(
    log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = ChainKey(value=bytes(32)).mark(MarkKind.HEAD, 1, GENESIS).to_hex()
    empty = tmp_path / "empty"
    empty.touch()
    for head in (foreign, str(tmp_path / "missing"), str(empty)):
        status, out, err = log.nodrake("verify", "--head", head)
        assert (status, out) == (2, "")
        assert "could not be checked" in err


@pytest.mark.parametrize("command", ["verify", "head"])
def test_whom_the_database_does_not_let_in_is_told_so_in_one_line(
    log: Log, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    there = conninfo_to_dict(os.environ["DATABASE_URL"])
    where = f"host={there['host']}&port={there.get('port', 5432)}&password=never%20shown"
    for url, said in {
        f"postgresql://nobody_here@/{there['dbname']}?{where}": "refuses this role",
        "postgresql://nobody_here:never%20shown@127.0.0.1:1/x": "cannot be reached",
    }.items():
        monkeypatch.setenv("DATABASE_URL", url)
        status, out, err = log.nodrake(command)
        assert (status, out) == (2, "")
        assert said in err
        assert "DATABASE_URL, which is postgresql://nobody_here@" in err
        assert err.count("\n") == 1, "no line of the pool's"
        assert "never" not in err


def test_another_secret_finds_every_row_bad(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NODRAKE_SECRET", "x" * 32)
    assert log.nodrake("verify")[0] == 1
    status, out, err = log.nodrake("head")
    assert (status, out) == (1, "")
    assert "forged" in err


@pytest.mark.parametrize(
    ("is_there", "told"),
    [(True, "permission denied for table audit_"), (False, "`nodrake migrate`")],
)
def test_what_cannot_be_read_is_not_called_tampered_with(
    log: Log, monkeypatch: pytest.MonkeyPatch, database_url: str, is_there: bool, told: str
) -> None:
    url = os.environ["DATABASE_URL"] if is_there else database_url
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create role stranger login password 'stranger'")
        try:
            where = conninfo_to_dict(url)
            host = {"host": where["host"], "port": where.get("port", "5432")}
            monkeypatch.setenv(
                "DATABASE_URL",
                f"postgresql://stranger:stranger@/{where['dbname']}?{urlencode(host)}",
            )
            for command in ("verify", "head"):
                status, out, err = log.nodrake(command)
                assert (status, out) == (2, "")
                assert told in err
        finally:
            connection.execute("drop role stranger")


def test_without_rows_there_is_no_head(log: Log) -> None:
    log.tamper("truncate audit_log, audit_chain")
    status, out, err = log.nodrake("head")
    assert (status, out) == (1, "")
    assert "nothing has been sealed" in err


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--help"], "keep the head somewhere else"),
        (["verify", "--help"], "exit status: 0"),
        (["head", "--help"], "144 hexadecimal digits"),
    ],
)
def test_the_help_teaches(
    capsys: pytest.CaptureFixture[str], arguments: list[str], text: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["audit", *arguments])
    assert ended.value.code == 0
    assert text in capsys.readouterr().out
