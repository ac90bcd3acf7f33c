"""API tokens over HTTP."""

import re
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psycopg
import pytest
from msgspec.structs import replace

from domain.accounts.api_token_text import ApiTokenText, TokenEnvironment
from tests.entrypoints.person import Person

TOKENS = "/api/v1/auth/tokens"
SCOPES = ["catalog:read", "list:read", "list:write", "profile:read"]
FORM = re.compile(r"ndh_dev_[0-9A-Za-z]{22}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}")


def create(person: Person, **wishes: Any) -> dict[str, Any]:
    """A token of theirs, for everything unless something is wished for."""
    answer = person.call("POST", TOKENS, json={"name": "Home", "scopes": SCOPES, **wishes})
    assert answer.status_code == 201, answer.text
    created: dict[str, Any] = answer.json()
    return created


def with_token(
    api: httpx.Client, token: str, method: str = "GET", path: str = "/api/v1/users/profile"
) -> httpx.Response:
    """A request of an integrator."""
    return api.request(method, path, headers={"authorization": f"Bearer {token}"})


def plain(answer: httpx.Response) -> dict[str, Any]:
    """A problem without what differs from request to request."""
    return {k: v for k, v in answer.json().items() if k not in {"request_id", "timestamp"}}


def test_a_token_is_answered_once_and_described_ever_after(ada: Person) -> None:
    created = create(ada, scopes=["list:read"], expires_in_days=30, requests_per_minute=10)
    token, details = created["token"], created["details"]
    assert FORM.fullmatch(token)
    assert token.startswith(details["prefix"] + "_")
    assert token.endswith(details["last_four"])
    listed = ada.call("GET", TOKENS)
    assert listed.json() == {"items": [details]}
    assert token not in listed.text
    assert token.split("_")[3] not in listed.text
    assert details["state"] == "active"
    assert details["scopes"] == ["list:read"]
    assert details["requests_per_minute"] == 10
    assert details["last_used_at"] is None


def test_it_works_for_ninety_days_unless_something_else_is_wished(
    ada: Person, migrated_database_url: str
) -> None:
    token_id = create(ada)["details"]["id"]
    with psycopg.connect(migrated_database_url) as connection:
        row = connection.execute(
            "select extract(day from expires_at - created_at) from api_tokens where id = %s",
            [token_id],
        ).fetchone()
    assert row == (90,)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"expires_in_days": 0}, "expires_in_days"),
        ({"expires_in_days": 366}, "expires_in_days"),
        ({"expires_in_days": None}, "expires_in_days"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["admin"]}, "scopes[0]"),
        ({"scopes": ["list:read", "*"]}, "scopes[1]"),
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"requests_per_minute": 0}, "requests_per_minute"),
        ({"requests_per_minute": 101}, "requests_per_minute"),
        ({"role": "admin"}, "role"),
    ],
)
def test_a_wish_that_may_not_be_is_refused_by_name(
    ada: Person, wish: dict[str, Any], field: str
) -> None:
    answer = ada.call("POST", TOKENS, json={"name": "Home", "scopes": SCOPES, **wish})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field
    assert ada.call("GET", TOKENS).json() == {"items": []}


def test_a_use_is_shown_soon_after(api: httpx.Client, ada: Person) -> None:
    token = create(ada)["token"]
    assert with_token(api, token).json()["id"] == ada.id
    for _ in range(100):
        (listed,) = ada.call("GET", TOKENS).json()["items"]
        if listed["last_used_at"] is not None:
            return
        time.sleep(0.05)
    pytest.fail("the last use was never kept")


