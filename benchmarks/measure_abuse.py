"""Attacks on sign-in: what they get, and what becomes of everybody else meanwhile."""

import json
import random
import statistics
import time
from collections import Counter
from http.client import HTTPConnection
from uuid import uuid4

import msgspec

from benchmarks.load import SOURCE, UNIQUE, Load, LoadProcess, Sources, request_bytes, run_load
from benchmarks.result import Result
from benchmarks.stage import PASSWORD, Stage

SIGN_INS = 20
PAUSE = 0.15
FLOOD_CONNECTIONS = 64
OFFERED = 540
_STUFFED = 10_000


class Honest(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody with an account, and the cookie that tells their device."""

    email: str
    cookie: str


def measure_abuse(stage: Stage) -> list[Result]:
    """A flood and honest people, one account hammered, and pairs stuffed from one network."""
    return [
        *_honest(stage, Sources.ANYWHERE, device=True),
        *_honest(stage, Sources.FEW_HOSTS, device=False),
        *_honest(stage, Sources.ANYWHERE, device=False),
        *_hammering(stage),
        *_stuffing(stage),
    ]


def _honest(stage: Stage, sources: Sources, *, device: bool) -> list[Result]:
    people = [_person(stage) for _ in range(SIGN_INS)]
    flood = Load(
        port=stage.port,
        request=_attempt(f"{UNIQUE.decode()}@example.org"),
        connections=FLOOD_CONNECTIONS,
        seconds=12,
        rate=OFFERED,
        sources=sources,
    )
    with LoadProcess(flood) as flooding:
        time.sleep(4)  # until each network has used up what it may do
        seconds, statuses = _sign_in(stage, people, device=device)
        seen = flooding.finish()
    share = statuses[200] / SIGN_INS
    p95 = sorted(seconds)[int(SIGN_INS * 0.95)]
    kind = "a known device" if device else "a new device"
    return [
        Result(
            what=f"sign-ins on {kind} under {seen.rate:,.0f} attempts/s from {sources}",
            figure=f"{share:.0%}, median {statistics.median(seconds) * 1000:,.0f} ms, "
            f"p95 {p95 * 1000:,.0f} ms",
            bar="99 %, p95 2 s",
            met=share >= 0.99 and p95 <= 2,
        )
    ]


def _hammering(stage: Stage) -> list[Result]:
    owner = _person(stage)
    tried = run_load(
        Load(port=stage.port, request=_attempt(owner.email), connections=32, seconds=4)
    )
    seconds, statuses = _sign_in(stage, [owner], device=True)
    total = sum(answers.count for answers in tried.by_status.values())
    return [
        Result(
            what="one account tried from as many addresses",
            figure=f"{tried.count(401)} passwords checked of {total:,} tried",
            bar="5 at most",
            met=tried.count(401) <= 5 and not tried.others(401, 429, 503),
        ),
        Result(
            what="its owner signs in on their own device meanwhile",
            figure=f"{'yes' if statuses[200] else 'no'}, {seconds[0] * 1000:.0f} ms",
            bar="within 2 s",
            met=statuses[200] == 1 and seconds[0] <= 2,
        ),
    ]


def _stuffing(stage: Stage) -> list[Result]:
    request = _attempt(f"{UNIQUE.decode()}@example.org")
    started, sent, checked, strange = time.perf_counter(), 0, 0, 0
    while sent < _STUFFED:
        seen = run_load(
            Load(
                port=stage.port,
                request=request,
                connections=32,
                seconds=2,
                sources=Sources.ONE_NETWORK,
            )
        )
        sent += sum(answers.count for answers in seen.by_status.values())
        checked += seen.count(401)
        strange += seen.others(401, 429, 503)
    elapsed = time.perf_counter() - started
    return [
        Result(
            what=f"{sent:,} pairs from one /64 in {elapsed:.0f} s",
            figure=f"{checked} passwords checked",
            bar="20 a minute at most",
            met=checked <= 20 * -(-elapsed // 60) and strange == 0,
        )
    ]


def _attempt(email: str) -> bytes:
    body = json.dumps({"email": email, "password": PASSWORD + "!"}).encode()
    headers = {"content-type": "application/json", "x-forwarded-for": SOURCE.decode()}
    return request_bytes("POST", "/api/v1/auth/login", headers, body)


def _person(stage: Stage) -> Honest:
    email = f"{uuid4().hex}@example.org"
    status, cookie = _post(stage, "register", email, {})
    assert status == 201
    return Honest(email=email, cookie=cookie)


def _sign_in(
    stage: Stage, people: list[Honest], *, device: bool
) -> tuple[list[float], Counter[int]]:
    seconds, statuses = [], Counter[int]()
    for person in people:
        started = time.perf_counter()
        headers = {"cookie": person.cookie} if device else {}
        status, _ = _post(stage, "login", person.email, headers)
        seconds.append(time.perf_counter() - started)
        statuses[status] += 1
        time.sleep(PAUSE)
    return seconds, statuses


def _post(stage: Stage, what: str, email: str, headers: dict[str, str]) -> tuple[int, str]:
    """The status of an answer, and the cookie that it sets."""
    address = ".".join(str(random.randint(1, 223)) for _ in range(4))
    connection = HTTPConnection("127.0.0.1", stage.port, timeout=30)
    try:
        connection.request(
            "POST",
            f"/api/v1/auth/{what}",
            json.dumps({"email": email, "password": PASSWORD}),
            {"content-type": "application/json", "x-forwarded-for": address, **headers},
        )
        answer = connection.getresponse()
        answer.read()
        return answer.status, (answer.getheader("set-cookie") or "").partition(";")[0]
    finally:
        connection.close()
