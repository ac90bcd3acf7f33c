"""What these tests share."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """The one event loop that the service runs on."""
    return "asyncio"
