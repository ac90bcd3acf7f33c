"""Showing one entry."""

import pytest

from application.blocklists.get_blocked_artist import EntryToShow
from domain.blocklists.errors import ArtistNotBlockedError
from tests.application.world import World

pytestmark = pytest.mark.anyio


async def test_an_entry_is_shown_to_its_owner_alone(world: World) -> None:
    ada, eve = (await world.ada()).profile.id, (await world.ada("eve@example.org")).profile.id
    artist_id = world.artist()
    entry = await world.block(ada, artist_id, ["a"])
    assert await world.get_blocked_artist(EntryToShow(actor=ada, artist_id=artist_id)) == entry
    with pytest.raises(ArtistNotBlockedError):
        await world.get_blocked_artist(EntryToShow(actor=eve, artist_id=artist_id))
