"""Sessions over HTTP, and what keeps a browser's refresh token."""

import time
from collections.abc import Callable
from uuid import uuid4

import httpx
import psycopg
import pytest

from entrypoints.http.accounts.session_cookie import gone
from tests.entrypoints.person import PASSWORD, Person

ORIGIN = {"origin": "http://localhost:3000"}
FOREIGN = {"origin": "https://evil.example"}
COOKIE = "__Host-nodrake-refresh"
MARK = "nodrake-session"


def another_device(api: httpx.Client, person: Person) -> Person:
    """The same person, signed in elsewhere."""
    body = {"email": person.email, "password": PASSWORD}
    answer = api.post(
        "/api/v1/auth/login",
        json=body,
        headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"},
    )
    return Person(api, answer.json())


def age(database_url: str, person: Person) -> None:
    """Let the last proof of identity be an hour ago."""
    with psycopg.connect(database_url) as connection:
        connection.execute(
            """
            update user_sessions set authenticated_at = authenticated_at - interval '1 hour'
            where user_id = %s
            """,
            [person.id],
        )


def test_sessions_are_listed_and_one_can_be_ended(api: httpx.Client, ada: Person) -> None:
    phone = another_device(api, ada)
    sessions = ada.call("GET", "/api/v1/auth/sessions").json()["items"]
    assert [session["current"] for session in sessions] == [False, True]
    assert sessions[0]["device"] == "Firefox on Linux"
    assert sessions[0]["network"] == "127.0.0.0/24"
    assert sessions[0]["methods"] == ["pwd"]
    path = f"/api/v1/auth/sessions/{sessions[0]['id']}"
    assert ada.call("DELETE", path).status_code == 204
    assert phone.call("GET", "/api/v1/users/profile").status_code == 401
    assert ada.call("DELETE", path).status_code == 404


def test_a_session_of_somebody_else_is_not_found_and_goes_on(
    register: Callable[[], Person],
) -> None:
    ada, eve = register(), register()
    session = ada.call("GET", "/api/v1/auth/sessions").json()["items"][0]
    assert eve.call("DELETE", f"/api/v1/auth/sessions/{session['id']}").status_code == 404
    assert ada.call("GET", "/api/v1/users/profile").status_code == 200


def test_every_other_session_can_be_ended_at_once(api: httpx.Client, ada: Person) -> None:
    others = [another_device(api, ada), another_device(api, ada)]
    body = {"keep_current": True}
    answer = ada.call("POST", "/api/v1/auth/sessions/revocation", json=body)
    assert answer.json() == {"revoked": 2}
    assert {other.call("GET", "/api/v1/users/profile").status_code for other in others} == {401}
    assert ada.call("GET", "/api/v1/users/profile").status_code == 200


@pytest.mark.slow
def test_an_old_proof_of_identity_is_asked_for_again(
    ada: Person, migrated_database_url: str
) -> None:
    age(migrated_database_url, ada)
    body = {"keep_current": True}
    answer = ada.call("POST", "/api/v1/auth/sessions/revocation", json=body)
    while answer.status_code == 200:  # the process may remember the proof for four seconds
        time.sleep(0.2)
        answer = ada.call("POST", "/api/v1/auth/sessions/revocation", json=body)
    assert answer.json()["code"] == "accounts.fresh_authentication_required"
    assert 'error="insufficient_user_authentication"' in answer.headers["www-authenticate"]
    wrong = ada.call("POST", "/api/v1/auth/reauthenticate", json={"password": "wrong wrong wrong"})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "accounts.wrong_password")
    proof = ada.call("POST", "/api/v1/auth/reauthenticate", json={"password": PASSWORD})
    assert proof.status_code == 204
    answer = ada.call("POST", "/api/v1/auth/sessions/revocation", json=body)
    assert answer.status_code == 200


