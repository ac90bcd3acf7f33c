"""Removing a tag."""

import pytest

from application.blocklists.remove_tag import TagToRemove
from domain.blocklists.errors import TagNotFoundError
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_the_entries_stay(world: World) -> None:
    actor, artist = (await world.ada()).profile.id, world.artist()
    await world.block(actor, artist, ["a", "b"])
    command = TagToRemove(actor=actor, tag="a", origin=ORIGIN)
    assert (await world.lists.remove_tag(command)).entries == 1
    assert world.database.rows.entries[actor, artist].tags == {"b"}
    with pytest.raises(TagNotFoundError):
        await world.lists.remove_tag(command)
