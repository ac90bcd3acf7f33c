"""Forgetting links that nobody can follow any more."""

from datetime import timedelta

import pytest

from tests.application.world import World

pytestmark = pytest.mark.anyio


async def test_expired_links_go_and_others_stay(world: World) -> None:
    await world.ada()
    world.clock.advance(timedelta(hours=2, seconds=1))
    await world.ada("bob@example.org")
    assert await world.mail.forget_links() == 1
    assert len(world.database.rows.links) == 1
    assert await world.mail.forget_links() == 0