def test_a_rotated_token_works_beside_the_old_one_and_one_without_overlap_alone(
    api: httpx.Client, ada: Person
) -> None:
    created = create(ada)
    path = f"{TOKENS}/{created['details']['id']}/rotation"
    rotated = ada.call("POST", path, json={"overlap_hours": 1})
    assert rotated.status_code == 200
    first, second = created["token"], rotated.json()["token"]
    assert [with_token(api, token).status_code for token in (first, second)] == [200, 200]
    again = ada.call("POST", path, json={})
    assert again.status_code == 409
    assert again.json()["code"] == "accounts.api_token_rotation_under_way"
    third = ada.call("POST", path, json={"overlap_hours": 0}).json()["token"]
    statuses = [with_token(api, token).status_code for token in (first, second, third)]
    assert statuses == [401, 401, 200]
    assert ada.call("POST", path, json={"overlap_hours": 25}).status_code == 422


def test_twenty_rotations_at_once_leave_two_secrets_that_work(
    api: httpx.Client, ada: Person
) -> None:
    created = create(ada)
    path = f"{TOKENS}/{created['details']['id']}/rotation"

    def rotate(_: int) -> httpx.Response:
        return ada.call("POST", path, json={})

    with ThreadPoolExecutor(20) as racers:
        answers = list(racers.map(rotate, range(20)))
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses[200] == 1
    assert set(statuses) <= {200, 409, 503}
    (won,) = [answer.json()["token"] for answer in answers if answer.status_code == 200]
    assert with_token(api, won).status_code == 200
    assert with_token(api, created["token"]).status_code == 200


def test_of_fifty_created_at_once_one_gets_the_last_place(ada: Person) -> None:
    for _ in range(19):
        create(ada)

    def attempt(_: int) -> int:
        body = {"name": "Home", "scopes": SCOPES}
        return ada.call("POST", TOKENS, json=body).status_code

    with ThreadPoolExecutor(50) as racers:
        statuses = Counter(racers.map(attempt, range(50)))
    assert statuses[201] == 1
    assert set(statuses) <= {201, 409, 503}
    assert len(ada.call("GET", TOKENS).json()["items"]) == 20
    refused = ada.call("POST", TOKENS, json={"name": "Home", "scopes": SCOPES})
    assert refused.json()["code"] == "accounts.too_many_api_tokens"


def test_somebody_elses_token_is_not_found(
    api: httpx.Client, ada: Person, register: Callable[[], Person]
) -> None:
    eve, created = register(), create(ada)
    token_id = created["details"]["id"]
    nobodys = "00000000-0000-7000-8000-000000000000"
    requests: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/rotation", {"json": {}}),
        ("DELETE", "", {}),
    ]
    for method, suffix, options in requests:
        hers = eve.call(method, f"{TOKENS}/{token_id}{suffix}", **options)
        none = eve.call(method, f"{TOKENS}/{nobodys}{suffix}", **options)
        assert hers.status_code == 404
        assert plain(hers) | {"instance": ""} == plain(none) | {"instance": ""}
    assert eve.call("GET", TOKENS).json() == {"items": []}
    assert with_token(api, created["token"]).status_code == 200


def test_a_revoked_token_stops_at_once_here_and_is_shown_as_such(
    api: httpx.Client, ada: Person
) -> None:
    created = create(ada)
    path = f"{TOKENS}/{created['details']['id']}"
    assert with_token(api, created["token"]).status_code == 200
    assert ada.call("DELETE", path).status_code == 204
    assert with_token(api, created["token"]).status_code == 401
    (listed,) = ada.call("GET", TOKENS).json()["items"]
    assert listed["state"] == "revoked"
    assert ada.call("DELETE", path).status_code == 404
    assert ada.call("POST", f"{path}/rotation", json={}).status_code == 404


