"""Accounts, as administrators see them."""

import pytest

from tests.application.world import World

pytestmark = pytest.mark.anyio


async def test_they_are_found_by_how_their_address_starts(world: World) -> None:
    await world.ada()
    await world.ada("Eve@example.org")
    assert [user.email for user in await world.list_users("")] == [
        "Eve@example.org",
        "ada@example.org",
    ]
    assert [user.email for user in await world.list_users("EVE")] == ["Eve@example.org"]
