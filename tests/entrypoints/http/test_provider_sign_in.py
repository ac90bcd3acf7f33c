"""Sign-in with a provider over HTTP, from the first click to the tokens."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pyotp
import pytest

from tests.entrypoints.http.providers import Scene, scene
from tests.entrypoints.person import Person
from tests.providers.browser import COOKIE, Browser, query_of
from tests.providers.openid_provider import CANARY, Misbehaviour, ada


@pytest.fixture(scope="module")
def running(migrated_database_url: str, redis_url: str) -> Iterator[Scene]:
    """The API and its providers."""
    with scene(migrated_database_url, redis_url) as running:
        yield running


@pytest.fixture
def there(running: Scene) -> Scene:
    """Somebody new at each provider, who behave."""
    running.honest.person, running.mallory.person = ada(), ada()
    running.honest.misbehaviour = running.mallory.misbehaviour = Misbehaviour()
    return running


@pytest.fixture
def browser(there: Scene) -> Browser:
    """A browser that has been nowhere."""
    return there.browser()


def link(there: Scene, browser: Browser, person: Person, provider: str) -> str:
    """Begin to link; the provider's address."""
    answer = browser.request(
        "POST",
        f"/api/v1/auth/providers/{provider}/link",
        json={},
        headers={"authorization": f"Bearer {person.access_token}"},
    )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["authorization_url"])


def test_the_providers_are_listed(there: Scene) -> None:
    assert there.api.get("/api/v1/auth/providers").json() == {
        "items": ["honest", "mallory", "github"]
    }


def test_somebody_signs_in_with_openid_connect_twice(there: Scene) -> None:
    first, second = (there.browser().sign_in("honest") for _ in range(2))
    assert first.status_code == second.status_code == 200, first.text
    assert first.json()["user"]["email"] == there.honest.person["email"]
    assert first.json()["user"]["email_verified"] is True
    assert first.json()["user"]["id"] == second.json()["user"]["id"]
    person = Person(there.api, second.json())
    assert person.call("GET", "/api/v1/users/profile").status_code == 200
    (identity,) = person.call("GET", "/api/v1/auth/identities").json()["items"]
    assert (identity["provider"], identity["issuer"]) == ("honest", there.honest.url)
    assert there.honest.person["sub"] not in str(identity)


def test_somebody_signs_in_with_github(there: Scene, browser: Browser) -> None:
    answer = browser.sign_in("github")
    assert answer.json()["user"]["email"] == f"{there.github.person}@example.org"
    assert browser.sign_in("github").json()["user"]["id"] == answer.json()["user"]["id"]


def test_the_cookie_is_the_hosts_own_and_goes_when_it_is_done(
    there: Scene, browser: Browser
) -> None:
    answer = browser.request("POST", "/api/v1/auth/providers/honest/start", json={})
    (cookie,) = answer.headers.get_list("set-cookie")
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert cookie.startswith(f"{COOKIE}=")
    assert {"httponly", "secure", "samesite=lax", "path=/", "max-age=600"} <= attributes
    assert not any(part.startswith("domain") for part in attributes)
    assert answer.headers["cache-control"] == "no-store"
    browser.sign_in("honest")
    assert COOKIE not in browser.cookies


def test_the_request_to_the_provider_is_as_it_must_be(there: Scene, browser: Browser) -> None:
    query = query_of(browser.start("honest"))
    assert (query["response_type"], query["code_challenge_method"]) == ("code", "S256")
    assert len(query["code_challenge"]) == 43
    assert len(query["state"]) >= 43
    assert query["redirect_uri"].endswith("/api/v1/auth/providers/honest/callback")
    assert {"openid", "email"} <= set(query["scope"].split())


def test_it_goes_on_where_it_began(browser: Browser) -> None:
    landed = browser.come_back(browser.consent(browser.start("honest", return_to="/lists?page=2")))
    assert landed["return_to"] == "/lists?page=2"


@pytest.mark.parametrize("return_to", ["//evil.example", "https://evil.example", "/\\evil"])
def test_it_goes_on_nowhere_else(there: Scene, return_to: str) -> None:
    answer = there.api.post("/api/v1/auth/providers/honest/start", json={"return_to": return_to})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "return_to"


def test_the_fragment_has_a_code_and_no_token(there: Scene, browser: Browser) -> None:
    landed = browser.come_back(browser.consent(browser.start("honest")))
    assert set(landed) == {"page", "code"}
    tokens = browser.complete(landed["code"]).json()
    assert tokens["access_token"] not in str(landed)
    assert browser.complete(landed["code"]).json()["code"] == "accounts.provider_sign_in_expired"


def test_who_says_no_at_the_provider_is_told_so(there: Scene, browser: Browser) -> None:
    there.honest.misbehaviour = Misbehaviour(without_code={"error": "access_denied"})
    landed = browser.come_back(browser.consent(browser.start("honest")))
    assert landed == {"page": "/sign-in-failed", "code": "accounts.provider_sign_in_cancelled"}


