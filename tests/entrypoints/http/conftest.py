"""The API on loopback with real PostgreSQL and Redis, and people who use it."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import httpx
import pytest

from tests.entrypoints.canaries import Canaries, database_text, redis_text
from tests.entrypoints.person import PASSWORD, Person
from tests.entrypoints.serving import serving


@pytest.fixture(scope="session")
def base_url(migrated_database_url: str, redis_url: str) -> Iterator[str]:
    """Where the API is."""
    with serving({"DATABASE_URL": migrated_database_url, "REDIS_URL": redis_url}) as url:
        yield url


@pytest.fixture(scope="session")
def canaries(base_url: str, migrated_database_url: str, redis_url: str) -> Iterator[Canaries]:
    """Every secret that is answered in these tests; in the end none is anywhere else."""
    canaries = Canaries(PASSWORD)
    yield canaries
    metrics = httpx.get(f"{base_url}/metrics", trust_env=False).content
    found = {
        place: canaries.found_in(text)
        for place, text in {
            "database": database_text(migrated_database_url),
            "redis": redis_text(redis_url),
            "metrics": metrics,
        }.items()
    }
    assert not any(found.values()), found


@pytest.fixture
def api(base_url: str, canaries: Canaries) -> Iterator[httpx.Client]:
    """A client that is nobody."""
    hooks = {"response": [canaries.harvest]}
    with httpx.Client(base_url=base_url, trust_env=False, timeout=30, event_hooks=hooks) as client:
        yield client


@pytest.fixture
def register(api: httpx.Client) -> Callable[[], Person]:
    """Opens an account for somebody new."""
    return lambda: Person.register(api, f"{uuid4().hex}@example.org")


@pytest.fixture
def ada(register: Callable[[], Person]) -> Person:
    """Somebody with an account and an empty list."""
    return register()
