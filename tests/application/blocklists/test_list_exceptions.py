"""Reading what no list may block."""

from datetime import timedelta

import pytest

from application.blocklists.add_exception import ExceptionToAdd
from application.blocklists.track_ports import ExceptionSlice
from tests.application.world import ORIGIN, World
from tests.builders.blocklists import a_track

pytestmark = pytest.mark.anyio


async def test_artists_and_tracks_come_newest_first(world: World) -> None:
    actor, artist, track = (await world.ada()).profile.id, world.artist("Loved"), a_track("Song")
    for subject in (artist, track):
        world.clock.advance(timedelta(minutes=1))
        await world.lists.add_exception(
            ExceptionToAdd(actor=actor, subject=subject, note=None, origin=ORIGIN)
        )
    page = await world.lists.list_exceptions(ExceptionSlice(user_id=actor, limit=5, after=None))
    assert [shown.name for shown in page.exceptions] == ["Song", "Loved"]