def test_a_browser_that_began_nothing_lands_nowhere(browser: Browser) -> None:
    for path in ("honest/callback", "honest/callback?code=a&state=b", "myspace/callback?x=1"):
        landed = browser.come_back(f"/api/v1/auth/providers/{path}")
        assert landed["page"] == "/sign-in-failed"


def test_what_else_a_provider_sends_along_is_ignored_unless_it_comes_twice(
    browser: Browser,
) -> None:
    path = browser.consent(browser.start("honest"))
    assert browser.request("GET", f"{path}&code=another").status_code == 422
    landed = browser.come_back(f"{path}&scope=openid&authuser=0&prompt=none&session_state=x")
    assert landed["page"] == "/signed-in"


def test_the_second_factor_is_asked_for(there: Scene, browser: Browser) -> None:
    person = Person(there.api, browser.sign_in("honest").json())
    secret = person.call("POST", "/api/v1/auth/2fa/setup").json()["secret"]
    code = pyotp.TOTP(secret).now()
    shown = person.call("POST", "/api/v1/auth/2fa/verify", json={"totp_code": code})
    recovery_code = shown.json()["recovery_codes"][0]
    landed = browser.come_back(browser.consent(browser.start("honest")))
    refused = browser.complete(landed["code"])
    assert (refused.status_code, refused.json()["code"]) == (401, "accounts.totp_required")
    wrong = browser.complete(landed["code"], totp_code="000000")
    assert wrong.json()["code"] == "accounts.invalid_second_factor"
    right = browser.complete(landed["code"], recovery_code=recovery_code)
    assert right.status_code == 200, right.text


def test_a_foreign_page_cannot_use_the_code_up(browser: Browser) -> None:
    landed = browser.come_back(browser.consent(browser.start("honest")))
    refused = browser.request(
        "POST",
        "/api/v1/auth/providers/complete",
        json={"code": landed["code"], "refresh_token_in": "cookie"},
        headers={"origin": "https://evil.example"},
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "accounts.cross_site_request")
    assert browser.complete(landed["code"]).status_code == 200


def test_a_provider_is_linked_and_unlinked(there: Scene, browser: Browser) -> None:
    person = Person.register(there.api, f"{uuid4().hex}@example.org")
    landed = browser.come_back(browser.consent(link(there, browser, person, "honest")))
    assert landed == {"page": "/signed-in", "linked": "honest"}
    assert browser.sign_in("honest").json()["user"]["id"] == person.id
    (identity,) = person.call("GET", "/api/v1/auth/identities").json()["items"]
    path = f"/api/v1/auth/identities/{identity['id']}"
    assert person.call("DELETE", path).status_code == 204
    assert person.call("DELETE", path).json()["code"] == "accounts.identity_not_found"
    assert browser.sign_in("honest").json()["user"]["id"] != person.id


def test_the_last_way_in_stays(there: Scene, browser: Browser) -> None:
    person = Person(there.api, browser.sign_in("honest").json())
    (identity,) = person.call("GET", "/api/v1/auth/identities").json()["items"]
    answer = person.call("DELETE", f"/api/v1/auth/identities/{identity['id']}")
    assert (answer.status_code, answer.json()["code"]) == (409, "accounts.last_sign_in_method")


def test_linking_wants_a_fresh_proof(
    there: Scene, browser: Browser, migrated_database_url: str
) -> None:
    person = Person.register(there.api, f"{uuid4().hex}@example.org")
    with psycopg.connect(migrated_database_url) as connection:
        connection.execute(
            "update user_sessions set authenticated_at = now() - interval '11 minutes' "
            "where user_id = %s",
            [person.id],
        )
    for method, path in (
        ("POST", "/api/v1/auth/providers/honest/link"),
        ("DELETE", f"/api/v1/auth/identities/{uuid4()}"),
    ):
        answer = person.call(method, path, **({"json": {}} if method == "POST" else {}))
        assert answer.status_code == 401
        assert "insufficient_user_authentication" in answer.headers["www-authenticate"]


def test_nothing_readable_is_kept(
    there: Scene, browser: Browser, migrated_database_url: str
) -> None:
    address = browser.start("honest")
    cookie = browser.cookies[COOKIE]
    path = browser.consent(address)
    landed = browser.come_back(path)
    with psycopg.connect(migrated_database_url) as connection:
        rows = connection.execute("select sign_in_attempts::text from sign_in_attempts").fetchall()
    text = "\n".join(str(row[0]) for row in rows)
    sent, back = query_of(address), query_of(path)
    secrets = [sent["state"], sent["nonce"], cookie, landed["code"], back["code"], CANARY]
    for secret in [*secrets, there.honest.person["sub"], there.honest.person["email"]]:
        assert secret not in text
        assert secret.encode().hex() not in text
