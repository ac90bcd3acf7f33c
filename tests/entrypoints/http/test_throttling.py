"""Limits on requests over HTTP: the fields, who is counted together, what has no limit."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import http_sf
import httpx
import pytest
from redis import Redis

from tests.entrypoints.person import PASSWORD, Person
from tests.entrypoints.serving import serving

PUBLIC = "/.well-known/jwks.json"
PROXIES = {"NODRAKE_TRUSTED_PROXIES": "127.0.0.0/8"}
Serve = Callable[..., httpx.Client]


@pytest.fixture
def serve(migrated_database_url: str, redis_url: str) -> Iterator[Serve]:
    """Starts the API with some settings and nothing counted yet; a client of it."""
    with ExitStack() as stack:

        def start(**settings: str) -> httpx.Client:
            with Redis.from_url(redis_url) as redis:
                redis.flushdb()
            environ = {"DATABASE_URL": migrated_database_url, "REDIS_URL": redis_url, **settings}
            url = stack.enter_context(serving(environ))
            return stack.enter_context(httpx.Client(base_url=url, trust_env=False, timeout=30))

        yield start


def fields(answer: httpx.Response, name: str) -> dict[str, dict[str, int]]:
    """A field as RFC 9651 has it: a list of strings with parameters."""
    parsed: Any = http_sf.parse(answer.headers[name].encode(), tltype="list")
    assert all(type(item) is str for item, _ in parsed), "items are strings, not tokens"
    return dict(parsed)


def statuses(client: httpx.Client, times: int, **options: object) -> list[int]:
    """What becomes of so many requests."""
    return [client.get(PUBLIC, **options).status_code for _ in range(times)]  # type: ignore[arg-type]


def test_the_limits_of_a_service_that_sets_none_are_told(serve: Serve) -> None:
    api = serve(NODRAKE_REQUEST_LIMITS="")
    answer = api.get(PUBLIC)
    assert fields(answer, "ratelimit-policy") == {
        "burst": {"q": 100, "w": 60},
        "hourly": {"q": 1000, "w": 3600},
        "daily": {"q": 10_000, "w": 86_400},
    }
    assert fields(answer, "ratelimit") == {"burst": {"r": 99, "t": 60}}
    assert [status for status in statuses(api, 110) if status == 200] == [200] * 99


def test_refusals_are_counted_by_what_was_spent(serve: Serve) -> None:
    api = serve(NODRAKE_REQUEST_LIMITS="3/60", NODRAKE_SIGN_INS_PER_MINUTE="1")
    assert statuses(api, 5) == [200] * 3 + [429] * 2
    wrong = {"email": "a@example.org", "password": "wrong wrong wrong"}
    assert [api.post("/api/v1/auth/login", json=wrong).status_code for _ in range(2)] == [401, 429]
    page = api.get("/metrics").text
    assert 'nodrake_throttle_refusals_total{policy="burst"} 2.0' in page
    assert 'nodrake_throttle_refusals_total{policy="attempts"} 1.0' in page


def test_a_client_that_honours_retry_after_gets_its_answer(serve: Serve) -> None:
    api = serve(NODRAKE_REQUEST_LIMITS="3/2,100/3600")
    left = []
    while (answer := api.get(PUBLIC)).status_code == 200:
        [(name, standing)] = fields(answer, "ratelimit").items()
        assert name == "in-2-seconds"
        left.append(standing["r"])
    assert left[:3] == [2, 1, 0]
    assert answer.status_code == 429
    document = answer.json()
    assert (document["code"], document["retryable"]) == ("shared.too_many_requests", True)
    wait = int(answer.headers["retry-after"])
    assert document["retry_after"] == wait
    assert fields(answer, "ratelimit") == {"in-2-seconds": {"r": 0, "t": wait}}
    assert fields(answer, "ratelimit-policy")["hourly"] == {"q": 100, "w": 3600}
    time.sleep(wait)
    assert api.get(PUBLIC).status_code == 200


def test_somebody_signed_in_is_counted_by_account_wherever_they_are(serve: Serve) -> None:
    api = serve(NODRAKE_REQUEST_LIMITS="5/60", **PROXIES)
    ada, eve = (Person.register(api, f"{uuid4().hex}@example.org") for _ in range(2))
    for number in range(5):
        origin = {"x-forwarded-for": f"192.0.2.{number}"}
        assert ada.call("GET", "/api/v1/users/profile", headers=origin).status_code == 200
    refused = ada.call("GET", "/api/v1/dnp/list", headers={"x-forwarded-for": "192.0.2.9"})
    assert refused.status_code == 429
    assert eve.call("GET", "/api/v1/dnp/list").status_code == 200
    # And neither of them has used up what their address may do.
    assert statuses(api, 6) == [200] * 5 + [429]


def token_of(person: Person, **wishes: object) -> dict[str, str]:
    """The field with which an integrator comes."""
    body = {"name": "Home", "scopes": ["profile:read", "list:read"], **wishes}
    answer = person.call("POST", "/api/v1/auth/tokens", json=body)
    assert answer.status_code == 201, answer.text
    return {"authorization": f"Bearer {answer.json()['token']}"}


def test_a_token_stays_within_its_own_limit_and_takes_nobody_with_it(serve: Serve) -> None:
    api = serve(NODRAKE_REQUEST_LIMITS="100/60,1000/3600")
    ada = Person.register(api, f"{uuid4().hex}@example.org")
    slow, other, free = (token_of(ada, requests_per_minute=n) for n in (3, 5, None))

    def ask(token: dict[str, str], path: str = "/api/v1/users/profile") -> httpx.Response:
        return api.get(path, headers=token)

    answers = [ask(slow) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    standings = [fields(answer, "ratelimit") for answer in answers]
    assert [standing["token"]["r"] for standing in standings] == [2, 1, 0]
    refused = ask(slow, "/api/v1/dnp/list")  # counted together, whatever is asked for
    assert refused.status_code == 429
    assert refused.json()["code"] == "shared.too_many_requests"
    wait = int(refused.headers["retry-after"])
    assert 50 <= wait <= 60
    assert fields(refused, "ratelimit") == {"token": {"r": 0, "t": wait}}
    policies = fields(refused, "ratelimit-policy")
    assert policies["token"] == {"q": 3, "w": 60}
    assert policies["burst"] == {"q": 100, "w": 60}

    assert [ask(other).status_code for _ in range(6)] == [200] * 5 + [429]
    assert ask(free).status_code == 200
    answer = ada.call("GET", "/api/v1/users/profile")
    assert answer.status_code == 200
    assert "token" not in fields(answer, "ratelimit-policy")
    # What was refused has not been counted against the account either.
    created, admitted = 3, 3 + 5 + 1 + 1
    assert fields(answer, "ratelimit") == {"burst": {"r": 100 - created - admitted, "t": 60}}


@pytest.mark.parametrize("path", ["/health", "/health/live", "/health/ready", "/metrics", "/docs"])
def test_operators_and_readers_have_no_limit(serve: Serve, path: str) -> None:
    api = serve(NODRAKE_REQUEST_LIMITS="1/60")
    assert statuses(api, 2) == [200, 429]
    answers = [api.get(path) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert "ratelimit" not in answers[0].headers


def test_every_answer_tells_the_limit_whatever_it_is(serve: Serve) -> None:
    api = serve()
    ada = Person.register(api, f"{uuid4().hex}@example.org")
    answers = [
        ada.call("GET", "/api/v1/dnp/list"),
        ada.call("GET", "/api/v1/dnp/list?limit=0"),
        ada.call("GET", "/api/v1/dnp/export"),
        ada.call("POST", "/api/v1/dnp/add", json={}),
        ada.call("POST", "/api/v1/dnp/add", content=b"{"),
        ada.call("DELETE", f"/api/v1/dnp/entries/{uuid4()}"),
        api.post("/api/v1/auth/refresh", json={"refresh_token": "x"}),
        api.post("/api/v1/auth/login", json={"email": "x", "password": "x"}),
    ]
    assert len({answer.status_code for answer in answers}) > 3
    for answer in answers:
        assert fields(answer, "ratelimit")
        assert fields(answer, "ratelimit-policy")
        assert answer.headers["ratelimit"].count(",") == 0, "sent once"


def test_sign_in_tells_its_own_limit(serve: Serve) -> None:
    api = serve()
    body = {"email": f"{uuid4().hex}@example.org", "password": "wrong wrong wrong"}
    for _ in range(5):
        answer = api.post("/api/v1/auth/login", json=body)
        assert answer.status_code == 401
        assert fields(answer, "ratelimit-policy")["attempts"] == {"q": 5, "w": 900}
    refused = api.post("/api/v1/auth/login", json=body)
    assert refused.status_code == 429
    assert refused.json()["code"] == "accounts.too_many_attempts"
    wait = int(refused.headers["retry-after"])
    assert fields(refused, "ratelimit") == {"attempts": {"r": 0, "t": wait}}
    assert 890 <= wait <= 900


def test_too_many_requests_to_sign_in_are_refused_with_the_code_that_is_documented(
    serve: Serve,
) -> None:
    api = serve(NODRAKE_REQUEST_LIMITS="2/60")
    answers = [
        api.post("/api/v1/auth/login", json={"email": f"{n}@example.org", "password": "x"})
        for n in range(3)
    ]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert answers[2].json()["code"] == "accounts.too_many_attempts"
    assert int(answers[2].headers["retry-after"]) <= 60


def test_a_browser_may_read_the_fields(serve: Serve) -> None:
    origin = "https://music.example.org"
    api = serve(NODRAKE_CORS_ORIGINS=origin, NODRAKE_REQUEST_LIMITS="1/60")
    preflight = {"origin": origin, "access-control-request-method": "GET"}
    for _ in range(5):
        assert api.options(PUBLIC, headers=preflight).status_code == 204
    for expected in (200, 429):
        answer = api.get(PUBLIC, headers={"origin": origin})
        assert answer.status_code == expected
        exposed = answer.headers["access-control-expose-headers"].lower()
        assert {"ratelimit", "ratelimit-policy", "retry-after"} <= {
            name.strip() for name in exposed.split(",")
        }


FORGED = ["X-Forwarded-For", "X-Real-IP", "Forwarded", "X_Forwarded_For", "X-Client-IP", "Via"]


def forged(chance: random.Random) -> list[tuple[str, str]]:
    """Some fields that say that the request comes from somewhere else."""
    chosen = chance.sample(FORGED, chance.randint(1, len(FORGED)))
    return [(name, f"{chance.choice(['', 'for='])}{_anywhere(chance)}") for name in chosen]


def _anywhere(chance: random.Random) -> str:
    return ".".join(str(chance.randint(1, 223)) for _ in range(4))


def test_a_hundred_requests_with_forged_fields_share_one_count(serve: Serve) -> None:
    api, chance = serve(NODRAKE_REQUEST_LIMITS="20/60"), random.Random(10)
    answers = [api.get(PUBLIC, headers=forged(chance)).status_code for _ in range(100)]
    assert answers == [200] * 20 + [429] * 80


def test_behind_a_trusted_proxy_they_are_counted_apart_by_the_one_field_that_it_writes(
    serve: Serve,
) -> None:
    api, chance = serve(NODRAKE_REQUEST_LIMITS="20/60", **PROXIES), random.Random(10)

    def ask(number: int) -> int:
        others = [field for field in forged(chance) if field[0] != "X-Forwarded-For"]
        hops = ("X-Forwarded-For", f"{_anywhere(chance)}, 192.0.2.{number}")
        return api.get(PUBLIC, headers=[*others, hops]).status_code

    assert [ask(number) for number in range(100)] == [200] * 100
    assert [ask(1) for _ in range(100)] == [200] * 19 + [429] * 81


def test_one_64_is_one_network(serve: Serve) -> None:
    api = serve(NODRAKE_REQUEST_LIMITS="20/60", **PROXIES)
    answers = [
        api.get(PUBLIC, headers={"X-Forwarded-For": f"2001:db8::{n:x}"}).status_code
        for n in range(1, 41)
    ]
    assert answers == [200] * 20 + [429] * 20


def test_registrations_are_counted_by_the_network_that_a_proxy_tells(serve: Serve) -> None:
    api = serve(NODRAKE_REGISTRATIONS_PER_HOUR="2", **PROXIES)

    def register(address: str) -> httpx.Response:
        body = {"email": f"{uuid4().hex}@example.org", "password": PASSWORD}
        headers = {"X-Forwarded-For": address}
        return api.post("/api/v1/auth/register", json=body, headers=headers)

    assert [register(f"2001:db8::{n}").status_code for n in range(1, 3)] == [201, 201]
    refused = register("2001:db8::3")
    assert refused.status_code == 429
    assert fields(refused, "ratelimit-policy")["attempts"] == {"q": 2, "w": 3600}
    assert register("2001:db8:0:1::1").status_code == 201


def test_a_device_that_has_signed_in_is_let_in_while_strangers_try(serve: Serve) -> None:
    api = serve()
    email = f"{uuid4().hex}@example.org"
    right, wrong = ({"email": email, "password": p} for p in (PASSWORD, "wrong wrong wrong"))
    answer = api.post("/api/v1/auth/register", json=right)
    [cookie] = answer.headers.get_list("set-cookie")
    name, _, value = cookie.partition(";")[0].partition("=")
    assert name == "__Host-nodrake-device"
    for attribute in ("Path=/", "Secure", "HttpOnly", "SameSite=strict", "Max-Age=31536000"):
        assert attribute.lower() in cookie.lower()
    assert "domain" not in cookie.lower()
    for _ in range(10):
        api.post("/api/v1/auth/login", json=wrong)
    assert api.post("/api/v1/auth/login", json=right).status_code == 429
    known = {"cookie": f"{name}={value}"}
    signed_in = api.post("/api/v1/auth/login", json=right, headers=known)
    assert signed_in.status_code == 200
    assert "set-cookie" in signed_in.headers
    refused = api.post("/api/v1/auth/login", json=wrong, headers=known)
    assert refused.status_code == 401
    assert "set-cookie" not in refused.headers
