"""What goes between the service and a server of its: round trips and bytes, counted on the way."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CHUNK = 65_536


class Traffic:
    """Round trips and bytes since the last ``reset``.

    A round trip is a request after an answer, however many messages it is made of: what is
    sent in one go is answered in one go.
    """

    def __init__(self) -> None:
        self.trips = self.sent = self.received = 0

    def reset(self) -> None:
        """Count from nothing."""
        self.trips = self.sent = self.received = 0


class _Line:
    """One connection through the counter."""

    def __init__(self, traffic: Traffic) -> None:
        self._traffic = traffic
        self._asked = False

    async def ask(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        """From the service to the server."""
        while chunk := await source.read(_CHUNK):
            self._traffic.trips += not self._asked
            self._asked = True
            self._traffic.sent += len(chunk)
            target.write(chunk)
            await target.drain()
        target.close()

    async def answer(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        """From the server to the service."""
        while chunk := await source.read(_CHUNK):
            self._asked = False
            self._traffic.received += len(chunk)
            target.write(chunk)
            await target.drain()
        target.close()


@contextmanager
def counted(server: Path, entrance: Path) -> Iterator[Traffic]:
    """Count what goes to the socket ``server`` through the socket ``entrance``."""
    traffic = Traffic()
    loop = asyncio.new_event_loop()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_unix_connection(str(server))
        line = _Line(traffic)
        ways = (line.ask(reader, inner_writer), line.answer(inner_reader, writer))
        await asyncio.gather(*ways, return_exceptions=True)

    entrance.parent.mkdir(parents=True, exist_ok=True)
    listening = loop.run_until_complete(asyncio.start_unix_server(pass_on, str(entrance)))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield traffic
    finally:
        loop.call_soon_threadsafe(listening.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
