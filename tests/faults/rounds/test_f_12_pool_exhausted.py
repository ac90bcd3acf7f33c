"""F-12: two hundred slow requests on a pool of ten, and people who want to sign in meanwhile."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import psycopg

from tests.entrypoints.person import PASSWORD
from tests.faults.rounds.oracle import Account
from tests.faults.rounds.report import Report
from tests.faults.rounds.stack import Stack, register, stack

SLOW, SIGN_INS = 200, 10
QUEUE, WAY = 1.0, 0.5
SIGNED_IN = 0.5


def sign_in(api: httpx.Client, email: str) -> tuple[float, int]:
    """Seconds and status of one attempt with the right password."""
    started = time.monotonic()
    body = {"email": email, "password": PASSWORD}
    status = api.post("/api/v1/auth/login", json=body).status_code
    return time.monotonic() - started, status


def slow_request(url: str, person: Account, artist: str) -> tuple[float, int]:
    """An edit of a list that somebody else has locked: it holds a connection while it waits."""
    started = time.monotonic()
    with httpx.Client(base_url=url, trust_env=False, timeout=30) as api:
        answer = api.patch(
            f"/api/v1/dnp/entries/{artist}", json={"note": uuid4().hex}, headers=person.headers
        )
    return time.monotonic() - started, answer.status_code


def flooded(running: Stack, person: Account, emails: list[str]) -> tuple[list[tuple[float, int]],
                                                                         list[tuple[float, int]],
                                                                         list[int]]:  # fmt: skip
    """How the slow requests, the sign-ins among them, and readiness were answered."""
    url, artist = running.urls[0], running.artists[0]
    ready: list[int] = []
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            ready.append(running.apis[0].ready())
            time.sleep(0.1)

    with (
        psycopg.connect(running.database_url) as lock,
        ThreadPoolExecutor(SLOW) as crowd,
        httpx.Client(base_url=url, trust_env=False, timeout=30) as api,
    ):
        lock.execute("select from user_lists where user_id = %s for update", [person.id])
        slow = [crowd.submit(slow_request, url, person, artist) for _ in range(SLOW)]
        watching = threading.Thread(target=watch)
        watching.start()
        time.sleep(0.3)
        signed_in = [sign_in(api, email) for email in emails]
        lock.rollback()
        answered = [each.result() for each in slow]
        over.set()
        watching.join()
    return answered, signed_in, ready


def test_people_can_sign_in_while_everything_else_waits(rounds: int, report: Report) -> None:
    slow: list[tuple[float, int]] = []
    signed_in: list[tuple[float, int]] = []
    ready: list[int] = []
    with stack(apis=1) as running:
        with httpx.Client(base_url=running.urls[0], trust_env=False, timeout=30) as api:
            person = register(api)
            for _ in range(rounds):
                emails = [register(api).email for _ in range(SIGN_INS)]
                now_slow, now_signed_in, now_ready = flooded(running, person, emails)
                slow += now_slow
                signed_in += now_signed_in
                ready += now_ready
                assert api.get("/api/v1/dnp/list", headers=person.headers).status_code == 200
        complaints = running.complaints([])
    p95 = sorted(seconds for seconds, _ in signed_in)[int(len(signed_in) * 0.95)]
    refused = [seconds for seconds, status in slow if status == 503]
    failed = Counter(status for _, status in signed_in if status != 200)
    not_ready = sum(1 for status in ready if status != 200)
    report.add(
        "F-12",
        f"{SLOW} slow requests on a pool of ten",
        f"sign-ins p95 {p95 * 1000:.0f} ms ({dict(failed) or 'all let in'}), "
        f"{len(refused):,} of {len(slow):,} slow ones refused, median after "
        f"{sorted(refused)[len(refused) // 2]:.1f} s, readiness red {not_ready} times of "
        f"{len(ready)}",
        f"p95 ≤ {SIGNED_IN * 1000:.0f} ms, all let in, readiness green",
        met=p95 <= SIGNED_IN and not failed and not not_ready,
    )
    assert complaints == [], "\n".join(complaints)
    assert {status for _, status in slow} <= {404, 503}
    assert not failed
    assert not_ready == 0
    assert p95 <= SIGNED_IN


def test_control_without_connections_apart_nobody_gets_in(report: Report) -> None:
    """A pool of three has none to spare."""
    with stack(apis=1, worker=False, NODRAKE_DATABASE_POOL_SIZE="3") as running:
        with httpx.Client(base_url=running.urls[0], trust_env=False, timeout=30) as api:
            person, emails = register(api), [register(api).email for _ in range(3)]
        _, signed_in, _ = flooded(running, person, emails)
    missed = [each for each in signed_in if each[1] != 200 or each[0] > SIGNED_IN]
    report.add(
        "F-12",
        "control: no connection is kept for signing in",
        f"{len(missed)} of {len(signed_in)} sign-ins refused or late",
        "≥ 1",
        met=bool(missed),
        rounds=0,
    )
    assert missed
