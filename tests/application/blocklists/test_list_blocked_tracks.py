"""Reading the tracks of a list."""

import pytest

from application.blocklists.block_tracks import TracksToBlock
from application.blocklists.track_ports import TrackSlice
from tests.application.world import ORIGIN, World
from tests.builders.blocklists import a_track

pytestmark = pytest.mark.anyio


async def test_a_person_sees_their_own(world: World) -> None:
    ada, eve = (await world.ada()).profile.id, (await world.ada("eve@example.org")).profile.id
    track = a_track()
    await world.lists.block_tracks(TracksToBlock(actor=ada, tracks=[track], origin=ORIGIN))
    mine = await world.lists.list_blocked_tracks(TrackSlice(user_id=ada, limit=5, after=None))
    assert [blocked.track for blocked in mine.tracks] == [track]
    theirs = await world.lists.list_blocked_tracks(TrackSlice(user_id=eve, limit=5, after=None))
    assert theirs.tracks == []
