"""A TCP proxy that does what networks do: swallow, cut, delay, slice, end early, alter."""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import msgspec

_PIECE = 64 * 1024


class Faults(msgspec.Struct, kw_only=True):
    """What the proxy does at present; ``up`` is towards the server, ``down`` from it.

    ``latency`` in seconds for each piece and direction; ``slices`` in bytes of each piece that is
    sent on; ``limit`` in bytes from the server, after which a connection is reset; ``alter`` is
    bytes to the server and what goes in their place, of the same length; ``counted`` is what pieces
    to the server are counted by.
    """

    hold_up: bool = False
    hold_down: bool = False
    refuse: bool = False
    latency: float = 0.0
    slices: int = 0
    limit: int = 0
    alter: tuple[bytes, bytes] | None = None
    counted: bytes = b""


class FaultProxy:
    """Listens on ``port`` of 127.0.0.1, in a thread of its own; ``target`` is a path or a place."""

    def __init__(self, target: str) -> None:
        self.port = 0
        self.count = 0
        self._target = target
        self._faults = Faults()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._changed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    def __enter__(self) -> Self:
        """Listen."""
        self._thread.start()
        self._do(self._listen())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Cut everything and end."""
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def set(self, faults: Faults | None = None) -> None:
        """From now on do this and nothing else; without faults, what a good network does."""
        self._do(self._set(faults or Faults()))

    def blackhole(self) -> None:
        """Take everything and pass nothing on, in both directions; connecting seems to work."""
        self.set(Faults(hold_up=True, hold_down=True))

    def cut(self) -> int:
        """Reset every connection that is open; how many there were."""
        return int(self._do(self._cut()))

    def _do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(15)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=_PIECE)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._set(Faults())
        await self._cut()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5)

    async def _set(self, faults: Faults) -> None:
        self._faults = faults
        self._changed.set()
        self._changed = asyncio.Event()

    async def _cut(self) -> int:
        writers = list(self._open)
        for writer in writers:
            _reset(writer)
        return len(writers) // 2

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if self._faults.refuse:
            _reset(writer)
            return
        try:
            there, back = await self._connect()
        except OSError:
            _reset(writer)
            return
        self._open |= {writer, back}
        try:
            both = [
                asyncio.create_task(self._pump(reader, back, lambda f: f.hold_up, down=False)),
                asyncio.create_task(self._pump(there, writer, lambda f: f.hold_down, down=True)),
            ]
            try:
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for one in both:
                    one.cancel()
                await asyncio.gather(*both, return_exceptions=True)
        finally:
            self._open -= {writer, back}
            for each in (writer, back):
                each.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._target.startswith("/"):
            return await asyncio.open_unix_connection(self._target, limit=_PIECE)
        place = urlsplit(f"//{self._target}")
        return await asyncio.open_connection(place.hostname, place.port, limit=_PIECE)

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        held: Callable[[Faults], bool],
        *,
        down: bool,
    ) -> None:
        passed = 0
        with contextlib.suppress(ConnectionError):
            while piece := await reader.read(_PIECE):
                while held(self._faults):
                    await self._changed.wait()
                faults = self._faults
                if faults.counted and not down:
                    self.count += faults.counted in piece
                if faults.alter is not None and not down:
                    piece = piece.replace(*faults.alter)
                if faults.latency:
                    await asyncio.sleep(faults.latency)
                if down and faults.limit and passed + len(piece) > faults.limit:
                    writer.write(piece[: faults.limit - passed])
                    await writer.drain()
                    _reset(writer)
                    return
                passed += len(piece)
                await _send(writer, piece, faults.slices)


async def _send(writer: asyncio.StreamWriter, piece: bytes, slices: int) -> None:
    size = slices or len(piece)
    for start in range(0, len(piece), size):
        writer.write(piece[start : start + size])
        await writer.drain()
        if slices:
            await asyncio.sleep(0)


def _reset(writer: asyncio.StreamWriter) -> None:
    """End a connection with a reset, not in order."""
    sock = writer.get_extra_info("socket")
    if sock is not None and sock.family != socket.AF_UNIX:
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
