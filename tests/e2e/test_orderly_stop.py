"""SIGTERM: first nobody is sent here any more, then what has begun is finished, then it is gone."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex

import httpx
import psycopg
import pytest

from tests.e2e.process import ROOT, Serve, environment, serving, wait_for
from tests.entrypoints.person import Person
from tests.entrypoints.serving import serving as serving_here
from tests.sink import smtp_sink

pytestmark = pytest.mark.slow

READY = "/health/ready"
ROWS = 10_000


@pytest.fixture
def settings(make_database: Callable[[], str], redis_url: str) -> dict[str, str]:
    """A database of one's own, and no deadline that a test runs into."""
    return {
        "DATABASE_URL": make_database(),
        "REDIS_URL": redis_url,
        "NODRAKE_DEADLINE_SECONDS": "30",
        "NODRAKE_DRAIN_SECONDS": "1",
    }


@pytest.fixture(params=[1, 2], ids=["one process", "two workers"])
def serve(
    request: pytest.FixtureRequest, tmp_path: Path, settings: dict[str, str]
) -> Iterator[Serve]:
    """The API in one process, and in two."""
    with serving(tmp_path / "log", workers=request.param, **settings) as serve:
        yield serve


def half_sent(serve: Serve, person: Person, content: bytes) -> socket.socket:
    """An import of which the server has the head and half of the body."""
    connection = socket.create_connection(("127.0.0.1", serve.port), timeout=20)
    connection.sendall(
        f"POST /api/v1/dnp/import HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/csv\r\n"
        f"authorization: Bearer {person.access_token}\r\n"
        f"content-length: {len(content)}\r\n\r\n".encode()
        + content[: len(content) // 2]
    )
    return connection


def everything(connection: socket.socket) -> bytes:
    """What arrives until the other side closes, in order or not."""
    parts = []
    try:
        while part := connection.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def takes_no_more(serve: Serve) -> bool:
    """Whether a new connection gets no answer."""
    try:
        httpx.get(f"{serve.url}/health/live", trust_env=False, timeout=0.5)
    except httpx.TransportError:
        return True
    return False


def test_it_is_not_ready_at_once_serves_for_a_while_and_loses_nothing(serve: Serve) -> None:
    content = b"artist,id\nBloom,4PbKVheWA7ToOxOrqqzjol\n"
    with httpx.Client(base_url=serve.url, trust_env=False, timeout=20) as api:
        person = Person.register(api, "ada@example.org")
        with half_sent(serve, person, content) as begun:
            serve.process.terminate()
            wait_for(lambda: api.get(READY).status_code == 503, 20, "readiness is red")
            told = api.get(READY)
            assert told.headers["content-type"] == "application/problem+json"
            assert (told.json()["code"], told.json()["retryable"]) == ("shared.unavailable", True)
            assert told.headers["retry-after"] == "1"
            assert api.get("/health/live").status_code == 200
            served = person.call("GET", "/api/v1/dnp/list")
            assert (served.status_code, served.headers["connection"]) == (200, "close")
            wait_for(lambda: takes_no_more(serve), 20, "it takes no more")
            begun.sendall(content[len(content) // 2 :])
            answer = everything(begun)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b'"added":1' in answer
    assert serve.process.wait(20) == 0


def test_a_second_signal_does_not_wait(tmp_path: Path, settings: dict[str, str]) -> None:
    settings["NODRAKE_DRAIN_SECONDS"] = "60"
    for workers in (1, 2):
        with serving(tmp_path / "log", workers=workers, **settings) as serve:
            serve.process.terminate()
            wait_for(
                lambda: httpx.get(serve.url + READY, trust_env=False).status_code == 503,
                20,
                "readiness is red",
            )
            serve.process.terminate()
            assert serve.process.wait(20) == 1
            wait_for(lambda: not alive(serve.process.pid), 20, "it is gone")


def alive(group: int) -> bool:
    """Whether a process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_ctrl_c_does_not_wait_for_proxies(tmp_path: Path, settings: dict[str, str]) -> None:
    settings["NODRAKE_DRAIN_SECONDS"] = "60"
    with serving(tmp_path / "log", workers=1, **settings) as serve:
        serve.process.send_signal(signal.SIGINT)
        assert serve.process.wait(20) == 0


def test_a_stream_is_read_to_its_end_and_one_that_is_not_taken_is_seen_to_be_cut_off(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    settings["NODRAKE_DRAIN_SECONDS"] = "0"
    with serving(tmp_path / "log", workers=1, **settings) as serve:
        with httpx.Client(base_url=serve.url, trust_env=False, timeout=60) as api:
            person = Person.register(api, "ada@example.org")
            for part in range(2):
                names = (f"Band,{part}{n:021d},{token_hex(200)}\n" for n in range(ROWS // 2))
                person.import_csv("artist,id,note\n" + "".join(names))
        taken, left = (exporting(serve, person) for _ in range(2))
        with taken, left:
            serve.process.terminate()
            wait_for(lambda: takes_no_more(serve), 20, "it takes no more")
            whole = everything(taken)
            assert serve.process.wait(20) == 0
            part_of_it = everything(left)
    chunks = whole.partition(b"\r\n\r\n")[2]
    assert whole.endswith(b"0\r\n\r\n")
    assert len(json.loads(unchunked(chunks))["entries"]) == ROWS
    assert part_of_it.startswith(b"HTTP/1.1 200 ")
    assert not part_of_it.endswith(b"0\r\n\r\n")


def exporting(serve: Serve, person: Person) -> socket.socket:
    """An export that has begun and of which nothing was taken yet."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    connection.settimeout(20)
    connection.connect(("127.0.0.1", serve.port))
    connection.sendall(
        f"GET /api/v1/dnp/export?format=json HTTP/1.1\r\nhost: localhost\r\n"
        f"authorization: Bearer {person.access_token}\r\n\r\n".encode()
    )
    assert connection.recv(12, socket.MSG_PEEK) == b"HTTP/1.1 200"
    return connection


def unchunked(body: bytes) -> bytes:
    """The content of a chunked body (RFC 9112 section 7.1)."""
    parts = []
    while body:
        size, _, rest = body.partition(b"\r\n")
        length = int(size, 16)
        parts.append(rest[:length])
        body = rest[length + 2 :]
    return b"".join(parts)


def test_a_worker_releases_what_it_holds_and_a_second_signal_does_not_wait(
    settings: dict[str, str],
) -> None:
    with smtp_sink() as sink:
        sink.pause = 30
        settings |= {"NODRAKE_MAIL_URL": sink.url}
        with (
            serving_here(settings) as url,
            httpx.Client(base_url=url, trust_env=False, timeout=20) as api,
        ):
            Person.register(api, "ada@example.org")
        with psycopg.connect(settings["DATABASE_URL"], autocommit=True) as connection:

            def claimed() -> bool:
                row = connection.execute("select bool_or(due_at > now()) from outgoing_mails")
                return row.fetchone() == (True,)

            for signals, status in ((1, 0), (2, 1)):
                worker = subprocess.Popen(
                    [sys.executable, "-m", "entrypoints.cli.main", "worker"],
                    cwd=ROOT,
                    env=environment(**settings),
                    stdout=subprocess.DEVNULL,
                )
                wait_for(claimed, 20, "the message is claimed")
                for _ in range(signals):
                    worker.terminate()
                    time.sleep(0.2)
                assert worker.wait(20) == status
                assert claimed() is (status == 1), "left to the others, unless there was no time"


@pytest.mark.parametrize("command", ["serve", "worker", "migrate"])
def test_a_command_can_be_ended_while_it_is_still_being_loaded(command: str) -> None:
    settings = environment(DATABASE_URL="postgresql:///", REDIS_URL="unix:///")
    # Measured, it would have another handler from the first moment.
    process = subprocess.Popen(
        [Path(sys.executable).with_name("nodrake"), command],
        env={name: value for name, value in settings.items() if not name.startswith("COVERAGE")},
        stderr=subprocess.DEVNULL,
    )
    status = Path(f"/proc/{process.pid}/status")
    caught = 0
    while not caught >> (signal.SIGTERM - 1) & 1:  # before that, Python itself is being loaded
        assert process.poll() is None, "it ended before it could be told to"
        line = next(x for x in status.read_text().splitlines() if x.startswith("SigCgt"))
        caught = int(line.split()[1], 16)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 128 + signal.SIGTERM
