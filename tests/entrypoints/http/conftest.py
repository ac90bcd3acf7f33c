"""The API on loopback with real PostgreSQL and Redis, and people who use it."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import httpx
import pytest

from tests.entrypoints.person import Person
from tests.entrypoints.serving import serving


@pytest.fixture(scope="session")
def base_url(migrated_database_url: str, redis_url: str) -> Iterator[str]:
    """Where the API is."""
    with serving({"DATABASE_URL": migrated_database_url, "REDIS_URL": redis_url}) as url:
        yield url


@pytest.fixture
def api(base_url: str) -> Iterator[httpx.Client]:
    """A client that is nobody."""
    with httpx.Client(base_url=base_url, trust_env=False, timeout=30) as client:
        yield client


@pytest.fixture
def register(api: httpx.Client) -> Callable[[], Person]:
    """Opens an account for somebody new."""
    return lambda: Person.register(api, f"{uuid4().hex}@example.org")


@pytest.fixture
def ada(register: Callable[[], Person]) -> Person:
    """Somebody with an account and an empty list."""
    return register()
