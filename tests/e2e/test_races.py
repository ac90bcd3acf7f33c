"""One-time things over four processes: whoever comes at once, one of them gets it.

SE-02 and SE-03 (refresh tokens), AU-11 (codes of an authenticator), AU-13 (recovery codes).
"""

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import httpx
import psycopg
import pyotp
import pytest

from tests.e2e.process import Serve, serving
from tests.entrypoints.canaries import Canaries
from tests.entrypoints.person import PASSWORD, Person

pytestmark = pytest.mark.slow

ROUNDS = 10
RACERS = 20
# Of more attempts on one account, the one that enrols among them, some are turned away unseen.
ATTEMPTS = 4


@pytest.fixture(scope="module")
def canaries() -> Canaries:
    """The secrets that are answered here."""
    return Canaries(PASSWORD)


@pytest.fixture(scope="module")
def four(
    tmp_path_factory: pytest.TempPathFactory,
    migrated_database_url: str,
    redis_url: str,
    canaries: Canaries,
) -> Iterator[Serve]:
    """``nodrake serve --workers 4``; no secret that it answers is in its log."""
    log = tmp_path_factory.mktemp("races") / "log"
    settings = {
        "DATABASE_URL": migrated_database_url,
        "REDIS_URL": redis_url,
        "NODRAKE_DEADLINE_SECONDS": "30",
        "NODRAKE_HASHING_QUEUE": "100",
    }
    with serving(log, workers=4, **settings) as serve:
        yield serve
    assert canaries.found_in(log.read_bytes()) == [], "a secret is in the log"


@pytest.fixture
def api(four: Serve, canaries: Canaries) -> Iterator[httpx.Client]:
    """A client that is nobody."""
    hooks = {"response": [canaries.harvest]}
    with httpx.Client(base_url=four.url, trust_env=False, timeout=60, event_hooks=hooks) as client:
        yield client


async def _at_once(url: str, path: str, body: dict[str, str], racers: int) -> list[httpx.Response]:
    # A connection for each, so that all processes get some.
    limits = httpx.Limits(max_connections=racers, max_keepalive_connections=0)
    async with httpx.AsyncClient(
        base_url=url, trust_env=False, timeout=60, limits=limits
    ) as client:
        return list(await asyncio.gather(*(client.post(path, json=body) for _ in range(racers))))


def at_once(four: Serve, path: str, racers: int, **body: str) -> list[httpx.Response]:
    """The same request from so many at the same time."""
    return asyncio.run(_at_once(four.url, path, body, racers))


def a_person(api: httpx.Client) -> Person:
    """Somebody new."""
    return Person.register(api, f"{uuid4().hex}@example.org")


def enrol(person: Person) -> tuple[str, list[str]]:
    """Switch the second factor on; the secret and the recovery codes."""
    secret = person.call("POST", "/api/v1/auth/2fa/setup").json()["secret"]
    code = pyotp.TOTP(secret).now()
    answer = person.call("POST", "/api/v1/auth/2fa/verify", json={"totp_code": code})
    return secret, answer.json()["recovery_codes"]


def test_twenty_refreshes_at_once_give_one_successor_and_end_no_session(
    four: Serve, api: httpx.Client, migrated_database_url: str
) -> None:
    person = a_person(api)
    token = person.refresh_token
    for _ in range(ROUNDS):
        answers = at_once(four, "/api/v1/auth/refresh", RACERS, refresh_token=token)
        assert {answer.status_code for answer in answers} == {200}
        (token,) = {answer.json()["refresh_token"] for answer in answers}
    with psycopg.connect(migrated_database_url) as connection:
        chain = connection.execute(
            """
            select count(*), count(distinct t.successor_hash),
                   count(*) filter (where used_at is null)
            from refresh_tokens t join user_sessions s on s.id = t.session_id
            where s.user_id = %s
            """,
            [person.id],
        ).fetchone()
    assert chain == (ROUNDS + 1, ROUNDS, 1), "a chain without a fork"


def test_a_code_of_an_authenticator_opens_one_session(
    four: Serve, api: httpx.Client, migrated_database_url: str
) -> None:
    for _ in range(ROUNDS):
        person = a_person(api)
        secret, _ = enrol(person)
        with psycopg.connect(
            migrated_database_url
        ) as connection:  # in place of waiting for half a minute
            connection.execute(
                "update user_totp set last_used_step = 0 where user_id = %s", [person.id]
            )
        answers = at_once(
            four,
            "/api/v1/auth/login",
            ATTEMPTS,
            email=person.email,
            password=PASSWORD,
            totp_code=pyotp.TOTP(secret).now(),
        )
        statuses = sorted(answer.status_code for answer in answers)
        assert statuses == [200] + [401] * (ATTEMPTS - 1), [answer.text for answer in answers]


def test_a_recovery_code_opens_one_session(four: Serve, api: httpx.Client) -> None:
    for _ in range(ROUNDS):
        person = a_person(api)
        _, codes = enrol(person)
        answers = at_once(
            four,
            "/api/v1/auth/login",
            ATTEMPTS,
            email=person.email,
            password=PASSWORD,
            recovery_code=codes[0],
        )
        statuses = sorted(answer.status_code for answer in answers)
        assert statuses == [200] + [401] * (ATTEMPTS - 1), [answer.text for answer in answers]
