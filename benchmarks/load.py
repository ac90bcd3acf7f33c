"""Load over loopback: connections that are kept open, so many at once, for so long."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable

import msgspec


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Where to, and what makes the bytes of the next request."""

    port: int
    request: Callable[[], bytes]


def request_bytes(method: str, path: str, *, body: bytes = b"", headers: dict[str, str]) -> bytes:
    """An HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def repeated(port: int, path: str, headers: dict[str, str]) -> Target:
    """The same read, again and again."""
    request = request_bytes("GET", path, headers=headers)
    return Target(port=port, request=lambda: request)


class Measured(msgspec.Struct, kw_only=True):
    """What a load has seen: seconds of each request, and how often each status came."""

    seconds: list[float]
    statuses: Counter[int]
    elapsed: float

    @property
    def rate(self) -> float:
        """Requests answered in a second."""
        return len(self.seconds) / self.elapsed

    def percentile(self, share: float) -> float:
        """Milliseconds within which that share of requests was answered."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


async def run_load(
    target: Target, *, connections: int, seconds: float, pace: float | None = None
) -> Measured:
    """Send ``target`` over so many connections; ``pace`` is the pause of each, if any."""
    measured = Measured(seconds=[], statuses=Counter(), elapsed=0)
    started = time.perf_counter()
    until = started + seconds
    await asyncio.gather(*(_connection(target, until, pace, measured) for _ in range(connections)))
    measured.elapsed = time.perf_counter() - started
    return measured


async def _connection(target: Target, until: float, pace: float | None, measured: Measured) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
    try:
        while (before := time.perf_counter()) < until:
            writer.write(target.request())
            status = await _read_answer(reader)
            measured.seconds.append(time.perf_counter() - before)
            measured.statuses[status] += 1
            if pace is not None:
                await asyncio.sleep(pace)
    finally:
        writer.close()


async def _read_answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    lower = head.lower()
    length = int(lower.split(b"content-length:")[1].split(b"\r\n")[0])
    await reader.readexactly(length)
    return int(head[9:12])
