"""What a request costs: processor time of each part, round trips, bytes; and what a user keeps."""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import msgspec
import psycopg
import redis

from benchmarks.result import Result
from benchmarks.round_trips import Traffic, counted
from benchmarks.stage import (
    PASSWORD,
    SERVE,
    Person,
    Stage,
    environment,
    free_port,
    long_list,
    register,
    serving,
)

ACCOUNTS = 100
_TICK = 1000 / os.sysconf("SC_CLK_TCK")
_JSON = {"content-type": "application/json"}

_Request = tuple[str, str, dict[str, str], bytes | None]


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    """One of the three that work on a request, with all processes that belong to it."""

    name: str
    pid: int

    def milliseconds(self) -> float:
        """Processor time so far, that of ended children too."""
        ticks = 0
        for place in Path("/proc").iterdir():
            fields = _stat(place) if place.name.isdigit() else None
            if fields and (int(place.name) == self.pid or int(fields[1]) == self.pid):
                ticks += sum(int(field) for field in fields[11:13])
                ticks += sum(int(field) for field in fields[13:15])
        return ticks * _TICK


class _Bench(msgspec.Struct, frozen=True, kw_only=True):
    """The service that is asked, and everything that counts beside it."""

    port: int
    parts: tuple[_Part, ...]
    to_postgres: Traffic
    to_redis: Traffic

    def cost(
        self, what: str, requests: Iterator[_Request], *, times: int, warm: int = 20
    ) -> Result:
        """One row: the mean of ``times`` requests, one after the other, after ``warm`` others."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        for _ in range(warm):
            _ask(connection, next(requests))
        for traffic in (self.to_postgres, self.to_redis):
            traffic.reset()
        before = [part.milliseconds() for part in self.parts]
        answered = sum(_ask(connection, next(requests)) for _ in range(times))
        time.sleep(0.05)  # for what the service and PostgreSQL do after the last answer
        spent = [
            part.milliseconds() - start for part, start in zip(self.parts, before, strict=True)
        ]
        connection.close()
        processors = ", ".join(
            f"{part.name} {milliseconds / times:.2f}"
            for part, milliseconds in zip(self.parts, spent, strict=True)
        )
        return Result(
            what=what,
            figure=f"CPU ms: {processors}; round trips: PostgreSQL "
            f"{self.to_postgres.trips / times:.1f}, Redis {self.to_redis.trips / times:.1f}; "
            f"bytes: answer {answered / times:,.0f}, from PostgreSQL "
            f"{self.to_postgres.received / times:,.0f}",
        )


def measure_cost(stage: Stage) -> list[Result]:
    """Through sockets that count; one request at a time, so that what is seen is one request."""
    database = Path(parse_qs(urlsplit(stage.database_url).query)["host"][0]) / ".s.PGSQL.5432"
    cache = Path(urlsplit(stage.redis_url).path)
    ways = Path(stage.folder) / "counted"
    with ExitStack() as stack:
        to_postgres = stack.enter_context(counted(database, ways / ".s.PGSQL.5432"))
        to_redis = stack.enter_context(counted(cache, ways / "redis.sock"))
        port = free_port()
        environ = environment(
            f"postgresql://nodrake@/nodrake?host={ways}", f"unix://{ways}/redis.sock", port
        )
        environ |= {"NODRAKE_SIGN_INS_PER_MINUTE": "1000000"}
        log = stage.folder / "counted.log"
        pid = stack.enter_context(serving(SERVE, environ, port, "/health/live", log))
        parts = (
            _Part(name="service", pid=pid),
            _Part(name="PostgreSQL", pid=_postmaster(stage.database_url)),
            _Part(name="Redis", pid=_redis(stage.redis_url)),
        )
        bench = _Bench(port=port, parts=parts, to_postgres=to_postgres, to_redis=to_redis)
        return [*_requests(bench), *_kept(stage, port, pid)]


def _requests(bench: _Bench) -> Iterator[Result]:
    person = register(bench.port)
    csv = (
        "POST",
        "/api/v1/dnp/import",
        {**person.headers, "content-type": "text/csv"},
        long_list(),
    )
    whole = _forever(lambda: csv)
    yield bench.cost("import of 7,477 rows, all known", whole, times=3, warm=2)
    page = ("GET", "/api/v1/dnp/list?limit=50", person.headers, None)
    yield bench.cost("a page of 50 entries", _forever(lambda: page), times=300)
    names = _names(bench.port, person)
    typed = _cycled([f"/api/v1/dnp/search?q={name[:5]}" for name in names])
    search = _forever(lambda: ("GET", next(typed), person.headers, None))
    yield bench.cost("a search of five letters", search, times=300)
    export = ("GET", "/api/v1/dnp/export", person.headers, None)
    yield bench.cost("export of 7,477 entries", _forever(lambda: export), times=10, warm=2)
    ids = iter(_ids(bench.port, person, 240))
    removed: list[str] = []

    def remove() -> _Request:
        removed.append(next(ids))
        return ("DELETE", f"/api/v1/dnp/entries/{removed[-1]}", person.headers, None)

    yield bench.cost("an artist removed", _forever(remove), times=200)

    def add() -> _Request:
        body = json.dumps({"artist_id": removed.pop()}).encode()
        key = {"idempotency-key": f'"{uuid4().hex}"'}
        return ("POST", "/api/v1/dnp/add", {**person.headers, **_JSON, **key}, body)

    yield bench.cost("an artist added, with a key", _forever(add), times=200)
    body = json.dumps({"email": _email(bench.port, person), "password": PASSWORD}).encode()
    sign_in = ("POST", "/api/v1/auth/login", _JSON, body)
    yield bench.cost("a sign-in with a password", _forever(lambda: sign_in), times=30, warm=3)


def _kept(stage: Stage, port: int, pid: int) -> Iterator[Result]:
    """What stays in PostgreSQL, and the memory of the process at the end."""
    with psycopg.connect(stage.database_url, autocommit=True) as connection:
        empty = _stored(connection)
        people = [register(port) for _ in range(ACCOUNTS)]
        opened = _stored(connection)
        rows = long_list()
        for person in people[:5]:
            connection_to = HTTPConnection("127.0.0.1", port, timeout=60)
            headers = {**person.headers, "content-type": "text/csv"}
            _ask(connection_to, ("POST", "/api/v1/dnp/import", headers, rows))
            connection_to.close()
        filled = _stored(connection)
        entries = connection.execute(
            "select count(*) from user_artist_blocks where user_id = any(%s::uuid[])",
            [[person.id for person in people]],
        ).fetchone()
    assert entries is not None
    yield Result(
        what="stored for an account that was just opened",
        figure=f"{(opened - empty) / ACCOUNTS / 1024:.1f} KiB",
    )
    yield Result(
        what="stored for an entry of a list, with its indexes",
        figure=f"{(filled - opened) / entries[0]:,.0f} bytes",
    )
    status = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    resident = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    yield Result(what="memory of the process at the end", figure=f"{resident / 1024:.0f} MiB")


def _stored(connection: "psycopg.Connection[tuple[object, ...]]") -> int:
    row = connection.execute("select pg_database_size(current_database())").fetchone()
    assert row is not None
    assert isinstance(row[0], int)
    return row[0]


def _ask(connection: HTTPConnection, request: _Request) -> int:
    """Bytes of the answer's body; ``RuntimeError`` where it is a refusal."""
    method, path, headers, body = request
    connection.request(method, path, body, dict(headers))
    answer = connection.getresponse()
    content = answer.read()
    if answer.status >= 400:
        raise RuntimeError(f"{method} {path}: {answer.status} {content[:300]!r}")
    return len(content)


