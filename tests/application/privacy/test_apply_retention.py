"""The end of what has been kept long enough."""

import pytest

from tests.application.world import World

pytestmark = pytest.mark.anyio


async def test_it_goes_by_the_clock(world: World) -> None:
    assert await world.apply_retention() == {}
    assert world.retention.applied == [world.clock()]
