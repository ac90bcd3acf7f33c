"""Reading the tags of a list."""

import pytest

from application.blocklists.bulk_ports import TagCount
from tests.application.world import World

pytestmark = pytest.mark.anyio


async def test_a_person_sees_their_own_tags_with_counts(world: World) -> None:
    ada, eve = (await world.ada()).profile.id, (await world.ada("eve@example.org")).profile.id
    await world.block(ada, world.artist(), ["b", "a"])
    await world.block(ada, world.artist(), ["b"])
    assert await world.lists.list_tags(ada) == [
        TagCount(tag="a", entries=1),
        TagCount(tag="b", entries=2),
    ]
    assert await world.lists.list_tags(eve) == []
