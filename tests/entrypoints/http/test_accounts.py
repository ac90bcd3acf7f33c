"""Accounts over HTTP."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import psycopg
import pytest

from tests.entrypoints.person import PASSWORD, Person

PER_REQUEST = {"date", "x-request-id", "ratelimit"}


def credentials(email: str, password: str = PASSWORD) -> dict[str, str]:
    """The body of register and login."""
    return {"email": email, "password": password}


def test_register_login_and_refresh_answer_the_same_shape(api: httpx.Client) -> None:
    email = f"{uuid4().hex}@example.org"
    registered = api.post("/api/v1/auth/register", json=credentials(email))
    signed_in = api.post("/api/v1/auth/login", json=credentials(email))
    refreshed = api.post(
        "/api/v1/auth/refresh", json={"refresh_token": signed_in.json()["refresh_token"]}
    )
    assert [registered.status_code, signed_in.status_code, refreshed.status_code] == [201, 200, 200]
    for answer in (registered, signed_in, refreshed):
        assert set(answer.json()) == {"user", "access_token", "refresh_token", "expires_in"}
        assert answer.json()["user"]["email"] == email
        assert answer.headers["cache-control"] == "no-store"


def test_an_address_cannot_be_registered_twice(api: httpx.Client, ada: Person) -> None:
    answer = api.post("/api/v1/auth/register", json=credentials(ada.email.upper()))
    assert answer.status_code == 409
    assert answer.json()["code"] == "accounts.email_already_registered"


def test_twenty_people_racing_for_an_address_leave_one_account(api: httpx.Client) -> None:
    body = credentials(f"{uuid4().hex}@example.org")

    def attempt(_: int) -> int:
        return api.post("/api/v1/auth/register", json=body).status_code

    with ThreadPoolExecutor(20) as racers:
        statuses = list(racers.map(attempt, range(20)))
    assert statuses.count(201) == 1
    assert set(statuses) <= {201, 409, 503}


def test_an_unknown_address_and_a_wrong_password_answer_alike(
    api: httpx.Client, ada: Person
) -> None:
    answers = [
        api.post("/api/v1/auth/login", json=credentials(email, "another password entirely"))
        for email in (ada.email, f"{uuid4().hex}@example.org")
    ]
    documents = [answer.json() for answer in answers]
    for document in documents:
        document.pop("request_id")
        document.pop("timestamp")
    assert documents[0] == documents[1]
    assert documents[0]["status"] == 401
    headers = [
        {k: v for k, v in answer.headers.items() if k not in PER_REQUEST} for answer in answers
    ]
    assert headers[0] == headers[1]


def test_the_sixth_attempt_waits_for_a_quarter_of_an_hour(api: httpx.Client) -> None:
    body = credentials(f"{uuid4().hex}@example.org", "another password entirely")
    statuses = [api.post("/api/v1/auth/login", json=body).status_code for _ in range(5)]
    assert statuses == [401] * 5
    sixth = api.post("/api/v1/auth/login", json=body)
    assert sixth.status_code == 429
    assert 890 <= int(sixth.headers["retry-after"]) <= 900
    assert sixth.json()["retryable"] is True


@pytest.mark.slow
def test_twenty_concurrent_refreshes_have_one_successor(api: httpx.Client, ada: Person) -> None:
    token = ada.refresh_token

    def refresh(_: int) -> httpx.Response:
        return api.post("/api/v1/auth/refresh", json={"refresh_token": token})

    with ThreadPoolExecutor(20) as racers:
        for _ in range(10):
            answers = list(racers.map(refresh, range(20)))
            served = [answer for answer in answers if answer.status_code == 200]
            assert served, answers[0].text
            assert {answer.status_code for answer in answers} <= {200, 503}
            successors = {answer.json()["refresh_token"] for answer in served}
            assert len(successors) == 1
            token = successors.pop()


def test_a_used_token_of_an_older_generation_ends_the_session(
    api: httpx.Client, ada: Person
) -> None:
    def refresh(token: str) -> httpx.Response:
        return api.post("/api/v1/auth/refresh", json={"refresh_token": token})

    second = refresh(ada.refresh_token).json()
    third = refresh(second["refresh_token"]).json()
    assert refresh(ada.refresh_token).json()["code"] == "accounts.invalid_refresh_token"
    assert refresh(third["refresh_token"]).status_code == 401
    ada.access_token = third["access_token"]
    assert ada.call("GET", "/api/v1/users/profile").status_code == 401


def test_signing_out_ends_access_at_once(ada: Person) -> None:
    assert ada.call("POST", "/api/v1/auth/logout").status_code == 204
    assert ada.call("GET", "/api/v1/users/profile").status_code == 401


def test_the_profile_changes_by_what_is_sent(ada: Person) -> None:
    named = ada.call("PATCH", "/api/v1/users/profile", json={"display_name": "Ada"})
    assert named.json()["display_name"] == "Ada"
    assert ada.call("PATCH", "/api/v1/users/profile", json={}).json()["display_name"] == "Ada"
    unnamed = ada.call("PATCH", "/api/v1/users/profile", json={"display_name": None})
    assert unnamed.json()["display_name"] is None


def test_settings_are_replaced_as_a_whole(ada: Person) -> None:
    wanted = {"theme": "dark", "language": "de-CH", "email_notifications": False}
    assert ada.call("PUT", "/api/v1/users/settings", json=wanted).json()["settings"] == wanted
    assert ada.call("GET", "/api/v1/users/profile").json()["settings"] == wanted
    part = ada.call("PUT", "/api/v1/users/settings", json={"theme": "light"})
    assert part.status_code == 422


def test_the_key_set_verifies_access_tokens(api: httpx.Client) -> None:
    answer = api.get("/.well-known/jwks.json")
    assert answer.json()["keys"][0]["kty"] == "OKP"
    assert "d" not in answer.json()["keys"][0]
    assert "max-age" in answer.headers["cache-control"]


@pytest.mark.parametrize("scheme", ["bearer", "Basic", "Token", "JWT", "Bearer:", ""])
def test_only_the_scheme_bearer_is_read(ada: Person, scheme: str) -> None:
    answer = ada.call(
        "GET",
        "/api/v1/users/profile",
        headers={"authorization": f"{scheme} {ada.access_token}".strip()},
    )
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_two_authorization_fields_are_refused(api: httpx.Client, ada: Person) -> None:
    value = f"Bearer {ada.access_token}"
    answer = api.get(
        "/api/v1/users/profile", headers=[("authorization", value), ("authorization", value)]
    )
    assert answer.status_code == 401


def test_a_stored_hash_has_the_parameters_that_were_chosen(
    ada: Person, migrated_database_url: str
) -> None:
    with psycopg.connect(migrated_database_url) as connection:
        row = connection.execute(
            "select password_hash from users where id = %s", [ada.id]
        ).fetchone()
    assert row is not None
    assert row[0].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_no_secret_is_kept_in_readable_form(
    ada: Person, migrated_database_url: str, register: Callable[[], Person]
) -> None:
    eve = register()
    with psycopg.connect(migrated_database_url) as connection:
        for table in ("users", "user_sessions", "refresh_tokens", "audit_log", "outbox"):
            rows = connection.execute(f"select {table}::text from {table}").fetchall()
            text = "\n".join(str(row[0]) for row in rows)
            for secret in (PASSWORD, ada.access_token, ada.refresh_token, eve.refresh_token):
                assert secret not in text
