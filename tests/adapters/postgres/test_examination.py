"""What the doctor says of PostgreSQL: nothing of a careful one, and each thing that is broken."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import psycopg
import pytest

from adapters.embedded.servers import EmbeddedServers
from adapters.postgres.examination import (
    Plan,
    examine_database,
    tls_finding,
    version_finding,
)
from adapters.postgres.grants import grant_application_role
from adapters.postgres.migrations import migrate
from adapters.postgres.pool import create_pool, fetch_all
from application.shared.finding import Finding, Verdict
from tests.services import new_database

PLAN = Plan(pool_size=10, processes=2, production=True)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server that is set up with care, as its owner reaches it."""
    with tempfile.TemporaryDirectory(prefix="nodrake-") as folder:
        Path(folder).chmod(0o755)
        with EmbeddedServers(Path(folder) / "data", redis=False) as servers:
            with psycopg.connect(servers.database_url, autocommit=True) as connection:
                connection.execute("create role app login")
                connection.execute("create role strong login createdb")
            yield servers.database_url


@pytest.fixture
def owner_url(server: str) -> Iterator[str]:
    """A database with the schema, as its owner reaches it."""
    with new_database(server) as url:
        migrate(url)
        grant_application_role(url, "app")
        yield url


def as_role(url: str, role: str) -> str:
    """The same database as somebody else."""
    host = urlsplit(url).netloc.rpartition("@")[2]
    return urlsplit(url)._replace(netloc=f"{role}@{host}").geturl()


def examined(
    url: str, plan: Plan = PLAN, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> dict[str, Finding]:
    """What was found, by its subject."""
    findings = list(examine_database(url, plan, clock))
    assert len({finding.subject for finding in findings}) == len(findings)
    return {finding.subject: finding for finding in findings}


@contextmanager
def sql(url: str, *statements: str) -> Iterator[None]:
    """Statements by the owner, the last of them afterwards where there are two or more."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements[: max(1, len(statements) - 1)]:
            connection.execute(statement)
        yield
        for statement in statements[max(1, len(statements) - 1) :]:
            connection.execute(statement)


def name_of(url: str) -> str:
    """The database's name."""
    return urlsplit(url).path[1:]


def test_a_careful_deployment_has_nothing_to_be_said_of(owner_url: str) -> None:
    found = examined(as_role(owner_url, "app"))
    assert {finding.verdict for finding in found.values()} == {Verdict.OK}, found
    assert set(found) == {
        "postgresql",
        "database writes",
        "durability",
        "encoding",
        "database tls",
        "clocks",
        "connections",
        "schema",
        "extensions",
        "database role",
        "database rights",
        "worker",
        "mails",
    }


@pytest.mark.parametrize(
    ("subject", "setting", "verdict"),
    [
        ("durability", "synchronous_commit = off", Verdict.FAIL),
        ("database writes", "default_transaction_read_only = on", Verdict.FAIL),
    ],
)
def test_a_setting_that_is_broken_is_seen(
    owner_url: str, subject: str, setting: str, verdict: Verdict
) -> None:
    name = setting.split(" = ", maxsplit=1)[0]
    with sql(owner_url, f"alter database {name_of(owner_url)} set {setting}"):
        found = examined(as_role(owner_url, "app"))
    assert found[subject].verdict is verdict
    assert name in str(found[subject])


@pytest.mark.anyio
async def test_the_service_insists_on_what_it_answers_being_on_the_disk(owner_url: str) -> None:
    with sql(owner_url, f"alter database {name_of(owner_url)} set synchronous_commit = off"):
        pool = create_pool(owner_url, 1)
        await pool.open()
        assert await fetch_all(pool, "show synchronous_commit", {}) == [("on",)]
        await pool.close()


def test_an_encoding_that_lacks_letters_is_seen(server: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("create database latin encoding 'LATIN1' locale 'C' template template0")
    found = examined(urlsplit(server)._replace(path="/latin").geturl())
    assert found["encoding"].verdict is Verdict.FAIL
    assert found["schema"].found == "there is none"
    assert found["schema"].advice == "run `nodrake migrate`"
    assert "worker" not in found


@pytest.mark.parametrize(
    ("version", "verdict", "text"),
    [
        (1, Verdict.FAIL, "run `nodrake migrate`"),
        (0, Verdict.FAIL, "run `nodrake migrate`"),
        (9999, Verdict.WARN, "while releases are exchanged"),
    ],
)
def test_a_schema_of_another_release_is_seen(
    owner_url: str, version: int, verdict: Verdict, text: str
) -> None:
    change = (
        f"insert into schema_migrations values ({version}, 'x', 'x')"
        if version == 9999
        else f"delete from schema_migrations where version > {version}"
    )
    with sql(owner_url, change):
        found = examined(as_role(owner_url, "app"))
    assert found["schema"].verdict is verdict
    assert text in str(found["schema"])


def test_a_role_that_may_too_much_is_seen(owner_url: str) -> None:
    assert "superuser" in examined(owner_url)["database role"].found
    app = as_role(owner_url, "app")
    for statements, text in (
        (
            ("grant create on schema public to app", "revoke create on schema public from app"),
            "sch",
        ),
        (("create table mine ()", "alter table mine owner to app", "drop table mine"), "schema"),
        (("grant delete on audit_log to app", "revoke delete on audit_log from app"), "audit log"),
        (("grant update on audit_log to app", "revoke update on audit_log from app"), "audit log"),
    ):
        with sql(owner_url, *statements):
            role = examined(app)["database role"]
        assert (role.verdict, text in role.found) == (Verdict.WARN, True), statements
    assert examined(app)["database role"].verdict is Verdict.OK


def test_a_role_that_may_too_little_is_seen(owner_url: str) -> None:
    with sql(owner_url, "revoke insert on outbox from app"):
        rights = examined(as_role(owner_url, "app"))["database rights"]
    assert (rights.verdict, rights.found) == (Verdict.FAIL, "app lacks insert on outbox")
    stranger = examined(as_role(owner_url, "strong"))
    assert stranger["schema"].verdict is Verdict.FAIL
    assert "select on users" in stranger["database rights"].found


@pytest.mark.parametrize(
    ("seconds", "verdict"),
    [(0, Verdict.OK), (5, Verdict.WARN), (-5, Verdict.WARN), (60, "fail"), (-60, "fail")],
)
def test_a_clock_that_is_off_is_seen(owner_url: str, seconds: int, verdict: Verdict) -> None:
    found = examined(owner_url, clock=lambda: datetime.now(UTC) + timedelta(seconds=seconds))
    assert found["clocks"].verdict == verdict


def test_more_processes_than_connections_are_seen(owner_url: str) -> None:
    app = as_role(owner_url, "app")
    many = msgspec.structs.replace(PLAN, processes=10)
    assert examined(app, many)["connections"].verdict is Verdict.FAIL
    assert examined(app)["connections"].verdict is Verdict.OK
    for limited, unlimited in (
        ("alter role app connection limit 19", "alter role app connection limit -1"),
        (f"alter database {name_of(owner_url)} connection limit 19", "select 1"),
    ):
        with sql(owner_url, limited, unlimited):
            assert examined(app)["connections"].verdict is Verdict.FAIL


def test_a_worker_that_is_away_is_seen(owner_url: str) -> None:
    event = (
        "insert into outbox (id, type, user_id, payload, occurred_at) "
        "values (gen_random_uuid(), 'x', gen_random_uuid(), '{}', now() - interval '%s seconds')"
    )
    app = as_role(owner_url, "app")
    with sql(owner_url, event % 10):
        assert examined(app)["worker"].found == "1 events wait"
    with sql(owner_url, event % 90):
        assert examined(app)["worker"].verdict is Verdict.FAIL
    with sql(owner_url, "update outbox set relayed_at = now()"):
        assert examined(app)["worker"].verdict is Verdict.OK


def test_mails_that_are_late_are_seen(owner_url: str) -> None:
    mail = (
        "insert into outgoing_mails (id, content_sealed, created_at, due_at) "
        "values (gen_random_uuid(), '', now(), now() - interval '%s minutes')"
    )
    app = as_role(owner_url, "app")
    with sql(owner_url, mail % 10):
        assert examined(app)["mails"].verdict is Verdict.OK
    with sql(owner_url, mail % 20):
        assert examined(app)["mails"].verdict is Verdict.WARN


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("postgresql://x:canary-password@127.0.0.1:1/x", "Connection refused"),
        ("postgresql:///x?host=/nowhere", "/nowhere"),
        ("postgresql://[canary-password", "no address"),
        ("postgresql:///x?canary-password", "no address"),
    ],
)
def test_a_server_that_is_not_there_is_told_without_a_password(url: str, text: str) -> None:
    found = examined(url)
    assert list(found) == ["postgresql"]
    assert found["postgresql"].verdict is Verdict.FAIL
    assert text in found["postgresql"].found
    assert "canary" not in str(found)


