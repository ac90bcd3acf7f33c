"""Attack stories on sign-in with a provider: in each, the attacker ends with nothing."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from tests.entrypoints.http.providers import Scene, scene
from tests.entrypoints.person import Person
from tests.providers.browser import COOKIE, Browser, query_of
from tests.providers.openid_provider import Misbehaviour, ada


@pytest.fixture(scope="module")
def running(migrated_database_url: str, redis_url: str) -> Iterator[Scene]:
    """The API and its providers."""
    with scene(migrated_database_url, redis_url) as running:
        yield running


@pytest.fixture
def there(running: Scene) -> Scene:
    """Somebody new at each provider, who behave."""
    for provider in (running.honest, running.mallory):
        provider.person, provider.misbehaviour = ada(), Misbehaviour()
        provider.instead.clear()
    return running


@pytest.fixture
def victim(there: Scene) -> Person:
    """Somebody with an account and a password."""
    return Person.register(there.api, f"{uuid4().hex}@example.org")


def identities(person: Person) -> list[dict[str, Any]]:
    """What opens the account."""
    items: list[dict[str, Any]] = person.call("GET", "/api/v1/auth/identities").json()["items"]
    return items


def start_link(browser: Browser, person: Person, provider: str) -> str:
    """Begin to link; the provider's address."""
    answer = browser.request(
        "POST",
        f"/api/v1/auth/providers/{provider}/link",
        json={},
        headers={"authorization": f"Bearer {person.access_token}"},
    )
    return str(answer.json()["authorization_url"])


@pytest.mark.parametrize("verified", [True, False, "true", None])
def test_an_attackers_issuer_with_the_victims_address_never_gets_the_account(
    there: Scene, victim: Person, verified: object
) -> None:
    there.mallory.person = ada(email=victim.email.upper(), email_verified=verified)
    answer = there.browser().sign_in("mallory")
    assert answer.status_code == 409
    assert answer.json()["code"] == (
        "accounts.email_already_registered"
        if verified is True
        else "accounts.provider_email_unverified"
    )
    assert identities(victim) == []
    if verified is True:
        assert "link" in answer.json()["detail"]


def test_an_address_that_is_not_verified_reserves_nothing(there: Scene) -> None:
    email = f"{uuid4().hex}@example.org"
    there.mallory.person = ada(email=email, email_verified=False)
    refused = there.browser().sign_in("mallory")
    assert refused.json()["code"] == "accounts.provider_email_unverified"
    assert Person.register(there.api, email).email == email


def test_the_same_subject_at_another_issuer_is_somebody_else(there: Scene) -> None:
    honest = there.browser().sign_in("honest").json()
    there.mallory.person = ada(sub=there.honest.person["sub"])
    assert there.browser().sign_in("mallory").json()["user"]["id"] != honest["user"]["id"]


def test_an_attackers_way_back_in_the_victims_browser_links_nothing(
    there: Scene, victim: Person
) -> None:
    """CVE-2025-68158, CVE-2026-41425, CVE-2025-68481."""
    attacker = there.browser()
    path = attacker.consent(attacker.start("mallory"))
    before = there.mallory.asked["POST /token"]
    browser = there.browser()
    start_link(browser, victim, "mallory")  # the victim is on the way somewhere as well
    failed = {"page": "/sign-in-failed", "code": "accounts.provider_sign_in_expired"}
    assert browser.come_back(path) == failed
    browser.cookies.clear()
    assert browser.come_back(path) == failed
    assert identities(victim) == []
    assert there.mallory.asked["POST /token"] == before


def test_the_victims_consent_does_not_link_to_the_attackers_account(
    there: Scene, victim: Person
) -> None:
    attacker = Person.register(there.api, f"{uuid4().hex}@example.org")
    address = start_link(there.browser(), attacker, "honest")
    browser = there.browser()
    assert browser.come_back(browser.consent(address))["page"] == "/sign-in-failed"
    assert identities(attacker) == []


def test_an_attackers_code_signs_no_victim_in(there: Scene) -> None:
    attacker = there.browser()
    landed = attacker.come_back(attacker.consent(attacker.start("mallory")))
    browser = there.browser()
    for _ in range(2):
        answer = browser.complete(landed["code"])
        assert (answer.status_code, answer.json()["code"]) == (
            401,
            "accounts.provider_sign_in_expired",
        )
        browser.start("mallory")


