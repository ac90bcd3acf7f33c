"""Everything on one machine, from one command."""

import os
import re
import signal
import socket
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.e2e.process import Up, free_port, nodrake, running, wait_until_gone
from tests.entrypoints.person import PASSWORD, Person

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_starts_says_where_to_look_and_stops_without_a_trace(
    data: Path, number: signal.Signals
) -> None:
    with running(data) as up:
        up.wait_for(f"http://localhost:{up.port}/docs")
        assert f"http://localhost:{up.port}/dev/mail" in up.output
        assert "sample artists loaded" in up.output
        assert up.end(number) == 0
    assert "stopping; the data stays" in up.output
    wait_until_gone(str(data))


def test_a_restart_finds_the_same_data(data: Path) -> None:
    with running(data) as up, httpx.Client(base_url=up.url, trust_env=False) as api:
        person = Person.register(api, "ada@example.org")
        person.import_csv("artist,id\nBloom,4PbKVheWA7ToOxOrqqzjol\n")
    with running(data) as up, httpx.Client(base_url=up.url, trust_env=False) as api:
        answer = api.post(
            "/api/v1/auth/login", json={"email": "ada@example.org", "password": PASSWORD}
        )
        assert answer.status_code == 200
        assert len(Person(api, answer.json()).entries()) == 1


def test_its_own_database_has_memory_for_a_large_catalogue(data: Path) -> None:
    with running(data):
        url = f"postgresql://nodrake@/nodrake?host={data / 'run'}"
        with psycopg.connect(url) as connection:
            row = connection.execute(
                "select setting::int * 8192 from pg_settings where name = 'shared_buffers'"
            ).fetchone()
    assert row is not None
    assert 128 * 1024**2 < row[0] <= 1024**3, "more than PostgreSQL takes by itself"


def test_servers_end_with_their_parent_however_it_dies(data: Path) -> None:
    with running(data) as up:
        up.end(signal.SIGKILL)
        wait_until_gone(str(data))
    with running(data) as again:
        assert httpx.get(f"{again.url}/health", trust_env=False).status_code == 200


def test_a_second_one_on_the_same_data_is_refused(data: Path) -> None:
    with running(data) as up:
        second = Up(data, NODRAKE_HOST="127.0.0.1")
        assert second.process.wait(60) == 1
        assert "are running already" in second.output
        assert up.process.poll() is None


def test_a_taken_port_is_named_with_the_setting_to_change(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = nodrake("up", "--data", str(data), NODRAKE_PORT=str(port))
    assert done.returncode == 1
    assert f"127.0.0.1:{port}" in done.stderr
    assert f"NODRAKE_PORT={port + 1}" in done.stderr
    assert not data.exists(), "nothing was started"


def test_other_servers_can_be_named(data: Path, migrated_database_url: str, redis_url: str) -> None:
    with running(data, DATABASE_URL=migrated_database_url, REDIS_URL=redis_url) as up:
        assert httpx.get(f"{up.url}/health", trust_env=False).json()["status"] == "healthy"
        assert not (data / "postgres").exists()


def test_a_frozen_database_gets_a_bounded_answer(data: Path) -> None:
    with running(data) as up, httpx.Client(base_url=up.url, trust_env=False) as api:
        person = Person.register(api, "ada@example.org")
        assert person.entries() == []
        pid = int((data / "postgres" / "postmaster.pid").read_text().split()[0])
        backends = _descendants(pid)
        for process in backends:
            signal_process(process, signal.SIGSTOP)
        try:
            answer = person.call("GET", "/api/v1/dnp/list", timeout=20)
            assert answer.status_code == 503
            assert answer.json()["code"] == "shared.unavailable"
            assert api.get("/health/live").status_code == 200
            assert api.get("/health/ready", timeout=20).status_code == 503
        finally:
            for process in backends:
                signal_process(process, signal.SIGCONT)
        for _ in range(40):
            if person.call("GET", "/api/v1/dnp/list", timeout=20).status_code == 200:
                break
        assert person.entries() == []


def _descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(int(child) for child in children)]


