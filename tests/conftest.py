"""Servers and databases for all tests; none of them is ever skipped for want of one."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from psycopg.conninfo import conninfo_to_dict

from adapters.postgres.migrations import migrate
from tests.services import Services, new_database, start_services


@pytest.fixture
def anyio_backend() -> str:
    """The only event loop that the service runs on."""
    return "asyncio"


@pytest.fixture(scope="session")
def services() -> Iterator[Services]:
    """PostgreSQL and Redis, for the whole session."""
    with start_services() as running:
        yield running


@pytest.fixture(scope="session")
def redis_url(services: Services) -> str:
    """Where Redis is."""
    return services.redis_url


@pytest.fixture
def database_url(services: Services) -> Iterator[str]:
    """An empty database."""
    with new_database(services.database_url) as url:
        yield url


@pytest.fixture(scope="session")
def template_url(services: Services) -> Iterator[str]:
    """A database with the schema that nobody writes to: others are copied from it."""
    with new_database(services.database_url) as url:
        migrate(url)
        yield url


@pytest.fixture(scope="session")
def migrated_database_url(services: Services, template_url: str) -> Iterator[str]:
    """A database with the schema, shared by all tests: each brings people of its own."""
    with new_database(services.database_url, template=_name_of(template_url)) as url:
        yield url


@pytest.fixture
def make_database(services: Services, template_url: str) -> Iterator[Callable[[], str]]:
    """Makes further databases with the schema and nothing in them."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(
            new_database(services.database_url, template=_name_of(template_url))
        )


def _name_of(url: str) -> str:
    return str(conninfo_to_dict(url)["dbname"])
