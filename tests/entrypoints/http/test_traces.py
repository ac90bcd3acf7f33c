"""What a collector is told of requests: a tree of what was done, and nothing of anybody's."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest

from tests.collector import Collector, attributes, collecting
from tests.entrypoints.canaries import Canaries
from tests.entrypoints.person import PASSWORD, Person
from tests.entrypoints.serving import serving

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
CALLER = "caller-canary@example.org"


@dataclass
class Told:
    """The collector after a few requests, and the secrets and ids that were in them."""

    collector: Collector
    canaries: Canaries


@pytest.fixture(scope="module")
def told(migrated_database_url: str, redis_url: str) -> Iterator[Told]:
    """Somebody signs up, errs, adds to a list and looks at it; all of it is traced."""
    canaries = Canaries(PASSWORD, CALLER, "wrong wrong wrong", "query-canary")
    hooks = {"response": [canaries.harvest]}
    with collecting() as collector:
        settings = {
            "DATABASE_URL": migrated_database_url,
            "REDIS_URL": redis_url,
            "NODRAKE_OTLP_ENDPOINT": collector.url,
            "NODRAKE_TRACE_PERCENT": "100",
        }
        with (
            serving(settings) as url,
            httpx.Client(base_url=url, trust_env=False, timeout=30, event_hooks=hooks) as api,
        ):
            ada = Person.register(api, f"{uuid4().hex}@example.org")
            canaries.secrets |= {ada.email, ada.id}
            Person.register(api, CALLER)
            api.post("/api/v1/auth/register", json={"email": CALLER, "password": PASSWORD})
            api.post(
                "/api/v1/auth/login", json={"email": ada.email, "password": "wrong wrong wrong"}
            )
            entry = uuid4()
            canaries.secrets.add(str(entry))
            ada.call("GET", f"/api/v1/dnp/entries/{entry}")
            ada.call("GET", "/api/v1/dnp/search?q=query-canary")
            api.get(
                "/health/ready",
                headers={"traceparent": f"00-{TRACE}-{SPAN}-01", "x-request-id": "r" * 8},
            )
            api.get(f"/nowhere/{ada.id}", headers={"user-agent": CALLER})
        yield Told(collector, canaries)


def test_a_request_is_a_span_named_by_its_template_above_what_it_did(told: Told) -> None:
    (span,) = told.collector.named("POST /api/v1/auth/login")
    assert attributes(span) == {
        "http.request.method": "POST",
        "url.scheme": "http",
        "http.route": "/api/v1/auth/login",
        "http.response.status_code": 401,
        "nodrake.request_id": attributes(span)["nodrake.request_id"],
        "error.type": "accounts.invalid_credentials",
    }
    systems = {attributes(each).get("db.system.name") for each in told.collector.below(span)}
    assert {"postgresql", "redis"} <= systems
    (entry,) = told.collector.named("GET /api/v1/dnp/entries/{artist_id}")
    assert attributes(entry)["http.response.status_code"] == 404


def test_the_callers_trace_goes_on(told: Told) -> None:
    (span,) = told.collector.named("GET /health/ready")
    assert span.trace_id.hex() == TRACE
    assert span.parent_span_id.hex() == SPAN
    assert attributes(span)["nodrake.request_id"] == "r" * 8


def test_what_does_not_exist_is_told_without_its_path(told: Told) -> None:
    assert told.collector.named("GET unmatched")


def test_nothing_of_anybody_is_told(told: Told) -> None:
    assert len(told.collector.spans) > 20
    assert not told.canaries.found_in(told.collector.raw)
    assert b"127.0.0.1" not in told.collector.raw
    assert b"@example.org" not in told.collector.raw
