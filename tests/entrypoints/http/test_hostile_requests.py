"""Requests that nobody should send: each gets a problem document and changes nothing."""

import json

import httpx
import psycopg
import pytest

from tests.entrypoints.person import PASSWORD, Person

JSON = {"content-type": "application/json"}
BODIES = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"x"',
    b"1",
    b"nul",
    b"{'email': 1}",
    b'{"email": NaN}',
    b'{"email": Infinity}',
    b'{"email": 1e999}',
    b'{"email": 99999999999999999999999999}',
    b'{"email": "\xff\xfe"}',
    b'{"\xff": 1}',
    b'{"email": "\\ud800"}',
    b'{"email": "a\\u0000@example.org", "password": "x"}',
    b'{"email": "a\x00@example.org"}',
    b'{"email": "a@example.org", "email": "b@example.org"}',
    b'{"email": "a@example.org", "password": 12}',
    b'{"email": ["a@example.org"], "password": {}}',
    b'{"email": null, "password": null}',
    b'{"email": "a@example.org", "password": "' + b"x" * 1025 + b'"}',
    b'{"email": "a@example.org", "password": "short"}',
    b'{"email": "no address", "password": "seven quiet otters"}',
    b'{"id": 1, "email": "a@example.org", "password": "seven quiet otters"}',
    b"[" * 33 + b"]" * 33,
    b"[" * 4000,
    b'{"a":' * 1300,
    b"\xef\xbb\xbf{}",
    b"{}\x00",
    json.dumps({str(n): n for n in range(500)}).encode(),
]


def assert_is_problem(answer: httpx.Response) -> None:
    """RFC 9457, with all that we promise and nothing that we do not."""
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document["status"] == answer.status_code
    assert {
        "type", "title", "status", "detail", "instance", "code", "request_id", "timestamp",
        "retryable",
    } <= set(document)  # fmt: skip
    assert document["request_id"] == answer.headers["x-request-id"]
    assert "?" not in document["instance"]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_a_hostile_body_is_refused(
    api: httpx.Client, body: bytes, migrated_database_url: str
) -> None:
    def count() -> object:
        with psycopg.connect(migrated_database_url) as connection:
            return connection.execute("select count(*) from users").fetchone()

    before = count()
    assert_is_problem(api.post("/api/v1/auth/register", content=body, headers=JSON))
    assert count() == before


OPERATIONS = [
    ("POST", "/api/v1/auth/register"),
    ("POST", "/api/v1/auth/login"),
    ("POST", "/api/v1/auth/refresh"),
    ("PATCH", "/api/v1/users/profile"),
    ("PUT", "/api/v1/users/settings"),
    ("POST", "/api/v1/dnp/add"),
    ("PATCH", "/api/v1/dnp/entries/01a1fc92-f28d-7423-8b08-1933147824f5"),
]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize("body", BODIES[:24:3], ids=range(8))
def test_every_operation_refuses_hostile_bodies(
    ada: Person, method: str, path: str, body: bytes
) -> None:
    assert_is_problem(ada.call(method, path, content=body, headers=JSON))


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/jsonp",
        "application/json; charset=utf-16",
        "",
    ],
)
def test_only_json_is_taken_as_json(ada: Person, method: str, path: str, content_type: str) -> None:
    headers = {"content-type": content_type} if content_type else {}
    answer = ada.call(method, path, content=b'{"display_name": "x"}', headers=headers)
    assert_is_problem(answer)
    assert answer.status_code == 415


def test_a_plus_json_type_is_json(ada: Person) -> None:
    answer = ada.call(
        "PATCH",
        "/api/v1/users/profile",
        content=b'{"display_name": "Ada"}',
        headers={"content-type": "application/merge-patch+json"},
    )
    assert answer.json()["display_name"] == "Ada"


def test_server_owned_fields_cannot_be_set(ada: Person) -> None:
    for field in ("id", "email", "email_verified", "created_at", "password_hash", "role"):
        answer = ada.call("PATCH", "/api/v1/users/profile", json={field: "x"})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == field


def test_a_body_that_is_too_large_is_refused(api: httpx.Client) -> None:
    answer = api.post("/api/v1/auth/login", content=b" " * 9000, headers=JSON)
    assert_is_problem(answer)
    assert answer.status_code == 413


def test_unknown_places_and_methods_are_problems(api: httpx.Client) -> None:
    missing = api.get("/nowhere?token=canary-secret")
    assert_is_problem(missing)
    assert "canary-secret" not in missing.text
    refused = api.put("/api/v1/dnp/list")
    assert_is_problem(refused)
    assert refused.status_code == 405
    assert "GET" in refused.headers["allow"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=x", "limit"),
        ("limit=1&limit=2", "limit"),
        ("sorting=name", "sorting"),
        ("tag=%00", "tag"),
        ("q=a%00", "q"),
        ("=", "query"),
        ("sort=random", "sort"),
        ("source=hearsay", "source"),
        ("source=null", "source"),
        ("tag=" + "x" * 51, "tag"),
        ("cursor=" + "x" * 2049, "cursor"),
    ],
)
def test_a_bad_parameter_is_named(ada: Person, query: str, field: str) -> None:
    answer = ada.call("GET", f"/api/v1/dnp/list?{query}")
    assert_is_problem(answer)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_a_missing_parameter_is_named(ada: Person) -> None:
    answer = ada.call("GET", "/api/v1/dnp/search")
    assert answer.json()["errors"] == [{"field": "q", "message": "is required"}]


@pytest.mark.parametrize("path", ["/api/v1/dnp/list", "/health/live", "/nowhere", "/docs"])
def test_every_answer_has_safe_headers(api: httpx.Client, path: str) -> None:
    headers = api.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers


def test_a_request_id_is_kept_if_it_is_harmless(api: httpx.Client) -> None:
    kept = api.get("/health/live", headers={"x-request-id": "trace-0123456789"})
    assert kept.headers["x-request-id"] == "trace-0123456789"
    replaced = api.get("/health/live", headers={"x-request-id": "<script>"})
    assert replaced.headers["x-request-id"] != "<script>"


def test_other_origins_get_no_permission(api: httpx.Client) -> None:
    answer = api.get("/health/live", headers={"origin": "https://evil.example"})
    assert "access-control-allow-origin" not in answer.headers


def test_a_login_body_is_not_echoed(api: httpx.Client) -> None:
    answer = api.post("/api/v1/auth/login", json={"email": "x", "password": PASSWORD})
    assert PASSWORD not in answer.text
