"""A signed-in read at a steady pace: idle, and while sixty-four connections try to sign in.

Each attempt names another account and comes from another network, as somebody with a list of
leaked addresses and many machines would have it, so that no count of attempts stands in the way:
only the hashing places do.
"""

import json
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from benchmarks.load import SOURCE, UNIQUE, Load, LoadProcess, Seen, request_bytes, run_load
from benchmarks.result import Result
from benchmarks.stage import PASSWORD, Stage

ROUNDS = 3
FLOOD_CONNECTIONS = 64
FLOOD_SECONDS = 10
OFFERED = 540  # attempts a second of the flood that keeps a pace
READS = 100  # a second
READ_CONNECTIONS = 8
BAR = 10  # ms
CLOSED = "closed loop"


class _Flooded(msgspec.Struct, frozen=True, kw_only=True):
    """Reads during a flood, the flood, and how many passwords were seen being hashed at once."""

    reads: Seen
    flood: Seen
    hashing: int


def measure_login(stage: Stage) -> list[Result]:
    """Once with a flood as fast as it is answered, once at the pace of ``OFFERED``."""
    idle: list[Seen] = []
    closed: list[_Flooded] = []
    paced: list[_Flooded] = []
    memory = stage.memory("VmRSS")
    for _ in range(ROUNDS):
        idle.append(run_load(_reads(stage, FLOOD_SECONDS - 2)))
        closed.append(_under(stage, None))
        paced.append(_under(stage, OFFERED))
    growth = stage.memory("VmHWM") - memory
    base = _p99(idle)
    return [
        Result(what=f"read p99, idle, {READS}/s", figure=f"{base:.1f} ms"),
        *_results(CLOSED, closed, base),
        *_results(f"{OFFERED}/s offered", paced, base),
        Result(
            what="reads that failed, idle and flooded",
            figure=str(sum(seen.others(200) for seen in _reads_of(idle, closed, paced))),
            bar="0",
            met=not any(seen.others(200) for seen in _reads_of(idle, closed, paced)),
        ),
        Result(what="growth of the process's memory over all floods", figure=f"{growth:.1f} MiB"),
    ]


def _reads_of(
    idle: Sequence[Seen], closed: Sequence[_Flooded], paced: Sequence[_Flooded]
) -> list[Seen]:
    return [*idle, *(each.reads for each in (*closed, *paced))]


def _results(kind: str, rounds: Sequence[_Flooded], base: float) -> list[Result]:
    floods = [each.flood for each in rounds]
    p99 = _p99([each.reads for each in rounds])
    rate = statistics.median(flood.rate for flood in floods)
    verified = sum(flood.count(401) for flood in floods)
    refused = sum(flood.count(503) for flood in floods)
    others = sum(flood.others(401, 503) for flood in floods)
    bare = sum(f.by_status[503].without_retry_after for f in floods if 503 in f.by_status)
    slowest = max((f.by_status[503].p99 for f in floods if 503 in f.by_status), default=0.0)
    at_once = max(flood.most_at_once for flood in floods)
    return [
        Result(
            what=f"read p99 under the flood, {kind}",
            figure=f"{p99:.1f} ms ({p99 - base:+.1f} ms)",
            # As fast as it is answered, a flood takes whatever is left of the one core.
            bar=f"idle + {BAR} ms" if kind != CLOSED else "",
            met=p99 <= base + BAR if kind != CLOSED else None,
        ),
        Result(
            what=f"sign-ins, {kind}",
            figure=f"{rate:,.0f}/s: {verified:,} verified (401), {refused:,} refused (503, "
            f"p99 {slowest:.0f} ms), {others} otherwise; {bare} refusals without Retry-After",
            bar="401 or 503 with Retry-After",
            met=others == 0 and bare == 0 and refused > 0,
        ),
        Result(
            what=f"at once, {kind}",
            figure=f"{at_once} sign-ins under way, {max(each.hashing for each in rounds)} hashing",
        ),
    ]


def _p99(seens: Sequence[Seen]) -> float:
    return statistics.median(seen.by_status[200].p99 for seen in seens)


def _reads(stage: Stage, seconds: float) -> Load:
    request = request_bytes("GET", "/api/v1/users/profile", stage.person.headers)
    return Load(
        port=stage.port,
        request=request,
        connections=READ_CONNECTIONS,
        seconds=seconds,
        rate=READS,
    )


def _under(stage: Stage, rate: float | None) -> _Flooded:
    address = f"{UNIQUE.decode()}@example.org"
    body = json.dumps({"email": address, "password": PASSWORD}).encode()
    headers = {"content-type": "application/json", "x-forwarded-for": SOURCE.decode()}
    flood = Load(
        port=stage.port,
        request=request_bytes("POST", "/api/v1/auth/login", headers, body),
        connections=FLOOD_CONNECTIONS,
        seconds=FLOOD_SECONDS,
        rate=rate,
    )
    with LoadProcess(flood) as flooding:
        time.sleep(1)  # it is under way when the reads begin, and when they end
        with LoadProcess(_reads(stage, FLOOD_SECONDS - 2)) as reading:
            hashing = _most_hashing(stage.pid, FLOOD_SECONDS - 3)
            return _Flooded(reads=reading.finish(), flood=flooding.finish(), hashing=hashing)


def _most_hashing(pid: int, seconds: float) -> int:
    """The most threads at once that run with a lowered priority, as those that hash do."""
    most, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        running = 0
        for stat in Path(f"/proc/{pid}/task").glob("*/stat"):
            fields = stat.read_text("utf-8").rpartition(")")[2].split()
            running += fields[0] == "R" and int(fields[16]) > 0
        most = max(most, running)
        time.sleep(0.1)
    return most
