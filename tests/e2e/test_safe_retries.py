"""Requests that are sent again: over several processes, and after a crash of all of them."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
import pytest

from tests.e2e.process import running_worker, serving
from tests.entrypoints.http.test_blocklists import a_list
from tests.entrypoints.person import Person

pytestmark = pytest.mark.slow

ROUNDS = 20
SENDERS = 8
ROWS = 3


@pytest.fixture
def settings(make_database: Callable[[], str], redis_url: str) -> dict[str, str]:
    """A database of one's own, and no limit that a test runs into."""
    # Tokens outlive a restart on another port only where the address stays the same.
    return {
        "NODRAKE_PUBLIC_URL": "http://localhost:3000",
        "DATABASE_URL": make_database(),
        "REDIS_URL": redis_url,
        "NODRAKE_REGISTRATIONS_PER_HOUR": "1000000",
        "NODRAKE_DEADLINE_SECONDS": "30",
    }


def imports_told(database_url: str) -> int:
    """How many imports there were: each tells of itself once."""
    with psycopg.connect(database_url) as connection:
        row = connection.execute(
            "select count(*) from outbox where type = 'blocklists.blocked_artists_imported.v1'"
        ).fetchone()
    assert row is not None
    return int(row[0])


def send(api: httpx.Client, token: str, key: str, content: str) -> httpx.Response:
    """One import with a key."""
    headers = {
        "authorization": f"Bearer {token}",
        "content-type": "text/csv",
        "idempotency-key": key,
    }
    return api.post("/api/v1/dnp/import", content=content, headers=headers)


def test_over_four_processes_fifty_at_once_have_one_effect(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    with (
        serving(tmp_path / "log", workers=4, **settings) as serve,
        httpx.Client(base_url=serve.url, trust_env=False, timeout=30) as api,
    ):
        person = Person.register(api, "ada@example.org")
        for effects in range(1, 6):
            key, content = uuid4().hex, a_list(*(uuid4().hex for _ in range(ROWS)))

            def attempt(_: int, key: str = key, content: str = content) -> httpx.Response:
                # A connection of its own each time: the kernel spreads them over the processes.
                with httpx.Client(base_url=serve.url, trust_env=False, timeout=30) as own:
                    return send(own, person.access_token, key, content)

            with ThreadPoolExecutor(50) as racers:
                answers = list(racers.map(attempt, range(50)))
            # 503 from a busy machine is a refusal as well: nothing has happened.
            assert {answer.status_code for answer in answers} <= {200, 409, 503}
            done = [answer for answer in answers if answer.status_code == 200]
            assert {answer.json()["added"] for answer in done} == {ROWS}
            assert len({answer.content for answer in done}) == 1
            first = [a for a in done if "idempotent-replayed" not in a.headers]
            assert len(first) == 1
            assert imports_told(settings["DATABASE_URL"]) == effects


class Sender(threading.Thread):
    """Sends one new request after another until the service is gone."""

    def __init__(self, url: str, token: str) -> None:
        super().__init__()
        self._url = url
        self._token = token
        self.contents: dict[str, str] = {}
        self.answers: dict[str, bytes] = {}

    def run(self) -> None:
        """Until one gets no answer."""
        with httpx.Client(base_url=self._url, trust_env=False, timeout=30) as api:
            while True:
                key = uuid4().hex
                self.contents[key] = a_list(*(uuid4().hex for _ in range(ROWS)))
                try:
                    answer = send(api, self._token, key, self.contents[key])
                except httpx.TransportError:
                    return
                if answer.status_code == 200:
                    self.answers[key] = answer.content


def wait_for_answers(senders: list[Sender], number: int) -> None:
    """Wait until they have got so many."""
    deadline = time.monotonic() + 30
    while sum(len(sender.answers) for sender in senders) < number:
        assert time.monotonic() < deadline, "nothing is answered"
        time.sleep(0.001)


def test_whenever_it_is_killed_a_retry_has_exactly_one_effect(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    dice = random.Random(8)
    senders: list[Sender] = []
    unanswered: dict[str, str] = {}
    retried = Counter[bool]()
    sent = 0
    for turn in range(ROUNDS + 1):
        with (
            serving(tmp_path / "log", workers=1, **settings) as serve,
            httpx.Client(base_url=serve.url, trust_env=False, timeout=30) as api,
        ):
            if turn == 0:
                person = Person.register(api, "ada@example.org")
            for key, content in unanswered.items():
                answer = send(api, person.access_token, key, content)
                while answer.status_code == 409:  # the server has not yet noticed the death
                    time.sleep(0.05)
                    answer = send(api, person.access_token, key, content)
                assert answer.status_code == 200, answer.text
                assert answer.json()["added"] == ROWS
                retried["idempotent-replayed" in answer.headers] += 1
            for sender in senders:
                for key, kept in list(sender.answers.items())[-3:]:
                    answer = send(api, person.access_token, key, sender.contents[key])
                    assert answer.content == kept, "what was answered is durable"
                    assert answer.headers["idempotent-replayed"] == "true"
            if turn == ROUNDS:
                break
            senders = [Sender(serve.url, person.access_token) for _ in range(SENDERS)]
            for sender in senders:
                sender.start()
            wait_for_answers(senders, dice.randint(1, 25))
            time.sleep(dice.uniform(0, 0.02))
            serve.kill()
            for sender in senders:
                sender.join()
            unanswered = {
                key: content
                for sender in senders
                for key, content in sender.contents.items()
                if key not in sender.answers
            }
            sent += sum(len(sender.contents) for sender in senders)
    assert sum(retried.values()) >= ROUNDS, "the kills have hit requests half-way"
    assert imports_told(settings["DATABASE_URL"]) == sent
    with psycopg.connect(settings["DATABASE_URL"]) as connection:
        row = connection.execute("select count(*) from user_artist_blocks").fetchone()
    assert row == (sent * ROWS,)


def test_the_worker_forgets_answers_after_a_day(settings: dict[str, str]) -> None:
    with psycopg.connect(settings["DATABASE_URL"], autocommit=True) as connection:
        for hours in (23, 25):
            connection.execute(
                "insert into kept_answers (scope, fingerprint, sealed, kept_at) "
                "values (%(h)s, %(h)s, 'x', now() - make_interval(hours => %(hours)s))",
                {"h": bytes([hours] * 32), "hours": hours},
            )
        with running_worker(settings):
            deadline = time.monotonic() + 30
            while True:
                rows = connection.execute("select scope from kept_answers").fetchall()
                if len(rows) == 1:
                    break
                assert time.monotonic() < deadline, rows
                time.sleep(0.1)
    assert rows == [(bytes([23] * 32),)]
