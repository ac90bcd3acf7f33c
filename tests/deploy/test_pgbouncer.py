"""The service behind PgBouncer in transaction mode, with fewer sessions than it has connections."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from adapters.security.age_files import write_identity
from tests.deploy.pgbouncer import pgbouncer
from tests.e2e.process import nodrake, serving
from tests.entrypoints.person import PASSWORD, Person

# Fewer than are asked for at once, so that each transaction really gets another one.
FEW = ("default_pool_size = 20", "default_pool_size = 2")
NAMES = "artist,id\n" + "".join(f"Pooled {number},{number:022}\n" for number in range(300))


@pytest.fixture
def url(make_database: Callable[[], str]) -> str:
    """A database of one's own, at its own address."""
    return make_database()


@pytest.fixture
def pooler(url: str, tmp_path: Path) -> Iterator[str]:
    """The same through the pooler."""
    with pgbouncer(url, tmp_path / "pooler", FEW) as address:
        yield address


@pytest.fixture
def api(pooler: str, redis_url: str, tmp_path: Path) -> Iterator[httpx.Client]:
    """The service behind the pooler."""
    settings = {
        "DATABASE_URL": pooler,
        "REDIS_URL": redis_url,
        "NODRAKE_DATABASE_POOLER": "transaction",
    }
    with (
        serving(tmp_path / "serve.log", workers=1, **settings) as served,
        httpx.Client(base_url=served.url, trust_env=False, timeout=30) as api,
    ):
        yield api


def patiently(ask: Callable[[], httpx.Response]) -> httpx.Response:
    """The answer, as somebody gets it who tries again when the service asks for it."""
    for _ in range(20):
        answer = ask()
        if answer.status_code != 503:
            break
        time.sleep(int(answer.headers["retry-after"]))
    return answer


def one_person(api: httpx.Client) -> list[str]:
    """All kinds of transactions, by one person; the names that are on the list at last."""
    ada = Person.register(api, f"{uuid4().hex}@example.org")

    def call(method: str, path: str, **options: Any) -> httpx.Response:
        answer = patiently(lambda: ada.call(method, path, **options))
        assert answer.is_success, answer.text
        return answer

    patiently(lambda: ada.import_csv(NAMES)).raise_for_status()
    for _ in range(3):
        [entry] = call("GET", "/api/v1/dnp/list", params={"q": "Pooled 4", "limit": 1}).json()[
            "items"
        ]
        call("DELETE", f"/api/v1/dnp/entries/{entry['artist']['id']}")
        key = {"idempotency-key": f'"{uuid4().hex}"'}
        body = {"artist_id": entry["artist"]["id"]}
        added = [call("POST", "/api/v1/dnp/add", json=body, headers=key).json() for _ in range(2)]
        assert added[0] == added[1]
    again = {"email": ada.email, "password": PASSWORD}
    assert patiently(lambda: api.post("/api/v1/auth/login", json=again)).status_code == 200
    return call("GET", "/api/v1/dnp/export").text.splitlines()[1:]


def test_eight_people_at_once_share_two_sessions_and_get_what_is_theirs(api: httpx.Client) -> None:
    with ThreadPoolExecutor(8) as pool:
        lists = list(pool.map(lambda _: one_person(api), range(8)))
    for entries in lists:
        assert len(entries) == len(set(entries)) == 300


def test_the_doctor_finds_the_bounds_that_the_pooler_sets(
    pooler: str, url: str, tmp_path: Path, redis_url: str
) -> None:
    def examined(address: str) -> str:
        return nodrake(
            "doctor",
            DATABASE_URL=address,
            REDIS_URL=redis_url,
            NODRAKE_DATABASE_POOLER="transaction",
        ).stdout

    assert "bounds" not in examined(pooler)
    with pgbouncer(url, tmp_path / "careless", (" connect_query=", "\n; ")) as careless:
        assert "lock_timeout is 0" in examined(careless)


def test_a_pooler_whose_setting_is_forgotten_is_refused_and_not_half_used(
    pooler: str, redis_url: str
) -> None:
    with psycopg.connect(pooler) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    asked = nodrake("doctor", DATABASE_URL=pooler, REDIS_URL=redis_url)
    assert "set NODRAKE_DATABASE_POOLER=transaction" in asked.stdout
    with pytest.raises(psycopg.OperationalError, match="options"):
        psycopg.connect(pooler, options="-c statement_timeout=1000")


@pytest.mark.parametrize(
    "command",
    [
        ["migrate"],
        ["catalog", "import", "dump.tar.xz"],
        ["keys", "reseal"],
        ["backup", "create"],
    ],
)
def test_commands_that_need_sessions_of_their_own_say_so(
    command: list[str], pooler: str, redis_url: str, tmp_path: Path
) -> None:
    ended = nodrake(
        *command,
        DATABASE_URL=pooler,
        REDIS_URL=redis_url,
        NODRAKE_DATABASE_POOLER="transaction",
        NODRAKE_BACKUP_RECIPIENTS=write_identity(tmp_path / "key"),
        NODRAKE_BACKUP_FOLDER=str(tmp_path / "backups"),
    )
    assert ended.returncode == 2
    assert "give it PostgreSQL's own address" in ended.stderr
