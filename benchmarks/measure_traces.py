"""What it costs to trace requests: the same page from services that do and do not, in turn.

Each request goes to one service after the other, so that whatever else the machine does comes upon
all of them alike. One of them has a collector that takes connections and never answers.
"""

import os
import socket
import statistics
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.result import Result
from benchmarks.stage import SERVE, Stage, environment, free_port, serving
from tests.collector import collecting

REQUESTS, WARM = 3000, 300
PAGE = "/api/v1/dnp/list?limit=50&sort=name"
OFF, TENTH, ALL, FROZEN = "not traced", "one in ten", "all", "all, collector frozen"
# Of the processor: times on a busy machine say little.
_MOST = {TENTH: 1.2, FROZEN: 2.0}
_TICKS = os.sysconf("SC_CLK_TCK")


def measure_traces(stage: Stage) -> list[Result]:
    """Times of the page, and the processor's time for each."""
    with ExitStack() as stack:
        collector = stack.enter_context(collecting())
        frozen = stack.enter_context(_frozen())
        places = {
            OFF: ("", "10"),
            TENTH: (collector.url, "10"),
            ALL: (collector.url, "100"),
            FROZEN: (frozen, "100"),
        }
        pids: dict[str, int] = {}
        connections: dict[str, HTTPConnection] = {}
        for name, (endpoint, percent) in places.items():
            port = free_port()
            environ = {
                **environment(stage.database_url, stage.redis_url, port),
                "NODRAKE_PUBLIC_URL": f"http://localhost:{stage.port}",  # issuer of the token
                "NODRAKE_OTLP_ENDPOINT": endpoint,
                "NODRAKE_TRACE_PERCENT": percent,
            }
            log = stage.folder / f"traces-{port}.log"
            pids[name] = stack.enter_context(serving(SERVE, environ, port, "/health/live", log))
            connections[name] = HTTPConnection("127.0.0.1", port, timeout=60)
        _ask(stage, connections, WARM)
        before = {name: _processor(pid) for name, pid in pids.items()}
        times = _ask(stage, connections, REQUESTS)
        spent = {name: (_processor(pid) - before[name]) / REQUESTS for name, pid in pids.items()}
    return [_result(name, times[name], spent[name], spent[OFF]) for name in places]


def _result(name: str, times: list[float], spent: float, without: float) -> Result:
    ordered = sorted(times)
    p50, p99 = statistics.median(ordered), ordered[int(len(ordered) * 0.99)]
    most = _MOST.get(name)
    return Result(
        what=f"a page of 50, {name}",
        figure=(
            f"p50 {p50 * 1000:.2f} ms, p99 {p99 * 1000:.2f} ms, "
            f"processor {spent * 1000:.2f} ms (× {spent / without:.2f})"
        ),
        bar="" if most is None else f"processor × {most}",
        met=None if most is None else spent <= without * most,
    )


def _ask(
    stage: Stage, connections: Mapping[str, HTTPConnection], times: int
) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {name: [] for name in connections}
    for _ in range(times):
        for name, connection in connections.items():
            started = time.perf_counter()
            connection.request("GET", PAGE, headers=stage.person.headers)
            answer = connection.getresponse()
            answer.read()
            found[name].append(time.perf_counter() - started)
            assert answer.status == 200, answer.status
    return found


def _processor(pid: int) -> float:
    """Seconds of the processor that a process has used, with all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


@contextmanager
def _frozen() -> Iterator[str]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(512)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
