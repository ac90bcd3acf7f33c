"""API tokens on two processes that share nothing but the database; Redis is down."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.e2e.process import Up, running
from tests.entrypoints.person import Person

pytestmark = pytest.mark.slow

TOKENS = "/api/v1/auth/tokens"
PROMISED_SECONDS = 5


class Worker:
    """One of the processes, and a client of it."""

    def __init__(self, up: Up, api: httpx.Client) -> None:
        self.up = up
        self.api = api

    def status(self, token: str) -> int:
        """What it answers to an integrator."""
        headers = {"authorization": f"Bearer {token}"}
        return self.api.get("/api/v1/users/profile", headers=headers).status_code


@pytest.fixture
def workers(data: Path, migrated_database_url: str) -> Iterator[list[Worker]]:
    """Two of them."""
    with ExitStack() as stack:
        started = [
            stack.enter_context(
                running(
                    data.with_name(name),
                    DATABASE_URL=migrated_database_url,
                    REDIS_URL="redis://127.0.0.1:1",
                )
            )
            for name in ("one", "two")
        ]
        yield [
            Worker(up, stack.enter_context(httpx.Client(base_url=up.url, trust_env=False)))
            for up in started
        ]


def test_what_one_process_changes_holds_on_the_other_within_the_time_promised(
    workers: list[Worker],
) -> None:
    one, two = workers
    ada = Person.register(one.api, "two-workers@example.org")
    wish = {"name": "Home", "scopes": ["profile:read"]}
    created = ada.call("POST", TOKENS, json=wish).json()
    path = f"{TOKENS}/{created['details']['id']}"
    first = created["token"]
    assert [worker.status(first) for worker in workers] == [200, 200]

    second = ada.call("POST", f"{path}/rotation", json={}).json()["token"]
    assert [worker.status(second) for worker in workers] == [200, 200], "new, at once, everywhere"
    assert [worker.status(first) for worker in workers] == [200, 200], "they overlap"

    assert ada.call("DELETE", path).status_code == 204
    revoked = time.monotonic()
    assert one.status(second) == 401, "at once where it was revoked"
    while time.monotonic() < revoked + PROMISED_SECONDS:
        two.status(second)  # asking all the time must not keep a memory alive
        time.sleep(0.25)
    for token in (first, second):
        assert [worker.status(token) for worker in workers] == [401, 401]

    typo = created["token"][:-1] + "-"
    assert [worker.status(typo) for worker in workers] == [401, 401]
    for worker in workers:
        for token in (first, second):
            assert token.split("_")[3] not in worker.up.output
        assert '"level":"error"' not in worker.up.output