def _forever(make: Callable[[], _Request]) -> Iterator[_Request]:
    while True:
        yield make()


def _cycled(paths: list[str]) -> Iterator[str]:
    while True:
        yield from paths


def _items(port: int, person: Person, limit: int) -> list[Mapping[str, Mapping[str, str]]]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", f"/api/v1/dnp/list?limit={limit}", headers=person.headers)
    items: list[Mapping[str, Mapping[str, str]]] = json.loads(connection.getresponse().read())[
        "items"
    ]
    connection.close()
    return items


def _names(port: int, person: Person) -> list[str]:
    names = [item["artist"]["canonical_name"] for item in _items(port, person, 200)]
    return [name for name in names if name.isascii() and name.isalpha() and len(name) > 5]


def _ids(port: int, person: Person, count: int) -> list[str]:
    return [item["artist"]["id"] for item in _items(port, person, count)]


def _email(port: int, person: Person) -> str:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/api/v1/users/profile", headers=person.headers)
    email: str = json.loads(connection.getresponse().read())["email"]
    connection.close()
    return email


def _stat(place: Path) -> list[str] | None:
    """The fields of ``/proc/PID/stat`` after the name: [1] is the parent, [11:15] are ticks."""
    try:
        return (place / "stat").read_text("utf-8").rpartition(") ")[2].split()
    except OSError:
        return None


def _postmaster(database_url: str) -> int:
    with psycopg.connect(database_url) as connection:
        row = connection.execute("show data_directory").fetchone()
    assert row is not None
    return int((Path(row[0]) / "postmaster.pid").read_text("utf-8").splitlines()[0])


def _redis(redis_url: str) -> int:
    with redis.Redis.from_url(redis_url) as client:
        return int(client.info("server")["process_id"])
