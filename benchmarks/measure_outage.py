"""What a request waits for while Redis is dead or frozen, against the same with Redis alive.

A service of its own, with a Redis of its own that is killed (its socket refuses from then on) and
stopped (its socket takes everything and answers nothing). Reads begin in the moment of the outage,
so that those that find out are among them; sign-ins follow.
"""

import json
import os
import signal
import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from uuid import uuid4

import msgspec
from redis import Redis

from adapters.embedded.redis import EmbeddedRedis
from benchmarks.load import SOURCE, Load, Seen, request_bytes, run_load
from benchmarks.result import Result
from benchmarks.stage import PASSWORD, SERVE, Stage, call, environment, free_port, register, serving

ROUNDS = 3
SECONDS = 8
READS, READ_CONNECTIONS = 100, 8  # a second
SIGN_INS, SIGN_IN_CONNECTIONS = 10, 2  # a second
ADDED = 50  # ms
SERVED = 0.995
ALIVE, DEAD, FROZEN = "Redis alive", "Redis dead", "Redis frozen"
# Whoever asks has the service look once a second whether Redis is back.
_BACK_SECONDS = 3


class _Service(msgspec.Struct, frozen=True, kw_only=True):
    """The API, its Redis, and what is asked of it."""

    port: int
    redis: EmbeddedRedis
    reads: bytes
    sign_ins: bytes


def measure_outage(stage: Stage) -> list[Result]:
    """Reads and sign-ins in turn: alive, dead, alive again, frozen."""
    seen: dict[tuple[str, str], list[Seen]] = {}
    with _service(stage) as service:
        _both(service)  # warm
        for _ in range(ROUNDS):
            for state in (ALIVE, DEAD, FROZEN):
                with _redis_is(state, service.redis):
                    for what, found in _both(service).items():
                        seen.setdefault((what, state), []).append(found)
                run_load(_reads(service, _BACK_SECONDS))
    return [
        _result(f"{what}, {state}", seen[what, state], seen[what, ALIVE], alone=state == ALIVE)
        for what in ("a page of 50", "sign-in")
        for state in (ALIVE, DEAD, FROZEN)
    ]


def _result(what: str, rounds: Sequence[Seen], alive: Sequence[Seen], *, alone: bool) -> Result:
    p50, p95, p99 = (_middle(rounds, each) for each in ("p50", "p95", "p99"))
    slowest = max(seen.by_status[200].slowest for seen in rounds)
    asked = sum(seen.count(200) + seen.others(200) for seen in rounds)
    share = sum(seen.count(200) for seen in rounds) / asked
    times = f"slowest {slowest:.0f} ms of {asked:,}, {share:.1%} served"
    if alone:
        return Result(
            what=what, figure=f"p50 {p50:.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms, {times}"
        )
    ratios = (
        f"{name} {value:.1f} ms (× {value / _middle(alive, name):.2f})"
        for name, value in (("p50", p50), ("p95", p95), ("p99", p99))
    )
    return Result(
        what=what,
        figure=f"{', '.join(ratios)}, {times}",
        bar=f"99.5 % served, p95 + {ADDED} ms",
        met=share >= SERVED and p95 <= _middle(alive, "p95") + ADDED,
    )


def _middle(rounds: Sequence[Seen], name: str) -> float:
    return statistics.median(getattr(seen.by_status[200], name) for seen in rounds)


def _reads(service: _Service, seconds: float) -> Load:
    return Load(
        port=service.port,
        request=service.reads,
        connections=READ_CONNECTIONS,
        seconds=seconds,
        rate=READS,
    )


def _both(service: _Service) -> Mapping[str, Seen]:
    sign_ins = Load(
        port=service.port,
        request=service.sign_ins,
        connections=SIGN_IN_CONNECTIONS,
        seconds=SECONDS,
        rate=SIGN_INS,
    )
    return {"a page of 50": run_load(_reads(service, SECONDS)), "sign-in": run_load(sign_ins)}


@contextmanager
def _redis_is(state: str, redis: EmbeddedRedis) -> Iterator[None]:
    with Redis.from_url(redis.url) as client:
        process: int = client.info("server")["process_id"]
    if state == DEAD:
        os.kill(process, signal.SIGKILL)
    elif state == FROZEN:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        if state == FROZEN:
            os.kill(process, signal.SIGCONT)
        elif state == DEAD:
            redis.stop()
            redis.start()


@contextmanager
def _service(stage: Stage) -> Iterator[_Service]:
    with ExitStack() as stack:
        folder = stage.folder / "outage"
        folder.mkdir()
        redis = EmbeddedRedis(folder / "redis", folder, folder / "redis.log")
        redis.start()
        stack.callback(redis.stop)
        port = free_port()
        settings = environment(stage.database_url, redis.url, port)
        log = folder / "service.log"
        stack.enter_context(serving(SERVE, settings, port, "/health/live", log))
        person = register(port)
        stage_of = msgspec.structs.replace(stage, port=port, person=person)
        stage_of.import_list()
        yield _Service(
            port=port,
            redis=redis,
            reads=request_bytes("GET", "/api/v1/dnp/list?limit=50", person.headers),
            sign_ins=_sign_in(port),
        )


def _sign_in(port: int) -> bytes:
    """Somebody with the right password, from anywhere, on no known device."""
    body = json.dumps({"email": f"{uuid4().hex}@example.org", "password": PASSWORD}).encode()
    kind = {"content-type": "application/json"}
    call(port, "POST", "/api/v1/auth/register", kind, body)
    headers = {**kind, "x-forwarded-for": SOURCE.decode()}
    return request_bytes("POST", "/api/v1/auth/login", headers, body)
