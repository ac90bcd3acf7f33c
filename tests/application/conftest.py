"""Use cases wired to fakes."""

from collections import Counter
from collections.abc import Iterator

import pytest

from domain.audit.chain import MarkKind
from domain.shared.ids import AuditId
from tests.application.passkey_world import PasskeyWorld
from tests.application.world import World


@pytest.fixture
def anyio_backend() -> str:
    """Use cases run on asyncio, as the service does."""
    return "asyncio"


@pytest.fixture
def world() -> Iterator[World]:
    """An empty world whose clock stands still; in the end each event has one audit record."""
    world = World()
    yield world
    rows = world.database.rows
    recorded = Counter(record.id for record in rows.audit)
    unrecorded = [event.type for event in rows.events if recorded[AuditId(event.id)] != 1]
    assert unrecorded == [] or MarkKind.FLOOR in rows.marks


@pytest.fixture
def passkeys() -> PasskeyWorld:
    """A world of its own, in which people have passkeys."""
    return PasskeyWorld()