def test_a_code_of_the_attackers_in_the_victims_way_back_is_refused(there: Scene) -> None:
    attacker, browser = there.browser(), there.browser()
    stolen = query_of(attacker.consent(attacker.start("honest")))["code"]
    path = browser.consent(browser.start("honest"))
    injected = path.replace(query_of(path)["code"], stolen)
    assert browser.come_back(injected)["code"] == "accounts.provider_sign_in_failed"


def test_two_issuers_that_swap_their_answers_get_no_code_of_the_other(there: Scene) -> None:
    browser = there.browser()
    path = browser.consent(browser.start("honest"))
    before = there.mallory.asked["POST /token"]
    swapped = path.replace("/honest/", "/mallory/")
    assert browser.come_back(swapped)["page"] == "/sign-in-failed"
    assert there.mallory.asked["POST /token"] == before

    # The attacker's issuer answers for the honest one, with the true state.
    there.honest.misbehaviour = Misbehaviour(issuer_parameter=there.mallory.url)
    before = there.honest.asked["POST /token"]
    path = browser.consent(browser.start("honest"))
    assert browser.come_back(path)["code"] == "accounts.provider_sign_in_failed"
    assert there.honest.asked["POST /token"] == before


def test_an_id_token_of_another_issuer_is_refused(there: Scene) -> None:
    browser = there.browser()
    victim_subject = there.honest.person["sub"]
    there.browser().sign_in("honest")
    there.mallory.misbehaviour = Misbehaviour(
        claims=lambda claims: claims | {"iss": there.honest.url, "sub": victim_subject}
    )
    path = browser.consent(browser.start("mallory"))
    assert browser.come_back(path)["code"] == "accounts.provider_sign_in_failed"


def test_of_twenty_ways_back_one_exchanges_and_all_land_alike(there: Scene) -> None:
    browser = there.browser()
    path = browser.consent(browser.start("honest"))
    before = there.honest.asked["POST /token"]

    def come_back(_: int) -> dict[str, str]:
        other = there.browser()
        other.cookies = dict(browser.cookies)
        return other.come_back(path)

    with ThreadPoolExecutor(20) as racers:
        landings = list(racers.map(come_back, range(20)))
    assert there.honest.asked["POST /token"] - before == 1
    landed = [landing for landing in landings if landing["page"] == "/signed-in"]
    assert len({landing["code"] for landing in landed}) == 1
    others = [landing for landing in landings if landing["page"] != "/signed-in"]
    assert {landing["code"] for landing in others} <= {"shared.unavailable"}
    assert browser.complete(landed[0]["code"]).status_code == 200


def test_of_twenty_with_one_code_one_gets_tokens(there: Scene) -> None:
    there.browser().sign_in("honest")
    browser = there.browser()
    landed = browser.come_back(browser.consent(browser.start("honest")))
    secret = browser.cookies[COOKIE]

    def complete(_: int) -> int:
        other = there.browser()
        other.cookies = {COOKIE: secret}
        return other.complete(landed["code"]).status_code

    with ThreadPoolExecutor(20) as racers:
        statuses = list(racers.map(complete, range(20)))
    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 401, 503}


def test_a_session_that_ended_meanwhile_links_nothing(there: Scene, victim: Person) -> None:
    browser = there.browser()
    path = browser.consent(start_link(browser, victim, "mallory"))
    assert victim.call("POST", "/api/v1/auth/logout").status_code == 204
    assert browser.come_back(path)["code"] == "accounts.provider_sign_in_expired"
    answer = there.browser().sign_in("mallory")
    assert answer.json()["user"]["id"] != victim.id


@pytest.mark.slow
def test_a_frozen_provider_ends_in_a_landing_not_in_an_error(there: Scene) -> None:
    browser = there.browser()
    path = browser.consent(browser.start("honest"))
    there.honest.frozen.add("POST /token")
    landed = browser.come_back(path)
    there.honest.thaw()
    assert landed == {"page": "/sign-in-failed", "code": "accounts.provider_unavailable"}


def test_who_may_not_link_may_not_list(there: Scene) -> None:
    for method, path in (
        ("POST", "/api/v1/auth/providers/honest/link"),
        ("GET", "/api/v1/auth/identities"),
        ("DELETE", f"/api/v1/auth/identities/{uuid4()}"),
    ):
        assert there.browser().request(method, path).status_code == 401
