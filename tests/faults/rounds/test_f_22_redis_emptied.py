"""F-22: Redis emptied, or evicting: nothing that keeps people safe is lost."""

import random
from uuid import uuid4

import httpx
import psycopg
import pyotp
from redis import Redis
from redis.exceptions import OutOfMemoryError

from tests.e2e.process import wait_for
from tests.e2e.test_races import enrol
from tests.entrypoints.person import PASSWORD, Person
from tests.faults.rounds.report import Report
from tests.faults.rounds.stack import Stack, stack

_EVICTING = {"maxmemory": "1mb", "maxmemory-policy": "allkeys-random"}
_JUNK = 4000


class Kept:
    """A session that has ended, a code that was used and a request that was answered."""

    def __init__(self, running: Stack, api: httpx.Client) -> None:
        self._api = api
        self.person = Person.register(api, f"{uuid4().hex}@example.org")
        self._gone = self._sign_in()
        api.post("/api/v1/auth/logout", headers=_bearer(self._gone["access_token"]))
        wait_for(lambda: self._profile_of_the_session() == 401, 6, "the session has ended")
        self._secret, _ = enrol(self.person)
        self._code = pyotp.TOTP(self._secret).now()
        self._key = uuid4().hex
        self._artist = running.artists[0]
        self._answer = self._add()
        assert self._answer.status_code == 201

    def complaints(self) -> list[str]:
        """What is not as it was left."""
        found = []
        if (status := self._profile_of_the_session()) != 401:
            found.append(f"the session that has ended is answered with {status}")
        refresh = {"refresh_token": self._gone["refresh_token"]}
        if (status := self._api.post("/api/v1/auth/refresh", json=refresh).status_code) != 401:
            found.append(f"its refresh token is answered with {status}")
        if (status := self._status_of_the_code()) == 200:
            found.append(f"the code that was used is answered with {status}")
        again = self._add()
        if again.content != self._answer.content or "idempotent-replayed" not in again.headers:
            found.append(f"the request that was answered is done again: {again.status_code}")
        return found

    def _sign_in(self) -> dict[str, str]:
        body = {"email": self.person.email, "password": PASSWORD}
        answer = self._api.post("/api/v1/auth/login", json=body).raise_for_status()
        tokens: dict[str, str] = answer.json()
        return tokens

    def _profile_of_the_session(self) -> int:
        headers = _bearer(self._gone["access_token"])
        return self._api.get("/api/v1/users/profile", headers=headers).status_code

    def _status_of_the_code(self) -> int:
        body = {"email": self.person.email, "password": PASSWORD, "totp_code": self._code}
        return self._api.post("/api/v1/auth/login", json=body).status_code

    def _add(self) -> httpx.Response:
        return self.person.call(
            "POST",
            "/api/v1/dnp/add",
            json={"artist_id": self._artist},
            headers={"idempotency-key": self._key},
        )


def _bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def empty(redis: Redis) -> None:
    """FLUSHALL."""
    redis.flushall()


def overflow(redis: Redis) -> None:
    """A mebibyte and no more, which others want as well; connections alone may take it up."""
    for name, value in _EVICTING.items():
        redis.config_set(name, value)
    refused = 0
    for number in range(_JUNK):
        try:
            redis.set(f"junk:{number}", "x" * 1000)
        except OutOfMemoryError:
            refused += 1
    assert refused or redis.info("stats")["evicted_keys"] > 0


def test_all_of_it_is_still_known(rounds: int, dice: random.Random, report: Report) -> None:
    found: list[str] = []
    with (
        stack() as running,
        Redis.from_url(running.redis.url) as redis,
        httpx.Client(base_url=running.urls[0], trust_env=False, timeout=30) as api,
    ):
        for _ in range(rounds):
            kept = Kept(running, api)
            dice.choice([empty, overflow])(redis)
            found += kept.complaints()
        found += running.complaints([])
    report.add(
        "F-22",
        "Redis emptied or evicting",
        f"{len(found)} of {3 * rounds} things forgotten",
        "0: sessions stay revoked, codes used, requests answered",
        met=not found,
    )
    assert found == []


def test_control_what_postgres_forgets_is_noticed(report: Report) -> None:
    with (
        stack(apis=1, worker=False) as running,
        httpx.Client(base_url=running.urls[0], trust_env=False, timeout=30) as api,
        psycopg.connect(running.database_url, autocommit=True) as connection,
    ):
        kept = Kept(running, api)
        connection.execute("update user_sessions set revoked_at = null")
        connection.execute("update user_totp set last_used_step = 0")
        connection.execute("delete from kept_answers")
        running.apis[0].kill()
        running.apis[0].start()
        running.apis[0].wait()
        found = kept.complaints()
    report.add(
        "F-22",
        "control: PostgreSQL is made to forget the same",
        f"{len(found)} of 4 things forgotten",
        "≥ 3",
        met=len(found) >= 3,
        rounds=0,
    )
    assert len(found) >= 3, found
