"""What a sign-in with a provider leaves in the log: no secret, and no word of the provider's."""

from collections.abc import Iterator

import pytest

from tests.entrypoints.http.providers import Scene, scene
from tests.providers.browser import COOKIE, query_of
from tests.providers.loopback import json_answer
from tests.providers.openid_provider import CANARY, Misbehaviour


@pytest.fixture
def there(
    capsys: pytest.CaptureFixture[str], migrated_database_url: str, redis_url: str
) -> Iterator[Scene]:
    """The API and its providers, started while the output is caught."""
    with scene(migrated_database_url, redis_url) as there:
        yield there


def test_what_a_provider_says_of_errors_is_not_passed_on(
    there: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    told = {"error": CANARY, "error_description": CANARY}
    there.mallory.instead["POST /token"] = json_answer(told, 500)
    browser = there.browser()
    answer = browser.request("GET", browser.consent(browser.start("mallory")))
    assert answer.status_code == 303
    logged = "".join(capsys.readouterr())
    assert "accounts.provider_unavailable" in logged
    assert CANARY not in answer.text + str(answer.headers) + logged


def test_no_secret_of_a_sign_in_is_logged(there: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    browser = there.browser()
    address = browser.start("honest")
    cookie = browser.cookies[COOKIE]
    path = browser.consent(address)
    landed = browser.come_back(path)
    tokens = browser.complete(landed["code"]).json()
    there.honest.misbehaviour = Misbehaviour(without_code={"error": CANARY})
    browser.come_back(browser.consent(browser.start("honest")))
    logged = "".join(capsys.readouterr())
    assert "accounts.provider_sign_in_failed" in logged
    sent, back = query_of(address), query_of(path)
    secrets = [sent["state"], sent["nonce"], cookie, landed["code"], back["code"], CANARY]
    for secret in [*secrets, tokens["access_token"], tokens["refresh_token"]]:
        assert secret not in logged
