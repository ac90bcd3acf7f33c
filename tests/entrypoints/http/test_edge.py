"""The deadline at the edge blames whoever was waited for."""

import asyncio
from typing import Any

import msgspec
import pytest

from adapters.telemetry.metrics import Metrics
from adapters.telemetry.tracing import NoTracing
from entrypoints.http.edge import Edge

pytestmark = pytest.mark.anyio


class Quiet:
    """A log that nobody reads."""

    def info(self, event: str, *args: Any, **kw: Any) -> None:
        """Nothing."""

    def error(self, event: str, *args: Any, **kw: Any) -> None:
        """Nothing."""


class Client:
    """Somebody who sends this many of two halves of a body, and then nothing more."""

    def __init__(self, halves: int) -> None:
        self._halves = iter([b"{", b"}"][:halves])
        self.messages: list[Any] = []

    async def receive(self) -> Any:
        """The next half, if it ever comes."""
        half = next(self._halves, None)
        if half is None:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": half, "more_body": half == b"{"}

    async def send(self, message: Any) -> None:
        """What the client is told."""
        self.messages.append(message)

    def code(self) -> str:
        """What it was told went wrong."""
        start, body = self.messages
        document = msgspec.json.decode(body["body"])
        assert start["status"] == document["status"]
        return str(document["code"])


async def reading(_scope: Any, receive: Any, _send: Any) -> None:
    """An application that wants the whole body, and then the database."""
    while (await receive())["more_body"]:
        pass
    await asyncio.Event().wait()


async def authenticating(_scope: Any, _receive: Any, _send: Any) -> None:
    """An application that wants the database before it reads anything."""
    await asyncio.Event().wait()


async def importing(_scope: Any, receive: Any, _send: Any) -> None:
    """An application that brings each piece of a body to the database before the next."""
    await receive()
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("app", "halves", "code"),
    [
        (reading, 0, "http.request_timeout"),
        (reading, 1, "http.request_timeout"),
        (reading, 2, "shared.unavailable"),
        (authenticating, 2, "shared.unavailable"),
        (importing, 2, "shared.unavailable"),
    ],
)
async def test_the_client_is_blamed_where_it_was_waited_for(
    app: Any, halves: int, code: str
) -> None:
    edge = Edge(
        app,
        log=Quiet(),
        metrics=Metrics(),
        traces=NoTracing(),
        deadline=0.05,
        secure_transport=False,
        patient_paths=(),
    )
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/v1/auth/tokens",
        "headers": [(b"content-length", b"2")],
    }
    client = Client(halves)
    await edge(scope, client.receive, client.send)
    assert client.code() == code
