"""Taking the list away."""

import pytest

from tests.application.world import World

pytestmark = pytest.mark.anyio


async def test_every_entry_comes_oldest_first(world: World) -> None:
    ada, eve = (await world.ada()).profile.id, (await world.ada("eve@example.org")).profile.id
    for name in ("Cloud Ledger", "Echo Plumbing"):
        await world.block(ada, world.artist(name))
    await world.block(eve, world.artist("Tin Roof Opera"))
    exported = [entry.artist.canonical_name async for entry in world.export_blocked_artists(ada)]
    assert exported == ["Cloud Ledger", "Echo Plumbing"]
