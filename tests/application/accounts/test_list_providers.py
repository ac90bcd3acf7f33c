"""Which providers there are."""

import pytest

from tests.application.world import World

pytestmark = pytest.mark.anyio


async def test_they_are_named_in_the_operators_order(world: World) -> None:
    assert await world.list_providers() == ("google", "github")