def signal_process(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process that may be gone."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def test_somebody_who_hangs_up_half_way_is_no_error_and_changes_nothing(data: Path) -> None:
    with running(data) as up, httpx.Client(base_url=up.url, trust_env=False) as api:
        person = Person.register(api, "ada@example.org")
        with socket.create_connection(("127.0.0.1", up.port)) as connection:
            head = (
                "POST /api/v1/dnp/import HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/csv\r\n"
                f"content-length: 1000\r\nauthorization: Bearer {person.access_token}\r\n\r\n"
            )
            connection.sendall(head.encode() + b"artist,id\nBloom,4PbKVheWA7ToOxOrqqzjol\n")
        up.wait_for('"client_left":true')
        assert '"level":"error"' not in up.output
        assert person.entries() == []


def test_mail_is_shown_and_a_link_in_it_proves_the_address(data: Path) -> None:
    with running(data) as up, httpx.Client(base_url=up.url, trust_env=False) as api:
        person = Person.register(api, "ada@example.org")
        up.wait_for('"outcome":"sent"')
        (path,) = re.findall(r'href="(/dev/mail/[0-9a-f-]+)"', api.get("/dev/mail").text)
        page = f"http://localhost:{up.port}/verify-email"
        token = re.findall(rf"{page}#token=([\w-]+)", api.get(path).text)[0]
        assert httpx.get(page, trust_env=False).status_code == 200
        assert api.post("/api/v1/auth/email/verify", json={"token": token}).status_code == 204
        assert person.call("GET", "/api/v1/users/profile").json()["email_verified"] is True
        for secret in (token, "ada@example.org", PASSWORD):
            assert secret not in up.output


def test_a_frozen_mail_server_delays_neither_requests_nor_events(data: Path) -> None:
    with socket.socket() as frozen:
        frozen.bind(("127.0.0.1", 0))
        frozen.listen()
        url = f"smtp://127.0.0.1:{frozen.getsockname()[1]}"
        with (
            running(data, NODRAKE_MAIL_URL=url) as up,
            httpx.Client(base_url=up.url, trust_env=False) as api,
        ):
            Person.register(api, "ada@example.org")
            connection, _ = frozen.accept()  # the worker waits from now on
            with connection:
                person = Person.register(api, "bob@example.org")
                up.wait_for(f'"user_id":"{person.id}"')
                assert '"outcome"' not in up.output
                assert "/dev/mail" not in up.output
                assert api.get("/dev/mail").status_code == 404
            assert up.end() == 0


def test_every_bad_setting_is_told_at_once() -> None:
    done = nodrake(
        "serve",
        NODRAKE_PORT="abc",
        NODRAKE_MODE="production",
        NODRAKE_CORS_ORIGINS="*",
        NODRAKE_PROT="1",
        REDIS_URL="http://x",
    )
    assert done.returncode == 2
    for path in (
        "http.port (NODRAKE_PORT)",
        "http.cors_origins (NODRAKE_CORS_ORIGINS)",
        "database.url (DATABASE_URL)",
        "redis.url (REDIS_URL)",
        "security.secret (NODRAKE_SECRET)",
        "http.public_url (NODRAKE_PUBLIC_URL)",
        "NODRAKE_PROT",
    ):
        assert path in done.stderr, path
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "secret", ["", "short", "development-only-secret-never-use-it-in-production"]
)
def test_production_refuses_a_default_or_short_secret(secret: str) -> None:
    done = nodrake(
        "serve",
        NODRAKE_MODE="production",
        NODRAKE_PUBLIC_URL="https://music.example.org",
        NODRAKE_SECRET=secret,
        NODRAKE_PORT=str(free_port()),
        DATABASE_URL="postgresql://x/y",
        REDIS_URL="redis://x",
    )
    assert done.returncode == 2
    assert "security.secret (NODRAKE_SECRET)" in done.stderr


def test_help_and_settings_explain_themselves() -> None:
    assert "nodrake up" in nodrake("--help").stdout
    listed = nodrake("settings", NODRAKE_SECRET="a secret that must not be shown, ever").stdout
    assert "NODRAKE_PORT" in listed
    assert "must not be shown" not in listed
