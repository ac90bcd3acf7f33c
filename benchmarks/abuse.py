"""Attacks on sign-in: what they get, and what becomes of everybody else meanwhile."""

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import httpx
import msgspec

from benchmarks.flood import anywhere, attempt
from benchmarks.load import Target, run_load
from benchmarks.measurements import Result
from benchmarks.stage import PASSWORD, Stage

SIGN_INS = 20
PAUSE = 0.15


class Honest(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody with an account, and the cookie that tells their device."""

    email: str
    cookie: str


def measure_honest_sign_in(stage: Stage) -> list[Result]:
    """Sign-ins under a flood: on a known device, or where it comes from few networks, on any."""
    results = []
    for hosts, device, what in (
        (0, True, "from everywhere, on a known device"),
        (16, False, "from 16 hosts, on a new device"),
    ):
        people = [_person(stage) for _ in range(SIGN_INS)]
        with _flood(stage, hosts):
            seconds, statuses = _sign_in(stage, people, device=device)
        share = statuses[200] / SIGN_INS
        p95 = sorted(seconds)[int(SIGN_INS * 0.95)]
        results.append(
            Result(
                what=f"sign-ins under a flood {what}: 99 %, p95 2 s",
                figure=f"{share:.0%}, median {statistics.median(seconds) * 1000:.0f} ms, "
                f"p95 {p95 * 1000:.0f} ms",
                met=share >= 0.99 and p95 <= 2,
            )
        )
    return results


def measure_hammering(stage: Stage) -> list[Result]:
    """One account tried from a thousand addresses; then its owner comes on their own device."""
    owner = _person(stage)
    target = Target(port=stage.port, request=lambda: attempt(anywhere(), owner.email))
    tried = asyncio.run(run_load(target, connections=32, seconds=4))
    seconds, statuses = _sign_in(stage, [owner], device=True)
    return [
        Result(
            what="one account tried from as many addresses: at most 5 passwords checked",
            figure=f"{tried.statuses[401]} of {tried.statuses.total():,} at {tried.rate:.0f}/s",
            met=tried.statuses[401] <= 5 and set(tried.statuses) <= {401, 429, 503},
        ),
        Result(
            what="its owner's device signs in within 2 s meanwhile",
            figure=f"{'yes' if statuses[200] else 'no'}, {seconds[0] * 1000:.0f} ms",
            met=statuses[200] == 1 and seconds[0] <= 2,
        ),
    ]


def measure_credential_stuffing(stage: Stage) -> list[Result]:
    """Ten thousand pairs from one /64, as fast as they are answered."""
    sent = 0

    def request() -> bytes:
        nonlocal sent
        sent += 1
        return attempt(f"2001:db8:4:4::{sent % 65_536:x}")

    started = time.perf_counter()
    statuses: Counter[int] = Counter()
    while sent < 10_000:
        found = asyncio.run(
            run_load(Target(port=stage.port, request=request), connections=32, seconds=1)
        )
        statuses += found.statuses
    elapsed = time.perf_counter() - started
    minutes = -(-elapsed // 60)
    return [
        Result(
            what="10,000 pairs from one /64: at most 20 passwords checked in a minute",
            figure=f"{statuses[401]} of {sent:,} in {elapsed:.0f} s",
            met=statuses[401] <= 20 * minutes and set(statuses) <= {401, 429, 503},
        )
    ]


def _person(stage: Stage) -> Honest:
    email = f"{uuid4().hex}@example.org"
    with _client(stage) as client:
        answer = client.post("/api/v1/auth/register", json={"email": email, "password": PASSWORD})
    return Honest(email=email, cookie=answer.headers["set-cookie"].partition(";")[0])


def _sign_in(
    stage: Stage, people: list[Honest], *, device: bool
) -> tuple[list[float], Counter[int]]:
    seconds, statuses = [], Counter[int]()
    with _client(stage) as client:
        for person in people:
            headers = {"x-forwarded-for": anywhere()}
            if device:
                headers["cookie"] = person.cookie
            body = {"email": person.email, "password": PASSWORD}
            started = time.perf_counter()
            answer = client.post("/api/v1/auth/login", json=body, headers=headers)
            seconds.append(time.perf_counter() - started)
            statuses[answer.status_code] += 1
            time.sleep(PAUSE)
    return seconds, statuses


@contextmanager
def _flood(stage: Stage, hosts: int) -> Iterator[None]:
    flood = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.flood", str(stage.port), str(hosts)],
        stdout=subprocess.PIPE,
        text=True,
    )
    time.sleep(4)  # until each network has used up what it may do
    yield
    assert json.loads(flood.communicate()[0])["other"] == 0


def _client(stage: Stage) -> httpx.Client:
    return httpx.Client(base_url=f"http://127.0.0.1:{stage.port}", trust_env=False, timeout=30)
