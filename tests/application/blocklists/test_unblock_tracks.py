"""Taking single tracks off the list."""

import pytest

from application.blocklists.block_tracks import TracksToBlock
from application.blocklists.unblock_tracks import TracksToUnblock
from domain.blocklists.track import TrackRemoveOutcome
from tests.application.world import ORIGIN, World
from tests.builders.blocklists import a_track

pytestmark = pytest.mark.anyio


async def test_each_is_told_what_became_of_it(world: World) -> None:
    actor = (await world.ada()).profile.id
    there, other = a_track(), a_track()
    await world.lists.block_tracks(TracksToBlock(actor=actor, tracks=[there], origin=ORIGIN))
    command = TracksToUnblock(actor=actor, ids=[there.id, other.id], origin=ORIGIN)
    assert await world.lists.unblock_tracks(command) == {
        there.id: TrackRemoveOutcome.REMOVED,
        other.id: TrackRemoveOutcome.NOT_THERE,
    }
    assert not world.database.rows.tracks
