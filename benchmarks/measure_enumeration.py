"""Whether the time of an answer tells if an address has an account: signing in and forgetting.

Samples of all classes are taken in turn, in an order that is shuffled every time, over one
connection; once while the service is idle, once while others read. Every address is used a few
times only, so that no count of attempts stands in the way.
"""

import json
import math
import random
import statistics
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection
from uuid import uuid4

import psycopg

from benchmarks.load import Load, LoadProcess, Sources, request_bytes
from benchmarks.result import Result
from benchmarks.stage import Stage, register

SAMPLES = 500
ADDRESSES = 600  # each is tried once in a condition: five times would lock it
_WARM_UP = 30
_READS = 60  # a second
_SIGNIFICANT = 0.01
_UNKNOWN = "unknown"


def measure_enumeration(stage: Stage) -> list[Result]:
    """Each class of account against addresses without one."""
    addresses = _addresses(stage)
    results = []
    for condition in ("idle", "under load"):
        for path, classes in (
            ("login", list(addresses)),
            ("password/forgot", [_UNKNOWN, "known"]),
        ):
            chosen = {name: addresses[name] for name in classes}
            if condition == "idle":
                times, answers = _sample(stage, path, chosen)
            else:
                with LoadProcess(_reads(stage)):  # it ends with the block
                    time.sleep(1)
                    times, answers = _sample(stage, path, chosen)
            results += _compare(f"{path}, {condition}", times)
            results.append(
                Result(
                    what=f"{path}, {condition}: answers of all classes",
                    figure=", ".join(f"{count} × {status}" for status, count in answers.items()),
                    bar="one status and body",
                    met=len(answers) == 1,
                )
            )
    return results


def _addresses(stage: Stage) -> Mapping[str, Sequence[str]]:
    """Accounts of each class, made from one by copying it; and addresses that nobody has."""
    model = register(stage.port).id
    made: dict[str, list[str]] = {
        _UNKNOWN: [f"{uuid4().hex}@example.org" for _ in range(ADDRESSES)]
    }
    with psycopg.connect(stage.database_url) as connection:
        for name in ("known", "proven", "second factor", "without password", "closed"):
            made[name] = [f"{uuid4().hex}@example.org" for _ in range(ADDRESSES)]
            rows = connection.execute(
                """
                insert into users (id, email, email_key, email_verified, password_hash)
                select gen_random_uuid(), e.email, e.email, %s, case when %s then password_hash end
                from users, unnest(%s::text[]) e (email) where users.id = %s
                returning id
                """,
                [name != "known", name != "without password", made[name], model],
            ).fetchall()
            if name == "second factor":
                connection.cursor().executemany(
                    """
                    insert into user_totp (user_id, secret_sealed, created_at, confirmed_at)
                    values (%s, 'sealed', now(), now())
                    """,
                    rows,
                )
            if name == "closed":
                connection.cursor().executemany(
                    "insert into password_failures values (%s, false, 80, now())", rows
                )
        connection.execute("analyze users")
    return made


def _sample(
    stage: Stage, path: str, addresses: Mapping[str, Sequence[str]]
) -> tuple[dict[str, list[float]], Counter[str]]:
    """Milliseconds of each answer by class, and the answers without what differs by nature."""
    chance = random.Random(path)
    times: dict[str, list[float]] = {name: [] for name in addresses}
    answers: Counter[str] = Counter()
    connection = HTTPConnection("127.0.0.1", stage.port, timeout=30)
    try:
        for number in range(SAMPLES + _WARM_UP):
            for name in chance.sample(sorted(addresses), len(addresses)):
                email = addresses[name][number % ADDRESSES]
                body = {"email": email}
                if path == "login":
                    body["password"] = "not the one that it is"
                content = json.dumps(body).encode()
                started = time.perf_counter()
                connection.request(
                    "POST",
                    f"/api/v1/auth/{path}",
                    content,
                    {
                        "content-type": "application/json",
                        "x-request-id": "enumeration",
                        "x-forwarded-for": Sources.ANYWHERE.next().decode(),
                    },
                )
                answer = connection.getresponse()
                text = answer.read()
                elapsed = (time.perf_counter() - started) * 1000
                if number >= _WARM_UP:
                    times[name].append(elapsed)
                    answers[f"{answer.status} {_constant(text)}".strip()] += 1
    finally:
        connection.close()
    return times, answers


def _constant(text: bytes) -> str:
    """The code of a problem, after checking that nothing else varies but the time."""
    if not text:
        return ""
    document = json.loads(text)
    document.pop("timestamp", None)
    code = document.pop("code")
    return f"{code} ({len(json.dumps(document))} bytes besides)"


def _compare(what: str, times: Mapping[str, Sequence[float]]) -> list[Result]:
    base = times[_UNKNOWN]
    base_median = statistics.median(base)
    results = []
    for name, found in times.items():
        if name == _UNKNOWN:
            continue
        apart = statistics.median(found) - base_median
        p = mann_whitney(base, found)
        near = abs(apart) <= max(2.0, 0.05 * base_median)
        results.append(
            Result(
                what=f"{what}: {name} against {_UNKNOWN}",
                figure=f"median {base_median:.2f} ms, {apart:+.3f} ms, p = {p:.3f}",
                bar=f"p > {_SIGNIFICANT} and within 5 % or 2 ms",
                met=p > _SIGNIFICANT and near,
            )
        )
    return results


def mann_whitney(first: Sequence[float], second: Sequence[float]) -> float:
    """The two-sided p of the rank test, by its normal approximation (500 samples are plenty)."""
    ordered = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    ranks = sum(rank for rank, (_, group) in enumerate(ordered, 1) if group == 0)
    n, m = len(first), len(second)
    u = ranks - n * (n + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))


def _reads(stage: Stage) -> Load:
    request = request_bytes("GET", "/api/v1/users/profile", stage.person.headers)
    return Load(port=stage.port, request=request, connections=4, seconds=3600, rate=_READS)
