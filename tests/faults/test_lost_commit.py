"""F-11: the connection to PostgreSQL is lost at the very commit of a request with a key."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import httpx
import psycopg
import pytest

from adapters.postgres.sample import load_sample
from tests.entrypoints.person import Person
from tests.entrypoints.serving import serving

pytestmark = pytest.mark.slow

# At commit, and so many times: a sequence counts on where a transaction is undone.
_LOSE = """
create sequence losses;
create function lose_the_connection() returns trigger language plpgsql as $$
begin
    if nextval('losses') <= {times} then
        perform pg_terminate_backend(pg_backend_pid());
        perform pg_sleep(10);
    end if;
    return null;
end $$;
create constraint trigger lose after insert on kept_answers deferrable initially deferred
for each row execute function lose_the_connection();
"""


@pytest.fixture
def url(make_database: Callable[[], str]) -> str:
    """A database with one artist."""
    url = make_database()
    load_sample(url, ["Velvet Turbine"])
    return url


@pytest.fixture
def api(url: str, redis_url: str) -> Iterator[httpx.Client]:
    """The API on it."""
    environ = {"DATABASE_URL": url, "REDIS_URL": redis_url, "NODRAKE_DEADLINE_SECONDS": "30"}
    with (
        serving(environ) as served,
        httpx.Client(base_url=served, trust_env=False, timeout=60) as api,
    ):
        yield api


def lose(url: str, *, times: int) -> str:
    """Have so many commits of keyed requests fail from now on; the id of the artist."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_LOSE.format(times=times))
        row = connection.execute("select id from artists").fetchone()
    assert row is not None
    return str(row[0])


def test_it_is_tried_once_more_and_has_one_effect(url: str, api: httpx.Client) -> None:
    ada = Person.register(api, "ada@example.org")
    artist = lose(url, times=1)
    headers = {"idempotency-key": uuid4().hex}
    answer = ada.call("POST", "/api/v1/dnp/add", json={"artist_id": artist}, headers=headers)
    assert answer.status_code == 201, answer.text
    assert len(ada.entries()) == 1


def test_it_is_unavailable_where_that_is_lost_as_well(url: str, api: httpx.Client) -> None:
    ada = Person.register(api, "ada@example.org")
    artist = lose(url, times=2)
    headers = {"idempotency-key": uuid4().hex}
    body = {"artist_id": artist}
    answer = ada.call("POST", "/api/v1/dnp/add", json=body, headers=headers)
    assert answer.status_code == 503, answer.text
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["retryable"] is True
    assert ada.entries() == []
    assert ada.call("POST", "/api/v1/dnp/add", json=body, headers=headers).status_code == 201
