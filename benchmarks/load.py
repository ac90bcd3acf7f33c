"""Load over loopback, from a process of its own: so many connections, so fast, for so long."""

import asyncio
import random
import subprocess
import sys
import time
from collections import defaultdict
from enum import StrEnum
from functools import partial
from typing import Any, Self
from uuid import uuid4

import msgspec
import uvloop

# Thirty-two bytes of a request that are different each time it is sent.
UNIQUE = b"0000unique0000unique0000unique00"
# Where a request says it comes from; different each time, as ``Load.sources`` has it.
SOURCE = b"source-of-the-request"
_MOST_REQUESTS = 500_000
_GRACE_SECONDS = 15.0


class Sources(StrEnum):
    """Whose addresses the requests of a load come from."""

    ANYWHERE = "anywhere"
    FEW_HOSTS = "16 hosts"
    ONE_NETWORK = "one /64"

    def next(self) -> bytes:
        """One of them, by chance."""
        match self:
            case Sources.ANYWHERE:
                address = ".".join(str(random.randint(1, 223)) for _ in range(4))
            case Sources.FEW_HOSTS:
                address = f"198.51.100.{random.randint(1, 16)}"
            case Sources.ONE_NETWORK:
                address = f"2001:db8:4:4::{random.randint(1, 65_535):x}"
        return address.encode()


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """What to send to which port of this machine.

    ``rate`` is in requests a second over all connections; without one, each connection sends
    again as soon as it is answered. ``sources`` are written in place of ``SOURCE``.
    """

    port: int
    request: bytes
    connections: int
    seconds: float
    rate: float | None = None
    sources: Sources = Sources.ANYWHERE


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """The answers of one status; times in milliseconds."""

    count: int
    p50: float
    p95: float
    p99: float
    slowest: float
    without_retry_after: int


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What a load has seen."""

    by_status: dict[int, Answers]
    broken: int
    most_at_once: int
    elapsed: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return sum(answers.count for answers in self.by_status.values()) / self.elapsed

    def count(self, *statuses: int) -> int:
        """How many answers had one of these statuses."""
        return sum(self.by_status[s].count for s in statuses if s in self.by_status)

    def others(self, *statuses: int) -> int:
        """How many requests were answered otherwise, or not at all."""
        return sum(self.count(s) for s in self.by_status if s not in statuses) + self.broken


def request_bytes(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """An HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines.append(f"content-length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class LoadProcess:
    """A load that runs beside this process from the moment it is made."""

    def __init__(self, load: Load) -> None:
        self._deadline = load.seconds + 2 * _GRACE_SECONDS
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.load"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdin is not None
        self._process.stdin.write(msgspec.json.encode(load))
        self._process.stdin.close()
        self._process.stdin = None  # or communicate() would flush what is closed

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing behind."""
        self._process.kill()
        self._process.wait()

    def finish(self) -> Seen:
        """Wait for the end of the load; what it has seen."""
        output, _ = self._process.communicate(timeout=self._deadline)
        if self._process.returncode:
            raise RuntimeError("the load ended with an error, which is above")
        return msgspec.json.decode(output, type=Seen)


def run_load(load: Load) -> Seen:
    """The whole of a load."""
    with LoadProcess(load) as process:
        return process.finish()


class _Tally:
    """Answers as they come in, from all connections."""

    def __init__(self) -> None:
        self.seconds: dict[int, list[float]] = defaultdict(list)
        self.without_retry_after: dict[int, int] = defaultdict(int)
        self.sent = 0
        self.broken = 0
        self.under_way = 0
        self.most_at_once = 0

    def seen(self, elapsed: float) -> Seen:
        """All of it in figures."""
        return Seen(
            by_status={
                status: Answers(
                    count=len(seconds),
                    p50=_percentile(seconds, 0.50),
                    p95=_percentile(seconds, 0.95),
                    p99=_percentile(seconds, 0.99),
                    slowest=max(seconds) * 1000,
                    without_retry_after=self.without_retry_after[status],
                )
                for status, seconds in self.seconds.items()
            },
            broken=self.broken,
            most_at_once=self.most_at_once,
            elapsed=elapsed,
        )


class _Connection(asyncio.Protocol):
    """One connection that is kept open, with one request under way at a time."""

    def __init__(self, load: Load, tally: _Tally, place: int, until: float) -> None:
        self._load = load
        self._tally = tally
        self._until = until
        self._pause = load.connections / load.rate if load.rate else None
        self._due = time.perf_counter() + (self._pause or 0) * place / load.connections
        self._since: float | None = None
        self._buffer = b""
        self._transport: Any = None
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start."""
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        """Take an answer once all of it is there."""
        self._buffer = self._buffer + data if self._buffer else data
        head, separator, body = self._buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        head = head.lower()
        length = int(head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0])
        if len(body) < length:
            return
        assert self._since is not None
        assert len(body) == length, "an answer that nobody asked for"
        status = int(head[9:12])
        self._tally.seconds[status].append(time.perf_counter() - self._since)
        self._tally.without_retry_after[status] += b"\r\nretry-after:" not in head
        self._tally.under_way -= 1
        self._since, self._buffer = None, b""
        self._next()

    def connection_lost(self, error: Exception | None) -> None:
        """Count what had not been answered."""
        if self._since is not None:
            self._tally.broken += 1
        if not self.ended.done():
            self.ended.set_result(None)

    def _next(self) -> None:
        now = time.perf_counter()
        if now >= self._until or self._tally.sent >= _MOST_REQUESTS:
            self._transport.close()
        elif self._pause is None:
            self._send(now)
        elif self._due <= now:
            # The answer before was late: whoever wanted to ask at the due time has waited.
            self._send(self._due)
        else:
            asyncio.get_running_loop().call_later(self._due - now, self._send, None)

    def _send(self, since: float | None) -> None:
        request = self._load.request
        if UNIQUE in request:
            request = request.replace(UNIQUE, uuid4().hex.encode())
        if SOURCE in request:
            request = request.replace(SOURCE, self._load.sources.next())
        self._tally.sent += 1
        self._tally.under_way += 1
        self._tally.most_at_once = max(self._tally.most_at_once, self._tally.under_way)
        self._since = time.perf_counter() if since is None else since
        self._due += self._pause or 0
        self._transport.write(request)


async def _load(load: Load) -> Seen:
    tally = _Tally()
    started = time.perf_counter()
    loop = asyncio.get_running_loop()
    connections = []
    for place in range(load.connections):
        connection = _Connection(load, tally, place, started + load.seconds)
        await loop.create_connection(partial(_itself, connection), "127.0.0.1", load.port)
        connections.append(connection)
    ended = [connection.ended for connection in connections]
    async with asyncio.timeout(load.seconds + _GRACE_SECONDS):
        await asyncio.gather(*ended)
    return tally.seen(time.perf_counter() - started)


def _itself(connection: _Connection) -> _Connection:
    return connection


def _percentile(seconds: list[float], share: float) -> float:
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


if __name__ == "__main__":
    wanted = msgspec.json.decode(sys.stdin.buffer.read(), type=Load)
    sys.stdout.buffer.write(msgspec.json.encode(uvloop.run(_load(wanted))))