def test_every_token_that_is_not_good_is_answered_alike(
    api: httpx.Client, ada: Person, migrated_database_url: str
) -> None:
    good, revoked, expired, gone = (create(ada) for _ in range(4))
    ada.call("DELETE", f"{TOKENS}/{revoked['details']['id']}")
    with psycopg.connect(migrated_database_url) as connection:
        connection.execute(
            "update api_tokens set expires_at = now() where id = %s", [expired["details"]["id"]]
        )
        connection.execute("delete from api_tokens where id = %s", [gone["details"]["id"]])
    text = good["token"]
    other = "A" if text[40] != "A" else "B"
    bad = [
        revoked["token"],
        expired["token"],
        gone["token"],
        text[:40] + other + text[41:],  # a typo
        text[:-1],
        text + "x",
        text.replace("_dev_", "_live_"),
        replace(ApiTokenText.parse(text), environment=TokenEnvironment.LIVE).text,
        "ndh_dev_",
        "ndh_" + "A" * 4000,
    ]
    answers = [with_token(api, token) for token in bad]
    assert {answer.status_code for answer in answers} == {401}
    assert all(plain(answer) == plain(answers[0]) for answer in answers)
    assert len({answer.headers["www-authenticate"] for answer in answers}) == 1
    assert with_token(api, text).status_code == 200


def test_kinds_of_tokens_do_not_stand_in_for_one_another(api: httpx.Client, ada: Person) -> None:
    kinds = {
        "access": ada.access_token,
        "refresh": ada.refresh_token,
        "api": create(ada)["token"],
    }

    def refresh(token: str) -> int:
        return api.post("/api/v1/auth/refresh", json={"refresh_token": token}).status_code

    places: dict[str, tuple[set[str], Callable[[str], int]]] = {
        "what tokens may do": ({"access", "api"}, lambda t: with_token(api, t).status_code),
        "what needs a session": (
            {"access"},
            lambda t: with_token(api, t, path=TOKENS).status_code,
        ),
        "the exchange of refresh tokens": ({"refresh"}, refresh),
    }
    for place, (right, present) in places.items():
        for kind, token in kinds.items():
            assert (present(token) == 200) == (kind in right), f"{kind} for {place}"


def everything_in(database_url: str) -> list[str]:
    """Every row of every table as text."""
    with psycopg.connect(database_url) as connection:
        tables = connection.execute(
            "select tablename from pg_tables where schemaname = 'public'"
        ).fetchall()
        return [
            str(row[0])
            for (table,) in tables
            for row in connection.execute(f'select t::text from "{table}" t')
        ]


def test_no_secret_is_kept_or_answered_but_once(ada: Person, migrated_database_url: str) -> None:
    created = create(ada)
    path = f"{TOKENS}/{created['details']['id']}/rotation"
    seen = [ada.call("GET", TOKENS).text, *everything_in(migrated_database_url)]
    rotated = ada.call("POST", path, json={})
    seen += [ada.call("GET", TOKENS).text, ada.call("POST", path, json={}).text]
    seen += everything_in(migrated_database_url)
    assert any(created["details"]["prefix"] in text for text in seen), "looked in the right place"
    for answer in (created, rotated.json()):
        secret = answer["token"].split("_")[3]
        assert not any(secret in text or secret.encode().hex() in text for text in seen)


@pytest.mark.slow
def test_a_proof_of_identity_is_wanted_for_new_secrets_only(
    ada: Person, migrated_database_url: str
) -> None:
    created = create(ada)
    path = f"{TOKENS}/{created['details']['id']}"
    with psycopg.connect(migrated_database_url) as connection:
        connection.execute(
            "update user_sessions set authenticated_at = now() - interval '11 minutes' "
            "where user_id = %s",
            [ada.id],
        )
    time.sleep(4.1)  # what the service remembers of the session
    for answer in (
        ada.call("POST", TOKENS, json={"name": "Home", "scopes": SCOPES}),
        ada.call("POST", f"{path}/rotation", json={}),
    ):
        assert answer.status_code == 401
        assert answer.json()["code"] == "accounts.fresh_authentication_required"
        assert "insufficient_user_authentication" in answer.headers["www-authenticate"]
    assert ada.call("GET", TOKENS).status_code == 200
    assert ada.call("DELETE", path).status_code == 204
