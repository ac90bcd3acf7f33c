"""What a sign-in with a provider leaves in the log: no secret, and no word of the provider's."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.e2e.process import ROOT, environment, free_port
from tests.entrypoints.http.providers import Scene, scene
from tests.providers.browser import COOKIE, query_of
from tests.providers.loopback import json_answer
from tests.providers.openid_provider import CANARY, Misbehaviour


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """What the process writes."""
    return tmp_path / "log"


@pytest.fixture
def there(log: Path, migrated_database_url: str, redis_url: str) -> Iterator[Scene]:
    """The API as a process of its own, and its providers."""

    @contextmanager
    def serve(settings: dict[str, str]) -> Iterator[str]:
        port = free_port()
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "entrypoints.cli.main", "serve"],
                cwd=ROOT,
                env=environment(**settings, NODRAKE_PORT=str(port)),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        url = f"http://127.0.0.1:{port}"
        try:
            wait_for(url, process)
            yield url
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)

    with scene(migrated_database_url, redis_url, serve) as there:
        yield there


def wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    """Until it serves."""
    deadline = time.monotonic() + 30
    while True:
        assert process.poll() is None
        assert time.monotonic() < deadline
        try:
            httpx.get(f"{url}/health/live", trust_env=False)
            return
        except httpx.TransportError:
            time.sleep(0.05)


def wait_for_text(log: Path, text: str) -> str:
    """Until it is logged: the line is written after the answer; the whole log."""
    deadline = time.monotonic() + 30
    while text not in (logged := log.read_text()):
        assert time.monotonic() < deadline, logged
        time.sleep(0.05)
    return logged


def test_what_a_provider_says_of_errors_is_not_passed_on(there: Scene, log: Path) -> None:
    told = {"error": CANARY, "error_description": CANARY}
    there.mallory.instead["POST /token"] = json_answer(told, 500)
    browser = there.browser()
    answer = browser.request("GET", browser.consent(browser.start("mallory")))
    assert answer.status_code == 303
    logged = wait_for_text(log, "accounts.provider_unavailable")
    assert CANARY not in answer.text + str(answer.headers) + logged


def test_no_secret_of_a_sign_in_is_logged(there: Scene, log: Path) -> None:
    browser = there.browser()
    address = browser.start("honest")
    cookie = browser.cookies[COOKIE]
    path = browser.consent(address)
    landed = browser.come_back(path)
    tokens = browser.complete(landed["code"]).json()
    there.honest.misbehaviour = Misbehaviour(without_code={"error": CANARY})
    browser.come_back(browser.consent(browser.start("honest")))
    logged = wait_for_text(log, "accounts.provider_sign_in_failed")
    sent, back = query_of(address), query_of(path)
    secrets = [sent["state"], sent["nonce"], cookie, landed["code"], back["code"], CANARY]
    for secret in [*secrets, tokens["access_token"], tokens["refresh_token"]]:
        assert secret not in logged
