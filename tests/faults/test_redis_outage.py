"""F-20 and F-21: Redis dead or frozen. Nobody gets a 500, and no limit is gone."""

import time
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from tests.adapters.redis.conftest import Server
from tests.entrypoints.person import PASSWORD, Person
from tests.entrypoints.serving import serving

pytestmark = pytest.mark.slow

LIMIT = 50


@pytest.fixture
def api(migrated_database_url: str, server: Server) -> Iterator[httpx.Client]:
    """The API with a limit of fifty requests an hour."""
    environ = {
        "DATABASE_URL": migrated_database_url,
        "REDIS_URL": server.url,
        "NODRAKE_REQUEST_LIMITS": f"{LIMIT}/3600",
    }
    with serving(environ) as url, httpx.Client(base_url=url, trust_env=False, timeout=30) as api:
        yield api


@pytest.fixture(params=["kill", "freeze"])
def outage(request: pytest.FixtureRequest) -> str:
    """What happens to Redis."""
    return str(request.param)


def begin(server: Server, outage: str) -> None:
    """Take Redis away."""
    (server.kill if outage == "kill" else server.freeze)()


def end(server: Server, outage: str) -> None:
    """Bring it back: empty if it was killed."""
    (server.start if outage == "kill" else server.thaw)()


def test_the_limit_holds_in_the_process_with_what_was_counted_before(
    api: httpx.Client, server: Server, outage: str
) -> None:
    ada = Person.register(api, f"{uuid4().hex}@example.org")
    before = [ada.call("GET", "/api/v1/dnp/list").status_code for _ in range(20)]
    begin(server, outage)
    during = [ada.call("GET", "/api/v1/dnp/list") for _ in range(100)]
    end(server, outage)
    assert before == [200] * 20
    assert [answer.status_code for answer in during] == [200] * 30 + [429] * 70
    for answer in during:
        assert answer.headers["ratelimit"].startswith('"hourly";r=')


def test_sign_in_stays_locked_and_open_for_the_others(
    api: httpx.Client, server: Server, outage: str
) -> None:
    ada = Person.register(api, f"{uuid4().hex}@example.org")
    eve = Person.register(api, f"{uuid4().hex}@example.org")

    def sign_in(email: str, password: str) -> int:
        body = {"email": email, "password": password}
        return api.post("/api/v1/auth/login", json=body).status_code

    assert [sign_in(ada.email, "wrong wrong wrong") for _ in range(3)] == [401] * 3
    begin(server, outage)
    attempts = [sign_in(ada.email, "wrong wrong wrong") for _ in range(10)]
    assert attempts == [401] * 2 + [429] * 8
    assert sign_in(ada.email, PASSWORD) == 429
    assert sign_in(eve.email, PASSWORD) == 200
    end(server, outage)


def test_it_is_used_again_within_ten_seconds_of_being_back(
    api: httpx.Client, server: Server, outage: str
) -> None:
    ada = Person.register(api, f"{uuid4().hex}@example.org")
    begin(server, outage)
    for _ in range(LIMIT):
        assert ada.call("GET", "/api/v1/users/profile").status_code == 200
    assert ada.call("GET", "/api/v1/users/profile").status_code == 429
    end(server, outage)
    # Redis knows of none of them, so a 200 is an answer of its own.
    until = time.monotonic() + 10
    while (status := ada.call("GET", "/api/v1/users/profile").status_code) == 429:
        assert time.monotonic() < until, "Redis is not used again"
        time.sleep(0.05)
    assert status == 200
