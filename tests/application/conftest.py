"""Use cases wired to fakes."""

import pytest

from tests.application.world import World


@pytest.fixture
def anyio_backend() -> str:
    """Use cases run on asyncio, as the service does."""
    return "asyncio"


@pytest.fixture
def world() -> World:
    """An empty world whose clock stands still."""
    return World()
