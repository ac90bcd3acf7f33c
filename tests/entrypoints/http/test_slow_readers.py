"""Whoever asks for much and takes little of it keeps nobody else from being answered."""

import asyncio
import select
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from adapters.telemetry.metrics import Metrics
from adapters.telemetry.tracing import NoTracing
from entrypoints.http.begun import CLOSED_BY_THE_EDGE
from entrypoints.http.edge import Edge
from tests.entrypoints.person import Person
from tests.entrypoints.serving import serving

EXPORTS = ("/api/v1/dnp/export?format=json", "/api/v1/dnp/export", "/api/v1/users/export")
POOL = 8  # a quarter is kept for signing in; a third of the rest may be held by exports


@pytest.fixture
def small_url(migrated_database_url: str, redis_url: str) -> Iterator[str]:
    """The API with few connections to PostgreSQL."""
    settings = {
        "DATABASE_URL": migrated_database_url,
        "REDIS_URL": redis_url,
        "NODRAKE_DATABASE_POOL_SIZE": str(POOL),
    }
    with serving(settings) as url:
        yield url


@pytest.fixture
def small_api(small_url: str) -> Iterator[httpx.Client]:
    """A client of it."""
    with httpx.Client(base_url=small_url, trust_env=False, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def reader(base_url: str) -> Iterator[Person]:
    """Somebody whose list fits into no buffer."""
    with httpx.Client(base_url=base_url, trust_env=False, timeout=60) as client:
        person = Person.register(client, f"{uuid4().hex}@example.org")
        for part in range(3):
            rows = (f"Band,{part}{n:021d},{token_hex(200)}\n" for n in range(10_000))
            person.import_csv("artist,id,note\n" + "".join(rows))
        yield person


def asking(url: str, path: str, person: Person) -> socket.socket:
    """A connection on which an answer has begun, of which nothing is taken."""
    parts = urlsplit(url)
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    connection.connect((parts.hostname, parts.port))
    token = person.access_token
    connection.sendall(
        f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    )
    assert select.select([connection], [], [], 30)[0]
    return connection


@pytest.mark.parametrize("path", EXPORTS)
def test_others_are_answered_while_exports_are_not_taken(
    small_url: str, small_api: httpx.Client, reader: Person, path: str
) -> None:
    with ExitStack() as stack:
        held = [stack.enter_context(asking(small_url, path, reader)) for _ in range(POOL + 2)]
        begun = [connection.recv(12) for connection in held]
        assert begun == [b"HTTP/1.1 200"] * 2 + [b"HTTP/1.1 429"] * POOL
        own = {"authorization": f"Bearer {reader.access_token}"}
        answer = small_api.get("/api/v1/dnp/list?limit=1", headers=own)
        assert answer.status_code == 200
        refused = small_api.get(path, headers=own)
        assert (refused.json()["code"], refused.headers["retry-after"]) == (
            "shared.too_many_requests",
            "5",
        )
        other = Person.register(small_api, f"{uuid4().hex}@example.org")
        busy = other.call("GET", path)
        assert (busy.status_code, busy.json()["code"]) == (503, "shared.unavailable")
        assert busy.headers["content-type"].startswith("application/problem+json")
    deadline = time.monotonic() + 30
    while other.call("GET", path).status_code != 200:  # the places of those who have left
        assert time.monotonic() < deadline


class Lines:
    """A log that remembers."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, dict[str, Any]]] = []

    def info(self, event: str, *args: Any, **kw: Any) -> None:
        """Keep it."""
        self.kept.append(("info", kw))

    def error(self, event: str, *args: Any, **kw: Any) -> None:
        """Keep it."""
        self.kept.append(("error", kw))


def edge(app: Callable[..., Any], log: Lines) -> Edge:
    """With no patience for readers that take nothing."""
    return Edge(
        app,
        log=log,
        metrics=Metrics(),
        traces=NoTracing(),
        deadline=10,
        secure_transport=False,
        patient_paths=(),
        stall=0.05,
    )


@pytest.mark.anyio
async def test_an_answer_of_which_nothing_is_taken_is_broken_off_and_closed() -> None:
    log, closed = Lines(), asyncio.Event()

    async def chunks() -> Any:
        try:
            while True:
                yield b"x"
        finally:
            closed.set()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        body = chunks()
        scope["state"][CLOSED_BY_THE_EDGE] = [body]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        async for chunk in body:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    async def receive() -> Any:
        return {"type": "http.request"}

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    await asyncio.wait_for(edge(app, log)(scope, receive, send), 10)
    assert closed.is_set()
    ((level, line),) = log.kept
    assert (level, line["stalled"], line["client_left"]) == ("info", True, True)