def test_a_database_that_is_not_there_is_told(server: str) -> None:
    found = examined(urlsplit(server)._replace(path="/none").geturl())
    assert 'database "none" does not exist' in found["postgresql"].found


@pytest.mark.parametrize(
    ("version", "verdict"),
    [(140019, "fail"), (150000, "ok"), (180004, "ok"), (190000, "warn")],
)
def test_a_version_that_is_too_old_or_too_new_is_seen(version: int, verdict: str) -> None:
    assert version_finding(version).verdict == verdict


@pytest.mark.parametrize(
    ("host", "encrypted", "sslmode", "production", "verdict"),
    [
        ("/var/run/postgresql", False, "prefer", True, "ok"),
        ("127.0.0.1", False, "prefer", True, "ok"),
        ("::1", False, "prefer", True, "ok"),
        ("localhost", False, "prefer", True, "ok"),
        ("db.example.org", True, "verify-full", True, "ok"),
        ("db.example.org", True, "verify-ca", True, "warn"),
        ("10.0.0.5", True, "require", True, "warn"),
        ("10.0.0.5", False, "prefer", False, "warn"),
        ("10.0.0.5", False, "prefer", True, "fail"),
        ("db.example.org", False, "prefer", True, "fail"),
    ],
)
def test_a_way_on_which_others_can_read_is_seen(
    host: str, encrypted: bool, sslmode: str, production: bool, verdict: str
) -> None:
    found = tls_finding(host=host, encrypted=encrypted, sslmode=sslmode, production=production)
    assert found.verdict == verdict
