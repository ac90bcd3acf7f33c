"""Who is blocked how often, for searches."""

from uuid import uuid4

import pytest

from application.catalog.search_artists import SearchQuery
from domain.shared.ids import UserId
from tests.application.world import World

pytestmark = pytest.mark.anyio


async def test_of_equal_names_the_artist_whom_more_people_block_comes_first(world: World) -> None:
    first, second = sorted(world.artist("Static Bloom") for _ in range(2))
    query = SearchQuery(actor=UserId(uuid4()), text="static", limit=20)
    assert [hit.artist.id for hit in await world.search_artists(query)] == [first, second]
    await world.block(query.actor, second)
    assert await world.count_blocks() == 1
    assert [hit.artist.id for hit in await world.search_artists(query)] == [second, first]
