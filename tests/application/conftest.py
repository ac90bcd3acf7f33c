"""Use cases wired to fakes."""

import pytest

from tests.application.passkey_world import PasskeyWorld
from tests.application.world import World


@pytest.fixture
def anyio_backend() -> str:
    """Use cases run on asyncio, as the service does."""
    return "asyncio"


@pytest.fixture
def world() -> World:
    """An empty world whose clock stands still."""
    return World()


@pytest.fixture
def passkeys() -> PasskeyWorld:
    """A world of its own, in which people have passkeys."""
    return PasskeyWorld()
