"""What operators see: health, metrics, documents."""

from collections.abc import Callable

import httpx
import psycopg
import pytest

from adapters.postgres.migrations import latest_version
from tests.entrypoints.person import Person
from tests.entrypoints.serving import serving


def test_a_healthy_service_says_so(api: httpx.Client) -> None:
    health = api.get("/health").json()
    assert health["status"] == "healthy"
    assert set(health["services"]) == {"database", "redis"}
    assert api.get("/health/live").json()["status"] == "alive"
    assert api.get("/health/ready").status_code == 200


@pytest.mark.slow
def test_without_redis_it_is_ready_and_people_sign_in(migrated_database_url: str) -> None:
    environ = {"DATABASE_URL": migrated_database_url, "REDIS_URL": "redis://127.0.0.1:1"}
    with serving(environ) as url, httpx.Client(base_url=url, trust_env=False) as api:
        assert api.get("/health").status_code == 503
        assert api.get("/health/ready").status_code == 200
        person = Person.register(api, "without-redis@example.org")
        assert person.call("GET", "/api/v1/users/profile").status_code == 200


@pytest.mark.slow
def test_without_a_database_every_answer_is_bounded_and_a_problem(redis_url: str) -> None:
    environ = {"DATABASE_URL": "postgresql://x@127.0.0.1:1/x", "REDIS_URL": redis_url}
    with serving(environ) as url, httpx.Client(base_url=url, trust_env=False) as api:
        assert api.get("/health/live").status_code == 200
        assert api.get("/health/ready").status_code == 503
        answer = api.post(
            "/api/v1/auth/login",
            json={"email": "a@example.org", "password": "seven quiet otters"},
            timeout=10,
        )
        assert answer.status_code == 503
        assert answer.json()["code"] == "shared.unavailable"
        assert answer.headers["retry-after"] == "1"


@pytest.mark.slow
def test_an_older_schema_is_not_ready(database_url: str, redis_url: str) -> None:
    environ = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
    with serving(environ) as url, httpx.Client(base_url=url, trust_env=False) as api:
        ready = api.get("/health/ready")
        assert ready.status_code == 503
        assert ready.json()["services"]["database"]["details"] is not None
    assert latest_version() >= 4


@pytest.mark.slow
def test_a_newer_schema_is_ready_while_releases_are_exchanged(
    make_database: Callable[[], str], redis_url: str
) -> None:
    environ = {"DATABASE_URL": make_database(), "REDIS_URL": redis_url}
    with psycopg.connect(environ["DATABASE_URL"]) as connection:
        connection.execute("insert into schema_migrations values (9999, '9999_next', '')")
    with serving(environ) as url, httpx.Client(base_url=url, trust_env=False) as api:
        assert api.get("/health/ready").status_code == 200


def test_metrics_count_by_route_and_never_by_path(api: httpx.Client, ada: Person) -> None:
    ada.call("GET", "/api/v1/dnp/list")
    api.post("/api/v1/auth/login", json={"email": "m@example.org", "password": "wrong wrong wrong"})
    text = api.get("/metrics").text
    for line in (
        'http_server_request_duration_seconds_count{http_request_method="GET"',
        "http_server_request_duration_seconds_bucket",
        'nodrake_sign_in_attempts_total{outcome="accounts.invalid_credentials"',
        'nodrake_list_operations_total{operation="listBlockedArtists",outcome="done"',
        "nodrake_database_pool",
    ):
        assert line in text, line
    assert ada.id not in text


def test_the_document_and_its_page_need_nobody_else(api: httpx.Client) -> None:
    assert api.get("/api-docs/openapi.json").json()["openapi"].startswith("3.1")
    page = api.get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "http" not in page.text.replace("http-equiv", "")
    for asset in ("swagger-ui.css", "swagger-ui-bundle.js", "start.js"):
        assert api.get(f"/docs/assets/{asset}").status_code == 200
    assert api.get("/docs/assets/..%2f..%2fetc%2fpasswd").status_code == 404
    assert api.get("/docs/assets/other.js").status_code == 404
