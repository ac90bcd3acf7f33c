"""Taking many artists off the list at once."""

import pytest

from application.blocklists.unblock_artists import ArtistsToUnblock
from domain.blocklists.bulk import RemoveOutcome
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_each_is_told_what_became_of_it(world: World) -> None:
    ada, eve = (await world.ada()).profile.id, (await world.ada("eve@example.org")).profile.id
    mine, theirs = world.artist(), world.artist()
    await world.block(ada, mine)
    await world.block(eve, theirs)
    command = ArtistsToUnblock(actor=ada, artist_ids=[mine, theirs], origin=ORIGIN)
    result = await world.lists.unblock_artists(command)
    assert result.outcomes == {mine: RemoveOutcome.REMOVED, theirs: RemoveOutcome.NOT_THERE}
    assert list(world.database.rows.entries) == [(eve, theirs)]