class Browser:
    """Somebody whose refresh token is in a cookie that this test passes on by hand."""

    def __init__(self, api: httpx.Client, email: str) -> None:
        self._api = api
        answer = api.post(
            "/api/v1/auth/login",
            json={"email": email, "password": PASSWORD, "refresh_token_in": "cookie"},
            headers=ORIGIN,
        )
        assert answer.status_code == 200, answer.text
        assert answer.json()["refresh_token"] == ""
        self.field, self.mark = answer.headers.get_list("set-cookie")[:2]
        self.cookie = self.field.partition(";")[0]

    def refresh(self, headers: dict[str, str], *cookies: str) -> httpx.Response:
        """As a page would do it."""
        fields = [("cookie", cookie) for cookie in cookies or (self.cookie,)]
        return self._api.post("/api/v1/auth/refresh", json={}, headers=[*fields, *headers.items()])


@pytest.fixture
def browser(api: httpx.Client, ada: Person) -> Browser:
    """Ada's."""
    return Browser(api, ada.email)


def test_the_cookie_is_for_the_service_alone(browser: Browser) -> None:
    name, *attributes = [part.strip().lower() for part in browser.field.split(";")]
    assert name.startswith(COOKIE.lower() + "=")
    assert {"secure", "httponly", "samesite=strict", "path=/"} <= set(attributes)
    assert not any(attribute.startswith("domain") for attribute in attributes)
    assert len(browser.field) < 4096


def test_pages_may_know_that_there_is_a_session_and_no_more(browser: Browser) -> None:
    """So they do not ask for one that there cannot be; it comes and goes with the token."""
    name, *attributes = [part.strip().lower() for part in browser.mark.split(";")]
    assert name == f"{MARK}=1"
    assert {"secure", "samesite=strict", "path=/"} <= set(attributes)
    assert "httponly" not in attributes
    lasting = [part for part in browser.field.lower().split("; ") if part.startswith("max-age")]
    assert lasting == [part for part in attributes if part.startswith("max-age")]
    forgotten = [cookie for cookie in gone() if cookie.max_age == 0 and not cookie.value]
    assert [cookie.key for cookie in forgotten] == [COOKIE, MARK]


def test_a_browser_refreshes_with_the_cookie(browser: Browser) -> None:
    answer = browser.refresh(ORIGIN)
    assert answer.status_code == 200
    assert answer.json()["refresh_token"] == ""
    assert answer.headers["set-cookie"].partition(";")[0] != browser.cookie


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:3000.evil.example"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
    ],
)
def test_another_site_cannot_use_it(browser: Browser, headers: dict[str, str]) -> None:
    answer = browser.refresh(headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "accounts.cross_site_request")
    assert browser.refresh(ORIGIN).status_code == 200, "nothing was used up"


def test_a_cookie_planted_beside_it_is_refused(browser: Browser) -> None:
    planted = f"{COOKIE}=planted"
    assert browser.refresh(ORIGIN, browser.cookie, planted).status_code == 401
    assert browser.refresh(ORIGIN, f"{browser.cookie}; {planted}").status_code == 401


def test_signing_in_with_a_cookie_is_for_our_own_pages(api: httpx.Client, ada: Person) -> None:
    body = {"email": ada.email, "password": PASSWORD, "refresh_token_in": "cookie"}
    answer = api.post("/api/v1/auth/login", json=body, headers=FOREIGN)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    sessions = ada.call("GET", "/api/v1/auth/sessions").json()["items"]
    assert len(sessions) == 1, "nobody was signed in"


def test_registering_with_a_cookie_is_for_our_own_pages(api: httpx.Client) -> None:
    body = {
        "email": f"{uuid4().hex}@example.org",
        "password": PASSWORD,
        "refresh_token_in": "cookie",
    }
    refused = api.post("/api/v1/auth/register", json=body, headers=FOREIGN)
    assert (refused.status_code, refused.json()["code"]) == (403, "accounts.cross_site_request")
    taken = api.post("/api/v1/auth/register", json=body, headers=ORIGIN)
    assert taken.status_code == 201, "no account was opened"


def test_signing_out_takes_the_cookie_away(api: httpx.Client, ada: Person) -> None:
    answer = ada.call("POST", "/api/v1/auth/logout")
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert answer.headers["clear-site-data"] == '"cache", "cookies", "storage"'


def test_without_token_and_cookie_there_is_no_session(api: httpx.Client) -> None:
    answer = api.post("/api/v1/auth/refresh", json={}, headers=ORIGIN)
    assert (answer.status_code, answer.json()["code"]) == (401, "accounts.invalid_refresh_token")
