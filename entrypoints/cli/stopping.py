"""How the API ends: it says so first, finishes what it has begun, and is gone in time."""

import asyncio
import os
import signal
import socket
from collections.abc import Callable
from functools import partial
from types import FrameType

import uvicorn

from entrypoints.ending import GRACE_SECONDS, end_at_once, end_within
from entrypoints.http.edge import Edge

# For everything that is left then: connections to be closed, what was cut off to be undone.
_CLOSING_SECONDS = 1.5
# Long enough for a request to follow the connection that was made for it.
_ARRIVAL_SECONDS = 0.2


class OrderlyStop:
    """From SIGTERM to the end of a process that serves the API.

    For ``drain_seconds`` it goes on serving while readiness is red and every answer closes its
    connection: that is the time for proxies to look elsewhere. Then it takes no more connections,
    and finishes what is under way for ``GRACE_SECONDS`` at most. A second SIGTERM ends it at once.
    """

    def __init__(self, app: Edge, drain_seconds: float) -> None:
        self._app = app
        self._drain_seconds = drain_seconds
        self._stopping: asyncio.Task[None] | None = None

    def install(self) -> None:
        """Take SIGTERM over from the server that is loading the application just now."""
        handler = signal.getsignal(signal.SIGTERM)
        server = getattr(handler, "__self__", None)
        if not isinstance(server, uvicorn.Server):
            raise RuntimeError(f"expected uvicorn to handle SIGTERM by now, not {handler!r}")
        loop = asyncio.get_running_loop()

        def begin(_: int, __: FrameType | None) -> None:
            signal.signal(signal.SIGTERM, end_at_once)
            loop.call_soon_threadsafe(self._begin, server)

        signal.signal(signal.SIGTERM, begin)

    def _begin(self, server: uvicorn.Server) -> None:
        self._app.drain()
        end_within(self._drain_seconds + GRACE_SECONDS + _CLOSING_SECONDS)
        self._stopping = asyncio.create_task(self._stop(server))

    async def _stop(self, server: uvicorn.Server) -> None:
        await asyncio.sleep(self._drain_seconds)
        if server.started:
            for listening in server.servers:
                await _close(listening, server)
            await asyncio.sleep(_ARRIVAL_SECONDS)
        server.handle_exit(signal.SIGTERM, None)


async def _close(listening: asyncio.Server, server: uvicorn.Server) -> None:
    """Stop listening, and leave nobody behind who is connected already but not accepted yet.

    The kernel resets such a connection, and a proxy that has sent a request on it must not send
    one again that may have had an effect.
    """
    ours = [socket.socket(fileno=os.dup(each.fileno())) for each in listening.sockets]
    listening.close()
    waiting: list[socket.socket] = []
    for each in ours:
        with each:
            each.setblocking(False)
            while True:
                try:
                    waiting.append(each.accept()[0])
                except BlockingIOError:
                    break
    protocol: Callable[..., asyncio.Protocol] = server.config.http_protocol_class
    made = partial(
        protocol,
        config=server.config,
        server_state=server.server_state,
        app_state=server.lifespan.state,
    )
    for connection in waiting:
        connection.setblocking(False)
        await asyncio.get_running_loop().connect_accepted_socket(made, connection)
